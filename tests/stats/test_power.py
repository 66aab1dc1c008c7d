import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from goodheart.errors import InternalError
from goodheart.stats import (
    clusters_needed_equivalence,
    clusters_needed_independent,
    clusters_needed_paired,
    minimum_certifiable_margin,
    minimum_detectable_independent,
    minimum_detectable_paired,
)
from goodheart.stats.power import certifiable_half_width, detectable_noncentrality


def test_eighteen_pairs_see_four_fifths_of_an_sd_and_after_adjustment_twelve_tenths() -> None:
    raw = minimum_detectable_paired(n_clusters=18, sd=1.0, alpha=0.05, power=0.9)
    # Twenty checks at .05 together: the smallest alpha of Holm's procedure.
    adjusted = minimum_detectable_paired(n_clusters=18, sd=1.0, alpha=0.05 / 20, power=0.9)
    assert raw == pytest.approx(0.81, abs=0.005)
    assert adjusted == pytest.approx(1.18, abs=0.005)


@pytest.mark.parametrize("n", [8, 12, 18, 36])
def test_paired_agrees_with_statsmodels(n: int) -> None:
    expected = TTestPower().solve_power(nobs=n, alpha=0.05, power=0.9)
    assert minimum_detectable_paired(n_clusters=n, sd=2.0, alpha=0.05, power=0.9) == pytest.approx(
        2 * expected, rel=1e-5
    )


def test_independent_agrees_with_statsmodels() -> None:
    expected = TTestIndPower().solve_power(nobs1=18, ratio=12 / 18, alpha=0.05, power=0.8)
    found = minimum_detectable_independent(n_a=18, n_b=12, sd=1.0, alpha=0.05, power=0.8)
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("df", [1, 3, 17, 40.5])
@pytest.mark.parametrize("alpha", [0.05, 0.0025])
def test_the_noncentrality_has_the_power_asked_for(df: float, alpha: float) -> None:
    found = detectable_noncentrality(df=df, alpha=alpha, power=0.9)
    assert stats.nct.sf(stats.t.isf(alpha, df), df, found) == pytest.approx(0.9, abs=1e-5)


def test_many_degrees_of_freedom_are_the_normal_case() -> None:
    # z(.95) + z(.9) = 1.6449 + 1.2816, and for two sides z(.95) + z(.95).
    assert detectable_noncentrality(df=np.inf, alpha=0.05, power=0.9) == pytest.approx(2.9264, abs=1e-4)
    assert certifiable_half_width(df=np.inf, alpha=0.05, power=0.9) == pytest.approx(3.2897, abs=1e-4)
    assert certifiable_half_width(df=1e7, alpha=0.05, power=0.9) == pytest.approx(3.2897, abs=1e-4)


@pytest.mark.parametrize("df", [1, 7, 17])
def test_the_certifiable_margin_has_its_power_in_simulation(df: int) -> None:
    half = certifiable_half_width(df=df, alpha=0.05, power=0.9)
    rng = np.random.default_rng(df)
    n = 200_000
    ratio = np.sqrt(rng.chisquare(df, n) / df)
    inside = np.abs(rng.standard_normal(n)) < half - stats.t.isf(0.05, df) * ratio
    assert inside.mean() == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / n))


def test_sample_sizes_are_the_fewest_that_do() -> None:
    n = clusters_needed_paired(effect=0.8, sd=1.0, alpha=0.05, power=0.9)
    assert minimum_detectable_paired(n_clusters=n, sd=1.0, alpha=0.05, power=0.9) <= 0.8
    assert minimum_detectable_paired(n_clusters=n - 1, sd=1.0, alpha=0.05, power=0.9) > 0.8
    k = clusters_needed_independent(effect=0.8, sd=1.0, alpha=0.05, power=0.9)
    assert k == int(np.ceil(TTestIndPower().solve_power(effect_size=0.8, alpha=0.05, power=0.9)))
    m = clusters_needed_equivalence(margin=0.5, sd=0.6, alpha=0.05, power=0.9)
    assert minimum_certifiable_margin(n_clusters=m, sd=0.6, alpha=0.05, power=0.9) <= 0.5
    assert minimum_certifiable_margin(n_clusters=m - 1, sd=0.6, alpha=0.05, power=0.9) > 0.5


def test_one_cluster_sees_nothing() -> None:
    assert minimum_detectable_paired(n_clusters=1, sd=1.0, alpha=0.05, power=0.9) == np.inf
    assert minimum_detectable_independent(n_a=1, n_b=9, sd=1.0, alpha=0.05, power=0.9) == np.inf
    assert minimum_certifiable_margin(n_clusters=1, sd=1.0, alpha=0.05, power=0.9) == np.inf


def test_a_spread_of_nothing_and_an_endless_search_are_refused() -> None:
    with pytest.raises(InternalError, match="above 0"):
        minimum_detectable_paired(n_clusters=18, sd=0.0, alpha=0.05, power=0.9)
    with pytest.raises(InternalError, match="more than 1000000 clusters"):
        clusters_needed_paired(effect=1e-5, sd=1.0, alpha=0.05, power=0.9)
