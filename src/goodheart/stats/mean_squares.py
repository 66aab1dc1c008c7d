"""Intervals for functions of mean squares that hold up when the data are not normal.

Each mean square M_k is taken as truth * chi-square(f_k) / f_k. Its degrees of freedom f_k are the smaller of the
nominal ones and

    2 / (INFLATION * v_k),   v_k the jackknife variance of log M_k over circumstances,

because heavy tails make a mean square vary more than the nominal degrees of freedom say, and the jackknife still
understates that in small samples. A linear combination L = sum c_k M_k then has the bounds (modified large sample)

    L -/+ sqrt( sum over c_k > 0 of c_k^2 (M_k - l_k)^2 + sum over c_k < 0 of c_k^2 (u_k - M_k)^2 )     (lower)

with l_k, u_k the one-sided chi-square bounds of M_k, and the two kinds swapped for the upper bound. A ratio N / D of
two combinations has as bounds the values rho at which the bound of N - rho * D is 0.

Sources: Graybill and Wang (1980), JASA 75:869-873; Burdick and Graybill (1992), Confidence Intervals on Variance
Components; Hummel, Banga and Hettmansperger (2005) for degrees of freedom adjusted to the tails; the jackknife version
and its inflation are ours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from goodheart.stats.arguments import FloatArray

INFLATION = 1.35
"""Calibrated once on gamma-distributed effects (skewness 1.4) with seeds that the coverage table does not use."""

STEPS = 44
"""Halvings in a search for a bound: 2^-44 of the unit interval."""
NEAR = 2.0**-40
"""Of an end of the unit interval: a search that comes nearer ran into it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanSquares:
    """A linear combination of mean squares, its root, or a ratio of two combinations; arrays are read-only."""

    values: FloatArray
    """Mean squares, shape (n_terms,)."""
    df: FloatArray
    """Effective degrees of freedom, shape (n_terms,)."""
    numerator: FloatArray
    """Coefficients, shape (n_terms,)."""
    denominator: FloatArray
    """Coefficients for a ratio, shape (n_terms,); all 0 where there is none."""
    kind: Literal["variance", "sd", "ratio"]
    point: float
    """The estimate, truncated where it would leave its range."""


def effective_df(
    *, mean_squares: FloatArray, left_out: FloatArray, nominal: FloatArray, inflation: float
) -> FloatArray:
    """Return degrees of freedom that respect the tails of the data.

    Args:
        mean_squares: Shape (n_terms, ...).
        left_out: The same mean squares with one circumstance left out at a time, shape (n_terms, ..., n_clusters).
        nominal: Shape (n_terms,).
        inflation: Factor on the jackknife's variance; `INFLATION` for intervals of mean squares themselves.

    Returns:
        Shape (n_terms, ...); 0 where leaving one circumstance out leaves no variation: no interval can be given.
    """
    n = left_out.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(left_out)
        spread = ((logs - logs.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1) * (n - 1) / n
    spread = np.where(np.isfinite(spread), spread, np.inf)
    floor = (2 / nominal).reshape(-1, *(1,) * (mean_squares.ndim - 1))
    return np.asarray(2 / np.maximum(inflation * spread, floor), dtype=np.float64)


def one_sided(*, mean_squares: FloatArray, df: FloatArray, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Return how far each mean square lies above its lower and below its upper chi-square bound, squared.

    NaN where `df` is 0: no bound can be given.
    """
    df = np.where(df > 0, df, np.nan)
    # With next to no degrees of freedom the upper bound is infinite, or its square is, which is what it means.
    with np.errstate(over="ignore", divide="ignore"):
        return _gaps(mean_squares, df, alpha)


def _gaps(mean_squares: FloatArray, df: FloatArray, alpha: float) -> tuple[FloatArray, FloatArray]:
    low = df * mean_squares / special.chdtri(df, alpha)
    high = df * mean_squares / special.chdtri(df, 1 - alpha)
    return (mean_squares - low) ** 2, (high - mean_squares) ** 2


def combination_bound(
    *, mean_squares: FloatArray, gaps: tuple[FloatArray, FloatArray], coefficients: FloatArray, side: Literal[-1, 1]
) -> FloatArray:
    """Return the lower (-1) or upper (+1) bound of sum c_k M_k.

    Args:
        mean_squares: Shape (n_terms, n_runs).
        gaps: From `one_sided`.
        coefficients: Shape (n_targets, n_terms, n_runs) or (n_targets, n_terms, 1).
        side: Which bound.

    Returns:
        Shape (n_targets, n_runs).
    """
    below, above = gaps if side == -1 else gaps[::-1]
    # A term that is not in the combination must not bring in an unbounded gap as 0 * inf.
    squares = np.where(coefficients > 0, below, np.where(coefficients < 0, above, 0.0))
    centre = (coefficients * mean_squares).sum(axis=-2)
    return np.asarray(centre + side * np.sqrt((coefficients**2 * squares).sum(axis=-2)), dtype=np.float64)


def ratio_bound(
    *,
    mean_squares: FloatArray,
    df: FloatArray,
    numerators: FloatArray,
    denominators: FloatArray,
    alpha: float,
    side: Literal[-1, 1],
) -> FloatArray:
    """Return the lower (-1) or upper (+1) bound of N / D within 0..1, for several ratios at once.

    Args:
        mean_squares: Shape (n_terms, n_runs).
        df: Same shape.
        numerators: Shape (n_targets, n_terms).
        denominators: Same shape.
        alpha: One-sided.
        side: Which bound.

    Returns:
        Shape (n_targets, n_runs).
    """
    gaps = one_sided(mean_squares=mean_squares, df=df, alpha=alpha)
    low = np.zeros((numerators.shape[0], mean_squares.shape[1]))
    high = np.ones_like(low)
    for _ in range(STEPS):
        middle = (low + high) / 2
        coefficients = numerators[:, :, None] - middle[:, None, :] * denominators[:, :, None]
        above = combination_bound(mean_squares=mean_squares, gaps=gaps, coefficients=coefficients, side=side) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    # The end of the range itself where the search ran into it.
    return np.where(low <= NEAR, 0.0, np.where(high >= 1 - NEAR, 1.0, (low + high) / 2))


def mean_squares_bound(*, pivot: MeanSquares, alpha: float, side: Literal[-1, 1]) -> float:
    """Return the lower (-1) or upper (+1) confidence bound at 1 - alpha; it never excludes the point estimate."""
    gaps = _listed(one_sided(mean_squares=pivot.values, df=pivot.df, alpha=alpha))
    if pivot.kind == "ratio":
        found = _single_ratio_bound(pivot, gaps, side)
    else:
        found = _single_bound(pivot.values.tolist(), gaps, pivot.numerator.tolist(), side)
    # Not `max(found, 0)`: where no bound can be given it stays NaN.
    bound = 0.0 if found < 0 else found
    bound = math.sqrt(bound) if pivot.kind == "sd" else bound
    return min(bound, pivot.point) if side == -1 else max(bound, pivot.point)


def _listed(gaps: tuple[FloatArray, FloatArray]) -> tuple[list[float], list[float]]:
    return gaps[0].tolist(), gaps[1].tolist()


def _single_bound(
    values: Sequence[float], gaps: tuple[Sequence[float], Sequence[float]], coefficients: Sequence[float], side: int
) -> float:
    """Return what `combination_bound` does, for one combination: of a few numbers, arrays take ten times as long."""
    below, above = gaps if side == -1 else gaps[::-1]
    centre = squares = 0.0
    for value, coefficient, low, high in zip(values, coefficients, below, above, strict=True):
        centre += coefficient * value
        if coefficient:
            squares += coefficient * coefficient * (low if coefficient > 0 else high)
    return centre + side * math.sqrt(squares)


def _single_ratio_bound(pivot: MeanSquares, gaps: tuple[Sequence[float], Sequence[float]], side: int) -> float:
    """Return what `ratio_bound` does, for one ratio."""
    values, terms = pivot.values.tolist(), list(zip(pivot.numerator.tolist(), pivot.denominator.tolist(), strict=True))
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        coefficients = [numerator - middle * denominator for numerator, denominator in terms]
        above = _single_bound(values, gaps, coefficients, side) > 0
        low, high = (middle, high) if above else (low, middle)
    return 0.0 if low <= NEAR else 1.0 if high >= 1 - NEAR else (low + high) / 2


def mean_squares_p_above(*, pivot: MeanSquares, bound: float) -> float:
    """Return the p-value against "the truth is at most `bound`": the alpha whose bound is just there."""
    if bound < 0:
        return 0.0
    if pivot.kind == "ratio" and bound >= 1:
        return 1.0
    natural = bound**2 if pivot.kind == "sd" else bound
    coefficients = pivot.numerator - natural * pivot.denominator
    offset = 0.0 if pivot.kind == "ratio" else natural
    centre = float(coefficients @ pivot.values) - offset
    side: Literal[-1, 1] = -1 if centre > 0 else 1
    tail = _crossing_alpha(pivot, coefficients, offset, side)
    return tail if side == -1 else 1 - tail


def _crossing_alpha(pivot: MeanSquares, coefficients: FloatArray, offset: float, side: Literal[-1, 1]) -> float:
    """Return the alpha in (0, 0.5] at which the one-sided bound of the combination equals `offset`."""
    values, target = pivot.values.tolist(), coefficients.tolist()
    df = np.where(pivot.df > 0, pivot.df, np.nan)
    low, high = math.log(1e-15), math.log(0.5)
    with np.errstate(over="ignore", divide="ignore"):
        for _ in range(STEPS):
            middle = (low + high) / 2
            gaps = _listed(_gaps(pivot.values, df, math.exp(middle)))
            reached = _single_bound(values, gaps, target, side)
            # A larger alpha brings the bound nearer to the centre.
            low, high = (middle, high) if side * (reached - offset) > 0 else (low, middle)
    return math.exp((low + high) / 2)


def frozen(array: NDArray[np.float64]) -> FloatArray:
    """Return a read-only copy."""
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy
