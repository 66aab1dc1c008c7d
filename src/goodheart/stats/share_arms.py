"""The two arms of a difference of shares, and what the variance of the difference is made of.

    d = mean(a) - mean(b) over replies        variance by the jackknife over clusters, and never less than
    (1) sum over arms of var(values with one reply added at each end of their range) / (n + 2)
    (2) deff * m (1 - m) / n_a + deff * mean(b) (1 - mean(b)) / n_b,   m = mean(b) + edge

The jackknife sees how clusters differ. (1) keeps an interval where nothing varies, as Agresti and Caffo's added replies
do. (2) is the variance that the difference would have at the edge it is held against, as in a score test: where few
replies have what is counted, a small share comes with a small variance, and an interval from that alone misses the edge
too often. deff is the jackknife's variance over that of independent replies, over both arms, at least 1. Degrees of
freedom: clusters less one where the arms share clusters, else Welch's.
"""

from dataclasses import dataclass

import numpy as np

from goodheart.stats.arguments import FloatArray, finite_array, same_length
from goodheart.stats.effect import Sample
from goodheart.stats.pivots import Student

Arm = dict[str, FloatArray]
"""Values of the replies of each cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference of two means over replies, with what its variance is made of."""

    value: float
    seen: tuple[tuple[float, float], ...]
    """Variances as seen that add up, each with its degrees of freedom."""
    floor: float
    at_edge: float

    def pivot(self) -> Student:
        """Return what is referred to Student's distribution, by Satterthwaite's degrees of freedom."""
        seen = sum(variance for variance, _ in self.seen)
        df = self.seen[0][1]
        if len(self.seen) > 1 and seen > 0:
            df = seen**2 / sum(variance**2 / df for variance, df in self.seen)
        variance = max(seen, self.floor, self.at_edge)
        return Student(value=self.value, stderr=float(np.sqrt(variance)), df=df, transform="identity")


def difference_of_arms(a: Arm, b: Arm, *, low: float, high: float, edge: float) -> Difference:
    """Estimate the mean of `a` minus the mean of `b`; each holds at least two clusters."""
    floors = [padded_variance(arm, low, high) for arm in (a, b)]
    if a.keys() & b.keys():
        seen: tuple[tuple[float, float], ...] = ((_jackknife_both(a, b), float(len({**a, **b}) - 1)),)
    else:
        kept = [max(jackknife(arm), floor) for arm, floor in zip((a, b), floors, strict=True)]
        seen = tuple((one, float(len(arm) - 1)) for one, arm in zip(kept, (a, b), strict=True))
    return Difference(
        value=mean_of(a) - mean_of(b),
        seen=seen,
        floor=sum(floors),
        at_edge=_at_edge(a, b, sum(variance for variance, _ in seen), edge),
    )


def arm_of(sample: Sample) -> Arm:
    """Group the values of a sample by cluster; no values give no arm."""
    same_length(sample.values, sample.clusters, what="`values` and `clusters`")
    values = finite_array(sample.values, what="values")
    names = np.asarray(sample.clusters, dtype=str)
    return {str(name): values[names == name] for name in np.unique(names)} if values.size else {}


def _sums(arm: Arm) -> tuple[FloatArray, FloatArray]:
    values = list(arm.values())
    return np.array([one.sum() for one in values]), np.array([float(one.size) for one in values])


def mean_of(arm: Arm) -> float:
    """Return the mean over replies."""
    sums, counts = _sums(arm)
    return float(sums.sum() / counts.sum())


def _left_out(arm: Arm) -> FloatArray:
    """The mean without each cluster in turn."""
    sums, counts = _sums(arm)
    return np.asarray((sums.sum() - sums) / (counts.sum() - counts))


def jackknife(arm: Arm) -> float:
    """Return the variance of the mean over replies, by leaving out each cluster in turn."""
    means = _left_out(arm)
    return float((len(means) - 1) / len(means) * ((means - means.mean()) ** 2).sum())


def _jackknife_both(a: Arm, b: Arm) -> float:
    """Leave a cluster out of both arms at once, so that what its replies share is not counted twice."""
    names = sorted(a.keys() | b.keys())
    without = []
    for arm in (a, b):
        left = dict(zip(arm, _left_out(arm), strict=True))
        whole = mean_of(arm)
        without.append(np.array([left.get(name, whole) for name in names]))
    gaps = without[0] - without[1]
    return float((len(names) - 1) / len(names) * ((gaps - gaps.mean()) ** 2).sum())


def _at_edge(a: Arm, b: Arm, seen: float, edge: float) -> float:
    """The variance of the difference if it stood at the edge, on the side where that is larger."""
    means = [mean_of(arm) for arm in (a, b)]
    sizes = [sum(values.size for values in arm.values()) for arm in (a, b)]
    independent = sum(_binary(mean) / size for mean, size in zip(means, sizes, strict=True))
    deff = max(1.0, seen / independent) if independent > 0 else 1.0
    # Which arm is off is not known: each is put at the edge with the other where it was seen.
    own = max(_binary(means[1] + side) for side in (-edge, edge)) / sizes[0] + _binary(means[1]) / sizes[1]
    return deff * own


def _binary(mean: float) -> float:
    kept = min(1.0, abs(mean))
    return kept * (1 - kept)


def padded_variance(arm: Arm, low: float, high: float) -> float:
    """Return (1) of one arm: the variance of its mean with one reply added at each end."""
    values = np.concatenate([*arm.values(), [low, high]])
    return float(values.var() / values.size)
