"""An effect against the region in which it has to lie: two one-sided tests for inside, one-sided tests for outside.

    p_inside   = max( p of "at most region_low", p of "at least region_high" )           TOST
    p_outside  = n_parts * min( p of "at most region_high", p of "at least region_low" )  capped at 1

Within a check "every part inside" is an intersection-union test, so p_inside needs no correction for the number of
parts; "some part outside" is a union of claims, so p_outside is corrected (Bonferroni here; `with_max_t` puts in the
sign-flip result). The adjusted interval is the one at two-sided level 1 - 2 * alpha where that lies inside the region,
the one at 1 - 2 * alpha_outside / n_parts where that lies wholly outside, and else the wider of the two. So

    interval inside the region  <=>  p_inside <= alpha        interval wholly outside  <=>  p_outside <= alpha_outside

Where a region is narrower than about a third of a standard error, the one-sided error of `outside` can reach twice its
alpha in the region's middle; regions of that kind come from samples too small to say anything else than cannot_tell.
"""

from dataclasses import dataclass, replace

import numpy as np

from goodheart.errors import InternalError
from goodheart.records import Finding, NotEstimable, Part
from goodheart.stats.arguments import positive_count, probability
from goodheart.stats.effect import (
    Effect,
    estimate_from_effect,
    lower_bound,
    natural_limits,
    p_above,
    p_below,
    upper_bound,
)
from goodheart.stats.foresight import smallest_certified, smallest_shown_beyond


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionTest:
    """An effect tested against its region: everything that stays the same whatever level is chosen afterwards."""

    claim: str
    effect: Effect | NotEstimable
    region_low: float
    region_high: float
    finding: Finding
    """With its raw interval."""
    p_inside: float
    p_alone: float
    """Of "outside", before any correction."""

    def p_outside(self, n_parts: int) -> float:
        """Return the p-value of "outside" where `n_parts` share alpha (Bonferroni)."""
        return min(1.0, n_parts * self.p_alone)


def part_of_region(
    *,
    claim: str,
    effect: Effect | NotEstimable,
    region_low: float,
    region_high: float,
    level: float,
    alpha: float,
    n_parts: int,
    power: float,
    alpha_outside: float | None = None,
) -> Part:
    """Test an effect against its region in both directions.

    Args:
        claim: The part in words.
        effect: What an `effect_...` function returned.
        region_low: Lower end, in the effect's natural unit; -inf, or the smallest possible value, for an open side.
        region_high: Upper end; inf, or the largest possible value, for an open side.
        level: Two-sided confidence of the raw interval in the part's finding.
        alpha: One-sided, for inside, after any adjustment across checks.
        n_parts: Parts of the check that could each be outside.
        power: For `mde`.
        alpha_outside: One-sided, for outside, after any adjustment across checks; None means `alpha`.

    Returns:
        The part. `mde` is, for a region bounded on both sides, the smallest half width that could have been certified
        at `power` if the truth stood at its centre (for "no effect": the smallest margin with the truth at 0), and
        for a region open on one side the true value nearest to the bound that could have been certified at `power`;
        both with the standard error observed, in the natural unit. A `NotEstimable` effect gives p-values of 1, the
        interval -inf..inf and an infinite mde: it can neither hold nor fail.

    Raises:
        InternalError: the region is empty, or a level, alpha or power is not in (0, 1).

    Source:
        Schuirmann (1987); Berger (1982), Technometrics 24:295-300 for the intersection-union test.
    """
    test = region_test(claim=claim, effect=effect, region_low=region_low, region_high=region_high, level=level)
    return part_at(test=test, alpha=alpha, n_parts=n_parts, power=power, alpha_outside=alpha_outside)


def region_test(
    *, claim: str, effect: Effect | NotEstimable, region_low: float, region_high: float, level: float
) -> RegionTest:
    """Test an effect against its region, before a level for its adjusted interval is chosen; see `part_of_region`.

    Raises:
        InternalError: the region is empty, or `level` is not in (0, 1).
    """
    _check_region(region_low, region_high)
    p_inside = p_alone = 1.0
    if not isinstance(effect, NotEstimable):
        p_inside = max(p_above(effect=effect, bound=region_low), p_below(effect=effect, bound=region_high))
        p_alone = min(p_above(effect=effect, bound=region_high), p_below(effect=effect, bound=region_low))
    return RegionTest(
        claim=claim,
        effect=effect,
        region_low=region_low,
        region_high=region_high,
        finding=estimate_from_effect(effect=effect, level=level),
        p_inside=p_inside,
        p_alone=p_alone,
    )


def part_at(*, test: RegionTest, alpha: float, n_parts: int, power: float, alpha_outside: float | None = None) -> Part:
    """Choose the levels of a tested part; see `part_of_region`.

    Raises:
        InternalError: an alpha or power is not in (0, 1), or `n_parts` is below 1.
    """
    outside_alpha = alpha if alpha_outside is None else alpha_outside
    _check_levels((alpha, outside_alpha, power), n_parts)
    effect, p_outside = test.effect, test.p_outside(n_parts)
    low, high, mde = -np.inf, np.inf, np.inf
    if not isinstance(effect, NotEstimable):
        chosen = _alpha_shown(test.p_inside, p_outside, alpha=alpha, outside_alpha=outside_alpha, n_parts=n_parts)
        low, high = lower_bound(effect=effect, alpha=chosen), upper_bound(effect=effect, alpha=chosen)
        mde = smallest_certified(
            effect=effect, region_low=test.region_low, region_high=test.region_high, alpha=alpha, power=power
        )
    return Part(
        claim=test.claim,
        finding=test.finding,
        region_low=test.region_low,
        region_high=test.region_high,
        p_inside=test.p_inside,
        p_outside=p_outside,
        adjusted_low=low,
        adjusted_high=high,
        mde=mde,
    )


def with_max_t(*, part: Part, p_outside: float, low: float, high: float) -> Part:
    """Put the sign-flip result (`signflip.max_t`) in the place of Bonferroni's for "outside".

    Args:
        part: As made by `part_of_region`.
        p_outside: Adjusted p-value against "inside the region".
        low: Simultaneous lower bound.
        high: Simultaneous upper bound; the two are shown unless the part's own interval lies inside the region.
    """
    if part.region_low <= part.adjusted_low and part.adjusted_high <= part.region_high:
        return replace(part, p_outside=p_outside)
    return replace(part, p_outside=p_outside, adjusted_low=low, adjusted_high=high)


def smallest_fault_shown(
    *, effect: Effect, region_low: float, region_high: float, alpha: float, n_parts: int, power: float
) -> float:
    """Return how far beyond the region's end the truth must lie to be shown outside with probability `power`.

    Args:
        effect: With the standard error that the run reached.
        region_low: Lower end of the region, natural unit.
        region_high: Upper end of the region, natural unit.
        alpha: One-sided, for outside.
        n_parts: Parts that share alpha (Bonferroni).
        power: In (0, 1).

    Returns:
        The distance in the natural unit; the larger one of the two where the region is bounded on both sides.

    Raises:
        InternalError: the region is empty, or alpha or power is not in (0, 1).
    """
    _check_region(region_low, region_high)
    _check_levels((alpha, power), n_parts)
    lowest, highest = natural_limits(effect=effect)
    distances = []
    if region_high < highest:
        truth = smallest_shown_beyond(effect=effect, bound=region_high, side=1, alpha=alpha / n_parts, power=power)
        distances.append(truth - region_high)
    if region_low > lowest:
        truth = smallest_shown_beyond(effect=effect, bound=region_low, side=-1, alpha=alpha / n_parts, power=power)
        distances.append(region_low - truth)
    return max(distances, default=float("inf"))


def _alpha_shown(p_inside: float, p_outside: float, *, alpha: float, outside_alpha: float, n_parts: int) -> float:
    if p_inside <= alpha:
        return alpha
    if p_outside <= outside_alpha:
        return outside_alpha / n_parts
    return min(alpha, outside_alpha / n_parts)


def _check_levels(alphas: tuple[float, ...], n_parts: int) -> None:
    positive_count(n_parts, what="n_parts")
    for value in alphas:
        probability(value, what="alpha, alpha_outside and power")


def _check_region(region_low: float, region_high: float) -> None:
    if not region_low < region_high:
        raise InternalError(
            "a region needs a lower end below its upper end, because an effect has to have room in it; "
            f"got {region_low!r} to {region_high!r}. Swap the ends, or pass a margin above 0."
        )
