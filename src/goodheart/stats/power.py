"""What a design could see, by the exact noncentral t distribution.

With n independent differences of standard deviation sd the t statistic is noncentral with effect * sqrt(n) / sd on
n - 1 degrees of freedom. `alpha` is two-sided for effects (the power of the side of the true effect is counted) and
one-sided for equivalence, as in the verdicts.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import special

from goodheart.errors import InternalError
from goodheart.stats.arguments import positive_count, probability

MOST_CLUSTERS = 1_000_000
"""A search for a sample size stops here and answers that no such sample is feasible."""


@lru_cache(maxsize=4096)
def detectable_noncentrality(*, df: float, alpha: float, power: float) -> float:
    """Return the noncentrality that a one-sided t test at `alpha` finds with probability `power`.

    Args:
        df: Degrees of freedom; infinite for a normal statistic.
        alpha: One-sided, in (0, 1).
        power: In (0, 1).

    Source:
        Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 31.
    """
    if np.isinf(df):
        return float(special.ndtri(1 - alpha) + special.ndtri(power))
    critical = special.stdtrit(df, 1 - alpha)
    return float(special.nctdtrinc(df, 1 - power, critical))


@lru_cache(maxsize=4096)
def certifiable_half_width(*, df: float, alpha: float, power: float) -> float:
    """Return the half width, in true standard errors, that two one-sided tests certify with probability `power`.

    The truth is at the centre of the region. With Z normal and S the ratio of estimated to true standard error, power
    is P(|Z| < half - t_crit * S), averaged over S.

    Source:
        Owen (1965), Biometrika 52:437-446; Phillips (1990), J. Pharmacokinetics and Biopharmaceutics 18:137-144.
    """
    if np.isinf(df):
        critical, ratios, weights = float(special.ndtri(1 - alpha)), np.ones(1), np.ones(1)
    else:
        critical = float(special.stdtrit(df, 1 - alpha))
        nodes, weights = np.polynomial.legendre.leggauss(96)
        ratios, weights = np.sqrt(special.chdtri(df, (1 - nodes) / 2) / df), weights / 2

    def shortfall(half: float) -> float:
        inside = np.maximum(2 * special.ndtr(half - critical * ratios) - 1, 0.0)
        return float(weights @ inside) - power

    return crossing(shortfall, low=0.0, high=100.0 * (1 + critical))


def crossing(function: Callable[[float], float], *, low: float, high: float) -> float:
    """Return where a function that rises from `low` to `high` (or falls from it, with the ends swapped) crosses 0.

    Halving, so that importing a design needs no optimiser.
    """
    for _ in range(56):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def minimum_detectable_paired(*, n_clusters: int, sd: float, alpha: float, power: float) -> float:
    """Return the smallest mean difference that a paired t test finds.

    Args:
        n_clusters: Clusters with both arms.
        sd: Standard deviation of the clusters' differences, in the unit of the answer.
        alpha: Two-sided, after any adjustment.
        power: In (0, 1).

    Returns:
        The effect in the unit of `sd`; infinite under 2 clusters.

    Raises:
        InternalError: an argument is out of its range.

    Source:
        Exact noncentral t; Cohen (1988), Statistical Power Analysis, ch. 2.
    """
    _check(sd=sd, alpha=alpha, power=power)
    positive_count(n_clusters, what="n_clusters")
    if n_clusters < 2:
        return float("inf")
    return detectable_noncentrality(df=n_clusters - 1, alpha=alpha / 2, power=power) * sd / float(np.sqrt(n_clusters))


def minimum_detectable_independent(*, n_a: int, n_b: int, sd: float, alpha: float, power: float) -> float:
    """Return the smallest difference of means that a two-sample t test finds, spread equal in both sets.

    Args:
        n_a: Clusters in the first set.
        n_b: Clusters in the second set.
        sd: Standard deviation of cluster means within a set.
        alpha: Two-sided, after any adjustment.
        power: In (0, 1).

    Returns:
        The effect in the unit of `sd`; infinite where a set has fewer than 2 clusters.

    Raises:
        InternalError: an argument is out of its range.

    Source:
        Exact noncentral t; Cohen (1988), ch. 2.
    """
    _check(sd=sd, alpha=alpha, power=power)
    if min(positive_count(n_a, what="n_a"), positive_count(n_b, what="n_b")) < 2:
        return float("inf")
    stderr = sd * float(np.sqrt(1 / n_a + 1 / n_b))
    return detectable_noncentrality(df=n_a + n_b - 2, alpha=alpha / 2, power=power) * stderr


def minimum_certifiable_margin(*, n_clusters: int, sd: float, alpha: float, power: float) -> float:
    """Return the smallest margin within which "no effect" can be certified when the true effect is 0.

    Args:
        n_clusters: Clusters with both arms.
        sd: Standard deviation of the clusters' differences.
        alpha: One-sided, as in two one-sided tests.
        power: In (0, 1).

    Returns:
        Half the width of the region, in the unit of `sd`; infinite under 2 clusters.

    Raises:
        InternalError: an argument is out of its range.

    Source:
        Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15:657-680; exact power as Phillips (1990).
    """
    _check(sd=sd, alpha=alpha, power=power)
    positive_count(n_clusters, what="n_clusters")
    if n_clusters < 2:
        return float("inf")
    return certifiable_half_width(df=n_clusters - 1, alpha=alpha, power=power) * sd / float(np.sqrt(n_clusters))


def clusters_needed_paired(*, effect: float, sd: float, alpha: float, power: float) -> int:
    """Return the fewest clusters with which a paired t test (two-sided alpha) finds `effect`.

    Raises:
        InternalError: an argument is out of its range, or more than a million clusters would be needed.
    """
    _check(sd=effect, alpha=alpha, power=power)
    return _fewest(
        lambda n: minimum_detectable_paired(n_clusters=n, sd=sd, alpha=alpha, power=power) <= effect, goal=effect
    )


def clusters_needed_independent(*, effect: float, sd: float, alpha: float, power: float) -> int:
    """Return the fewest clusters per set with which a two-sample t test (two-sided alpha) finds `effect`.

    Raises:
        InternalError: an argument is out of its range, or more than a million clusters would be needed.
    """
    _check(sd=effect, alpha=alpha, power=power)
    return _fewest(
        lambda n: minimum_detectable_independent(n_a=n, n_b=n, sd=sd, alpha=alpha, power=power) <= effect, goal=effect
    )


def clusters_needed_equivalence(*, margin: float, sd: float, alpha: float, power: float) -> int:
    """Return the fewest clusters with which an effect of 0 is certified to lie within `margin` (one-sided alpha).

    Raises:
        InternalError: an argument is out of its range, or more than a million clusters would be needed.
    """
    _check(sd=margin, alpha=alpha, power=power)
    return _fewest(
        lambda n: minimum_certifiable_margin(n_clusters=n, sd=sd, alpha=alpha, power=power) <= margin, goal=margin
    )


def _fewest(enough: Callable[[int], bool], *, goal: float) -> int:
    high = 2
    while not enough(high):
        if high >= MOST_CLUSTERS:
            raise InternalError(
                "a sample size needs an effect that some feasible sample can see, because the search has an end; "
                f"{goal!r} needs more than {MOST_CLUSTERS} clusters. Ask for a larger effect or pass a smaller `sd`."
            )
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _check(*, sd: float, alpha: float, power: float) -> None:
    probability(alpha, what="alpha")
    probability(power, what="power")
    if not (np.isfinite(sd) and sd > 0):
        raise InternalError(
            "power needs a spread and an effect above 0, because it is their ratio that decides; "
            f"got {sd!r}. Pass the standard deviation from a pilot or from the run."
        )
