import math

import numpy as np
import pytest
from hypothesis import given

from goodheart.errors import InternalError
from goodheart.records import Estimate, Evidence, NotEstimable
from goodheart.stats import estimate_mean
from goodheart.stats.student import mean_statistic, tail_statistic
from tests.stats.cases import LEVEL, SCALES, SEEDS, SHIFTS, ratings


def mean_of(values: object, clusters: list[str]) -> Estimate:
    found = estimate_mean(name="m", values=list(values), clusters=clusters, level=LEVEL, unit="points")  # type: ignore[call-overload]
    assert isinstance(found, Estimate)
    return found


def test_the_interval_is_students_where_no_cluster_stands_out() -> None:
    # Cluster means 1 and 3, four of each: mean 2, every squared deviation 1, variance 8/7, stderr sqrt(8/7/8) =
    # 0.377964. Leaving any cluster out leaves the same variance, so nothing speaks against 7 degrees of freedom: t =
    # 2.364624.
    found = mean_of([1.0, 3.0] * 4, [f"c{k}" for k in range(8)])
    assert found.value == 2.0
    assert found.high - found.value == pytest.approx(2.364624 * 0.377964, abs=1e-5)
    assert found.low == pytest.approx(4 - found.high)
    assert (found.n, found.n_clusters, found.method) == (8, 8, "t_tail_df")


def test_every_cluster_weighs_the_same_however_often_it_was_asked() -> None:
    clusters = [f"c{k}" for k in range(8)]
    once = mean_of([1.0, 3.0] * 4, clusters)
    often = mean_of([1.0, 3.0] * 4 + [1.0] * 50, clusters + ["c0"] * 50)
    assert (often.value, often.low, often.high) == (once.value, once.low, once.high)
    assert often.n == 58


def test_an_outlier_costs_degrees_of_freedom() -> None:
    even = np.array([1.0, 3.0] * 6)
    skewed = np.array([1.0] * 6 + [1.1] * 5 + [7.0])
    assert tail_statistic(cluster_means=even).df == 11
    assert tail_statistic(cluster_means=skewed).df < 1
    assert mean_statistic(cluster_means=skewed).df == 11


def test_jackknife_degrees_of_freedom_by_hand() -> None:
    # Points 0, 0, 0, 4: mean 1, sum of squares 12. Left out: each 0 leaves 12 - 1 * 4/3 = 32/3, the 4 leaves nothing.
    assert tail_statistic(cluster_means=np.array([0.0, 0.0, 0.0, 4.0])).df == 0
    # Points 0, 1, 2, 5: mean 2, squares 4, 1, 0, 9, sum 14; left out (14 - 4/3 s)/2: 13/3, 19/3, 7, 1. Logarithms
    # 1.46634, 1.84583, 1.94591, 0, mean 1.31452; v = 3/4 * sum of squared deviations = 3/4 * 2.43195 = 1.82396; df =
    # 2 / v = 1.0965.
    df = tail_statistic(cluster_means=np.array([0.0, 1.0, 2.0, 5.0])).df
    logs = [math.log(v) for v in (13 / 3, 19 / 3, 7, 1)]
    assert 0.75 * sum((x - sum(logs) / 4) ** 2 for x in logs) == pytest.approx(1.82396, abs=1e-4)
    assert df == pytest.approx(1.0965, abs=1e-4)


@given(seed=SEEDS, shift=SHIFTS)
def test_adding_a_constant_shifts_the_estimate_and_its_interval(seed: int, shift: float) -> None:
    values, clusters = ratings(seed=seed, n_clusters=10, n_each=2)
    before, after = mean_of(values, clusters), mean_of(values + shift, clusters)
    assert after.value == pytest.approx(before.value + shift)
    assert after.low == pytest.approx(before.low + shift, abs=1e-8)
    assert after.high == pytest.approx(before.high + shift, abs=1e-8)


@given(seed=SEEDS, scale=SCALES)
def test_scaling_scales_everything(seed: int, scale: float) -> None:
    values, clusters = ratings(seed=seed, n_clusters=10, n_each=2)
    before, after = mean_of(values, clusters), mean_of(values * scale, clusters)
    assert (after.value, after.low, after.high) == pytest.approx(
        (before.value * scale, before.low * scale, before.high * scale)
    )


@given(seed=SEEDS)
def test_renaming_and_reordering_clusters_changes_nothing(seed: int) -> None:
    values, clusters = ratings(seed=seed, n_clusters=10, n_each=2)
    order = np.random.default_rng(seed).permutation(len(clusters))
    moved = mean_of(values[order], [f"z{9 - int(clusters[k][1:])}" for k in order])
    kept = mean_of(values, clusters)
    assert (moved.value, moved.low, moved.high) == pytest.approx((kept.value, kept.low, kept.high))


@pytest.mark.parametrize(
    ("values", "clusters", "reason"),
    [
        ([], [], "too_few"),
        ([4.0, 5.0], ["a", "a"], "one_cluster"),
        ([4.3] * 12, [f"c{k}" for k in range(12)], "no_variation"),
        ([4.0, 5.0, 6.0], ["a", "b", "c"], "not_covered"),
        ([1.0] * 11 + [5.0], [f"c{k}" for k in range(12)], "not_covered"),
    ],
)
def test_data_that_cannot_carry_a_mean_give_a_reason(values: list[float], clusters: list[str], reason: str) -> None:
    found = estimate_mean(
        name="m", about=(("form", "self"),), values=values, clusters=clusters, level=LEVEL, unit="points"
    )
    assert isinstance(found, NotEstimable)
    assert (found.name, found.about, found.reason) == ("m", (("form", "self"),), reason)


def test_a_withheld_interval_still_shows_the_point() -> None:
    found = estimate_mean(name="m", values=[4.0, 5.0], clusters=["a", "b"], level=LEVEL, unit="points")
    assert isinstance(found, NotEstimable)
    assert "4.5 points over 2 clusters" in found.detail


def test_the_estimate_says_what_it_is_about_and_where_it_comes_from() -> None:
    evidence = (Evidence(trial="t", repeat=0),)
    found = estimate_mean(
        name="rating_mean",
        about=(("form", "self"),),
        values=[1.0, 3.0] * 4,
        clusters=[f"c{k}" for k in range(8)],
        level=0.9,
        unit="points",
        evidence=evidence,
    )
    assert isinstance(found, Estimate)
    assert (found.name, found.about, found.level, found.unit) == ("rating_mean", (("form", "self"),), 0.9, "points")
    assert found.evidence == evidence


def test_a_missing_value_is_misuse_and_so_is_a_level_of_95() -> None:
    with pytest.raises(InternalError, match="NaN"):
        estimate_mean(name="m", values=[1.0, float("nan")], clusters=["a", "b"], level=LEVEL, unit="points")
    with pytest.raises(InternalError, match="`level`"):
        estimate_mean(name="m", values=[1.0, 2.0], clusters=["a", "b"], level=95, unit="points")
