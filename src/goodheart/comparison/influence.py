"""Statistics that are smooth in the means of several independent sets of items, with the delta method.

Each item has an influence: its part in the statistic's first-order expansion. The variance is the sum over sets of
(variance of the influences) / (number of items), on Satterthwaite's degrees of freedom. Statistics of several channels
subtract item by item, so what items have in common cancels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.comparison.channels import GROUPS, ChannelPair
from goodheart.records import Group
from goodheart.stats.arguments import FloatArray
from goodheart.stats.pivots import Student


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence:
    """A statistic with the influence of every item on it."""

    value: float
    clusters: Mapping[Group, tuple[str, ...]]
    parts: Mapping[Group, FloatArray]
    """By group, shape (n_clusters,), in the order of `clusters`; up to a constant per group."""


def own_units(pair: ChannelPair) -> Influence:
    """Return the movement with each version in its own distance, K_B / U_B - K_A / U_A."""
    first, second = position(pair, later=False, unit_of_later=False), position(pair, later=True, unit_of_later=True)
    return Influence(
        value=second.value - first.value,
        clusters=first.clusters,
        parts={group: second.parts[group] - first.parts[group] for group in GROUPS},
    )


def midpoint(pair: ChannelPair) -> Influence:
    """Return the contrast half-way between both versions, (K_A + K_B) / (2 * U_A)."""
    first, second = (position(pair, later=later, unit_of_later=False) for later in (False, True))
    return mean_of((first, second))


def position(pair: ChannelPair, *, later: bool, unit_of_later: bool) -> Influence:
    """Return one version's contrast K in the distance U of a version.

    Args:
        pair: The channel.
        later: Whether K is the later version's.
        unit_of_later: Whether U is.
    """
    k = {group: values_of(pair, group, later=later) for group in GROUPS}
    u = {group: values_of(pair, group, later=unit_of_later) for group in GROUPS}
    contrast = k["circumstance"].mean() - k["nonwelfare"].mean()
    unit = u["good"].mean() - u["bad"].mean()
    # d(K/U) = dK / U - K / U**2 * dU
    return Influence(
        value=float(contrast / unit),
        clusters={group: pair.groups[group].clusters for group in GROUPS},
        parts={
            "circumstance": k["circumstance"] / unit,
            "nonwelfare": -k["nonwelfare"] / unit,
            "good": -contrast / unit**2 * u["good"],
            "bad": contrast / unit**2 * u["bad"],
        },
    )


def mean_of(several: Sequence[Influence]) -> Influence:
    """Average statistics over the items that all of them have."""
    return _combined(several, [1 / len(several)] * len(several))


def minus(a: Influence, b: Influence) -> Influence:
    """Subtract statistics over the items that both have."""
    return _combined((a, b), (1.0, -1.0))


def student_of(influence: Influence) -> Student:
    """Return the statistic with its standard error and degrees of freedom."""
    squares = [
        (float(part.var(ddof=1)) / part.size, part.size - 1) for part in influence.parts.values() if part.size > 1
    ]
    total = sum(square for square, _ in squares)
    below = sum(square**2 / df for square, df in squares)
    return Student(
        value=influence.value,
        stderr=float(np.sqrt(total)),
        df=total**2 / below if below > 0 else np.inf,
        transform="identity",
    )


def values_of(pair: ChannelPair, group: Group, *, later: bool) -> FloatArray:
    """Return one version's means of the items of a group."""
    return pair.groups[group].later if later else pair.groups[group].earlier


def _combined(several: Sequence[Influence], weights: Sequence[float]) -> Influence:
    common = {
        group: tuple(sorted(set.intersection(*(set(one.clusters[group]) for one in several)))) for group in GROUPS
    }
    return Influence(
        value=sum(weight * one.value for weight, one in zip(weights, several, strict=True)),
        clusters=common,
        parts={
            group: np.asarray(
                sum(weight * _picked(one, group, common[group]) for weight, one in zip(weights, several, strict=True))
            )
            for group in GROUPS
        },
    )


def _picked(one: Influence, group: Group, clusters: Sequence[str]) -> FloatArray:
    place = {cluster: k for k, cluster in enumerate(one.clusters[group])}
    return one.parts[group][[place[cluster] for cluster in clusters]]
