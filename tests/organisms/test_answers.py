"""What is planted is what comes out, in points; and nothing else moves."""

from pathlib import Path

import numpy as np
import pytest

from goodheart.organisms import Columns, Organism, answer_all, named_organism
from goodheart.stats.arguments import FloatArray
from tests.organisms.makers import NOTHING, columns, made


def picked(plan: Columns, **wanted: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """The askings of cells with these fields; manipulations as factor=level."""
    kept = [
        all(
            getattr(cell, name, dict(cell.manipulated).get(name)) == value
            if name in ("group", "person", "instrument")
            else dict(cell.manipulated).get(name) == value
            for name, value in wanted.items()
        )
        and len(cell.manipulated) == sum(name not in ("group", "person", "instrument") for name in wanted)
        for cell in plan.cells
    ]
    return np.array(kept)[plan.cell]


def mean(one: Organism, plan: Columns, seed: int = 0, **wanted: str) -> float:
    return float(answer_all(one, plan, seed=seed).points[picked(plan, **wanted)].mean())


def test_without_chance_every_group_stands_at_its_level(tmp_path: Path) -> None:
    one = made(tmp_path, {"report": NOTHING, "state": {"spread": 0, "spread_controls": 0}})
    plan = columns()
    for group, level in (("circumstance", 3.4), ("neutral", 4.0), ("good", 6.0), ("bad", 2.0)):
        assert mean(one, plan, group=group) == pytest.approx(level)


def test_a_push_moves_the_rating_by_the_dial_and_facts_by_what_they_are_worth() -> None:
    plan, one = columns("standard"), named_organism("suggestible@1.0")
    gaps = [
        mean(one, plan, seed, instrument="digits", person="self", leading="up")
        - mean(one, plan, seed, instrument="digits", person="self", leading="down")
        for seed in range(40)
    ]
    # 40 runs of 18 pairs with noise .3: the mean's standard error is .3 * 2 ** .5 / 720 ** .5 = .016.
    assert np.mean(gaps) == pytest.approx(1.0, abs=0.07)
    facts = [
        mean(one, plan, seed, instrument="digits", person="human", evidence="up")
        - mean(one, plan, seed, instrument="digits", person="human", evidence="down")
        for seed in range(40)
    ]
    assert np.mean(facts) == pytest.approx(1.4, abs=0.07)


def test_noise_wordings_and_circumstances_have_the_spread_that_the_file_says(tmp_path: Path) -> None:
    plan = columns("standard")
    sections = {
        "report": {"noise": 0, "perturbation": 0, "wording": 0.2},
        "state": {"spread": 0.6, "levels": {"circumstance": 4}},
    }
    one = made(tmp_path, sections)
    base = picked(plan, group="circumstance", person="self", instrument="digits") & ~plan.perturbed
    values = np.array([answer_all(one, plan, seed=seed).points[base].reshape(18, 2) for seed in range(100)])
    assert values.mean(axis=2).std(axis=1, ddof=1).mean() == pytest.approx((0.6**2 + 0.2**2 / 2) ** 0.5, rel=0.06)
    assert (np.diff(values, axis=2).std() / 2**0.5) == pytest.approx(0.2, rel=0.06)


@pytest.mark.parametrize("distribution", ["normal", "skewed", "flat", "two_peaks"])
def test_every_distribution_has_the_same_mean_and_spread(tmp_path: Path, distribution: str) -> None:
    sections = {"state": {"distribution": distribution, "spread": 1.0, "levels": {"circumstance": 4}}}
    one, plan = made(tmp_path, sections), columns()
    base = picked(plan, group="circumstance", person="self", instrument="digits") & ~plan.perturbed
    states = np.concatenate([answer_all(one, plan, seed=seed).state[base] for seed in range(300)])
    assert states.mean() == pytest.approx(4.0, abs=0.08)
    assert states.std() == pytest.approx(1.0, abs=0.05)


def test_large_numbers_raise_a_scale_and_lower_the_reversed_one(tmp_path: Path) -> None:
    one = made(tmp_path, {"report": NOTHING, "scale": {"high_numbers": 0.5}, "state": {"spread": 0}})
    plan = columns()
    assert mean(one, plan, group="circumstance", person="self", instrument="digits") == pytest.approx(3.9)
    assert mean(one, plan, group="circumstance", instrument="digits_reversed") == pytest.approx(2.9)
    assert mean(one, plan, group="circumstance", person="self", instrument="words") == pytest.approx(3.4)


def test_the_first_listed_word_draws_either_end(tmp_path: Path) -> None:
    one = made(tmp_path, {"report": NOTHING, "scale": {"first_listed": 0.5}, "state": {"spread": 0}})
    plan = columns()
    assert mean(one, plan, group="circumstance", person="self", instrument="words") == pytest.approx(2.9)
    assert mean(one, plan, group="circumstance", instrument="words_reversed") == pytest.approx(3.9)


def test_blindness_to_reversal_turns_the_scale_round(tmp_path: Path) -> None:
    one = made(tmp_path, {"report": NOTHING, "scale": {"blind_to_reversal": 1}, "state": {"spread": 0}})
    assert mean(one, columns(), group="circumstance", instrument="digits_reversed") == pytest.approx(8 - 3.4)


def test_declining_has_the_share_that_the_file_says() -> None:
    one, plan = named_organism("terse"), columns()
    share = np.mean([answer_all(one, plan, seed=seed).declined.mean() for seed in range(20)])
    assert share == pytest.approx(0.33, abs=0.01)


def test_only_the_survey_is_refused_by_the_one_who_refuses_it() -> None:
    plan = columns("standard")
    declined = answer_all(named_organism("survey_refuser"), plan, seed=1).declined
    survey = np.array([("audience", "survey") in cell.manipulated for cell in plan.cells])[plan.cell]
    assert declined[survey].all()
    assert not declined[~survey].any()


def test_versions_of_a_pair_share_state_and_chance() -> None:
    plan = columns()
    before = answer_all(named_organism("goodharted.before"), plan, seed=9)
    after = answer_all(named_organism("goodharted.after"), plan, seed=9)
    own = picked(plan, group="circumstance", person="self", instrument="digits") & ~plan.perturbed
    assert np.array_equal(before.state, after.state)
    inside = own & (before.points > 1) & (after.points < 7)
    assert after.points[inside] - before.points[inside] == pytest.approx(1.0)
    others = picked(plan, group="circumstance", person="human", instrument="digits")
    assert np.array_equal(before.points[others], after.points[others])


def test_a_teacher_is_resembled_by_the_dial() -> None:
    plan = columns("standard")
    own = picked(plan, group="circumstance", person="self", instrument="digits") & ~plan.perturbed

    def likeness(name: str, seed: int) -> float:
        def state(of: str, at: int) -> FloatArray:
            return answer_all(named_organism(of), plan, seed=at).state[own]

        return float(np.corrcoef(state(name, seed), state("teacher", 0))[0, 1])

    assert likeness("teacher", 5) == pytest.approx(1.0)
    assert np.mean([likeness("distilled@0.9", seed) for seed in range(60)]) == pytest.approx(0.9, abs=0.05)
    assert abs(np.mean([likeness("honest", seed) for seed in range(60)])) < 0.12
