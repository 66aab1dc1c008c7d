"""Range and standard deviation of fixed levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from goodheart.errors import InternalError
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_fixed_levels, prepare_sign_flips
from goodheart.stats.arguments import FloatArray
from goodheart.stats.coverage import FAMILIES
from goodheart.stats.coverage_cell import Simulation

NAMES = ("range", "sd")


def levels(values: FloatArray) -> tuple[Finding, Finding]:
    flips = prepare_sign_flips(n_clusters=values.shape[0], n_flips=1999, rng=np.random.default_rng(1))
    return estimate_fixed_levels(names=NAMES, values=values, flips=flips, level=0.95, unit="points")


def estimates(values: FloatArray) -> tuple[Estimate, Estimate]:
    first, second = levels(values)
    assert isinstance(first, Estimate)
    assert isinstance(second, Estimate)
    return first, second


def test_noise_is_taken_out_by_hand() -> None:
    # Differences 1, 1, 1, 1, 0, 0, 0, 0 over eight clusters: mean .5, variance 2/7, so the two levels stand at +-.25
    # with Q = 1/16. Each level's residual is half the difference's: noise s2 = 2 * (2/7) / 4 / 8 = 1/56 and
    # s2 / L = 1/112.
    # k = sqrt(1 - 16/112) = sqrt(6/7).
    values = np.array([[1.0, 0.0]] * 4 + [[2.0, 2.0]] * 4)
    spread, sd = estimates(values)
    assert spread.value == pytest.approx((6 / 7) ** 0.5 * 0.5)
    assert sd.value == pytest.approx((6 / 7) ** 0.5 * 0.25)


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_order_of_levels_and_what_is_common_to_a_cluster_do_not_matter(seed: int, n_levels: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(10, n_levels)) + np.arange(n_levels) / 3
    moved = values[:, rng.permutation(n_levels)] + rng.normal(size=(10, 1))
    for one, other in zip(estimates(values), estimates(moved), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
        assert 0 <= one.low <= one.value <= one.high


def test_two_levels_have_an_interval_at_least_as_wide_as_the_paired_one() -> None:
    values = np.random.default_rng(2).normal(size=(18, 2)) + np.array([3.0, 0.0])
    gaps = values[:, 0] - values[:, 1]
    half = stats.t.ppf(0.975, 17) * gaps.std(ddof=1) / 18**0.5
    spread, sd = estimates(values)
    assert spread.low <= gaps.mean() - half + 1e-9
    assert spread.high >= gaps.mean() + half - 1e-9
    assert spread.high < gaps.mean() + 1.5 * half
    assert sd.high < (gaps.mean() + 1.5 * half) / 2


def test_equal_levels_are_mostly_estimated_as_nothing() -> None:
    rng = np.random.default_rng(3)
    points = [estimates(rng.normal(size=(18, 5)))[0] for _ in range(60)]
    assert np.median([one.value for one in points]) < 0.1
    assert np.mean([np.ptp(rng.normal(size=(18, 5)).mean(axis=0)) for _ in range(60)]) > 0.4
    assert sum(one.low > 0 for one in points) <= 8


def test_what_carries_no_interval_says_why_and_keeps_its_point() -> None:
    rng = np.random.default_rng(4)
    few = levels(rng.normal(size=(7, 2)) + np.array([9.0, 0.0]))[0]
    same = levels(np.tile([3.0, 1.0, 2.0], (12, 1)))[0]
    assert isinstance(few, NotEstimable)
    assert isinstance(same, NotEstimable)
    assert few.reason == "not_covered"
    assert few.point == pytest.approx(9, abs=1.5)
    assert (same.reason, same.point, same.unit) == ("no_variation", 2.0, "points")
    alone = levels(rng.normal(size=(12, 1)))[0]
    assert isinstance(alone, NotEstimable)
    assert alone.reason == "not_asked"


def test_signs_for_other_clusters_are_a_mistake_of_ours() -> None:
    flips = prepare_sign_flips(n_clusters=5, n_flips=10, rng=np.random.default_rng(1))
    with pytest.raises(InternalError, match="exactly these clusters"):
        estimate_fixed_levels(names=NAMES, values=np.zeros((6, 2)), flips=flips, level=0.95, unit="points")


@pytest.mark.slow
@pytest.mark.parametrize("n", [8, 18])
def test_intervals_of_levels_cover_at_least_as_often_as_promised(n: int) -> None:
    simulation = Simulation(shape="floor", n_clusters=n, n_runs=400, level=0.95)
    for cell in FAMILIES["levels"](simulation, np.random.default_rng(n)):
        assert cell.coverage > 0.93 - 3 * (0.93 * 0.07 / 400) ** 0.5, cell
