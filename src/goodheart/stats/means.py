"""Means with the circumstance as the independent unit.

Values are averaged within each cluster first and every cluster weighs the same, however often it was asked.

Ratings are skewed or cut off at the ends of their scale, where Student's interval for a mean covers less than it says
(92% at 8 clusters with a third of the ratings at the floor). So the degrees of freedom heed the tails
(`student.tail_statistic`), which brings it to 93-97% from 8 clusters on; below that the mean has no interval.
"""

from collections.abc import Sequence

from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import Values
from goodheart.stats.clusters import ClusterMeans, Label, cluster_means, refusal_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.student import t_effect, tail_statistic

FEWEST_CLUSTERS_FOR_A_MEAN = 8
"""The smallest number in the coverage table; below it there is no interval."""


def effect_mean(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate a mean over clusters; see `estimate_mean`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    means = cluster_means(values=values, clusters=clusters)
    refusal = refusal_of(label, means.means, scale=means.scale)
    if refusal is None and len(means.names) < FEWEST_CLUSTERS_FOR_A_MEAN:
        refusal = _without_interval(label, means, f"coverage is known from {FEWEST_CLUSTERS_FOR_A_MEAN} on")
    if refusal is not None:
        return refusal
    statistic = tail_statistic(cluster_means=means.means)
    if statistic.df == 0:
        return _without_interval(label, means, "one cluster carries all the spread")
    return t_effect(label, statistic, method="t_tail_df", n=means.total, n_clusters=len(means.names))


def estimate_mean(
    *,
    name: str,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate a mean with a t interval on the means of clusters, its degrees of freedom heeding the tails.

    Estimand: the mean over the population of clusters of each cluster's own mean; every cluster weighs the same,
    however many observations it has.

    Args:
        name: What is estimated, such as `rating_mean`.
        about: Of what, as sorted (factor, level) pairs.
        values: One per observation, in `unit`.
        clusters: The cluster (circumstance) of each observation.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values, such as `points`.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` without values, `one_cluster`, `no_variation` where all cluster
        means are equal (a width of 0 would be false certainty), `not_covered` under 8 clusters or where one cluster
        carries all the spread; the detail has the point value.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Student (1908), Biometrika 6:1-25, on cluster means; degrees of freedom as `student.tail_statistic`.
    """
    effect = effect_mean(name=name, about=about, values=values, clusters=clusters, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def _without_interval(label: Label, means: ClusterMeans, why: str) -> NotEstimable:
    point = float(means.means.mean())
    detail = f"{point:.6g} {label.unit} over {len(means.names)} clusters; {why}"
    return NotEstimable(
        name=label.name, about=label.about, reason="not_covered", detail=detail, point=point, unit=label.unit
    )
