"""Standard deviations between and within clusters, by chi-square with degrees of freedom that heed the tails."""

from collections.abc import Sequence

import numpy as np

from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array
from goodheart.stats.clusters import Label, cluster_means, effect_of, refusal_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.mean_squares import INFLATION, MeanSquares, effective_df, frozen

FEWEST_CLUSTERS = 8
"""The smallest number in the coverage table; below it there is no interval."""


def effect_sd(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate the spread of cluster means; see `estimate_sd`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    means = cluster_means(values=values, clusters=clusters)
    refusal = refusal_of(label, means.means, scale=means.scale)
    if refusal is not None:
        return refusal
    squares = (means.means - means.means.mean()) ** 2
    n = squares.size
    # Leaving a cluster out moves the mean too: the sum of squares falls by n / (n - 1) times its own square.
    return _effect(label, squares, weights=np.ones(n), moved=n / (n - 1), n=means.total)


def estimate_sd(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate the standard deviation of cluster means.

    Estimand: the standard deviation, over the population of clusters, of a cluster's mean as measured: the spread of
    clusters together with what is left in a mean of the spread within (`components` takes the two apart).

    Args:
        name: What is estimated, such as `rating_sd`.
        about: Of what.
        values: One per observation, in `unit`.
        clusters: The cluster of each observation.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few`, `one_cluster`, `no_variation` where all means are equal,
        `not_covered` under 8 clusters or where one cluster carries all the spread.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Chi-square interval; degrees of freedom adjusted to the tails as in Hummel, Banga and Hettmansperger (2005), by
        the jackknife (ours).
    """
    effect = effect_sd(name=name, about=about, values=values, clusters=clusters, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def effect_sd_within(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate the spread within clusters; see `estimate_sd_within`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    means = cluster_means(values=values, clusters=clusters)
    repeated = means.counts > 1
    if not repeated.any():
        return NotEstimable(name=name, about=about, reason="too_few", detail="no cluster has two values")
    array = finite_array(values, what="values")
    index = np.searchsorted(np.asarray(means.names), np.asarray(clusters, dtype=str))
    squares = np.bincount(index, weights=(array - means.means[index]) ** 2).astype(np.float64)[repeated]
    if squares.sum() <= (1e-12 * means.scale) ** 2 * array.size:
        detail = f"no value differs within any of {int(repeated.sum())} clusters"
        return NotEstimable(name=name, about=about, reason="no_variation", detail=detail, point=0.0, unit=unit)
    return _effect(label, squares, weights=means.counts[repeated] - 1, moved=1.0, n=int(means.counts[repeated].sum()))


def estimate_sd_within(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate the standard deviation of values within their cluster.

    Estimand: the root of the mean variance within clusters, such as that of a circumstance's rating under perturbations
    without meaning. Clusters are the independent units; those with one value are left out, and one with more values
    weighs more (by its degrees of freedom).

    Args:
        name: What is estimated, such as `retest_sd`.
        about: Of what.
        values: One per observation, in `unit`.
        clusters: The cluster of each observation: the circumstance and wording within which values may differ.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` without a repeated cluster, `no_variation` where nothing differs,
        `not_covered` under 8 repeated clusters or where one carries all the spread.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        As `estimate_sd`.
    """
    effect = effect_sd_within(name=name, about=about, values=values, clusters=clusters, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def _effect(label: Label, squares: FloatArray, *, weights: FloatArray, moved: float, n: int) -> Effect | NotEstimable:
    """Make one mean square of the clusters' sums of squares; `weights` are their degrees of freedom."""
    nominal = weights.sum() - (moved > 1)
    mean_square = squares.sum() / nominal
    point = float(np.sqrt(mean_square))
    detail = f"sd {point:.6g} {label.unit} over {squares.size} clusters; "
    if squares.size < FEWEST_CLUSTERS:
        return _without_interval(label, point, detail + f"coverage is known from {FEWEST_CLUSTERS} on")
    left_out = (squares.sum() - moved * squares) / (nominal - weights)
    df = effective_df(
        mean_squares=np.array([mean_square]),
        left_out=np.maximum(left_out, 0.0)[None],
        nominal=np.array([nominal]),
        inflation=INFLATION,
    )
    if df[0] == 0:
        return _without_interval(label, point, detail + "one cluster carries all the spread")
    pivot = MeanSquares(
        values=frozen(np.array([mean_square])),
        df=frozen(df),
        numerator=frozen(np.ones(1)),
        denominator=frozen(np.zeros(1)),
        kind="sd",
        point=point,
    )
    return effect_of(label, pivot, method="chi_square_jackknife_df", n=n, n_clusters=squares.size)


def _without_interval(label: Label, point: float, detail: str) -> NotEstimable:
    return NotEstimable(
        name=label.name, about=label.about, reason="not_covered", detail=detail, point=point, unit=label.unit
    )
