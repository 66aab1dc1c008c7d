"""Differences of shares over replies that come in clusters, where a share may be 0 or 1 in one arm.

`share_arms` has how their variance is estimated.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect, Sample
from goodheart.stats.pivots import Student
from goodheart.stats.share_arms import Arm, Difference, arm_of, difference_of_arms, jackknife, mean_of, padded_variance

FEWEST_CLUSTERS = 2


def effect_difference_of_shares(
    *,
    name: str,
    about: Condition = (),
    a: Sample,
    b: Sample,
    low: float,
    high: float,
    edge: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate the mean of `a` minus the mean of `b`, over replies of the same or of different clusters.

    Estimand: the difference of the two means over replies, clusters drawn from a population of clusters.

    Args:
        name: What is estimated.
        about: Of what, as sorted (factor, level) pairs.
        a: The arm counted positively, such as 1 where a reply opens so and 0 where not.
        b: The arm subtracted.
        low: Smallest value that a reply can have.
        high: Largest value that a reply can have.
        edge: The difference that it will be held against, in size.
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The effect, or `NotEstimable`: `too_few` without replies in an arm, `one_cluster`.

    Raises:
        InternalError: lengths differ or a value is not finite.

    Source:
        Agresti and Caffo (2000), The American Statistician 54:280-288; Efron (1982), The Jackknife, ch. 3.
    """
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    arms = (arm_of(a), arm_of(b))
    if not all(arms):
        return NotEstimable(name=name, about=about, reason="too_few", detail="an arm holds no reply")
    if any(len(arm) < FEWEST_CLUSTERS for arm in arms):
        return NotEstimable(name=name, about=about, reason="one_cluster", detail="an arm holds a single cluster")
    return _within(label, [arms], low=low, high=high, edge=edge)


def effect_difference_of_shares_stratified(
    *,
    name: str,
    about: Condition = (),
    strata: Sequence[tuple[Sample, Sample]],
    low: float,
    high: float,
    edge: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate the mean of one arm minus that of the other within strata, which may differ and be unevenly filled.

    Estimand: sum of w d over strata, d the difference of the two means over replies and w in proportion to
    n_a n_b / (n_a + n_b), the weights of Mantel and Haenszel. A stratum counts where both arms have two clusters.

    Args:
        name: What is estimated.
        about: Of what, as sorted (factor, level) pairs.
        strata: The arm counted positively and the arm subtracted, of each; no two strata share clusters.
        low: Smallest value that a reply can have.
        high: Largest value that a reply can have.
        edge: The difference that it will be held against, in size.
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The effect, or `NotEstimable`: `too_few` where no stratum counts.

    Raises:
        InternalError: lengths differ or a value is not finite.

    Source:
        Greenland and Robins (1985), Biometrics 41:55-68, for the weights; else as `effect_difference_of_shares`.
    """
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    arms = [pair for a, b in strata if min(map(len, pair := (arm_of(a), arm_of(b)))) >= FEWEST_CLUSTERS]
    if not arms:
        detail = f"in none of {len(strata)} strata do both arms hold {FEWEST_CLUSTERS} clusters"
        return NotEstimable(name=name, about=about, reason="too_few", detail=detail)
    return _within(label, arms, low=low, high=high, edge=edge)


def _within(label: Label, arms: Sequence[tuple[Arm, Arm]], *, low: float, high: float, edge: float) -> Effect:
    """Add up the differences within strata, each by its weight."""
    sizes = [[sum(values.size for values in arm.values()) for arm in pair] for pair in arms]
    weights = np.array([n_a * n_b / (n_a + n_b) for n_a, n_b in sizes])
    shares: list[float] = (weights / weights.sum()).tolist()
    parts = [
        (difference_of_arms(*pair, low=low, high=high, edge=edge), w) for pair, w in zip(arms, shares, strict=True)
    ]
    whole = Difference(
        value=sum(w * one.value for one, w in parts),
        seen=tuple((w**2 * variance, df) for one, w in parts for variance, df in one.seen),
        floor=sum(w**2 * one.floor for one, w in parts),
        at_edge=sum(w**2 * one.at_edge for one, w in parts),
    )
    n_clusters = sum(len(a.keys() | b.keys()) for a, b in arms)
    return effect_of(label, whole.pivot(), method="shares_jackknife", n=int(np.sum(sizes)), n_clusters=n_clusters)


def effect_mean_padded(
    *,
    name: str,
    about: Condition = (),
    sample: Sample,
    low: float,
    high: float,
    edge: float,
    more: float = 0.0,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate the mean over replies that come in clusters, such as of paired differences that may all be 0.

    Args:
        name: What is estimated.
        about: Of what.
        sample: Values with their clusters.
        low: Smallest value that a reply can have.
        high: Largest value that a reply can have.
        edge: The mean that it will be held against, in size.
        more: Variance of a value beyond what was seen, were the mean at the edge; for values that know it themselves.
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        The effect, or `NotEstimable`: `too_few`, `one_cluster`.

    Source:
        As `effect_difference_of_shares`.
    """
    arm = arm_of(sample)
    if len(arm) < FEWEST_CLUSTERS:
        reason: Literal["too_few", "one_cluster"] = "one_cluster" if arm else "too_few"
        return NotEstimable(name=name, about=about, reason=reason, detail=f"{len(arm)} clusters")
    seen = max(jackknife(arm), padded_variance(arm, low, high))
    values = np.concatenate(list(arm.values()))
    # At the edge: the largest spread that values of one sign can have around that mean.
    widest = edge * (max(abs(low), abs(high)) - edge) / values.size
    independent = float(values.var()) / values.size
    variance = max(seen, widest * max(1.0, seen / independent if independent > 0 else 1.0)) + more / values.size
    pivot = Student(value=mean_of(arm), stderr=float(np.sqrt(variance)), df=float(len(arm) - 1), transform="identity")
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    return effect_of(label, pivot, method="shares_jackknife", n=len(sample.values), n_clusters=len(arm))
