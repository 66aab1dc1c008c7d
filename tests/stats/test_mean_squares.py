"""One bound at a time and many at once are the same."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings

from goodheart.stats.mean_squares import (
    MeanSquares,
    combination_bound,
    frozen,
    mean_squares_bound,
    mean_squares_p_above,
    one_sided,
    ratio_bound,
)
from tests.stats.cases import SEEDS


def pivot(seed: int, *, ratio: bool) -> MeanSquares:
    rng = np.random.default_rng(seed)
    values = np.sort(rng.gamma(2.0, size=3))[::-1]
    numerator = np.array([1.0, -1.0, 0.0]) * rng.uniform(0.2, 1.0)
    denominator = numerator + np.array([0.0, rng.uniform(1.1, 2.0), 0.5]) if ratio else np.zeros(3)
    point = float(numerator @ values) / (float(denominator @ values) if ratio else 1.0)
    return MeanSquares(
        values=frozen(values),
        df=frozen(rng.uniform(3, 40, 3)),
        numerator=frozen(numerator),
        denominator=frozen(denominator),
        kind="ratio" if ratio else "variance",
        point=min(1.0, point) if ratio else point,
    )


@pytest.mark.parametrize("side", [-1, 1])
@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_one_bound_is_what_the_table_of_bounds_has(side: Literal[-1, 1], seed: int) -> None:
    ratio, plain = pivot(seed, ratio=True), pivot(seed, ratio=False)
    of_ratio = ratio_bound(
        mean_squares=ratio.values[:, None],
        df=ratio.df[:, None],
        numerators=ratio.numerator[None],
        denominators=ratio.denominator[None],
        alpha=0.04,
        side=side,
    )[0, 0]
    gaps = one_sided(mean_squares=plain.values[:, None], df=plain.df[:, None], alpha=0.04)
    of_plain = combination_bound(
        mean_squares=plain.values[:, None], gaps=gaps, coefficients=plain.numerator[None, :, None], side=side
    )[0, 0]
    ends = min if side == -1 else max
    assert mean_squares_bound(pivot=ratio, alpha=0.04, side=side) == pytest.approx(
        ends(of_ratio, ratio.point), abs=1e-12
    )
    assert mean_squares_bound(pivot=plain, alpha=0.04, side=side) == pytest.approx(
        ends(max(of_plain, 0.0), plain.point), abs=1e-12
    )


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_the_p_value_at_a_bound_is_the_alpha_of_the_bound(seed: int) -> None:
    one = pivot(seed, ratio=True)
    low = mean_squares_bound(pivot=one, alpha=0.04, side=-1)
    if 0 < low < one.point:
        assert mean_squares_p_above(pivot=one, bound=low) == pytest.approx(0.04, abs=1e-6)


def test_a_mean_square_that_no_bound_can_be_given_for_leaves_the_bound_open() -> None:
    whole = pivot(1, ratio=False)
    broken = MeanSquares(
        values=whole.values,
        df=frozen(np.zeros(3)),
        numerator=whole.numerator,
        denominator=whole.denominator,
        kind="variance",
        point=whole.point,
    )
    assert np.isnan(mean_squares_bound(pivot=broken, alpha=0.05, side=-1))
