import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from goodheart.errors import InternalError
from goodheart.records import NotEstimable
from goodheart.stats import (
    FlipNull,
    MaxT,
    bounds_by_flips,
    flip_null,
    max_t,
    p_outside_by_flips,
    prepare_sign_flips,
)
from goodheart.stats.arguments import FloatArray
from tests.stats.cases import SEEDS


def flip(values: FloatArray, *, alpha: float = 0.05, margin: float = 0.5, n_flips: int = 4096, seed: int = 1) -> MaxT:
    flips = prepare_sign_flips(n_clusters=values.shape[0], n_flips=n_flips, rng=np.random.default_rng(seed))
    k = values.shape[1]
    found = max_t(name="g", values=values, flips=flips, region_low=[-margin] * k, region_high=[margin] * k, alpha=alpha)
    assert isinstance(found, MaxT)
    return found


def test_three_clusters_by_hand() -> None:
    # 1, 2, 3 all above 0: of the 8 patterns only +++ and --- are as extreme, so p = 2/8.
    found = flip(np.array([[1.0], [2.0], [3.0]]))
    assert found.exact
    assert found.n_flips == 8
    assert found.p_zero[0] == 0.25
    assert found.t[0] == pytest.approx(2 / (1 / np.sqrt(3)))


def test_one_contrast_agrees_with_scipys_permutation_test() -> None:
    gaps = np.random.default_rng(8).standard_normal(9) + 0.5

    def absolute_t(x: FloatArray, y: FloatArray, axis: int) -> FloatArray:
        d = x - y
        return np.asarray(np.abs(d.mean(axis) / d.std(axis, ddof=1)), dtype=np.float64)

    expected = stats.permutation_test(
        [gaps, np.zeros(9)], absolute_t, permutation_type="samples", alternative="greater", n_resamples=10_000
    )
    assert expected.null_distribution.size == 512
    assert flip(gaps[:, None]).p_zero[0] == pytest.approx(expected.pvalue)


def test_the_maximum_over_contrasts_is_what_every_contrast_is_judged_by() -> None:
    rng = np.random.default_rng(9)
    values = rng.standard_normal((10, 4))
    together = flip(values)
    alone = [flip(values[:, [j]]) for j in range(4)]
    assert all(together.p_zero[j] >= alone[j].p_zero[0] for j in range(4))
    assert together.critical > max(one.critical for one in alone)


@given(seed=SEEDS)
@settings(max_examples=40)
def test_an_interval_lies_wholly_outside_exactly_where_p_outside_says_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = flip(rng.standard_normal((12, 6)) * 0.5 + rng.normal(0, 1, 6), alpha=0.1)
    outside = (found.low > 0.5) | (found.high < -0.5)
    assert (outside == (found.p_outside <= 0.1)).all()
    assert (found.p_outside[np.abs(found.estimates) <= 0.5] == 1).all()


@given(seed=SEEDS)
@settings(max_examples=20)
def test_negating_mirrors_and_permuting_clusters_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((9, 3))
    plain, mirrored, moved = flip(values), flip(-values), flip(rng.permutation(values))
    assert mirrored.low == pytest.approx(-plain.high)
    assert mirrored.p_zero == pytest.approx(plain.p_zero)
    assert moved.p_zero == pytest.approx(plain.p_zero)
    assert moved.low == pytest.approx(plain.low)


def test_a_contrast_without_spread_is_left_out_and_says_nothing() -> None:
    rng = np.random.default_rng(3)
    moving = rng.standard_normal((9, 2))
    values = np.column_stack([moving[:, 0], np.full(9, 2.0), moving[:, 1]])
    found, without = flip(values), flip(moving)
    assert np.isnan(found.t[1])
    assert (found.p_zero[1], found.p_outside[1]) == (1.0, 1.0)
    assert (found.low[1], found.high[1]) == (-np.inf, np.inf)
    assert found.p_zero[[0, 2]] == pytest.approx(without.p_zero)


def test_few_clusters_cannot_reach_a_small_alpha() -> None:
    found = flip(np.array([[1.0], [1.1], [0.9]]), alpha=0.05)
    assert found.critical == np.inf
    assert found.p_outside[0] > 0.05


@pytest.mark.parametrize(("values", "reason"), [(np.ones((1, 2)), "one_cluster"), (np.ones((5, 2)), "no_variation")])
def test_data_that_cannot_be_tested_give_a_reason(values: FloatArray, reason: str) -> None:
    flips = prepare_sign_flips(n_clusters=values.shape[0], n_flips=100, rng=np.random.default_rng(0))
    found = max_t(name="g", values=values, flips=flips, region_low=[-1, -1], region_high=[1, 1], alpha=0.05)
    assert isinstance(found, NotEstimable)
    assert (found.name, found.reason) == ("g", reason)


def test_sampled_flips_agree_with_all_of_them() -> None:
    values = np.random.default_rng(5).standard_normal((11, 3)) + 0.4
    exact, sampled = flip(values, n_flips=2048), flip(values, n_flips=2047)
    assert exact.exact
    assert not sampled.exact
    # Standard error of a share of 2,047 flips is at most .011.
    assert sampled.p_zero == pytest.approx(exact.p_zero, abs=0.045)


def test_flips_for_other_clusters_are_misuse() -> None:
    flips = prepare_sign_flips(n_clusters=5, n_flips=100, rng=np.random.default_rng(0))
    with pytest.raises(InternalError, match=r"prepare_sign_flips\(n_clusters=6"):
        max_t(name="g", values=np.ones((6, 1)), flips=flips, region_low=[-1], region_high=[1], alpha=0.05)
    with pytest.raises(InternalError, match="Stack the paired differences"):
        max_t(name="g", values=np.ones((5, 2)), flips=flips, region_low=[-1], region_high=[1], alpha=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("n_clusters", [8, 12, 18])
def test_under_no_effect_a_family_of_five_is_rejected_at_its_alpha(n_clusters: int) -> None:
    rng = np.random.default_rng(n_clusters)
    flips = prepare_sign_flips(n_clusters=n_clusters, n_flips=999, rng=rng)
    runs, rejected, missed = 2000, 0, 0
    for _ in range(runs):
        values = 0.6 * rng.standard_normal((n_clusters, 1)) + 0.8 * rng.standard_normal((n_clusters, 5))
        found = max_t(name="g", values=values, flips=flips, region_low=[-1] * 5, region_high=[1] * 5, alpha=0.05)
        assert isinstance(found, MaxT)
        rejected += bool((found.p_zero <= 0.05).any())
        missed += bool(((found.low > 0) | (found.high < 0)).any())
    # Three standard errors of a share of .05 in 2,000 runs.
    assert rejected / runs == pytest.approx(0.05, abs=0.015)
    assert missed / runs == pytest.approx(0.05, abs=0.02)


def test_signs_flipped_once_serve_every_level_and_region() -> None:
    values = np.random.default_rng(4).normal(0.4, 1.0, size=(14, 3))
    flips = prepare_sign_flips(n_clusters=14, n_flips=999, rng=np.random.default_rng(1))
    null = flip_null(name="g", values=values, flips=flips)
    assert isinstance(null, FlipNull)
    for alpha, margin in ((0.05, 0.1), (0.01, 0.5)):
        ends = {"region_low": [-margin] * 3, "region_high": [margin] * 3}
        whole = max_t(name="g", values=values, flips=flips, alpha=alpha, **ends)
        assert isinstance(whole, MaxT)
        low, high, critical = bounds_by_flips(null=null, alpha=alpha)
        assert (low.tolist(), high.tolist(), critical) == (whole.low.tolist(), whole.high.tolist(), whole.critical)
        assert p_outside_by_flips(null=null, **ends).tolist() == whole.p_outside.tolist()
    with pytest.raises(InternalError, match="one region for each"):
        p_outside_by_flips(null=null, region_low=[-1], region_high=[1])
