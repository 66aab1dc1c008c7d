"""Partial correlation over clusters: of what a linear regression on a baseline leaves of two measures.

    r = correlation of x and y, each after a linear regression on the baseline
    stderr(z) = 1 / sqrt(n - q - 3) for q predictors                              Fisher (1924)

and what of r chance leaves when what is left of x is permuted (Freedman and Lane 1983).
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from goodheart.records import Condition, NotEstimable
from goodheart.stats.arguments import FloatArray
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
from goodheart.stats.pivots import Student, t_quantile
from goodheart.thresholds import ALPHA, POWER

N_PERMUTATIONS: Final = 1999
NOTHING_LEFT: Final = 1e-9
"""Largest value that is left of a measure which the baseline predicts exactly."""
ROUNDING: Final = 1e-12

IntArray = npt.NDArray[np.intp]


def effect_partial_correlation(
    *, name: str, about: Condition = (), x: FloatArray, y: FloatArray, baseline: FloatArray
) -> Effect | NotEstimable:
    """Estimate a partial correlation.

    Estimand: the correlation over clusters of what is left of x and of y when the baseline is known.

    Args:
        name: What is estimated.
        about: Of what.
        x: One value per cluster, (n,).
        y: Likewise.
        baseline: (n, n_predictors).

    Returns:
        The effect, or `NotEstimable`: `too_few` with fewer than 5 clusters more than predictors, `no_variation` where
        the baseline predicts x or y exactly.

    Source:
        Fisher (1924), Metron 3:329-332, with one degree of freedom less per predictor.
    """
    n, q = baseline.shape
    if n < q + 5:
        return NotEstimable(name=name, about=about, reason="too_few", detail=f"{n} items, {q} predictors")
    r = float(partial_correlations(x=x[:, None], y=y, baseline=baseline)[0])
    if math.isnan(r):
        detail = "the baseline predicts one of the two exactly"
        return NotEstimable(name=name, about=about, reason="no_variation", detail=detail)
    z = float(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)))
    pivot = Student(value=z, stderr=1 / math.sqrt(n - q - 3), df=float("inf"), transform="fisher_z")
    label = Label(name=name, about=about, unit="correlation", evidence=())
    return effect_of(label, pivot, method="partial_fisher", n=n, n_clusters=n)


def partial_correlations(*, x: FloatArray, y: FloatArray, baseline: FloatArray) -> FloatArray:
    """Return the partial correlation of every column of x with y, (k,); NaN where the baseline leaves nothing.

    Args:
        x: (n, k).
        y: (n,).
        baseline: (n, n_predictors).
    """
    left = left_over(np.column_stack([y, x]), baseline)
    scales = np.sqrt((left**2).sum(axis=0))
    scales[np.abs(left).max(axis=0) < NOTHING_LEFT] = np.nan
    r: FloatArray = left[:, 0] @ left[:, 1:] / (scales[0] * scales[1:])
    return r


def permutation_p(*, x: FloatArray, y: FloatArray, baseline: FloatArray, orders: IntArray) -> tuple[float, float]:
    """Return the one-sided p-values of a partial correlation above and below 0; 1 where there is nothing to test.

    What the baseline leaves of x is permuted and regressed on it again, so that the baseline's share stays known.

    Args:
        x: (n,).
        y: (n,).
        baseline: (n, n_predictors).
        orders: (n_permutations, n) from `permutations`.

    Source:
        Freedman and Lane (1983), Journal of Business and Economic Statistics 1:292-298.
    """
    r = float(partial_correlations(x=x[:, None], y=y, baseline=baseline)[0])
    if math.isnan(r):
        return 1.0, 1.0
    left = left_over(x[:, None], baseline)[:, 0]
    permuted = partial_correlations(x=left[orders].T, y=y, baseline=baseline)
    up, down = ((permuted >= r - ROUNDING).sum(), (permuted <= r + ROUNDING).sum())
    return float((1 + up) / (1 + len(orders))), float((1 + down) / (1 + len(orders)))


def permutations(n: int, *, rng: np.random.Generator, count: int = N_PERMUTATIONS) -> IntArray:
    """Draw orders of n clusters, (count, n)."""
    return np.array([rng.permutation(n) for _ in range(count)], dtype=np.intp).reshape(count, n)


def left_over(values: FloatArray, baseline: FloatArray) -> FloatArray:
    """Return what a linear regression on a constant and the baseline leaves of each column, (n, k)."""
    design = np.column_stack([np.ones(len(baseline)), baseline])
    left: FloatArray = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return left


def smallest_partial(n: int, n_predictors: int) -> float | None:
    """Return the partial correlation that n clusters tell from 0, two-sided at `ALPHA` with power `POWER`.

    None where n is too small for any.
    """
    if n < n_predictors + 5:
        return None
    z = t_quantile(p=1 - ALPHA / 2, df=float("inf")) + t_quantile(p=POWER, df=float("inf"))
    return math.tanh(z / math.sqrt(n - n_predictors - 3))
