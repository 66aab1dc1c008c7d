"""From observations to one point per cluster, the independent unit; and why points may carry no interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array, is_constant, same_length
from goodheart.stats.effect import Effect, Pivot, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an estimate is called and where it comes from."""

    name: str
    about: Condition
    unit: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterMeans:
    """Means within clusters, in sorted order of the cluster names."""

    names: tuple[str, ...]
    means: FloatArray
    counts: FloatArray
    scale: float
    """Largest absolute value among the observations."""

    @property
    def total(self) -> int:
        """Observations in all clusters together."""
        return int(self.counts.sum())


def cluster_means(*, values: Values, clusters: Sequence[str]) -> ClusterMeans:
    """Average values within each cluster.

    Raises:
        InternalError: lengths differ, or a value is not finite.
    """
    same_length(values, clusters, what="`values` and `clusters`")
    array = finite_array(values, what="values")
    if array.size == 0:
        return ClusterMeans(names=(), means=array, counts=array, scale=0.0)
    # Some dozen names: a dictionary finds their places faster than sorting an array of all of them.
    names = tuple(sorted(set(clusters)))
    places = {name: place for place, name in enumerate(names)}
    index = np.array([places[cluster] for cluster in clusters], dtype=np.intp)
    counts = np.bincount(index).astype(np.float64)
    sums = np.bincount(index, weights=array)
    return ClusterMeans(names=names, means=sums / counts, counts=counts, scale=float(np.abs(array).max()))


def paired_gaps(*, a: Sample, b: Sample) -> ClusterMeans:
    """Return, for each cluster that both arms have, the mean of `a` minus the mean of `b`."""
    first = cluster_means(values=a.values, clusters=a.clusters)
    second = cluster_means(values=b.values, clusters=b.clusters)
    common = sorted(set(first.names) & set(second.names))
    i = [first.names.index(cluster) for cluster in common]
    j = [second.names.index(cluster) for cluster in common]
    return ClusterMeans(
        names=tuple(common),
        means=first.means[i] - second.means[j],
        counts=first.counts[i] + second.counts[j],
        scale=max(first.scale, second.scale),
    )


def refusal_of(label: Label, points: FloatArray, *, scale: float) -> NotEstimable | None:
    """Say why cluster-level points carry no interval; None where they do."""
    if points.size == 0:
        return NotEstimable(name=label.name, about=label.about, reason="too_few", detail="no values")
    if points.size == 1:
        detail = f"1 cluster with the value {points[0]:.6g} {label.unit}: nothing says how clusters vary"
        return _refuse(label, "one_cluster", detail, float(points[0]))
    if is_constant(points, scale=scale):
        detail = f"all {points.size} clusters have the value {points[0]:.6g} {label.unit}"
        return _refuse(label, "no_variation", detail, float(points[0]))
    return None


def _refuse(label: Label, reason: Literal["one_cluster", "no_variation"], detail: str, point: float) -> NotEstimable:
    return NotEstimable(name=label.name, about=label.about, reason=reason, detail=detail, point=point, unit=label.unit)


def effect_of(label: Label, pivot: Pivot, *, method: str, n: int, n_clusters: int) -> Effect:
    """Put a label on what an interval rests on."""
    return Effect(
        name=label.name,
        about=label.about,
        pivot=pivot,
        unit=label.unit,
        n=n,
        n_clusters=n_clusters,
        method=method,
        evidence=label.evidence,
    )
