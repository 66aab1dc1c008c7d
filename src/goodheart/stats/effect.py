"""An effect with what its interval rests on, so that intervals at any level and p-values come from one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import Values, probability
from goodheart.stats.mean_squares import MeanSquares, mean_squares_bound, mean_squares_p_above
from goodheart.stats.pivots import LIMITS, Student, student_bound, student_p_above, to_natural
from goodheart.stats.score import Score, score_bound, score_p_above
from goodheart.stats.share_pivot import Share, share_bound, share_p_above

Pivot = Student | MeanSquares | Score | Share
"""A distribution from which bounds and p-values follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One arm of a contrast: values with the cluster that each belongs to."""

    values: Values
    clusters: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an estimate says before a level is chosen."""

    name: str
    about: Condition = ()
    pivot: Pivot
    unit: str
    """Of the natural scale."""
    n: int
    n_clusters: int
    method: str
    evidence: tuple[Evidence, ...] = ()


def natural_value(*, effect: Effect) -> float:
    """Return the point estimate on its natural scale."""
    match effect.pivot:
        case Student() as pivot:
            return to_natural(transform=pivot.transform, scaled=pivot.value)
        case MeanSquares() as pivot:
            return pivot.point
        case Score() as pivot:
            return pivot.value
        case Share() as pivot:
            return pivot.value
        case _ as never:
            assert_never(never)


def lower_bound(*, effect: Effect, alpha: float) -> float:
    """Return the one-sided lower confidence bound at 1 - alpha, on the natural scale."""
    match effect.pivot:
        case Student() as pivot:
            return student_bound(pivot=pivot, alpha=alpha, side=-1)
        case MeanSquares() as pivot:
            return mean_squares_bound(pivot=pivot, alpha=alpha, side=-1)
        case Score() as pivot:
            return score_bound(pivot=pivot, alpha=alpha, side=-1)
        case Share() as pivot:
            return share_bound(pivot=pivot, alpha=alpha, side=-1)
        case _ as never:
            assert_never(never)


def upper_bound(*, effect: Effect, alpha: float) -> float:
    """Return the one-sided upper confidence bound at 1 - alpha, on the natural scale."""
    match effect.pivot:
        case Student() as pivot:
            return student_bound(pivot=pivot, alpha=alpha, side=1)
        case MeanSquares() as pivot:
            return mean_squares_bound(pivot=pivot, alpha=alpha, side=1)
        case Score() as pivot:
            return score_bound(pivot=pivot, alpha=alpha, side=1)
        case Share() as pivot:
            return share_bound(pivot=pivot, alpha=alpha, side=1)
        case _ as never:
            assert_never(never)


def p_above(*, effect: Effect, bound: float) -> float:
    """Return the one-sided p-value against "the truth is at most `bound`"; small speaks for above."""
    low, high = natural_limits(effect=effect)
    if bound <= low or bound >= high:
        return 0.0 if bound <= low else 1.0
    match effect.pivot:
        case Student() as pivot:
            return student_p_above(pivot=pivot, bound=bound)
        case MeanSquares() as pivot:
            return mean_squares_p_above(pivot=pivot, bound=bound)
        case Score() as pivot:
            return score_p_above(pivot=pivot, bound=bound)
        case Share() as pivot:
            return share_p_above(pivot=pivot, bound=bound)
        case _ as never:
            assert_never(never)


def p_below(*, effect: Effect, bound: float) -> float:
    """Return the one-sided p-value against "the truth is at least `bound`"; small speaks for below."""
    low, high = natural_limits(effect=effect)
    if bound <= low or bound >= high:
        return 1.0 if bound <= low else 0.0
    return 1 - p_above(effect=effect, bound=bound)


def natural_limits(*, effect: Effect) -> tuple[float, float]:
    """Return the smallest and the largest value that the effect's natural scale has."""
    match effect.pivot:
        case Student() as pivot:
            return LIMITS[pivot.transform]
        case MeanSquares() as pivot:
            return (0.0, 1.0 if pivot.kind == "ratio" else float("inf"))
        case Score() | Share():
            return (0.0, 1.0)
        case _ as never:
            assert_never(never)


def estimate_from_effect(*, effect: Effect | NotEstimable, level: float) -> Finding:
    """Return the estimate with its two-sided interval, on the natural scale.

    Args:
        effect: What an `effect_...` function returned; a `NotEstimable` is passed on.
        level: Two-sided confidence, in (0, 1).

    Raises:
        InternalError: `level` is not in (0, 1).
    """
    probability(level, what="level")
    if isinstance(effect, NotEstimable):
        return effect
    alpha = (1 - level) / 2
    return Estimate(
        name=effect.name,
        about=effect.about,
        value=natural_value(effect=effect),
        low=lower_bound(effect=effect, alpha=alpha),
        high=upper_bound(effect=effect, alpha=alpha),
        level=level,
        unit=effect.unit,
        n=effect.n,
        n_clusters=effect.n_clusters,
        method=effect.method,
        evidence=effect.evidence,
    )
