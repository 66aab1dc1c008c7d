"""Student's and Welch's statistics on one point per cluster.

With points m_1..m_C the statistic is t = (mean(m) - truth) / (sd(m) / sqrt(C)) on C - 1 degrees of freedom; for two
sets of clusters it is Welch's, with Satterthwaite's degrees of freedom.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from goodheart.stats.arguments import FloatArray
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
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
