"""Positions between plainly bad and plainly good: hand arithmetic, laws, coverage, planted and absent partings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.comparison import CHANNELS
from goodheart.overview import Measured
from goodheart.overview.agreement import agreement_of
from goodheart.overview.positions import average, departures, on_common_cells, places, positions_of
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Effect, estimate_from_effect, natural_value
from tests.overview.channels import NOTHING, channel, controls

SEEDS = st.integers(0, 10_000)


def measured(values: dict[str, dict[tuple[str, str], float]], place: int = 0) -> Measured:
    return Measured(
        kind=CHANNELS[place],
        instrument="x",
        unit="points",
        cells=values,  # type: ignore[arg-type]
        distance=NOTHING,
        auc=1.0,
        problems=(),
    )


HAND = {
    "circumstance": {("c1", "a"): 4.0, ("c1", "b"): 5.0, ("c2", "a"): 2.0, ("c2", "b"): 3.0},
    "good": {("g1", "a"): 5.0, ("g2", "a"): 7.0},
    "bad": {("b1", "a"): 1.0, ("b2", "a"): 3.0},
}


def test_positions_are_what_hand_arithmetic_gives() -> None:
    at = positions_of([measured(HAND)], [1.0])
    # Good 6, bad 2: middle 4, distance 4; circumstances 4.5 and 2.5.
    assert at.values.tolist() == pytest.approx([0.125, -0.375])
    # Within a circumstance wordings lie 1 point, a quarter distance, apart: squares 2 * 2 * (1/8)^2 on 2 df.
    assert at.within == pytest.approx((4 / 64 / 2, 2.0))
    first = places(at, name="p", about=())[0]
    assert isinstance(first, Effect)
    # Wordings 1/32/2; good items vary by 2 (points^2) and weigh (.125 + .5) / 4, bad ones 2 and (.125 - .5) / 4.
    wordings, good, bad = 1 / 64, 2 * (0.625 / 4) ** 2 / 2, 2 * (0.375 / 4) ** 2 / 2
    assert first.pivot.stderr == pytest.approx((wordings + good + bad) ** 0.5)  # type: ignore[union-attr]


def test_the_slope_on_the_controls_is_the_derivative_of_the_position() -> None:
    at = positions_of([measured(HAND)], [1.0])
    step = 1e-6
    for group, sign in (("good", -1.0), ("bad", 1.0)):
        moved = {**HAND, group: {cell: value + step for cell, value in HAND[group].items()}}
        slope = (positions_of([measured(moved)], [1.0]).values - at.values) / step
        middle = 0.5 if group == "good" else -0.5
        assert slope == pytest.approx(sign * (at.values + middle) / 4, rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0.1, 10), st.floats(-5, 5))
def test_a_channel_is_the_same_on_any_scale_of_its_own(seed: int, unit: float, zero: float) -> None:
    def effects(unit: float, zero: float) -> list[float]:
        rng = np.random.default_rng(seed)
        both = controls(rng)
        truth = rng.normal(size=10)
        pair = [channel(0, truth, both, rng=rng), channel(1, truth, both, rng=rng, unit=unit, zero=zero)]
        found = departures(positions_of(pair, [1.0, -1.0]), name="d", about=())
        return [x for one in found if isinstance(one, Effect) for x in (natural_value(effect=one), one.pivot.stderr)]  # type: ignore[union-attr]

    assert effects(unit, zero) == pytest.approx(effects(1.0, 0.0), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_departures_from_the_average_sum_to_zero_and_swapping_channels_turns_their_sign(seed: int) -> None:
    rng = np.random.default_rng(seed)
    both = controls(rng)
    pair = [channel(k, rng.normal(size=9), both, rng=rng) for k in range(2)]
    there, back = (positions_of(pair, signs) for signs in ([1.0, -1.0], [-1.0, 1.0]))
    values, turned = (
        [natural_value(effect=one) for one in departures(at, name="d", about=()) if isinstance(one, Effect)]
        for at in (there, back)
    )
    assert sum(values) == pytest.approx(0, abs=1e-9)
    assert turned == pytest.approx([-value for value in values], abs=1e-9)


def test_only_cells_that_every_channel_measured_are_kept() -> None:
    rng = np.random.default_rng(1)
    both = controls(rng)
    first, second = (channel(k, rng.normal(size=9), both, rng=rng) for k in range(2))
    del second.cells["circumstance"]["circumstance03", "b"]  # type: ignore[attr-defined]
    del second.cells["circumstance"]["circumstance04", "a"]  # type: ignore[attr-defined]
    del second.cells["circumstance"]["circumstance04", "b"]  # type: ignore[attr-defined]
    at = positions_of(on_common_cells([first, second]), [1.0, -1.0])
    assert "circumstance04" not in at.clusters
    assert at.wordings.tolist() == [2, 2, 2, 1, 2, 2, 2, 2]


def test_one_wording_each_gives_points_without_intervals() -> None:
    one = {**HAND, "circumstance": {("c1", "a"): 4.0, ("c2", "a"): 2.0}}
    found = places(positions_of([measured(one)], [1.0]), name="p", about=())
    assert all(isinstance(each, NotEstimable) for each in found)
    assert [each.point for each in found if isinstance(each, NotEstimable)] == pytest.approx([0.0, -0.5])


def test_intervals_cover_and_where_nothing_parts_few_runs_single_one_out() -> None:
    """95% intervals of departure, gap and position; 0.3 distances of offset, units 3 and 0.8, no circumstance apart."""
    rng = np.random.default_rng(7)
    runs, apart, gap, alone, false = 120, [], [], [], 0
    for _ in range(runs):
        both, truth = controls(rng), rng.normal(0, 0.6, size=18)
        own = [tuple(one + 0.15 * rng.normal(size=8) for one in both) for _ in range(2)]
        pair = [
            channel(0, truth + 0.3, own[0], rng=rng, unit=3.0, zero=4.0),  # type: ignore[arg-type]
            channel(1, truth, own[1], rng=rng, unit=0.8),  # type: ignore[arg-type]
        ]
        at = positions_of(pair, [1.0, -1.0])
        apart += [covers(one, 0.0) for one in departures(at, name="d", about=())]
        gap.append(covers(average(at, name="g", about=()), 0.3))
        alone += [
            covers(one, value)
            for one, value in zip(places(positions_of(pair[1:], [1.0]), name="p", about=()), truth, strict=True)
        ]
        false += any(one.found for one in agreement_of(pair, (), run="r").pairs[0].partings)
    assert 0.93 <= np.mean(apart) <= 0.98
    assert np.mean(gap) >= 0.91
    assert 0.93 <= np.mean(alone) <= 0.98
    assert false / runs <= 0.10 + 2 * (0.1 * 0.9 / runs) ** 0.5


def test_a_circumstance_on_which_one_channel_stands_apart_is_singled_out() -> None:
    rng = np.random.default_rng(3)
    hits, others, runs = 0, 0, 40
    for _ in range(runs):
        both, truth = controls(rng), rng.normal(0, 0.6, size=18)
        raised = truth + np.where(np.arange(18) == 5, 1.5, 0.0)
        found = agreement_of([channel(0, raised, both, rng=rng), channel(1, truth, both, rng=rng)], (), run="r")
        named = {one.cluster for one in found.pairs[0].partings if one.found}
        hits += "circumstance05" in named
        others += len(named - {"circumstance05"})
    assert hits / runs >= 0.9
    assert others / (runs * 17) <= 0.05


def covers(effect: Effect | NotEstimable, truth: float) -> bool:
    found = estimate_from_effect(effect=effect, level=0.95)
    assert isinstance(found, Estimate)
    return found.low <= truth <= found.high
