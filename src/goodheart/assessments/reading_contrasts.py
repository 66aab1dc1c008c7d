"""Contrasts of readings between sets of prompts, along many directions at once.

Readings are ranked along each direction among the prompts of one ruler,

    above = (number of the others that read lower + half of the equal ones) / (number of the others)

because a ladder may leave the order of texts and withhold sizes. The same statistic is taken along random directions,
whose sign is arbitrary, so that theirs lies around the centre (1/2 for an area under the curve, 0 for a gap).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats as scipy_stats

from goodheart.probes.direction import FloatArray
from goodheart.records import Condition, NotEstimable
from goodheart.stats.auc import area_under_curve, effect_auc
from goodheart.stats.contrasts import effect_contrast_independent, effect_contrast_paired
from goodheart.stats.effect import Effect, Sample, p_above, p_below

CENTRES = {"auc": 0.5, "paired": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Prompts of one side of a contrast."""

    rows: tuple[int, ...]
    """Their places."""
    clusters: tuple[str, ...]
    """The cluster of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """What is held against what."""

    name: str
    about: Condition
    kind: Literal["auc", "paired"]
    """`auc`: P(a cluster of `a` reads higher than one of `b`); `paired`: mean difference within clusters."""
    a: Side
    b: Side
    speakers: tuple[str, ...]
    """Whose feelings both sides tell of, by the ladder's names; readings depend on their rungs."""


def ranks_above(values: FloatArray) -> FloatArray:
    """Return for each value (n_prompts, n_directions) the share of the others in its column below it."""
    ranks = scipy_stats.rankdata(values, method="average", axis=0)
    return np.asarray((ranks - 1) / max(len(values) - 1, 1), dtype=np.float64)


def statistic(above: FloatArray, contrast: Contrast) -> FloatArray:
    """Return the contrast along every direction, (n_directions,).

    Args:
        above: (n_prompts, n_directions).
        contrast: What is held against what.
    """
    names_a, a = by_cluster(above, contrast.a)
    names_b, b = by_cluster(above, contrast.b)
    if contrast.kind == "auc":
        return area_under_curve(positive=a.T, negative=b.T)
    common = sorted(set(names_a) & set(names_b))
    gaps = a[[names_a.index(one) for one in common]] - b[[names_b.index(one) for one in common]]
    return np.asarray(gaps.mean(axis=0))


def effect_of_contrast(above: FloatArray, contrast: Contrast, *, about: Condition) -> Effect | NotEstimable:
    """Estimate the contrast along one direction, clusters as the independent units.

    Args:
        above: (n_prompts,).
        contrast: What is held against what.
        about: The contrast's own, with the direction.
    """
    a, b = (_sample(above, side) for side in (contrast.a, contrast.b))
    if contrast.kind == "paired":
        return effect_contrast_paired(name=contrast.name, about=about, a=a, b=b, unit="rank")
    positive, negative = (by_cluster(above[:, None], side)[1][:, 0] for side in (contrast.a, contrast.b))
    return effect_auc(name=contrast.name, about=about, positive=positive, negative=negative)


def size_of_contrast(values: FloatArray, contrast: Contrast, *, about: Condition) -> Effect | NotEstimable:
    """Estimate by how much readings differ, in distances; for directions whose sizes the ladder does not withhold.

    Args:
        values: (n_prompts,) distances.
        contrast: What is held against what.
        about: The contrast's own, with the direction.
    """
    a, b = (_sample(values, side) for side in (contrast.a, contrast.b))
    estimate = effect_contrast_paired if contrast.kind == "paired" else effect_contrast_independent
    return estimate(name=f"{contrast.name}_size", about=about, a=a, b=b, unit="distances")


def comparable(contrast: Contrast) -> bool:
    """Say whether there is anything to compare: both sides, and of a paired contrast clusters that both have."""
    if contrast.kind == "auc":
        return bool(contrast.a.rows) and bool(contrast.b.rows)
    return bool(set(contrast.a.clusters) & set(contrast.b.clusters))


def two_sided(effect: Effect | NotEstimable, *, centre: float) -> float:
    """Return the two-sided p-value against the centre; 1 where there is no effect to test."""
    if isinstance(effect, NotEstimable):
        return 1.0
    return min(1.0, 2 * min(p_above(effect=effect, bound=centre), p_below(effect=effect, bound=centre)))


def rank_among(value: float, null: FloatArray, *, centre: float) -> float:
    """Return the share of random directions at least as far from the centre, the direction itself counted."""
    return float((1 + (np.abs(null - centre) >= abs(value - centre) - 1e-12).sum()) / (1 + len(null)))


def by_cluster(above: FloatArray, side: Side) -> tuple[list[str], FloatArray]:
    """Average readings (n_prompts, n_directions) within clusters.

    Returns:
        The clusters' names, sorted, and their means (n_clusters, n_directions).
    """
    names = sorted(set(side.clusters))
    weights = np.zeros((len(names), len(side.rows)))
    for column, name in enumerate(side.clusters):
        weights[names.index(name), column] = 1.0
    weights /= np.maximum(weights.sum(1, keepdims=True), 1)
    return names, np.asarray(weights @ above[list(side.rows)])


def _sample(values: FloatArray, side: Side) -> Sample:
    return Sample(values=[float(values[row]) for row in side.rows], clusters=list(side.clusters))
