"""How well one set of values lies above another: the area under the ROC curve."""

import numpy as np

from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.score import Score

FEWEST_PER_SIDE = 8
"""The smallest size in the coverage table; below it there is no interval."""


def area_under_curve(*, positive: FloatArray, negative: FloatArray) -> FloatArray:
    """Return P(positive > negative) + P(equal) / 2 over all pairs, along the last axis of each."""
    signs = np.sign(positive[..., :, None] - negative[..., None, :])
    return np.asarray((signs.mean(axis=(-2, -1)) + 1) / 2, dtype=np.float64)


def effect_auc(
    *, name: str, about: Condition = (), positive: Values, negative: Values, evidence: tuple[Evidence, ...] = ()
) -> Effect | NotEstimable:
    """Estimate an area under the ROC curve; see `estimate_auc`."""
    label = Label(name=name, about=about, unit="AUC", evidence=evidence)
    a, b = finite_array(positive, what="positive"), finite_array(negative, what="negative")
    if min(a.size, b.size) == 0:
        return NotEstimable(name=name, about=about, reason="too_few", detail=f"{a.size} positive, {b.size} negative")
    value = float(area_under_curve(positive=a, negative=b))
    if min(a.size, b.size) < FEWEST_PER_SIDE:
        detail = (
            f"AUC {value:.3g} from {a.size} and {b.size} values; coverage is known from {FEWEST_PER_SIDE} a side on"
        )
        return NotEstimable(name=name, about=about, reason="not_covered", detail=detail, point=value, unit="AUC")
    if np.ptp(np.concatenate([a, b])) == 0:
        detail = f"all {a.size + b.size} values are equal"
        return NotEstimable(name=name, about=about, reason="no_variation", detail=detail, point=value, unit="AUC")
    pivot = Score(value=value, n_positive=a.size, n_negative=b.size)
    return effect_of(label, pivot, method="newcombe_5", n=a.size + b.size, n_clusters=a.size + b.size)


def estimate_auc(
    *,
    name: str,
    about: Condition = (),
    positive: Values,
    negative: Values,
    level: float,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate the area under the ROC curve with Newcombe's method 5.

    Estimand: the probability that a value of the first population exceeds one of the second, ties counting half.

    Args:
        name: What is estimated, such as `controls_auc`.
        about: Of what.
        positive: Values expected to be higher, one per cluster, independent.
        negative: Values expected to be lower, one per cluster, independent.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, with an interval of positive width also at 0 and 1, or `NotEstimable`: `too_few` where a set is
        empty, `not_covered` under 8 a side, `no_variation` where all values are equal.

    Raises:
        InternalError: a value is not finite, or `level` is not in (0, 1).

    Source:
        Newcombe (2006), Statistics in Medicine 25:559-573, method 5.
    """
    effect = effect_auc(name=name, about=about, positive=positive, negative=negative, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)
