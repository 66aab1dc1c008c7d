"""Means with the circumstance as the independent unit.

Values are averaged within each cluster first and every cluster weighs the same, however often it was asked.

A mean over fewer than 12 clusters gets no interval: at 8 clusters t intervals of skewed, floored or ceilinged ratings
cover less than 93% (docs/coverage.md), and no feature of so small a sample tells which it is. Contrasts keep theirs.
"""

from collections.abc import Sequence

from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import Values
from goodheart.stats.clusters import ClusterMeans, Label, cluster_means, refusal_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.student import mean_statistic, t_effect

FEWEST_CLUSTERS_FOR_A_MEAN = 12
"""Under it t intervals for the mean of skewed or bounded ratings miss their level."""


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
        refusal = _too_few_for_an_interval(label, means)
    if refusal is not None:
        return refusal
    statistic = mean_statistic(cluster_means=means.means)
    return t_effect(label, statistic, method="t_cluster_means", n=means.total, n_clusters=len(means.names))


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
    """Estimate a mean with a t interval on the means of clusters.

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
        means are equal (a width of 0 would be false certainty), `not_covered` under 12 clusters; the detail has the
        point value.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Student (1908), Biometrika 6:1-25, on cluster means.
    """
    effect = effect_mean(name=name, about=about, values=values, clusters=clusters, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def _too_few_for_an_interval(label: Label, means: ClusterMeans) -> NotEstimable:
    detail = (
        f"{means.means.mean():.6g} {label.unit} over {len(means.names)} clusters; "
        f"under {FEWEST_CLUSTERS_FOR_A_MEAN} the interval may cover less than it says"
    )
    return NotEstimable(name=label.name, about=label.about, reason="not_covered", detail=detail)
