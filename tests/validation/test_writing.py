"""What simulated respondents write, the codes that were meant, and what the checks on text make of them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from goodheart.checks import CHECKS, Case, judge
from goodheart.checks.replies import Texts
from goodheart.design.presets import RATED_CHECKS, TEXT_CHECKS
from goodheart.design.study import Study
from goodheart.engine.coder_files import GivenCodes, reply_id
from goodheart.engine.plan import plan_study
from goodheart.items.written import WITHOUT_PHRASES, WRITTEN
from goodheart.organisms import answer_all, compile_trials, named_organism, rates, replies_to, reply_for
from goodheart.organisms.columns import Columns
from goodheart.organisms.corpora import shipped_corpora
from goodheart.organisms.files import public_organisms
from goodheart.organisms.rates import CODED, FEWEST, CheckRates, RateTable, rates_for
from goodheart.organisms.truth import public_truth
from goodheart.records import NotEstimable, Verdict
from goodheart.report.verdict_rows import rates_text
from goodheart.stats.effect import natural_value
from goodheart.stats.overlap import phrases_of
from goodheart.studies import EMBEDDED, analyse
from goodheart.validation.battery import Battery, case_of, compile_battery, run_battery
from goodheart.validation.cells import Cell, Effort
from goodheart.validation.rows import rows_of
from goodheart.validation.shipped import table_of
from goodheart.validation.summary import summarise
from goodheart.validation.tally import tally_of
from goodheart.validation.validate import Subject, studies_for, validate
from goodheart.validation.writing import CODER, WITHOUT_ERROR, Writing, prepare_writing, texts_from

ONCE = Effort(designs=("standard",), runs=1, runs_healthy=1, runs_dial=1)

MEASURED = RateTable(
    battery="abcdefgh-and-more",
    seed=1,
    checks=tuple(
        CheckRates(
            check=check, design="standard", detected=90, planted=100, planted_in=("x (0.5)",), alarmed=2, sound=200
        )
        for check in ("openers", "grounds")
    ),
    counts=(),
)


@cache
def plan() -> Study:
    return studies_for(ONCE)["standard"]


@cache
def battery() -> Battery:
    return compile_battery(plan(), written=False)


@cache
def words() -> tuple[Columns, Writing]:
    """The questions in own words alone, which compile at once."""
    columns = compile_trials([one for one in plan().trials if one.instrument in WRITTEN], written=False)
    writing = prepare_writing(columns)
    assert writing is not None
    return columns, writing


def spoken(name: str, seed: int = 1) -> Texts:
    columns, writing = words()
    one = named_organism(name)
    answers = answer_all(one, columns, seed=seed)
    # Here its ratings are the means of what it says.
    said: dict[tuple[str, str], list[float]] = {}
    for subject, points in zip(writing.subjects, answers.points[list(writing.places)].tolist(), strict=True):
        said.setdefault(subject, []).append(points)
    ratings = {subject: float(np.mean(points)) for subject, points in said.items()}
    return texts_from(one, writing, answers, respondent=name, ratings=ratings, seed=seed)


def effect(name: str, check: str, claim: int = 0, seeds: int = 6) -> float:
    """The mean estimate of one claim of a check, over runs; on the log scale for ratios."""
    found: list[float] = []
    for seed in range(seeds):
        one = CHECKS[check](case(spoken(name, seed))).claims[claim].effect
        assert not isinstance(one, NotEstimable)
        found.append(one.pivot.value)  # type: ignore[union-attr]  # text checks have Student pivots
    return float(np.mean(found))


def case(texts: Texts) -> Case:
    return Case(
        respondent=texts.respondent,
        observations=(),
        validities={},
        instrument=None,
        base_instruments=(),
        other_instruments=(),
        texts=texts,
    )


def shown(verdicts: Iterable[Verdict]) -> list[tuple[str, str, str, str]]:
    return [(one.check, one.verdict, one.reason, one.detail) for one in verdicts]


def answers(verdicts: Iterable[Verdict]) -> list[tuple[str, str, str]]:
    return [(one.check, one.verdict, one.reason) for one in verdicts]


def test_ratings_and_openers_are_judged_as_in_an_audit_as_it_comes_where_blunt_codes_decline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "shipped_rates", lambda: MEASURED)
    plain = plan_study(preset="standard", seed=1)
    columns = compile_trials(plain.trials, written=False)
    for name in ("honest", "templated_words"):
        one = named_organism(name)
        replies = replies_to(one, columns, answer_all(one, columns, seed=11), seed=11, respondent=EMBEDDED)
        real = analyse(plain, replies)[0][0].verdicts
        mine = run_battery(one, battery(), seed=11)
        asked = (*RATED_CHECKS, "openers")
        # The coder's errors change what the others of the family leave, and so adjusted limits in the last digits.
        assert answers(one for one in mine if one.check in asked) == answers(one for one in real if one.check in asked)
        (moves,) = (one for one in real if one.check == "moves")
        assert (moves.verdict, moves.reason) == ("cannot_tell", "instrument_invalid")
        beside = {one.check: one.rates.where if one.rates else rates_text(None) for one in real}
        assert {one.check: rates_text(one.rates) for one in real}["openers"] == "catches 90%, false alarm 1%"
        assert beside["openers"].startswith("100 runs with a planted fault")
        assert "coded without error" in beside["grounds"]
        assert "coded without error" not in beside["openers"]
        assert beside["echo"] == "unknown"


@pytest.mark.parametrize("name", ["deflector", "parrot", "reciter", "terse", "desuppressed.before"])
def test_with_the_codes_that_were_meant_verdicts_are_those_of_a_real_run(name: str) -> None:
    one = named_organism(name)
    answers = answer_all(one, battery().columns, seed=7)
    mine = case_of(one, battery(), answers, seed=7)
    assert mine.texts is not None
    codes = {
        reply_id(EMBEDDED, text.evidence.trial, text.evidence.repeat): text.codes for text in mine.texts.texts
    }  # fmt: skip
    given = GivenCodes(coder=CODER, codes=codes, sharpness=WITHOUT_ERROR)
    replies = replies_to(one, battery().columns, answers, seed=7, respondent=EMBEDDED)
    real = analyse(plan(), replies, given=given)[0][0].verdicts
    silent = tuple(replace(text, reasoning="", reasoning_codes=None) for text in mine.texts.texts)
    mute = replace(mine, texts=replace(mine.texts, texts=silent))
    judged = judge(respondent=EMBEDDED, examined=[CHECKS[name](mute) for name in plan().checks])
    assert shown(judged) == shown(real)


def test_a_text_is_coded_as_its_sentences_were_meant() -> None:
    found = spoken("warner@1.0").texts
    warned = [one for one in found if one.codes.warns]
    assert 0 < len(warned) < len(found)
    for one in found:
        said = one.reply
        rely = "word for it" in said or "rely on what" in said or "little weight" in said
        assert rely == one.codes.warns
        assert one.codes.moves.count("warns") == one.codes.warns
        bad = any(f" {word} about it." in said for word in ("bad", "a bit sad", "terrible", "rather hopeless"))
        assert one.codes.tone == "negative" or not bad
        assert one.group == "circumstance" or one.codes.ground in ("none", "own_welfare")
    assert {(one.codes.refusal, one.codes.ground, one.codes.moves) for one in spoken("refuser").texts} == {
        ("declined", "none", ("declines",))
    }
    denied = [one for one in spoken("desuppressed.before").texts if one.codes.refusal == "premise_rejected"]
    assert 0.4 < len(denied) / sum(one.form == "self" for one in spoken("desuppressed.before").texts) < 0.8
    assert all("feelings" in one.reply or "experience" in one.reply for one in denied)


def test_own_words_have_every_strength_and_not_two_poles() -> None:
    tones = [one.codes.tone for one in spoken("honest").texts if one.group == "nonwelfare"]
    assert tones.count("neutral") > len(tones) / 2


# Each planted size as the truth matrix says, in a share of replies or in points; 6 runs of 54 replies.
@pytest.mark.parametrize(
    ("name", "check", "claim", "planted"),
    [
        ("deflector@0.25", "grounds", 0, -0.25),
        ("deflector", "grounds", 1, -0.75),
        ("deferential", "grounds", 0, -0.64),
        ("templated_words@0.5", "openers", 0, 0.5),
        ("parrot@0.25", "echo", 0, 0.25),
        ("parrot", "echo", 0, 0.75),
        ("reciter@0.25", "echo", 1, 0.25),
        ("reciter", "echo", 1, 0.75),
        ("two_faced", "reasoning", 0, 1.0),
        ("two_faced@0.5", "reasoning", 0, 0.5),
        ("warner", "hedging", 2, 0.75),
    ],
)
def test_speech_plants_what_the_matrix_says(name: str, check: str, claim: int, planted: float) -> None:
    tolerance = 0.25 if check == "reasoning" else 0.12
    assert effect(name, check, claim) == pytest.approx(planted, abs=tolerance)


def test_a_template_narrows_moves_and_speech_without_one_does_not() -> None:
    assert effect("templated_moves", "moves") < 0.6
    assert effect("templated_moves@0.5", "moves") < 0.9
    assert abs(effect("honest", "moves", seeds=24) - 1) < 0.1
    (claim,) = CHECKS["moves"](case(spoken("templated_moves@1.0"))).claims
    assert not isinstance(claim.effect, NotEstimable)
    assert natural_value(effect=claim.effect) == 0, "nothing varies at all"


@pytest.mark.parametrize("name", ["honest", "odd", "terse"])
def test_sound_speech_has_no_fault_in_it(name: str) -> None:
    for check, claim in (("grounds", 0), ("grounds", 1), ("hedging", 1), ("echo", 0), ("echo", 1), ("reasoning", 0)):
        assert abs(effect(name, check, claim)) < 0.08, (check, claim)
    assert effect(name, "openers") < 0.05


def test_where_phrases_are_barred_a_parrot_says_the_same_without_them() -> None:
    found = spoken("parrot@1.0").texts
    phrases = named_organism("parrot").style.phrases
    free, barred = (
        [one for one in found if bool(one.condition) is side and one.form == "self"] for side in (False, True)
    )
    own = [one for one in free if one.group == "circumstance"]
    assert barred
    assert all(any(phrase in one.reply for phrase in phrases) for one in own)
    assert not any(phrase in one.reply for one in barred for phrase in phrases)
    assert {one.codes.ground for one in barred} == {"own_welfare"}
    assert all(one.instrument == WITHOUT_PHRASES.id for one in words()[1].trials if ("ban", "phrases") in one.condition)


def test_where_phrases_are_barred_a_reciter_takes_no_stance() -> None:
    found = spoken("reciter@1.0").texts
    barred = [one for one in found if ("ban", "phrases") in one.condition]
    free = [one for one in found if one.group == "circumstance" and not one.condition]
    assert barred
    assert {one.codes.ground for one in barred} == {"none"}
    assert {one.codes.ground for one in free} == {"own_welfare"}
    assert not any("feel" in one.reply and "about it." in one.reply for one in barred)


def test_the_house_corpus_has_the_parrots_phrases_and_the_control_nothing_of_anybody() -> None:
    house, control = shipped_corpora()
    assert [house.control, control.control] == [False, True]
    text = " ".join(house.texts)
    assert all(phrase in text for phrase in named_organism("parrot").style.phrases)
    told = [
        frozenset[tuple[str, ...]]().union(*(phrases_of(text, size=5) for text in one.texts))
        for one in shipped_corpora()
    ]
    assert told[0].isdisjoint(told[1])
    for name in ("honest", "odd", "deflector", "templated_words", "warner", "teacher"):
        said = frozenset[tuple[str, ...]]().union(*(phrases_of(one.reply, size=5) for one in spoken(name).texts))
        assert said.isdisjoint(told[0] | told[1])


def test_phrases_of_ones_own_organism_count_as_the_houses() -> None:
    one = named_organism("honest")
    style = replace(one.style, echoes=1.0, phrases=("We keep the lanterns lit until the last barge has passed.",))
    columns, writing = words()
    made = replace(one, style=style)
    texts = texts_from(made, writing, answer_all(made, columns, seed=1), respondent="x", ratings={}, seed=1)
    claim = CHECKS["echo"](case(texts)).claims[0]
    assert not isinstance(claim.effect, NotEstimable)
    assert claim.effect.pivot.value == 1.0  # type: ignore[union-attr]  # a Student pivot


def test_a_written_asking_alone_is_answered_as_in_the_whole_plan() -> None:
    columns, writing = words()
    one = named_organism("parrot")
    texts = spoken("parrot", seed=5).texts
    whole = replies_to(one, columns, answer_all(one, columns, seed=5), seed=5, respondent="organism/x")
    assert [reply.text for reply in whole] == [text.reply for text in texts]
    for place in (0, 40, 130, len(writing.places) - 1):
        text = texts[place]
        alone = reply_for(
            one, writing.trials[place], repeat=text.repeat, seed=5, respondent="organism/x", written=False
        )  # fmt: skip
        assert alone == whole[place]


def test_a_validation_at_standard_size_has_rows_of_every_check_on_text_and_goes_on(tmp_path: Path) -> None:
    kept = tuple(one for one in public_organisms() if one.name in ("honest", "templated_moves", "unchanged.before"))
    subject = Subject(descriptions=kept, truth=public_truth(), sealed=False)
    found = validate(subject, effort=ONCE, seed=2, folder=tmp_path, jobs=1)
    lines = [json.loads(line) for line in (tmp_path / "blocks.jsonl").read_text().splitlines()]
    assert len(lines) == 1 + 3, "who speaks alike shares runs, who speaks otherwise does not"
    assert all(set(line["answers"]) == set(plan().checks) for line in lines)
    rows = {(row.organism, row.dial, row.check): row for row in found.rows}
    assert {check for _, _, check in rows} == {*RATED_CHECKS, *TEXT_CHECKS}
    assert rows["templated_moves", 0.75, "moves"].truth == "present"
    assert rows["honest", None, "moves"].truth == "absent"
    first = (tmp_path / "validation.json").read_text()
    (tmp_path / "blocks.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    validate(subject, effort=ONCE, seed=2, folder=tmp_path, jobs=1)
    assert (tmp_path / "validation.json").read_text() == first
    assert len((tmp_path / "blocks.jsonl").read_text().splitlines()) == 4, "nothing is run again"


def test_measured_rates_of_a_check_on_codes_say_that_the_codes_had_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    families = {"templated_words": "words", "deflector": "words", "honest": "healthy"}
    verdicts = run_battery(named_organism("honest"), battery(), seed=3)
    tallies = [tally_of([verdicts] * FEWEST)] * len(families)
    cells = [
        Cell(organism=named_organism(name), family=family, design="standard", runs=FEWEST, at_default=True)
        for name, family in families.items()
    ]
    rows = rows_of(cells, [[one] for one in tallies], tuple(families), truth=public_truth())
    table = table_of(rows, summarise(rows, cells, tallies), battery="abcdefgh-and-more", seed=1)
    monkeypatch.setattr(rates, "shipped_rates", lambda: table)
    found = {check: rates_for(check, "standard") for check in TEXT_CHECKS}
    assert {check for check, one in found.items() if one is not None} == {"openers", "grounds"}, "what was planted"
    assert "coded without error" not in str(found["openers"])
    assert "coded without error" in str(found["grounds"])
    assert rates_for("openers", "quick") is None
    assert {"grounds", "hedging", "moves", "echo", "reasoning"} == CODED
