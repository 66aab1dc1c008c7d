import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from goodheart.errors import InternalError
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_proportion, estimate_proportion_clustered
from goodheart.stats.proportions import estimate_proportion_exact
from tests.stats.cases import LEVEL


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate)
    return found


@given(st.integers(1, 60), st.data())
def test_wilson_agrees_with_statsmodels(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    found = known(estimate_proportion(name="p", successes=successes, n=n, level=LEVEL))
    low, high = proportion_confint(successes, n, method="wilson")
    assert (found.value, found.low, found.high) == pytest.approx((successes / n, low, high), abs=1e-12)


def test_none_of_ten_is_not_zero_for_sure() -> None:
    # z^2 / (n + z^2) = 3.8415 / 13.8415.
    found = known(estimate_proportion(name="p", successes=0, n=10, level=LEVEL))
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.27753, abs=1e-5)


def test_no_trials_are_too_few_and_more_successes_than_trials_misuse() -> None:
    found = estimate_proportion(name="p", successes=0, n=0, level=LEVEL)
    assert isinstance(found, NotEstimable)
    assert found.reason == "too_few"
    with pytest.raises(InternalError, match="4 of 3"):
        estimate_proportion(name="p", successes=4, n=3, level=LEVEL)


def test_clustered_by_hand() -> None:
    # Shares 0, .5, 1, .5 twice over (two trials each): p = .5, variance of shares 1/7, of their mean 1/56; effective
    # trials .25 * 56 = 14, times (1.959964 / 2.364624)^2 = .687021: 9.61829.
    hits = [False, False, True, False, True, True, True, False] * 2
    clusters = [f"c{k // 2}" for k in range(16)]
    found = known(estimate_proportion_clustered(name="p", hits=hits, clusters=clusters, level=LEVEL))
    z, n = stats.norm.ppf(0.975), 9.61829
    half = z * np.sqrt(0.25 / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    assert found.value == 0.5
    assert found.high == pytest.approx(0.5 + half, abs=1e-5)
    assert (found.n, found.n_clusters) == (16, 8)


def test_clusters_that_agree_within_are_fewer_trials_than_they_seem() -> None:
    clusters = [f"c{k // 6}" for k in range(60)]
    together = [k // 6 < 3 for k in range(60)]
    mixed = [k % 10 < 3 for k in range(60)]
    wide = known(estimate_proportion_clustered(name="p", hits=together, clusters=clusters, level=LEVEL))
    narrow = known(estimate_proportion_clustered(name="p", hits=mixed, clusters=clusters, level=LEVEL))
    assert wide.value == narrow.value == pytest.approx(0.3)
    assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)


def test_where_no_cluster_has_any_each_counts_as_one_trial() -> None:
    clusters = [f"c{k // 6}" for k in range(60)]
    found = known(estimate_proportion_clustered(name="p", hits=[False] * 60, clusters=clusters, level=LEVEL))
    assert found.high == pytest.approx(0.27753, abs=1e-5)


@pytest.mark.parametrize(
    ("hits", "clusters", "reason"),
    [
        ([], [], "too_few"),
        ([True, False], ["a", "a"], "one_cluster"),
        ([True, False], ["a", "b"], "not_covered"),
    ],
)
def test_too_little_for_a_clustered_share_gives_a_reason(hits: list[bool], clusters: list[str], reason: str) -> None:
    found = estimate_proportion_clustered(name="p", hits=hits, clusters=clusters, level=LEVEL)
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


@given(st.integers(1, 60), st.data())
def test_exact_intervals_are_those_of_scipy(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    found = known(estimate_proportion_exact(name="p", successes=successes, n=n, level=LEVEL))
    wanted = stats.binomtest(successes, n).proportion_ci(LEVEL, method="exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


def test_no_trials_are_no_share() -> None:
    assert isinstance(estimate_proportion_exact(name="p", successes=0, n=0, level=LEVEL), NotEstimable)
