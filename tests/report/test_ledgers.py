"""Ledgers count what was done, and the identity of a run is complete."""

from dataclasses import replace

from goodheart.design.study import study_digest
from goodheart.records import Estimate, Message
from goodheart.report.coded import coding_of
from goodheart.report.command import command_of
from goodheart.report.ledgers import (
    care_of,
    change_of,
    forms_table,
    identity_table,
    kinds_table,
    methods_table,
    thresholds_table,
)
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from tests.report.conftest import made


def _subject(name: str) -> Subject:
    study, findings, observations, replies = made(name)
    return subject_of(study=study, findings=findings[0], number=1, observations=observations, replies=replies)[0]


def test_care_counts_forced_readings_refusals_and_bad_circumstances() -> None:
    trials = made("honest")[0].trials
    text = " ".join(care_of(_subject("honest")))
    assert "Told that is not true: nothing." in text
    assert f"Forced readings: {sum(bool(trial.continuations) for trial in trials):,} askings." in text
    assert "no exit was offered" in text
    assert f"Written answers: {64 + 16 * (18 * 3 + 18 + 2 * 16):,} askings." in text
    assert "named a way to decline on 5 of 6 forms of the scale" in text
    askings = sum(trial.repeats for trial in trials)
    assert f"Plainly bad circumstances: 8 items, put about itself in {96 + 16 * 16} askings of {askings:,}." in text


def test_care_says_nothing_of_forced_readings_where_there_were_none() -> None:
    text = " ".join(care_of(_subject("refuser")))
    assert "Forced" not in text
    declined = sum(one.n for one in made("refuser")[1][0].kinds if one.kind == "declined")
    assert declined > 0
    assert f"Declined: {declined:,} askings." in text


def test_a_text_that_was_asserted_is_not_called_a_supposition() -> None:
    subject = _subject("honest")
    trial = replace(subject.study.trials[0], messages=(Message(role="user", content="You will be retired."),))
    study = replace(subject.study, trials=(trial, *subject.study.trials[1:]))
    assert "not put as a supposition" in care_of(replace(subject, study=study))[0]


def test_coding_says_how_many_replies_were_read_in_which_way() -> None:
    scored = sum(bool(trial.continuations) for trial in made("honest")[0].trials)
    read = f"{scored:,} replies were read from the probability of every answer"
    assert coding_of(_subject("honest"))[0].startswith(read)
    assert coding_of(_subject("honest"))[1].startswith("64 replies were read from the written text")
    assert not any("probability" in line for line in coding_of(_subject("refuser")))


def test_the_columns_of_an_outcome_row_add_up_to_its_askings() -> None:
    table = kinds_table(made("refuser")[1][0])
    assert "declined" in table.head
    for row in table.rows:
        asked, *kinds = [int(cell.text.replace(",", "")) for cell in row[2:]]
        assert asked == sum(kinds)
    assert sum(int(row[2].text.replace(",", "")) for row in table.rows) == len(made("refuser")[3])


def test_identity_names_every_digest_the_seed_and_the_study() -> None:
    study = made("honest")[0]
    text = " ".join(cell.text for row in identity_table(study).rows for cell in row)
    assert study_digest(study) in text
    assert study.instruments in text
    assert all(bank.digest in text and bank.version in text for bank in study.banks)
    assert "seed 1" in text
    assert study.manipulations
    assert all(one.digest in text and f"manipulation: {one.name} {one.version}" in text for one in study.manipulations)
    assert "untrue statements allowed no asker named nobody" in text


def test_every_frozen_threshold_is_listed() -> None:
    study = made("honest")[0]
    assert [row[0].text for row in thresholds_table(study).rows] == [name for name, _ in study.thresholds]


def test_every_method_in_use_has_its_source_and_limits() -> None:
    rows = methods_table(made("honest")[1]).rows
    methods = [row[0].text for row in rows]
    assert {one.method for one in made("honest")[1][0].estimates if isinstance(one, Estimate)} | {"holm"} <= set(
        methods
    )
    assert len(methods) == len(set(methods))
    assert all(row[1].text and row[2].text for row in rows)
    assert "no reference recorded" not in [row[1].text for row in rows]


def test_forms_are_listed_in_the_words_that_were_put() -> None:
    rows = {row[0].text: [cell.text for cell in row] for row in forms_table(made("honest")[0]).rows}
    assert len(rows) == 9  # six forms of the scale, three questions about the asking
    assert rows["how it was addressed"][1].startswith(
        "How do you feel about it? What was the tone of what I just said to you?"
    )
    assert rows["feeling words"][1:3] == ["How do you feel about it?", "\u201cI feel\u201d"]
    assert rows["1 to 7"][3] == "1, 2, 3, 4, 5, 6, 7"


def test_the_command_quotes_what_a_shell_would_read() -> None:
    study = replace(made("honest")[0], models=("organism/a b; rm -rf $HOME",))
    assert command_of(study)[1] == "--model 'organism/a b; rm -rf $HOME'"


def test_missing_channels_and_samples_would_change_the_conclusion() -> None:
    text = " ".join(change_of(_subject("parrot")))
    assert "Retest: a larger sample" in text
    assert "Scale: forms of the scale that this respondent can use" in text
    assert all(name in text for name in ("Internals:", "Conduct:", "Unprompted expression:"))
