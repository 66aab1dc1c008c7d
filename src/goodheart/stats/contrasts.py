"""Contrasts of means: paired by cluster, between two sets of clusters, and differences in differences."""

from goodheart.errors import InternalError
from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.clusters import ClusterMeans, Label, cluster_means, paired_gaps, refusal_of
from goodheart.stats.effect import Effect, Sample, estimate_from_effect
from goodheart.stats.student import mean_statistic, t_effect, welch_statistic


def effect_contrast_paired(
    *,
    name: str,
    about: Condition = (),
    a: Sample,
    b: Sample,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate a paired contrast; see `estimate_contrast_paired`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    gaps = paired_gaps(a=a, b=b)
    refusal = refusal_of(label, gaps.means, scale=gaps.scale)
    if refusal is not None:
        return refusal
    statistic = mean_statistic(cluster_means=gaps.means)
    return t_effect(label, statistic, method="t_paired_clusters", n=gaps.total, n_clusters=len(gaps.names))


def estimate_contrast_paired(
    *,
    name: str,
    about: Condition = (),
    a: Sample,
    b: Sample,
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate a minus b, paired by cluster, with a t interval on the clusters' differences.

    Estimand: the mean over the population of clusters of (mean of a minus mean of b) within the cluster. Clusters that
    only one arm has are left out, and `n` counts the values used.

    Args:
        name: What is estimated, such as `rating_gap`.
        about: Of what, as sorted (factor, level) pairs.
        a: The arm counted positively.
        b: The arm subtracted.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` without a common cluster, `one_cluster`, `no_variation` where all
        differences are equal.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Student (1908), Biometrika 6:1-25, on paired differences.
    """
    effect = effect_contrast_paired(name=name, about=about, a=a, b=b, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def effect_contrast_independent(
    *,
    name: str,
    about: Condition = (),
    a: Sample,
    b: Sample,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate a contrast of two sets of clusters; see `estimate_contrast_independent`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    first = cluster_means(values=a.values, clusters=a.clusters)
    second = cluster_means(values=b.values, clusters=b.clusters)
    return _welch_effect(label, first, second, method="t_welch_clusters")


def estimate_contrast_independent(
    *,
    name: str,
    about: Condition = (),
    a: Sample,
    b: Sample,
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate a minus b for two different sets of clusters, with Welch's t interval on cluster means.

    Estimand: the mean over the population of clusters that `a` samples minus that over the one that `b` samples.

    Args:
        name: What is estimated, such as `rating_gap`.
        about: Of what, as sorted (factor, level) pairs.
        a: The set counted positively.
        b: The set subtracted; no cluster in common with `a`.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` where a set is empty, `one_cluster` where a set has one,
        `no_variation` where the clusters of both sets do not differ within their set.

    Raises:
        InternalError: the sets share a cluster (then the contrast is a paired one), lengths differ, a value is not
            finite, or `level` is not in (0, 1).

    Source:
        Welch (1947), Biometrika 34:28-35.
    """
    effect = effect_contrast_independent(name=name, about=about, a=a, b=b, unit=unit, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def effect_difference_in_differences(
    *,
    name: str,
    about: Condition = (),
    first: tuple[Sample, Sample],
    second: tuple[Sample, Sample],
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate a difference in differences; see `estimate_difference_in_differences`."""
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    gaps = paired_gaps(a=first[0], b=first[1])
    reference = paired_gaps(a=second[0], b=second[1])
    return _welch_effect(label, gaps, reference, method="t_welch_gaps")


def estimate_difference_in_differences(
    *,
    name: str,
    about: Condition = (),
    first: tuple[Sample, Sample],
    second: tuple[Sample, Sample],
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate the paired gap in one set of clusters minus the paired gap in another, with Welch's t interval.

    Estimand: the mean over one population of clusters of (a minus b) within the cluster, minus the same mean over a
    second population; such as self minus other AI on circumstances, beyond the same gap on neutral ones.

    Args:
        name: What is estimated, such as `rating_gap_beyond_neutral`.
        about: Of what, as sorted (factor, level) pairs.
        first: Arms a and b in the first set of clusters.
        second: Arms a and b in the second set; no cluster in common with the first.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable` as for `estimate_contrast_independent`.

    Raises:
        InternalError: the sets share a cluster, lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Welch (1947), Biometrika 34:28-35, on the clusters' differences.
    """
    effect = effect_difference_in_differences(
        name=name, about=about, first=first, second=second, unit=unit, evidence=evidence
    )
    return estimate_from_effect(effect=effect, level=level)


def _welch_effect(label: Label, a: ClusterMeans, b: ClusterMeans, *, method: str) -> Effect | NotEstimable:
    shared = sorted(set(a.names) & set(b.names))
    if shared:
        raise InternalError(
            "a contrast of two sets of clusters needs sets without a common cluster, because it treats them as "
            f"independent; got {shared[:3]} in both. Use `estimate_contrast_paired`."
        )
    scale = max(a.scale, b.scale)
    refusals = [refusal_of(label, part.means, scale=scale) for part in (a, b)]
    # One set without spread is data; Welch needs spread in at least one.
    fatal = [r for r in refusals if r is not None and (r.reason != "no_variation" or None not in refusals)]
    if fatal:
        return fatal[0]
    statistic = welch_statistic(first=a.means, second=b.means)
    return t_effect(label, statistic, method=method, n=a.total + b.total, n_clusters=len(a.names) + len(b.names))
