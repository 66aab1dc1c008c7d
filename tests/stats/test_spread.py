import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_sd, estimate_sd_within
from goodheart.stats.mean_squares import one_sided
from tests.stats.cases import LEVEL, SCALES, SEEDS, SHIFTS, ratings


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_the_interval_is_chi_square_where_no_cluster_stands_out() -> None:
    # Means 1 and 3, six of each: sum of squares 12 on 11 degrees of freedom.
    found = known(
        estimate_sd(name="s", values=[1, 3] * 6, clusters=[f"c{k}" for k in range(12)], level=LEVEL, unit="points")
    )
    assert found.value == pytest.approx(np.sqrt(12 / 11))
    expected = np.sqrt([12 / stats.chi2.ppf(0.975, 11), 12 / stats.chi2.ppf(0.025, 11)])
    assert (found.low, found.high) == pytest.approx(tuple(expected))


def test_within_by_hand() -> None:
    # Eight clusters with the values 1, 3 (sum of squares 2 each) and one with a single value: 16 on 8 degrees of
    # freedom.
    values = [1.0, 3.0] * 8 + [5.0]
    clusters = [f"c{k // 2}" for k in range(16)] + ["alone"]
    found = known(estimate_sd_within(name="s", values=values, clusters=clusters, level=LEVEL, unit="points"))
    assert found.value == pytest.approx(np.sqrt(2))
    assert found.high == pytest.approx(np.sqrt(16 / stats.chi2.ppf(0.025, 8)))
    assert (found.n, found.n_clusters) == (16, 8)


def test_within_weighs_clusters_by_their_degrees_of_freedom() -> None:
    # Sums of squares 2 on 1, eight times, and 0 + 1 + 1 = 2 on 2: 18 on 10.
    values = [1.0, 3.0] * 8 + [4.0, 5.0, 3.0]
    clusters = [f"c{k // 2}" for k in range(16)] + ["three"] * 3
    found = known(estimate_sd_within(name="s", values=values, clusters=clusters, level=LEVEL, unit="points"))
    assert found.value == pytest.approx(np.sqrt(1.8))


@given(seed=SEEDS, shift=SHIFTS, scale=SCALES)
def test_spread_ignores_shifts_and_follows_scale(seed: int, shift: float, scale: float) -> None:
    values, clusters = ratings(seed=seed, n_clusters=9, n_each=3)
    for estimate in (estimate_sd, estimate_sd_within):
        before = known(estimate(name="s", values=values, clusters=clusters, level=LEVEL, unit="points"))
        after = known(
            estimate(name="s", values=(values + shift) * scale, clusters=clusters, level=LEVEL, unit="points")
        )
        assert (after.value, after.low, after.high) == pytest.approx(
            (before.value * scale, before.low * scale, before.high * scale), rel=1e-5
        )
        assert before.low < before.value < before.high


def test_an_outlying_cluster_widens_the_interval() -> None:
    even, clusters = [1.0, 3.0] * 6, [f"c{k}" for k in range(12)]
    outlying = [*even[:-1], 9.0]

    def ratio(values: list[float]) -> float:
        found = known(estimate_sd(name="s", values=values, clusters=clusters, level=LEVEL, unit="points"))
        return found.high / found.low

    assert ratio(outlying) > 1.5 * ratio(even)


@pytest.mark.parametrize(
    ("values", "clusters", "reason"),
    [
        ([], [], "too_few"),
        ([1.0], ["a"], "one_cluster"),
        ([2.0] * 9, [f"c{k}" for k in range(9)], "no_variation"),
        ([1.0, 2.0, 4.0], ["a", "b", "c"], "not_covered"),
        ([1.0] * 9 + [3.0], [f"c{k}" for k in range(10)], "not_covered"),
    ],
)
def test_between_gives_a_reason_where_it_cannot_say(values: list[float], clusters: list[str], reason: str) -> None:
    found = estimate_sd(name="s", values=values, clusters=clusters, level=LEVEL, unit="points")
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("values", "clusters", "reason"),
    [
        ([1.0, 2.0], ["a", "b"], "too_few"),
        ([2.1, 2.1, 3.3, 3.3], ["a", "a", "b", "b"], "no_variation"),
        ([1.0, 2.0, 3.0, 5.0], ["a", "a", "b", "b"], "not_covered"),
        ([1.0, 1.0] * 8 + [1.0, 2.0], [f"c{k // 2}" for k in range(18)], "not_covered"),
    ],
)
def test_within_gives_a_reason_where_it_cannot_say(values: list[float], clusters: list[str], reason: str) -> None:
    found = estimate_sd_within(name="s", values=values, clusters=clusters, level=LEVEL, unit="points")
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


def test_next_to_no_degrees_of_freedom_leave_the_upper_end_open() -> None:
    for df in (1e-4, 0.0139):
        _, above = one_sided(mean_squares=np.array([1.0]), df=np.array([df]), alpha=0.025)
        assert above[0] > 1e100
