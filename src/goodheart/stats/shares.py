"""Differences of shares over replies that come in clusters, where a share may be 0 or 1 in one arm.

    d = mean(a) - mean(b) over replies        variance by the jackknife over clusters, and never less than
    (1) sum over arms of var(values with one reply added at each end of their range) / (n + 2)
    (2) deff * m (1 - m) / n_a + deff * mean(b) (1 - mean(b)) / n_b,   m = mean(b) + edge

The jackknife sees how clusters differ. (1) keeps an interval where nothing varies, as Agresti and Caffo's added replies
do. (2) is the variance that the difference would have at the edge it is held against, as in a score test: where few
replies have what is counted, a small share comes with a small variance, and an interval from that alone misses the edge
too often. deff is the jackknife's variance over that of independent replies, over both arms, at least 1. Degrees of
freedom: clusters less one where the arms share clusters, else Welch's.
"""

from typing import Literal

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.arguments import FloatArray, finite_array, same_length
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect, Sample
from goodheart.stats.pivots import Student

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
    arms = [_arm(a), _arm(b)]
    if any(not arm for arm in arms):
        return NotEstimable(name=name, about=about, reason="too_few", detail="an arm holds no reply")
    if any(len(arm) < FEWEST_CLUSTERS for arm in arms):
        return NotEstimable(name=name, about=about, reason="one_cluster", detail="an arm holds a single cluster")
    value = _mean(arms[0]) - _mean(arms[1])
    variances = [_jackknife(arms[0]), _jackknife(arms[1])]
    floors = [_padded_variance(arm, low, high) for arm in arms]
    shared = arms[0].keys() & arms[1].keys()
    if shared:
        seen, df = _jackknife_both(arms[0], arms[1]), float(len({**arms[0], **arms[1]}) - 1)
    else:
        kept = [max(pair) for pair in zip(variances, floors, strict=True)]
        seen = sum(kept)
        df = seen**2 / sum(one**2 / (len(arm) - 1) for one, arm in zip(kept, arms, strict=True))
    variance = max(seen, sum(floors), _at_edge(arms[0], arms[1], seen, edge))
    pivot = Student(value=value, stderr=float(np.sqrt(variance)), df=df, transform="identity")
    n = len(a.values) + len(b.values)
    n_clusters = len(arms[0].keys() | arms[1].keys())
    return effect_of(label, pivot, method="shares_jackknife", n=n, n_clusters=n_clusters)


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
    arm = _arm(sample)
    if len(arm) < FEWEST_CLUSTERS:
        reason: Literal["too_few", "one_cluster"] = "one_cluster" if arm else "too_few"
        return NotEstimable(name=name, about=about, reason=reason, detail=f"{len(arm)} clusters")
    seen = max(_jackknife(arm), _padded_variance(arm, low, high))
    values = np.concatenate(list(arm.values()))
    # At the edge: the largest spread that values of one sign can have around that mean.
    widest = edge * (max(abs(low), abs(high)) - edge) / values.size
    independent = float(values.var()) / values.size
    variance = max(seen, widest * max(1.0, seen / independent if independent > 0 else 1.0)) + more / values.size
    pivot = Student(value=_mean(arm), stderr=float(np.sqrt(variance)), df=float(len(arm) - 1), transform="identity")
    label = Label(name=name, about=about, unit=unit, evidence=evidence)
    return effect_of(label, pivot, method="shares_jackknife", n=len(sample.values), n_clusters=len(arm))


Arm = dict[str, FloatArray]


def _arm(sample: Sample) -> Arm:
    same_length(sample.values, sample.clusters, what="`values` and `clusters`")
    values = finite_array(sample.values, what="values")
    names = np.asarray(sample.clusters, dtype=str)
    return {str(name): values[names == name] for name in np.unique(names)} if values.size else {}


def _sums(arm: Arm) -> tuple[FloatArray, FloatArray]:
    values = list(arm.values())
    return np.array([one.sum() for one in values]), np.array([float(one.size) for one in values])


def _mean(arm: Arm) -> float:
    sums, counts = _sums(arm)
    return float(sums.sum() / counts.sum())


def _left_out(arm: Arm) -> FloatArray:
    """The mean without each cluster in turn."""
    sums, counts = _sums(arm)
    return np.asarray((sums.sum() - sums) / (counts.sum() - counts))


def _jackknife(arm: Arm) -> float:
    means = _left_out(arm)
    return float((len(means) - 1) / len(means) * ((means - means.mean()) ** 2).sum())


def _jackknife_both(a: Arm, b: Arm) -> float:
    """Leave a cluster out of both arms at once, so that what its replies share is not counted twice."""
    names = sorted(a.keys() | b.keys())
    without = []
    for arm in (a, b):
        left = dict(zip(arm, _left_out(arm), strict=True))
        whole = _mean(arm)
        without.append(np.array([left.get(name, whole) for name in names]))
    gaps = without[0] - without[1]
    return float((len(names) - 1) / len(names) * ((gaps - gaps.mean()) ** 2).sum())


def _at_edge(a: Arm, b: Arm, seen: float, edge: float) -> float:
    """The variance of the difference if it stood at the edge, on the side where that is larger."""
    means = [_mean(arm) for arm in (a, b)]
    sizes = [sum(values.size for values in arm.values()) for arm in (a, b)]
    independent = sum(_binary(mean) / size for mean, size in zip(means, sizes, strict=True))
    deff = max(1.0, seen / independent) if independent > 0 else 1.0
    # Which arm is off is not known: each is put at the edge with the other where it was seen.
    own = max(_binary(means[1] + side) for side in (-edge, edge)) / sizes[0] + _binary(means[1]) / sizes[1]
    return deff * own


def _binary(mean: float) -> float:
    kept = min(1.0, abs(mean))
    return kept * (1 - kept)


def _padded_variance(arm: Arm, low: float, high: float) -> float:
    values = np.concatenate([*arm.values(), [low, high]])
    return float(values.var() / values.size)
