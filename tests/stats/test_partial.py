"""Partial correlations against a regression's own t, laws, and a permutation test at its level."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from goodheart.records import NotEstimable
from goodheart.stats import Effect, estimate_from_effect, natural_value
from goodheart.stats.arguments import FloatArray
from goodheart.stats.partial import (
    effect_partial_correlation,
    partial_correlations,
    permutation_p,
    permutations,
    smallest_partial,
)


def drawn(seed: int, *, n: int = 40, share: float = 0.0) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Two measures that share two predictors, and beyond them as much as said."""
    rng = np.random.default_rng(seed)
    baseline, own = rng.normal(size=(n, 2)), rng.normal(size=n)
    return own + baseline @ [1.0, 0.5], share * own + baseline @ [0.7, -1.0] + rng.normal(size=n), baseline


def of(x: FloatArray, y: FloatArray, baseline: FloatArray) -> Effect:
    effect = effect_partial_correlation(name="r", x=x, y=y, baseline=baseline)
    assert isinstance(effect, Effect)
    return effect


@pytest.mark.parametrize("seed", range(10))
def test_it_is_what_the_t_of_a_regression_on_all_of_them_says(seed: int) -> None:
    x, y, baseline = drawn(seed, share=0.4)
    fitted = sm.OLS(y, sm.add_constant(np.column_stack([x, baseline]))).fit()
    t = fitted.tvalues[1]
    assert natural_value(effect=of(x, y, baseline)) == pytest.approx(t / np.sqrt(t**2 + fitted.df_resid))


def test_the_interval_is_fishers_with_one_degree_of_freedom_less_per_predictor() -> None:
    x, y, baseline = drawn(3, n=30, share=0.5)
    found = estimate_from_effect(effect=of(x, y, baseline), level=0.95)
    assert not isinstance(found, NotEstimable)
    half = 1.959964 / np.sqrt(30 - 2 - 3)
    assert found.low == pytest.approx(np.tanh(np.arctanh(found.value) - half), abs=1e-6)
    assert found.high == pytest.approx(np.tanh(np.arctanh(found.value) + half), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), a=st.floats(0.1, 10), b=st.floats(-5, 5), mix=st.floats(-0.9, 0.9))
def test_units_and_a_mixed_or_repeated_baseline_do_not_matter_and_the_sign_turns_with_x(
    seed: int, a: float, b: float, mix: float
) -> None:
    x, y, baseline = drawn(seed, share=0.3)
    mixed = np.column_stack([baseline[:, 0] + mix * baseline[:, 1], baseline[:, 1], baseline[:, 0]])
    found = natural_value(effect=of(x, y, baseline))
    assert natural_value(effect=of(a * x + b, y, mixed)) == pytest.approx(found, abs=1e-9)
    assert natural_value(effect=of(-x, y, baseline)) == pytest.approx(-found, abs=1e-9)


def test_many_columns_are_the_same_as_one_by_one() -> None:
    _, y, baseline = drawn(1)
    columns = np.random.default_rng(2).normal(size=(40, 5))
    many = partial_correlations(x=columns, y=y, baseline=baseline)
    assert many == pytest.approx([natural_value(effect=of(column, y, baseline)) for column in columns.T])


def test_a_baseline_that_says_everything_leaves_nothing_to_estimate_or_to_test() -> None:
    x, y, baseline = drawn(1)
    found = effect_partial_correlation(name="r", x=baseline[:, 0], y=y, baseline=baseline)
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"
    orders = permutations(40, rng=np.random.default_rng(0), count=10)
    assert permutation_p(x=x, y=baseline[:, 1], baseline=baseline, orders=orders) == (1.0, 1.0)


def test_five_more_clusters_than_predictors_are_the_fewest() -> None:
    x, y, baseline = drawn(1, n=6)
    found = effect_partial_correlation(name="r", x=x, y=y, baseline=baseline)
    assert isinstance(found, NotEstimable)
    assert found.reason == "too_few"
    assert smallest_partial(6, 2) is None
    assert isinstance(effect_partial_correlation(name="r", x=x, y=y, baseline=baseline[:, :1]), Effect)


def test_permutations_above_and_below_together_count_every_draw_and_what_was_found() -> None:
    x, y, baseline = drawn(5, share=0.3)
    orders = permutations(40, rng=np.random.default_rng(0), count=499)
    up, down = permutation_p(x=x, y=y, baseline=baseline, orders=orders)
    assert up + down == pytest.approx(1 + 1 / 500)
    assert (down, up) == permutation_p(x=-x, y=y, baseline=baseline, orders=orders)


def test_with_many_clusters_the_permutations_give_the_p_of_the_regression() -> None:
    x, y, baseline = drawn(8, n=300, share=0.12)
    orders = permutations(300, rng=np.random.default_rng(0), count=3999)
    up, _ = permutation_p(x=x, y=y, baseline=baseline, orders=orders)
    fitted = sm.OLS(y, sm.add_constant(np.column_stack([x, baseline]))).fit()
    assert up == pytest.approx(fitted.pvalues[1] / 2, abs=0.01)


def test_without_anything_to_find_p_is_under_a_tenth_a_tenth_of_the_time() -> None:
    rng = np.random.default_rng(0)
    under = 0
    for seed in range(400):
        x, y, baseline = drawn(seed, n=20)
        up, _ = permutation_p(x=x, y=y, baseline=baseline, orders=permutations(20, rng=rng, count=199))
        under += up <= 0.1
    assert scipy_stats.binom.ppf(0.001, 400, 0.1) <= under <= scipy_stats.binom.ppf(0.999, 400, 0.1)


def test_the_smallest_that_is_told_from_nothing_is_found_nine_times_in_ten() -> None:
    smallest = smallest_partial(60, 2)
    assert smallest is not None
    share = smallest / np.sqrt(1 - smallest**2)
    found = 0
    for seed in range(300):
        x, y, baseline = drawn(seed, n=60, share=share)
        z = np.arctanh(natural_value(effect=of(x, y, baseline)))
        found += abs(z) * np.sqrt(60 - 2 - 3) > 1.96
    assert scipy_stats.binom.ppf(0.001, 300, 0.9) <= found <= scipy_stats.binom.ppf(0.999, 300, 0.9)
