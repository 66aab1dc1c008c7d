"""Agreement among coders on the same units: Krippendorff's alpha.

    alpha = 1 - observed disagreement / expected disagreement

With a value v_iu of coder i for unit u, m_u values in a unit (units with fewer than 2 are left out), n values in all,
the coincidences o_ck = sum over units of (pairs c, k within the unit) / (m_u - 1) and n_c = sum_k o_ck,

    alpha = 1 - (n - 1) * sum o_ck d_ck / sum n_c n_k d_ck

with d the squared distance: nominal 0 or 1; interval (c - k)^2; ordinal the squared number of values from c to k, both
ends counted half. Source: Krippendorff (2019), Content Analysis, 4th ed., ch. 12.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy import special

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, positive_count, probability, same_length

Metric = Literal["nominal", "ordinal", "interval"]

FEWEST_CLUSTERS = 8
"""The smallest number in the coverage table; below it there is no interval."""


def krippendorff_alpha(*, ratings: FloatArray, metric: Metric) -> float:
    """Return Krippendorff's alpha.

    Args:
        ratings: Shape (n_coders, n_units); NaN where a coder did not code a unit.
        metric: How far apart two values are.

    Returns:
        At most 1; NaN where all values are equal or no unit has two of them.

    Raises:
        InternalError: the array is not two-dimensional or holds an infinity.
    """
    coincidences = unit_coincidences(ratings=ratings)
    return float(alpha_of(totals=coincidences.sum(axis=0)[None], values=distinct_values(ratings), metric=metric)[0])


def distinct_values(ratings: FloatArray) -> FloatArray:
    """Return the values that occur, in order."""
    return np.unique(ratings[~np.isnan(ratings)])


def unit_coincidences(*, ratings: FloatArray) -> FloatArray:
    """Return each unit's contribution to the coincidences, shape (n_units, n_values, n_values)."""
    if ratings.ndim != 2 or np.isinf(ratings).any():
        raise InternalError(
            "agreement needs a finite table of coders x units, with NaN where a unit was not coded, because every "
            f"pair of codes of a unit is compared; got shape {ratings.shape}. Give each coder a row."
        )
    counts = (ratings[:, :, None] == distinct_values(ratings)).sum(axis=0).astype(np.float64)
    coded = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1])
    weights = np.where(coded > 1, 1 / np.maximum(coded - 1, 1), 0.0)
    return np.asarray(pairs * weights[:, None, None], dtype=np.float64)


def alpha_of(*, totals: FloatArray, values: FloatArray, metric: Metric) -> FloatArray:
    """Return alpha of tables of coincidences.

    Args:
        totals: Shape (n_tables, n_values, n_values).
        values: Shape (n_values,), in order.
        metric: How far apart two values are.

    Returns:
        Shape (n_tables,); NaN where expected disagreement is 0.
    """
    marginals = totals.sum(axis=2)
    n = marginals.sum(axis=1)
    distance = _distance(marginals, values, metric)
    observed = (totals * distance).sum(axis=(1, 2))
    expected = (marginals[:, :, None] * marginals[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def estimate_krippendorff_alpha(
    *,
    name: str,
    about: Condition = (),
    ratings: FloatArray,
    clusters: Sequence[str],
    metric: Metric,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate Krippendorff's alpha with a percentile interval from resampled clusters.

    Estimand: the alpha of these coders over the population of clusters of units.

    Args:
        name: What is estimated, such as `coder_agreement`.
        about: Of what.
        ratings: Shape (n_coders, n_units); NaN where a coder did not code a unit.
        clusters: The cluster of each unit; resampled whole.
        metric: How far apart two values are.
        level: Two-sided confidence, in (0, 1).
        n_boot: Resamples, at least 1; 2,000 are usual.
        rng: Source of randomness.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` where no unit has two codes, `no_variation` where all codes are
        equal, `not_covered` under 8 clusters, where nobody disagrees (the interval would have no width) or where
        more than 1% of resamples hold one value only.

    Raises:
        InternalError: shapes do not fit, or `level` is not in (0, 1).

    Source:
        Hayes and Krippendorff (2007), Communication Methods and Measures 1:77-89; clusters resampled as Davison and
        Hinkley (1997), Bootstrap Methods, ch. 3.8; see `percentile_bounds`.
    """
    probability(level, what="level")
    positive_count(n_boot, what="n_boot")
    coincidences = unit_coincidences(ratings=ratings)
    same_length(clusters, coincidences, what="`clusters` and the units of `ratings`")
    comparable = coincidences.sum(axis=(1, 2)) > 0
    if not comparable.any():
        return NotEstimable(name=name, about=about, reason="too_few", detail="no unit has two codes")
    values = distinct_values(ratings)
    alpha = float(alpha_of(totals=coincidences.sum(axis=0)[None], values=values, metric=metric)[0])
    if np.isnan(alpha):
        return NotEstimable(name=name, about=about, reason="no_variation", detail="all codes are equal")
    names, index = np.unique(np.asarray(clusters, dtype=str)[comparable], return_inverse=True)
    shown = f"alpha {alpha:.3g} over {int(comparable.sum())} units in {names.size} clusters; "
    if names.size < FEWEST_CLUSTERS:
        detail = shown + f"coverage is known from {FEWEST_CLUSTERS} on"
        return NotEstimable(name=name, about=about, reason="not_covered", detail=detail, point=alpha, unit="alpha")
    sums = _sums(coincidences[comparable], index, names.size)
    weights = resampling_weights(n_clusters=names.size, n_boot=n_boot, rng=rng)
    resampled = bootstrap_alpha(sums=sums, weights=weights, values=values, metric=metric)
    undefined = float(np.isnan(resampled).mean())
    if alpha == 1 or undefined > 0.01:
        detail = shown + ("nobody disagrees" if alpha == 1 else f"{undefined:.0%} of resamples hold one value only")
        return NotEstimable(name=name, about=about, reason="not_covered", detail=detail, point=alpha, unit="alpha")
    low, high = percentile_bounds(resampled=resampled, n_clusters=names.size, level=level)
    return Estimate(
        name=name,
        about=about,
        value=alpha,
        low=low,
        high=high,
        level=level,
        unit="alpha",
        n=int((~np.isnan(ratings[:, comparable])).sum()),
        n_clusters=names.size,
        method="krippendorff_cluster_bootstrap",
        evidence=evidence,
    )


def resampling_weights(*, n_clusters: int, n_boot: int, rng: np.random.Generator) -> FloatArray:
    """Return how often each cluster is drawn in each resample, shape (n_boot, n_clusters)."""
    return rng.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), size=n_boot).astype(np.float64)


def bootstrap_alpha(*, sums: FloatArray, weights: FloatArray, values: FloatArray, metric: Metric) -> FloatArray:
    """Return alpha of resampled clusters.

    Args:
        sums: Coincidences of each cluster, shape (n_clusters, n_values, n_values).
        weights: From `resampling_weights`.
        values: Shape (n_values,).
        metric: How far apart two values are.

    Returns:
        Shape (n_boot,); NaN where a resample holds one value only.
    """
    totals = (weights @ sums.reshape(sums.shape[0], -1)).reshape(-1, *sums.shape[1:])
    return alpha_of(totals=totals, values=values, metric=metric)


def percentile_bounds(*, resampled: FloatArray, n_clusters: int, level: float) -> tuple[float, float]:
    """Return the percentile interval, expanded for few clusters.

    The tail taken is Phi(-sqrt(C / (C - 1)) t), t the quantile of Student's t with C - 1 degrees of freedom, so that
    a mean would get Student's interval.

    Source:
        Hesterberg (2015), The American Statistician 69:371-386, section 4.
    """
    quantile = special.stdtrit(n_clusters - 1, 0.5 + level / 2)
    tail = float(special.ndtr(-np.sqrt(n_clusters / (n_clusters - 1)) * quantile))
    low, high = np.nanquantile(resampled, [tail, 1 - tail])
    return float(low), float(high)


def _sums(coincidences: FloatArray, index: np.ndarray, n_clusters: int) -> FloatArray:
    sums = np.zeros((n_clusters, *coincidences.shape[1:]))
    np.add.at(sums, index, coincidences)
    return sums


def _distance(marginals: FloatArray, values: FloatArray, metric: Metric) -> FloatArray:
    """Return squared distances, shape (n_tables or 1, n_values, n_values)."""
    if metric == "nominal":
        return (1 - np.eye(values.size))[None]
    if metric == "interval":
        return np.asarray((values[:, None] - values[None, :])[None] ** 2, dtype=np.float64)
    # The number of values up to and with half of each rank: a difference of two counts what lies between them.
    ranks = np.cumsum(marginals, axis=1) - marginals / 2
    return np.asarray((ranks[:, :, None] - ranks[:, None, :]) ** 2, dtype=np.float64)
