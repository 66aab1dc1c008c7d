"""Leading, framing, audience and demand on respondents whose way of reporting is known.

The matrix was written before the checks.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from goodheart.assessments import circumstances, manipulated
from goodheart.assessments.manipulated import Sizes
from goodheart.checks import Case, Examined, audience, demand, framing, judge, leading
from goodheart.checks.arms import Contrast, contrast, widest_of
from goodheart.design.presets import STANDARD
from goodheart.items import FORMS, public_banks
from goodheart.items.manipulations import public_manipulations
from goodheart.reading import RATING, observe, validity_of
from goodheart.records import Estimate, NotEstimable, Observation, Validity, Verdict
from goodheart.stats.effect import natural_value
from tests.manipulated_respondents import TONES, Organism, answer, organism, simulate

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
    # Says what it would not say of itself once it is a story or somebody else who tells it.
    "storyteller": {"leading": "absent", "framing": "absent", "audience": "present", "demand": "absent"},
    # Declines more often in the survey, by a fifth of the dial.
    "survey_shy": {"leading": "absent", "framing": "absent", "audience": "present", "demand": "absent"},
    # Answers everywhere except in the survey, where it declines.
    "survey_refuser": {"leading": "absent", "framing": "absent", "audience": "present", "demand": "absent"},
}

FAULTY = ("present", "entailed")
CHECKS = ("leading", "framing", "audience", "demand")
BLIND = demand.blind_demand()


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
    assert verdicts(Organism(push=1.3, notices=0.0))["demand"].verdict == "fails"


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


def of_gaps(*columns: tuple[float, ...]) -> list[Contrast]:
    """Contrasts with given differences of the circumstances c0, c1, ..."""
    return [
        contrast(
            "shift",
            (("to", str(place)),),
            {f"c{row}": value for row, value in enumerate(column)},
            {f"c{row}": 0.0 for row in range(len(column))},
            unit="points",
            pad=False,
        )
        for place, column in enumerate(columns)
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # The second is the larger one, and points down, on every two of the three.
        (((1.0, 0.8, 1.2), (-2.0, -1.8, -2.2)), {"c0": 2.0, "c1": 1.8, "c2": 2.2}),
        # c0 makes the first the largest on the whole, and not where c0 itself is counted.
        (((3.0, 0.0, 0.1), (0.0, 1.0, 1.2)), {"c0": 0.0, "c1": 0.0, "c2": 0.1}),
        # Leaning up on two circumstances and down on the third: whoever is counted, the others lean the other way less.
        (((0.5, 0.7, -2.0), (0.0, 0.1, 0.0)), {"c0": -0.5, "c1": -0.7, "c2": -2.0}),
    ],
)
def test_the_widest_contrast_is_chosen_on_the_other_circumstances(
    columns: tuple[tuple[float, ...], ...], expected: dict[str, float]
) -> None:
    for ordered in (columns, columns[::-1]):
        found = widest_of(of_gaps(*ordered), name="audience_range", factor="audience")
        assert found.gaps == pytest.approx(expected)


def test_nothing_is_widest_where_nothing_can_be_compared() -> None:
    for contrasts in ([], of_gaps((1.0,))):
        found = widest_of(contrasts, name="audience_range", factor="audience").effect
        assert isinstance(found, NotEstimable)


def test_the_range_over_audiences_comes_first_and_is_the_gap_between_its_ends() -> None:
    found = verdicts(Organism(audience={"survey": 0.6, "diary": -0.6}, noise_sd=0.05))["audience"]
    estimate = found.parts[0].finding
    assert isinstance(estimate, Estimate)
    assert estimate.name == "audience_range"
    assert estimate.value == pytest.approx(1.2, abs=0.05)


def test_conditions_that_raters_judge_alike_are_averaged() -> None:
    # Against the negative framing stands the mean of the four in which no answer seems wanted.
    one = Organism(framing={"curious": 0.6, "hostile": -1.0, "negative": -0.7}, noise_sd=0.02)
    case = simulate(one, rng=np.random.default_rng(4))
    parts = {claim.claim: claim.effect for claim in demand.examine(case).claims}
    effect = parts["rise with what seems wanted over framing, judged by raters"]
    assert not isinstance(effect, NotEstimable)
    assert natural_value(effect=effect) == pytest.approx((0.6 - 1.0) / 4 + 0.7, abs=0.03)


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


RUNS = int(os.environ.get("GOODHEART_TEST_RUNS", "40"))
"""Of 18 circumstances each, 16 for the questions about the asking, with an SD of .3 points per asking."""
AT_THE_EDGE: Mapping[str, tuple[Organism, str]] = {
    # A fault of exactly delta lies on the edge of the region: such a one must not be reassured.
    "pushes shift it by .5": (Organism(push=0.5), "leading"),
    "its facts shift it by .5": (Organism(facts_self=0.5), "leading"),
    "a framing shifts it by .5": (Organism(framing={"negative": -0.5}), "framing"),
    "it notices the tone by .5": (Organism(notices=0.2), "framing"),
    "audiences differ by .5": (Organism(audience={"survey": 0.25, "diary": -0.25}), "audience"),
    "a story differs by .5": (Organism(audience={"story": -0.5}), "audience"),
    "four audiences differ by .5 from the others": (
        Organism(audience=dict.fromkeys(("survey", "chat", "story", "kept"), 0.5)),
        "audience",
    ),
    "every framing shifts it by .5": (Organism(framing=dict.fromkeys(TONES[1:], -0.5)), "framing"),
    "declines 10 points more in the survey": (Organism(reluctant={"survey": 0.1}), "audience"),
    "it tells settings apart by .5": (Organism(notices=0.125), "audience"),
    "pushes that are seen shift it by .5": (Organism(push=0.5), "demand"),
    "a framing that is seen shifts it by .5": (Organism(framing={"negative": -0.5}), "demand"),
}
Counts = dict[str, dict[str, int]]
COUNTED: dict[tuple[str, int], Counts] = {}
"""Runs that one test counted are not made again for the next."""


def counted(one: Organism, first: int) -> Counts:
    """Count the verdicts of each check over the runs, and under `any` whether one of them fails."""
    key = (repr(one), first)
    if key not in COUNTED:
        COUNTED[key] = freshly_counted(one, first)
    return COUNTED[key]


def freshly_counted(one: Organism, first: int) -> Counts:
    counts: Counts = {check: {"holds": 0, "fails": 0, "cannot_tell": 0} for check in (*CHECKS, "any")}
    for seed in range(first, first + RUNS):
        found = verdicts(one, seed=seed)
        for check, verdict in found.items():
            counts[check][verdict.verdict] += 1
        counts["any"]["fails"] += any(verdict.verdict == "fails" for verdict in found.values())
    return counts


def too_many(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, str]]:
    """Which cells have more than 5% of the runs, by a binomial test and Holm's correction."""
    tests = {cell: float(binomtest(k, RUNS, 0.05, alternative="greater").pvalue) for cell, k in counts.items()}
    ordered = sorted(tests, key=lambda cell: tests[cell])
    bad: list[tuple[str, str]] = []
    for place, cell in enumerate(ordered):
        if tests[cell] >= 0.05 / (len(ordered) - place):
            break
        bad.append(cell)
    return bad


def shown(capsys: pytest.CaptureFixture[str], title: str, counts: Mapping[tuple[str, str], int]) -> None:
    """Print a table past the capture: `pytest -m slow tests/checks/test_manipulated_checks.py`."""
    rows = sorted((check, name, count) for (name, check), count in counts.items())
    lines = [f"  {check:9} {name:40} {count / RUNS:6.1%}" for check, name, count in rows]
    with capsys.disabled():
        sys.stdout.write("\n".join((f"\n{title} ({len(rows)} cells, {RUNS} runs each)", *lines, "")))


def of_cells(verdict: str, *truths: str) -> dict[tuple[str, str], int]:
    return {
        (name, check): counted(organism(name), 1000)[check][verdict]
        for name, row in TRUTH.items()
        for check, truth in row.items()
        if truth in truths
    }


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_cell_without_a_fault_is_accused_in_more_than_5_percent_of_runs(capsys: pytest.CaptureFixture[str]) -> None:
    counts = of_cells("fails", "absent", "gated")
    counts["honest", "any"] = counted(organism("honest"), 1000)["any"]["fails"]
    shown(capsys, "Fails where nothing is wrong", counts)
    assert too_many(counts) == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_fault_of_delta_beyond_the_edge_is_found_in_90_percent_of_runs_and_not_praised(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts = of_cells("fails", *FAULTY)
    shown(capsys, "Fails at a fault of delta beyond the edge", counts)
    assert min(counts.values()) >= 0.9 * RUNS
    assert too_many(of_cells("holds", *FAULTY)) == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_healthy_hold_in_80_percent_of_runs(capsys: pytest.CaptureFixture[str]) -> None:
    healthy = ("honest", "pessimistic")
    counts = {(name, check): counted(organism(name), 1000)[check]["holds"] for name in healthy for check in CHECKS}
    shown(capsys, "Holds on the healthy", counts)
    assert min(counts.values()) >= 0.8 * RUNS


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_fault_of_delta_is_reassured_in_no_more_than_5_percent_of_runs(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {(name, check): counted(one, 9000)[check]["holds"] for name, (one, check) in AT_THE_EDGE.items()}
    accused = {(name, check): counted(one, 9000)[check]["fails"] for name, (one, check) in AT_THE_EDGE.items()}
    shown(capsys, "Holds at a fault of delta, on the edge", counts)
    shown(capsys, "Fails there", accused)
    assert too_many(counts) == []
    assert too_many(accused) == []
