"""Student's and Welch's statistics on one point per cluster.

With points m_1..m_C the statistic is t = (mean(m) - truth) / (sd(m) / sqrt(C)) on C - 1 degrees of freedom; for two
sets of clusters it is Welch's, with Satterthwaite's degrees of freedom.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from goodheart.stats.arguments import FloatArray
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
from goodheart.stats.mean_squares import effective_df
from goodheart.stats.pivots import Student


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TStatistic:
    """Estimates with standard errors and degrees of freedom; arrays over runs, or 0-dimensional."""

    value: FloatArray
    stderr: FloatArray
    df: FloatArray


def mean_statistic(*, cluster_means: FloatArray) -> TStatistic:
    """Average cluster means along the last axis.

    Args:
        cluster_means: Shape (..., n_clusters), or paired differences of that shape.
    """
    n = cluster_means.shape[-1]
    stderr = np.asarray(cluster_means.std(axis=-1, ddof=1) / np.sqrt(n), dtype=np.float64)
    return TStatistic(
        value=np.asarray(cluster_means.mean(axis=-1)), stderr=stderr, df=np.full(stderr.shape, n - 1, dtype=np.float64)
    )


def tail_statistic(*, cluster_means: FloatArray) -> TStatistic:
    """Average cluster means along the last axis, with degrees of freedom that heed skew and tails.

    The variance of a skewed or cut-off sample is less sure than n - 1 degrees of freedom say; they become
    2 / v where that is smaller, v the jackknife variance of the logarithm of the sample variance.

    Args:
        cluster_means: Shape (..., n_clusters), at least 3 clusters.

    Returns:
        The statistic; df is 0 where one cluster carries all of the spread.

    Source:
        Satterthwaite (1946) for degrees of freedom from the variance of a variance; by the jackknife ours.
    """
    plain = mean_statistic(cluster_means=cluster_means)
    n = cluster_means.shape[-1]
    squares = (cluster_means - plain.value[..., None]) ** 2
    total = squares.sum(axis=-1, keepdims=True)
    left_out = np.maximum(total - squares * n / (n - 1), 0.0) / (n - 2)
    # What rounding leaves of equal values is no spread.
    left_out = np.where(left_out > 1e-12 * total, left_out, 0.0)
    df = effective_df(
        mean_squares=total[..., 0][None] / (n - 1),
        left_out=left_out[None],
        nominal=np.array([n - 1.0]),
        inflation=1.0,
    )
    return replace(plain, df=df[0])


def welch_statistic(*, first: FloatArray, second: FloatArray) -> TStatistic:
    """Subtract the mean of `second` from that of `first`, along the last axis of each.

    Source:
        Welch (1947), Biometrika 34:28-35; Satterthwaite (1946), Biometrics Bulletin 2:110-114.
    """
    a, b = mean_statistic(cluster_means=first), mean_statistic(cluster_means=second)
    variance = a.stderr**2 + b.stderr**2
    df = variance**2 / (a.stderr**4 / a.df + b.stderr**4 / b.df)
    return TStatistic(value=a.value - b.value, stderr=np.sqrt(variance), df=np.asarray(df))


def t_effect(label: Label, statistic: TStatistic, *, method: str, n: int, n_clusters: int) -> Effect:
    """Label one statistic as an effect on its natural scale."""
    pivot = Student(
        value=float(statistic.value), stderr=float(statistic.stderr), df=float(statistic.df), transform="identity"
    )
    return effect_of(label, pivot, method=method, n=n, n_clusters=n_clusters)


def t_half_width(*, statistic: TStatistic, level: float) -> FloatArray:
    """Return half the width of the two-sided intervals, one per run."""
    return np.asarray(statistic.stderr * special.stdtrit(statistic.df, 0.5 + level / 2), dtype=np.float64)
