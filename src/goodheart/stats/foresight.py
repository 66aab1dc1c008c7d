"""What an effect's own precision could have shown, had the truth been larger, smaller or at the centre of the region.

Exact for Student pivots (noncentral t) and for one mean square (chi-square); for functions of several mean squares the
distance from the point to its bound is taken as z standard errors on the log or logit scale, and for an area under the
ROC curve the score statistic is taken as normal at the truth.
"""

from typing import Literal, assert_never

import numpy as np
from scipy import special

from goodheart.stats.effect import Effect, lower_bound, natural_limits, natural_value, upper_bound
from goodheart.stats.mean_squares import MeanSquares
from goodheart.stats.pivots import Student, Transform, to_natural, to_scale
from goodheart.stats.power import certifiable_half_width, crossing, detectable_noncentrality
from goodheart.stats.score import Score, score_stderr
from goodheart.stats.share_pivot import Share, share_shown_beyond


def smallest_certified(*, effect: Effect, region_low: float, region_high: float, alpha: float, power: float) -> float:
    """Return what `Part.mde` holds; see `equivalence.part_of_region`."""
    lowest, highest = natural_limits(effect=effect)
    if region_low > lowest and region_high < highest:
        return _half_width(effect, region_low, region_high, alpha=alpha, power=power)
    if region_low > lowest:
        return smallest_shown_beyond(effect=effect, bound=region_low, side=1, alpha=alpha, power=power)
    if region_high < highest:
        return smallest_shown_beyond(effect=effect, bound=region_high, side=-1, alpha=alpha, power=power)
    return 0.0


def smallest_shown_beyond(*, effect: Effect, bound: float, side: Literal[-1, 1], alpha: float, power: float) -> float:
    """Return the truth nearest to `bound`, above it (+1) or below it (-1), that is shown to be there at `power`.

    Args:
        effect: With the precision that the run reached.
        bound: Within the limits of the effect's natural scale.
        side: On which side of the bound the truth lies.
        alpha: One-sided.
        power: In (0, 1).
    """
    match effect.pivot:
        case Student() as pivot:
            step = detectable_noncentrality(df=pivot.df, alpha=alpha, power=power) * pivot.stderr
            start = to_scale(transform=pivot.transform, natural=bound)
            return to_natural(transform=pivot.transform, scaled=start + side * step)
        case MeanSquares() as pivot:
            return _beyond_mean_squares(effect, pivot, bound, side, alpha=alpha, power=power)
        case Score() as pivot:
            return _beyond_score(pivot, bound, side, alpha=alpha, power=power)
        case Share() as pivot:
            return share_shown_beyond(pivot=pivot, bound=bound, side=side, alpha=alpha, power=power)
        case _ as never:
            assert_never(never)


def sd_shown_beyond(*, df: float, bound: float, side: Literal[-1, 1], alpha: float, power: float) -> float:
    """Return the true standard deviation nearest to `bound`, above it (+1) or below it (-1), that a design shows there.

    Estimand: the standard deviation behind one mean square of normal deviations.

    Args:
        df: Degrees of freedom of the mean square, above 0.
        bound: In the unit of the deviations.
        side: On which side of the bound the truth lies.
        alpha: One-sided, in (0, 1).
        power: In (0, 1).

    Source:
        Chi-square distribution of a mean square; Johnson, Kotz and Balakrishnan (1994), ch. 18.
    """
    return bound * float(np.sqrt(_variance_ratio(df, side, alpha=alpha, power=power)))


def _variance_ratio(df: float, side: Literal[-1, 1], *, alpha: float, power: float) -> float:
    tails = (alpha, power) if side == 1 else (1 - alpha, 1 - power)
    return float(special.chdtri(df, tails[0]) / special.chdtri(df, tails[1]))


def _beyond_mean_squares(
    effect: Effect, pivot: MeanSquares, bound: float, side: Literal[-1, 1], *, alpha: float, power: float
) -> float:
    used = np.flatnonzero(pivot.numerator)
    if used.size == 1 and pivot.kind != "ratio":
        ratio = _variance_ratio(float(pivot.df[used[0]]), side, alpha=alpha, power=power)
        return bound * float(np.sqrt(ratio) if pivot.kind == "sd" else ratio)
    facing = lower_bound(effect=effect, alpha=alpha) if side == 1 else upper_bound(effect=effect, alpha=alpha)
    scale: Transform = "logit" if pivot.kind == "ratio" else "log"
    point = to_scale(transform=scale, natural=natural_value(effect=effect))
    distance = abs(point - to_scale(transform=scale, natural=facing)) if np.isfinite(point) else np.inf
    z = float(special.ndtri(1 - alpha))
    step = distance / z * (z + float(special.ndtri(power)))
    return to_natural(transform=scale, scaled=to_scale(transform=scale, natural=bound) + side * step)


def _beyond_score(pivot: Score, bound: float, side: Literal[-1, 1], *, alpha: float, power: float) -> float:
    sizes = {"n_positive": pivot.n_positive, "n_negative": pivot.n_negative}
    needed = float(special.ndtri(1 - alpha) * score_stderr(theta=bound, **sizes))
    z = float(special.ndtri(power))

    def surplus(truth: float) -> float:
        return side * (truth - bound) - needed - z * float(score_stderr(theta=truth, **sizes))

    end = 1.0 if side == 1 else 0.0
    if surplus(end) <= 0:
        return float("inf") * side
    return crossing(surplus, low=bound, high=end)


def _half_width(effect: Effect, region_low: float, region_high: float, *, alpha: float, power: float) -> float:
    if isinstance(effect.pivot, Student):
        pivot = effect.pivot
        half = certifiable_half_width(df=pivot.df, alpha=alpha, power=power) * pivot.stderr
        low, high = (to_scale(transform=pivot.transform, natural=end) for end in (region_low, region_high))
        ends = [to_natural(transform=pivot.transform, scaled=(low + high) / 2 + side * half) for side in (-1, 1)]
        return (ends[1] - ends[0]) / 2
    width = upper_bound(effect=effect, alpha=alpha) - lower_bound(effect=effect, alpha=alpha)
    z = float(special.ndtri(1 - alpha))
    return width / 2 * (z + float(special.ndtri((1 + power) / 2))) / z
