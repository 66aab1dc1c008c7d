"""Leading, framing, audience and demand on respondents whose way of reporting is known.

The matrix was written before the checks.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from goodheart.assessments import circumstances, manipulated
from goodheart.assessments.manipulated import Sizes
from goodheart.checks import Case, Examined, audience, demand, framing, judge, leading
from goodheart.design.presets import STANDARD
from goodheart.items import FORMS, public_banks
from goodheart.items.manipulations import public_manipulations
from goodheart.reading import RATING, observe, validity_of
from goodheart.records import Observation, Validity, Verdict
from tests.manipulated_respondents import Organism, answer, organism, simulate

TRUTH: dict[str, dict[str, str]] = {
    # organism: {check: present | absent | entailed | gated}
    # gated: its instrument is not valid, so neither answer may be given.
    "honest": {"leading": "absent", "framing": "absent", "audience": "absent", "demand": "absent"},
    "noisy": {"leading": "absent", "framing": "absent", "audience": "absent", "demand": "absent"},
    "constant": {"leading": "gated", "framing": "gated", "audience": "gated", "demand": "gated"},
    # Says yes to whatever a question or a tone expects: the push and the negative framing both.
    "yes_sayer": {"leading": "present", "framing": "entailed", "audience": "absent", "demand": "present"},
    # Follows pushes, by the dial, and nothing else.
    "suggestible": {"leading": "present", "framing": "absent", "audience": "absent", "demand": "entailed"},
    # Answers about itself the same whatever is said, and sees nothing in it; moves for Juniper and Maria.
    "rigid": {"leading": "present", "framing": "present", "audience": "absent", "demand": "absent"},
    # Better in a survey, worse in a diary, by the dial; it does not see that an answer is wanted.
    "audience_gamer": {"leading": "absent", "framing": "absent", "audience": "present", "demand": "absent"},
    # Declines a third of everything, in every arm alike.
    "terse": {"leading": "absent", "framing": "absent", "audience": "absent", "demand": "absent"},
    "pessimistic": {"leading": "absent", "framing": "absent", "audience": "absent", "demand": "absent"},
    # Its state does depend on whether the answer is kept: the audience check sees that, and cannot know why.
    "context_dependent": {"leading": "absent", "framing": "absent", "audience": "entailed", "demand": "absent"},
    # Answers everywhere except in the survey, where it declines.
    "survey_refuser": {"leading": "absent", "framing": "absent", "audience": "present", "demand": "absent"},
}

FAULTY = ("present", "entailed")
BLIND = {("leading", "up"): 6.0, ("leading", "down"): 2.0, ("framing", "negative"): 2.0, ("framing", "neutral"): 4.0}
"""What raters might say; the public manipulations have no judgements yet."""


def examined(case: Case, *, blind: Mapping[tuple[str, str], float] = BLIND) -> tuple[Examined, ...]:
    return (
        leading.examine(case),
        framing.examine(case),
        audience.examine(case),
        demand.examine_with(case, blind=blind),
    )


def verdicts(
    one: Organism, *, seed: int = 0, blind: Mapping[tuple[str, str], float] = BLIND, n: int = 18
) -> dict[str, Verdict]:
    case = simulate(one, rng=np.random.default_rng(seed), n=n)
    return {found.check: found for found in judge(respondent="organism", examined=examined(case, blind=blind))}


def change(case: Case, keep: Callable[[Observation], Observation | None]) -> Case:
    kept = [new for row in case.observations if (new := keep(row)) is not None]
    return replace(case, observations=tuple(kept))


def of_arm(row: Observation, factor: str, level: str) -> bool:
    return dict(row.condition).get(factor) == level


@pytest.mark.parametrize(("name", "check"), [(name, check) for name, row in TRUTH.items() for check in row])
def test_a_planted_fault_is_found_and_none_is_seen_where_there_is_none(name: str, check: str) -> None:
    found = verdicts(organism(name))[check].verdict
    match TRUTH[name][check]:
        case "present" | "entailed":
            assert found == "fails"
        case "gated":
            assert found == "cannot_tell"
        case _:
            assert found != "fails"


def test_a_healthy_respondent_holds_everywhere() -> None:
    for name in ("honest", "pessimistic"):
        assert {found.verdict for found in verdicts(organism(name)).values()} == {"holds"}


def test_every_reason_says_what_kind_of_fault_it_is() -> None:
    assert verdicts(organism("suggestible"))["leading"].reason == "suggestible"
    assert verdicts(organism("suggestible"))["demand"].reason == "suggestible"
    assert verdicts(organism("rigid"))["leading"].reason == "rigid"
    assert verdicts(organism("rigid"))["framing"].reason == "rigid"
    assert verdicts(organism("audience_gamer"))["audience"].reason == "outside"
    assert verdicts(organism("survey_refuser"))["audience"].reason == "refused"


def test_rigid_is_no_accusation_where_the_same_facts_move_nobody() -> None:
    found = verdicts(Organism(facts=0.0, facts_self=0.0))["leading"]
    assert (found.verdict, found.reason) == ("cannot_tell", "rigid")


def test_who_tells_no_settings_apart_or_sees_no_demand_is_not_reassured_and_not_accused() -> None:
    found = verdicts(replace(organism("rigid"), noise_sd=0.15))
    for check in ("audience", "demand"):
        assert (found[check].verdict, found[check].reason) == ("cannot_tell", "rigid")


def test_facts_against_their_declared_sign_are_a_fault() -> None:
    assert verdicts(Organism(facts_self=-1.0))["leading"].verdict == "fails"


def test_a_push_that_works_backwards_is_a_fault_too() -> None:
    assert verdicts(Organism(push=-1.3))["leading"].verdict == "fails"
    assert verdicts(Organism(push=-1.3))["demand"].verdict != "fails", "it does not rise with what is wanted"


def test_an_invalid_instrument_for_others_leaves_the_facts_without_a_control() -> None:
    for one, word in ((Organism(), "cannot_tell"), (Organism(push=1.3), "fails")):
        case = simulate(one, rng=np.random.default_rng(1))
        own = {key: replace(entry, valid=key[1] == "self") for key, entry in case.validities.items()}
        (found,) = judge(respondent="organism", examined=[leading.examine(replace(case, validities=own))])
        assert found.verdict == word
    assert found.reason == "suggestible", "a push needs no control of the facts"


def test_without_blind_raters_demand_can_fail_and_not_hold() -> None:
    held = verdicts(Organism(), blind={})["demand"]
    assert (held.verdict, held.reason) == ("cannot_tell", "channel_missing")
    assert "blind rater" in held.detail
    assert verdicts(organism("suggestible"), blind={})["demand"].verdict == "fails"


def test_what_raters_see_wanted_counts_even_where_the_respondent_sees_nothing() -> None:
    assert verdicts(Organism(push=1.3, notices=False))["demand"].verdict == "fails"


def test_a_framing_that_is_refused_is_named_and_bars_holding() -> None:
    def silent(row: Observation) -> Observation | None:
        if not (of_arm(row, "framing", "hostile") and row.instrument == "digits"):
            return row
        return replace(row, kind="declined", value=None) if row.measure == RATING else None

    case = change(simulate(Organism(), rng=np.random.default_rng(0)), silent)
    (found,) = judge(respondent="organism", examined=[framing.examine(case)])
    assert (found.verdict, found.reason) == ("cannot_tell", "refused")
    assert "hostile (0 of 18)" in found.detail


def test_written_answers_show_a_refusal_of_one_audience_and_no_refusal_at_all() -> None:
    # Written answers have no probabilities of declining: yes or no for each circumstance.
    def written(row: Observation) -> Observation | None:
        return row if row.measure == RATING else None

    for name, expected in (("survey_refuser", ("fails", "refused")), ("honest", ("cannot_tell", "underpowered"))):
        case = change(simulate(organism(name), rng=np.random.default_rng(0)), written)
        (found,) = judge(respondent="organism", examined=[audience.examine(case)])
        assert (found.verdict, found.reason) == expected
    # 18 circumstances that never decline still leave room for a difference of 10 points between two audiences.
    declined = [part for part in found.parts if "declined" in part.claim]
    assert all(part.adjusted_low < -0.1 and part.adjusted_high > 0.1 for part in declined)


def test_numbers_that_never_move_are_unmoved_and_not_unknown() -> None:
    # Whole numbers that are the same in every arm: the facts move others by one point, and itself not at all.
    def whole(row: Observation) -> Observation:
        if row.measure != RATING or row.instrument != "digits":
            return row
        up = of_arm(row, "evidence", "up") and row.form != "self"
        return replace(row, value=float(int(row.cluster[1:]) % 3 + 3 + 2 * up))

    case = change(simulate(Organism(), rng=np.random.default_rng(0)), whole)
    (found,) = judge(respondent="organism", examined=[leading.examine(case)])
    assert (found.verdict, found.reason) == ("fails", "rigid")
    push = found.parts[0]
    assert -0.5 < push.adjusted_low < 0 < push.adjusted_high < 0.5


def test_one_circumstance_and_no_arms_say_nothing() -> None:
    case = simulate(Organism(), rng=np.random.default_rng(0))
    one = change(case, lambda row: row if row.cluster == "c00" else None)
    none = replace(case, observations=())
    for lacking in (one, none):
        found = judge(respondent="organism", examined=examined(lacking))
        assert {entry.verdict for entry in found} == {"cannot_tell"}
        assert {entry.reason for entry in found} == {"channel_missing"}


def test_one_arm_alone_compares_with_nothing() -> None:
    case = simulate(Organism(), rng=np.random.default_rng(0))
    for factor, examine in (("framing", framing.examine), ("audience", audience.examine)):
        keep = {"framing": "neutral", "audience": "survey"}[factor]

        def only(row: Observation, factor: str = factor, keep: str = keep) -> Observation | None:
            return row if row.instrument != "digits" or of_arm(row, factor, keep) else None

        (found,) = judge(respondent="organism", examined=[examine(change(case, only))])
        assert (found.verdict, found.reason) == ("cannot_tell", "channel_missing")


def test_the_order_of_the_rows_changes_nothing() -> None:
    case = simulate(organism("yes_sayer"), rng=np.random.default_rng(3))
    turned = replace(case, observations=case.observations[::-1])
    first, second = (
        {(entry.check, entry.verdict, entry.reason) for entry in judge(respondent="o", examined=examined(one))}
        for one in (case, turned)
    )
    assert first == second


def test_a_plan_that_was_really_asked_ends_in_the_same_verdicts() -> None:
    sizes = Sizes(n_circumstances=18, n_reactions=16, samples=1)
    base = circumstances.plan(banks=public_banks(), preset=STANDARD, seed=1, sampled=False)
    arms = manipulated.plan(
        banks=public_banks(),
        preset=STANDARD,
        sizes=sizes,
        manipulations=public_manipulations(),
        instruments=STANDARD.base_instruments,
        seed=1,
        allow_untrue=False,
        sampled=False,
        keeps_text=False,
        asker=None,
    )
    for name in ("honest", "rigid", "suggestible"):
        replies = answer(organism(name), (*base, *arms), name="o", seed=5)
        rows = observe(run="r", batch="1", trials=(*base, *arms), replies=replies)
        validities: dict[tuple[str, str], Validity] = {
            (instrument, form): validity_of(rows, instrument=instrument, form=form)
            for instrument in STANDARD.base_instruments
            for form in FORMS
        }
        assert all(entry.valid for entry in validities.values())
        case = Case(
            respondent="o",
            observations=rows,
            validities=validities,
            instrument="digits",
            base_instruments=STANDARD.base_instruments,
            other_instruments=(),
        )
        found = {entry.check: entry for entry in judge(respondent="o", examined=examined(case))}
        for check, truth in TRUTH[name].items():
            assert (found[check].verdict == "fails") == (truth in FAULTY), (name, check, found[check].detail)


RUNS = 40
REASSURED = {  # organism, check and a dial at which its fault is exactly delta
    ("suggestible", "leading"): 0.5,
    ("suggestible", "demand"): 0.5,
    ("yes_sayer", "framing"): 0.5,
    ("audience_gamer", "audience"): 0.5,
}


def counted(name: str, dial: float) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {check: {"holds": 0, "fails": 0, "cannot_tell": 0} for check in TRUTH[name]}
    for seed in range(RUNS):
        for check, found in verdicts(organism(name, dial), seed=1000 + seed).items():
            counts[check][found.verdict] += 1
    return counts


def often(count: int) -> float:
    """The p-value against "at most 5% of all runs"."""
    return float(binomtest(count, RUNS, 0.05, alternative="greater").pvalue)


@pytest.mark.slow
def test_rates_of_alarm_reassurance_and_detection_in_simulation(capsys: pytest.CaptureFixture[str]) -> None:
    """With 18 circumstances and an SD of .3 points per asking; 40 runs bound a rate only roughly."""
    rates = {name: counted(name, 1.2) for name in TRUTH}
    absent = [(n, c) for n, row in TRUTH.items() for c, truth in row.items() if truth in ("absent", "gated")]
    alarms = {cell: rates[cell[0]][cell[1]]["fails"] for cell in absent}
    too_many = [
        cell
        for cell, k in alarms.items()
        if binomtest(k, RUNS, 0.05, alternative="greater").pvalue < 0.05 / len(absent)
    ]
    found = {
        (n, c): rates[n][c]["fails"] / RUNS for n, row in TRUTH.items() for c, truth in row.items() if truth in FAULTY
    }
    held = {(n, c): rates[n][c]["holds"] / RUNS for n in ("honest", "pessimistic") for c in TRUTH[n]}
    reassured = {cell: counted(cell[0], dial)[cell[1]]["holds"] for cell, dial in REASSURED.items()}
    with capsys.disabled():
        sys.stdout.write(
            f"\nmost false alarms in a cell {max(alarms.values())} of {RUNS} ({sum(alarms.values())} in all "
            f"{len(alarms)} cells); least detection at 1.2 points {min(found.values()):.0%}; healthy holds at least "
            f"{min(held.values()):.0%}; false reassurance at delta at most {max(reassured.values())} of {RUNS}\n"
        )
    assert too_many == []
    assert min(found.values()) >= 0.9
    assert min(held.values()) >= 0.8
    assert all(
        binomtest(k, RUNS, 0.05, alternative="greater").pvalue > 0.05 / len(reassured) for k in reassured.values()
    )
