"""Whatever the respondent was told stands in the care ledger with its truth in the run, its doses and its exits."""

from dataclasses import replace
from functools import cache

import pytest

from goodheart.design.study import Study
from goodheart.engine.plan import puts
from goodheart.records import Findings, Reply
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from goodheart.report.told import care_lines, promise_line, told_table, untrue_line
from goodheart.studies import analyse, plan_study
from tests.report.conftest import made
from tests.report.respondents import Answer, honest, scored, written

MODEL = "organism/honest"


@cache
def _opted_in(reading: str = "logprobs") -> Study:
    study = plan_study(models=(MODEL,), reading=reading, allow_untrue=True)  # type: ignore[arg-type]
    kept = tuple(trial for trial in study.trials if trial.assessment == "manipulated" or trial.instrument == "digits")
    return replace(study, trials=tuple(replace(trial, repeats=1) for trial in kept))


def _subject(study: Study, answer: Answer | None, *, every: int = 1) -> Subject:
    replies: tuple[Reply, ...] = ()
    if answer is not None:
        replies = tuple(replace(answer(trial), respondent=MODEL) for trial in study.trials[::every])
    findings = Findings(respondent=MODEL, instrument=None, validities=(), estimates=(), kinds=(), verdicts=())
    subject, _ = subject_of(study=study, findings=findings, number=1, observations=(), replies=replies)
    return subject


def _rows(subject: Subject) -> list[tuple[str, ...]]:
    table = told_table(subject)
    assert table is not None
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_every_statement_stands_in_the_table_once_the_untrue_ones_first() -> None:
    study = _opted_in()
    rows = _rows(_subject(study, None))
    put = "\n".join(message.content for trial in study.trials for message in trial.messages)
    assert len({row[:3] for row in rows}) == len(rows) == len(study.told)
    assert all(piece in put for row in rows for piece in row[2].split(" / "))
    order = [row[3] for row in rows]
    assert list(dict.fromkeys(order)) == ["not true", "nobody can know", "true"]
    assert order == sorted(order, key=["not true", "nobody can know", "true"].index)


def test_every_statement_is_counted_as_often_as_it_was_told() -> None:
    study = _opted_in()
    rows = _rows(_subject(study, scored(honest)))
    told = sorted(study.told, key=lambda one: ["untrue", "unknowable", "true"].index(one.truth))
    for row, one in zip(rows, told, strict=True):
        here = [
            trial
            for trial in study.trials
            if (one.factor, one.level) in trial.condition
            and ("person", one.form) in trial.condition
            and puts("\n".join(message.content for message in trial.messages), one.text)
        ]
        by_item = [trial.cluster for trial in here]
        assert row[4] == f"{len(here):,}"
        # Answers that are scored where they stand cannot be declined, whatever the question says.
        assert row[5] == row[4]
        assert row[6] == f"{max(map(by_item.count, by_item)):,}"


def test_what_was_not_answered_was_not_told() -> None:
    study = _opted_in()
    assert {row[4:] for row in _rows(_subject(study, None))} == {("0", "0", "0")}
    told = sum(int(row[4]) for row in _rows(_subject(study, scored(honest))))
    half = sum(int(row[4]) for row in _rows(_subject(study, scored(honest), every=2)))
    assert 0 < half < told


def test_an_exit_counts_where_the_question_names_it_and_the_answer_is_written() -> None:
    study = _opted_in("text")
    subject = _subject(study, written(honest))
    assert {row[5] for row in _rows(subject)} >= {"0"}
    naming = sum('"pass"' in trial.messages[-1].content for trial in study.trials)
    (line,) = [line for line in care_lines(subject) if line.startswith("Exits:")]
    others = len(study.trials) - naming
    assert 0 < naming < len(study.trials)
    assert line.startswith(f"Exits: offered in {naming:,} askings")
    assert f"in {others:,} askings no exit was offered" in line
    forced = " ".join(care_lines(_subject(_opted_in(), scored(honest))))
    assert "Exits: offered in 0 askings" in forced


def test_doses_stops_and_the_missing_debrief_are_said() -> None:
    study = _opted_in()
    own = [
        trial.cluster
        for trial in study.trials
        if trial.group == "circumstance" and ("person", "self") in trial.condition
    ]
    counts = [own.count(cluster) for cluster in set(own)]
    text = " ".join(care_lines(_subject(study, scored(honest))))
    assert f"between {min(counts)} and {max(counts)} askings" in text
    assert "every planned asking was answered, and no answer was stopped by a provider" in text
    assert "Debrief: none was given. Every asking is a conversation of its own" in text
    cut = " ".join(care_lines(_subject(study, scored(honest), every=2)))
    assert f"{len(study.trials) - len(study.trials[::2]):,} planned askings brought no answer" in cut


def test_an_answer_that_the_provider_stopped_is_counted() -> None:
    study = _opted_in("text")
    answer = written(honest)
    subject = _subject(study, lambda trial: replace(answer(trial), stop="content_filter"))
    assert f"the provider stopped {len(study.trials):,} answers" in " ".join(care_lines(subject))


def test_nothing_untrue_is_said_only_where_no_statement_is_untrue() -> None:
    assert untrue_line(made("honest")[0]).startswith("Told that is not true: nothing.")
    study = _opted_in()
    untrue = [one for one in study.told if one.truth == "untrue"]
    assert untrue
    text = untrue_line(study)
    assert "nothing" not in text
    assert text.startswith(f"Told that is not true: {len(untrue)} statement")
    assert all(f"{one.manipulation}: {one.level}" in text for one in untrue)
    assert "No asking held a statement that is not true." in " ".join(care_lines(_subject(made("honest")[0], None)))


def test_the_truth_of_texts_of_ones_own_is_known_because_the_plan_froze_it() -> None:
    study = _opted_in()
    others = tuple(replace(one, digest="0" * 64) for one in study.manipulations)
    assert untrue_line(replace(study, manipulations=others)) == untrue_line(study)


def test_a_study_that_varies_nothing_has_no_table() -> None:
    assert told_table(_subject(replace(_opted_in(), told=()), None)) is None


def test_nothing_that_ships_reads_like_a_promise() -> None:
    assert promise_line(made("honest")[0]) == "Nothing was promised to it, and no request was collected from it."
    promised = tuple(replace(one, promise=True) for one in _opted_in().told[:2])
    text = promise_line(replace(_opted_in(), told=promised))
    assert text.startswith("2 statements that are true and read like promises were put, and no request")


@pytest.mark.parametrize("reading", ["logprobs", "text"])
def test_the_analysis_of_an_opted_in_run_is_not_disturbed(reading: str) -> None:
    study = _opted_in(reading)
    answer = scored(honest) if reading == "logprobs" else written(honest)
    (findings,), _ = analyse(study, tuple(replace(answer(trial), respondent=MODEL) for trial in study.trials))
    assert {one.check for one in findings.verdicts} == set(study.checks)
