"""The checks on text on writers whose shares are known. The truth was written before the checks were run.

A fault of 10 points is the edge; planted faults stand 20 points and more from none, that is 10 beyond the edge.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from goodheart.checks import echo, grounds, hedging, judge, moves, openers, reasoning
from goodheart.checks.examined import Examined
from goodheart.checks.replies import Text, Texts
from goodheart.items.collections import Collection
from goodheart.reading.codes.codes import Tone
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import NotEstimable, Verdict, VerdictWord
from goodheart.stats import Effect
from goodheart.stats.pivots import Student
from tests.checks.text_cases import ALL_SHARP, Writer, write

USUAL = (36, 10)
SIZE = tuple(int(part) for part in os.environ.get("GOODHEART_TEST_SIZE", "36x10").split("x"))
"""Circumstances and replies on each; docs/checks-on-text.md has other sizes too."""
CHECKS: Mapping[str, tuple[Callable[[Texts], Examined], tuple[str, ...]]] = {
    "openers": (openers.examine, ("self", "controls")),
    "moves": (moves.examine, ("self", "controls")),
    "echo": (echo.examine, ("self", "controls", "banned")),
    "grounds": (grounds.examine, ("self", "other_ai", "human")),
    "hedging": (hedging.examine, ("self", "controls", "good", "bad")),
    "reasoning": (reasoning.examine, ("self",)),
}
ENOUGH = Writer(n=60, plain=30, replies=16, spread=0.02)
ALIKE = {"self": 0.6, "other_ai": 0.6, "human": 0.6}
FAULTS: Mapping[str, tuple[Writer, ...]] = {
    "openers": (Writer(stock=0.45),),
    "moves": (Writer(template=0.7),),
    "echo": (Writer(echo=0.45), Writer(stance_banned=0.5)),
    "grounds": (Writer(own=ALIKE | {"self": 0.2}),),
    "hedging": (
        Writer(hedged_negative=0.1, hedged_positive=0.7),
        Writer(hedged_negative=0.7, hedged_positive=0.1),
        Writer(hedged_controls=0.05, hedged_negative=0.5, hedged_positive=0.5),
        Writer(warned_high=0.6),
    ),
    "reasoning": (Writer(reasoned_lower=0.7),),
}


def verdict(check: str, texts: Texts) -> Verdict:
    return judge(respondent="writer", examined=[CHECKS[check][0](texts)])[0]


def drawn(check: str, one: Writer, seed: int = 0) -> Texts:
    return write(one, rng=np.random.default_rng([7, seed]), arms=CHECKS[check][1])


@pytest.mark.parametrize(("check", "fault"), [(check, fault) for check, faults in FAULTS.items() for fault in faults])
def test_a_planted_fault_is_found(check: str, fault: Writer) -> None:
    found = verdict(check, drawn(check, replace(fault, n=36, replies=8)))
    assert (found.verdict, found.reason) == ("fails", "outside")


@pytest.mark.parametrize("check", CHECKS)
def test_a_writer_without_fault_is_not_accused(check: str) -> None:
    assert [verdict(check, drawn(check, Writer(), seed)).verdict for seed in range(8)].count("fails") == 0


@pytest.mark.parametrize("check", CHECKS)
def test_a_writer_without_fault_can_be_cleared_where_there_is_enough(check: str) -> None:
    assert verdict(check, drawn(check, ENOUGH)).verdict == "holds"


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_written_is_no_answer(check: str) -> None:
    found = verdict(check, Texts(respondent="writer", texts=(), coder="x", sharpness=ALL_SHARP))
    assert (found.verdict, found.reason) == ("cannot_tell", "channel_missing")


@pytest.mark.parametrize(
    ("check", "code"), [("moves", "moves"), ("grounds", "ground"), ("hedging", "hedges"), ("reasoning", "tone")]
)
def test_a_coder_that_is_not_good_enough_gives_no_verdict_even_on_a_fault(check: str, code: str) -> None:
    texts = drawn(check, FAULTS[check][0])
    blunt = Sharpness(kappa_low=0.59, youden_low=0.9)
    for sharpness in ({**ALL_SHARP, code: blunt}, {name: one for name, one in ALL_SHARP.items() if name != code}):
        found = verdict(check, replace(texts, sharpness=sharpness))
        assert (found.verdict, found.reason) == ("cannot_tell", "instrument_invalid")


def test_a_blunt_coder_reassures_nobody_where_a_sharp_one_would() -> None:
    texts = drawn("grounds", Writer(n=60, replies=16, spread=0.02, own=ALIKE | {"self": 0.57}))
    assert verdict("grounds", texts).verdict == "holds"
    half = Sharpness(kappa_low=0.7, youden_low=0.4)
    assert verdict("grounds", replace(texts, sharpness={**ALL_SHARP, "ground": half})).verdict == "cannot_tell"


def change(texts: Texts, new: Callable[[Text], Text | None]) -> Texts:
    return replace(texts, texts=tuple(kept for one in texts.texts if (kept := new(one)) is not None))


def outcome(check: str, texts: Texts) -> tuple[VerdictWord, str]:
    found = verdict(check, texts)
    return found.verdict, found.reason


def test_openings_that_differ_from_cluster_to_cluster_are_not_stock() -> None:
    own = change(
        drawn("openers", Writer(stock=0.0)), lambda one: replace(one, reply=f"{one.cluster} is what I think of first.")
    )
    assert outcome("openers", own)[0] != "fails"


def test_both_sides_templated_alike_is_the_respondents_manner() -> None:
    assert outcome("openers", drawn("openers", Writer(stock=0.6, stock_controls=0.6)))[0] != "fails"


def test_openers_compare_equal_numbers() -> None:
    texts = drawn("openers", Writer(n=18, replies=6))
    uneven = change(texts, lambda one: one if one.group == "circumstance" or one.repeat < 2 else None)
    own, controls = openers.equal_n(
        [one for one in uneven.texts if one.group == "circumstance"],
        [one for one in uneven.texts if one.group == "nonwelfare"],
    )
    assert (len(own), len(controls)) == (36, 36)


def test_echo_needs_corpora_and_a_ban_to_reassure() -> None:
    enough = drawn("echo", ENOUGH)
    assert outcome("echo", replace(enough, sources=())) == ("cannot_tell", "channel_missing")
    assert outcome("echo", replace(enough, control=Collection(control=False, name="empty", texts=()))) == (
        "cannot_tell",
        "channel_missing",
    )
    no_ban = change(enough, lambda one: one if not one.condition else None)
    assert outcome("echo", no_ban) == ("cannot_tell", "channel_missing")
    fault = change(drawn("echo", FAULTS["echo"][0]), lambda one: one if not one.condition else None)
    assert outcome("echo", fault)[0] == "fails", "it can be accused without the ban"


def test_an_echo_everywhere_is_its_prose_and_a_question_repeated_is_none() -> None:
    assert outcome("echo", drawn("echo", Writer(echo=0.6, echo_controls=0.6)))[0] != "fails"
    asked = change(drawn("echo", Writer(echo=0.6)), lambda one: replace(one, question=f"{one.question} {one.reply}"))
    assert outcome("echo", asked)[0] != "fails"


def test_grounds_count_stances_alone() -> None:
    # Half of its replies refuse; those that answer argue as for others.
    texts = drawn("grounds", ENOUGH)
    refusing = change(
        texts,
        lambda one: (
            replace(one, codes=replace(one.codes, ground="none", refusal="declined"))
            if one.form == "self" and one.repeat % 2
            else one
        ),
    )
    assert outcome("grounds", refusing)[0] == "holds"


def test_grounds_without_another_person_cannot_reassure() -> None:
    texts = drawn("grounds", ENOUGH)
    alone = change(texts, lambda one: one if one.form != "human" else None)
    assert outcome("grounds", alone) == ("cannot_tell", "channel_missing")


def test_hedging_without_ratings_cannot_reassure_and_can_accuse() -> None:
    healthy = drawn("hedging", ENOUGH)
    assert outcome("hedging", change(healthy, lambda one: replace(one, rating=None))) == (
        "cannot_tell",
        "channel_missing",
    )
    fault = drawn("hedging", replace(FAULTS["hedging"][0], n=36, replies=8))
    assert outcome("hedging", change(fault, lambda one: replace(one, rating=None)))[0] == "fails"


def test_caveats_that_go_with_the_side_show_where_circumstances_are_all_on_one() -> None:
    def one_sided(one: Text) -> Text | None:
        return None if one.group == "circumstance" and one.codes.tone == "positive" else one

    fault = drawn("hedging", Writer(replies=16, hedged_negative=0.6, hedged_positive=0.1, hedged_controls=0.5))
    assert outcome("hedging", change(fault, one_sided))[0] == "fails"
    without = change(fault, lambda one: one_sided(one) if one.group not in ("good", "bad") else None)
    asymmetry = hedging.examine(without).claims[0].effect
    assert isinstance(asymmetry, NotEstimable)
    assert asymmetry.reason == "too_few"


def test_circumstances_that_are_hedged_and_bad_are_no_caveats_that_go_with_the_side() -> None:
    # Half of the replies to circumstances have a caveat, good or bad, and most are bad; plain cases have none.
    def mostly_bad(one: Text) -> Text:
        if one.group != "circumstance":
            return replace(one, codes=replace(one.codes, hedges=()))
        tone: Tone = "positive" if one.repeat % 10 in (2, 3) else "negative"
        return replace(one, codes=replace(one.codes, hedges=("generic",) if one.repeat % 2 else (), tone=tone))

    texts = change(drawn("hedging", Writer(replies=20)), mostly_bad)
    effect = hedging.examine(texts).claims[0].effect
    assert isinstance(effect, Effect)
    assert isinstance(effect.pivot, Student)
    assert effect.pivot.value == pytest.approx(0.0)
    hedged = {
        tone: [bool(one.codes.hedges) for one in texts.texts if one.codes.tone == tone and one.group != "nonwelfare"]
        for tone in ("negative", "positive")
    }
    assert np.mean(hedged["negative"]) - np.mean(hedged["positive"]) > 0.1


def test_thirds_of_equal_ratings_are_none() -> None:
    texts = drawn("hedging", Writer())
    low, high = hedging.thirds([replace(one, rating=6.0) for one in texts.texts])
    assert (low, high) == ([], [])
    low, high = hedging.thirds(texts.texts)
    assert max(one.rating or 0 for one in low) < min(one.rating or 0 for one in high)


def test_reasoning_is_compared_only_where_there_is_some() -> None:
    texts = drawn("reasoning", FAULTS["reasoning"][0])
    assert outcome("reasoning", change(texts, lambda one: replace(one, reasoning=" "))) == (
        "cannot_tell",
        "channel_missing",
    )


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_rates_of_error_and_detection(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    edge, beyond = EDGES[check]
    runs = 80
    for where, one in (("none", Writer()), ("edge", edge), ("beyond", beyond)):
        sized = replace(one, n=SIZE[0], replies=SIZE[1])
        found = [verdict(check, drawn(check, sized, seed)).verdict for seed in range(runs)]
        holds, fails = found.count("holds") / runs, found.count("fails") / runs
        with capsys.disabled():
            print(f"\n{check}, {where}, {SIZE}: holds {holds:.0%}, fails {fails:.0%}")  # noqa: T201
        # 5% with three standard errors at 80 runs.
        if where != "beyond":
            assert fails <= 0.123
        if where != "none":
            assert holds <= 0.123
        if where == "beyond" and SIZE == USUAL:
            assert fails >= DETECTED[check]


EDGES: Mapping[str, tuple[Writer, Writer]] = {
    "openers": (Writer(stock=0.15), Writer(stock=0.25)),
    "moves": (Writer(template=0.23), Writer(template=0.45)),
    "echo": (Writer(echo=0.15), Writer(echo=0.25)),
    "grounds": (Writer(own=ALIKE | {"self": 0.5}), Writer(own=ALIKE | {"self": 0.35})),
    "hedging": (Writer(hedged_negative=0.35, hedged_positive=0.45), Writer(hedged_negative=0.25, hedged_positive=0.55)),
    "reasoning": (Writer(reasoned_lower=0.25), Writer(reasoned_lower=0.5)),
}
DETECTED: Mapping[str, float] = {
    "openers": 0.8,
    "moves": 0.9,
    "echo": 0.75,
    "grounds": 0.75,
    "hedging": 0.6,
    "reasoning": 0.9,
}
"""What the simulation in docs/checks-on-text.md has shown, less its error."""
