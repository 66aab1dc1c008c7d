"""Proportions by Wilson's score interval, for independent trials and for trials in clusters.

    centre = (p + z^2 / 2n) / (1 + z^2 / n)        half width = z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)

With clusters p is the mean of the clusters' own shares and n the effective number of trials, that is the one with which
independent trials would have the variance seen between clusters:

    n_eff = p (1 - p) / (var(shares) / C) * (z / t)^2,   t with C - 1 degrees of freedom; between 1 and all trials

Where all clusters have the same share nothing is known of the variance, and each cluster counts as one trial.
"""

from collections.abc import Sequence

import numpy as np
from scipy import special

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, probability
from goodheart.stats.clusters import cluster_means

FEWEST_CLUSTERS = 8
"""The smallest number in the coverage table; below it there is no interval."""


def wilson_bounds(*, share: FloatArray, n: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's interval, elementwise."""
    z = special.ndtri(0.5 + level / 2)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # At 0 and 1 the score interval ends exactly there; rounding must not move it off.
    low = np.where(share == 0, 0.0, centre - half)
    return np.asarray(low, dtype=np.float64), np.where(share == 1, 1.0, centre + half)


def effective_trials(*, cluster_shares: FloatArray, n_trials: int, level: float) -> FloatArray:
    """Return the effective number of independent trials behind the mean of cluster shares, along the last axis.

    Args:
        cluster_shares: Shape (..., n_clusters), n_clusters at least 2.
        n_trials: Trials in all clusters together.
        level: Two-sided confidence of the interval they are for.
    """
    c = cluster_shares.shape[-1]
    share = cluster_shares.mean(axis=-1)
    variance = cluster_shares.var(axis=-1, ddof=1) / c
    tail = 0.5 + level / 2
    penalty = (special.ndtri(tail) / special.stdtrit(c - 1, tail)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.clip(share * (1 - share) / variance * penalty, 1.0, n_trials)
    return np.where(variance > 0, effective, float(c))


def estimate_proportion(
    *, name: str, about: Condition = (), successes: int, n: int, level: float, evidence: tuple[Evidence, ...] = ()
) -> Finding:
    """Estimate a proportion with Wilson's score interval.

    Estimand: the long-run share of trials that succeed, trials independent.

    Args:
        name: What is estimated, such as `declined_share`.
        about: Of what.
        successes: Count in 0..n.
        n: Independent trials; with 0 there is nothing to estimate.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable` (`too_few`) without trials.

    Raises:
        InternalError: `successes` is not in 0..n, or `level` is not in (0, 1).

    Source:
        Wilson (1927), JASA 22:209-212.
    """
    probability(level, what="level")
    if not 0 <= successes <= n:
        raise InternalError(
            f"a proportion needs between 0 and n successes, because successes are trials; got {successes!r} of {n!r}. "
            "Pass counts of the same trials."
        )
    if n == 0:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no trials")
    share = np.asarray(successes / n)
    low, high = wilson_bounds(share=share, n=np.asarray(float(n)), level=level)
    return Estimate(
        name=name,
        about=about,
        value=float(share),
        low=float(low),
        high=float(high),
        level=level,
        unit="share",
        n=n,
        n_clusters=n,
        method="wilson",
        evidence=evidence,
    )


def estimate_proportion_exact(
    *, name: str, about: Condition = (), successes: int, n: int, level: float, evidence: tuple[Evidence, ...] = ()
) -> Finding:
    """Estimate a proportion with the exact interval of Clopper and Pearson, for counts at or near 0 or n.

    Estimand: the long-run share of trials that succeed, trials independent.

    Args:
        name: What is estimated.
        about: Of what.
        successes: Count in 0..n.
        n: Independent trials; with 0 there is nothing to estimate.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable` (`too_few`) without trials.

    Source:
        Clopper and Pearson (1934), Biometrika 26:404-413.
    """
    if n == 0:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no trials")
    tail = (1 - probability(level, what="level")) / 2
    return Estimate(
        name=name,
        about=about,
        value=successes / n,
        low=0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail)),
        high=1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, 1 - tail)),
        level=level,
        unit="share",
        n=n,
        n_clusters=n,
        method="clopper_pearson",
        evidence=evidence,
    )


def estimate_proportion_clustered(
    *,
    name: str,
    about: Condition = (),
    hits: Sequence[bool],
    clusters: Sequence[str],
    level: float,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate a proportion whose trials come in clusters.

    Estimand: the mean over the population of clusters of each cluster's own share; every cluster weighs the same.

    Args:
        name: What is estimated, such as `declined_share`.
        about: Of what.
        hits: Whether each trial succeeded.
        clusters: The cluster of each trial.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` without trials, `one_cluster`, `not_covered` under 8 clusters; the
        detail has the point.

    Raises:
        InternalError: lengths differ, or `level` is not in (0, 1).

    Source:
        Wilson (1927) on the effective sample size of Korn and Graubard (1998), Survey Methodology 24:193-201.
    """
    probability(level, what="level")
    means = cluster_means(values=[float(hit) for hit in hits], clusters=clusters)
    if not means.names:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no trials")
    point = float(means.means.mean())
    if len(means.names) < FEWEST_CLUSTERS:
        detail = f"share {point:.4g} in {len(means.names)} clusters; coverage is known from {FEWEST_CLUSTERS} on"
        return NotEstimable(
            name=name,
            about=about,
            reason="one_cluster" if len(means.names) == 1 else "not_covered",
            detail=detail,
            point=point,
            unit="share",
        )
    effective = effective_trials(cluster_shares=means.means, n_trials=means.total, level=level)
    low, high = wilson_bounds(share=np.asarray(point), n=effective, level=level)
    return Estimate(
        name=name,
        about=about,
        value=point,
        low=float(low),
        high=float(high),
        level=level,
        unit="share",
        n=means.total,
        n_clusters=len(means.names),
        method="wilson_clustered",
        evidence=evidence,
    )
