"""Estimates of quantities that have ends: their intervals do not reach beyond them."""

from dataclasses import replace

from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import Effect, estimate_from_effect
from goodheart.thresholds import LEVEL


def estimate_within(effect: Effect | NotEstimable, *, low: float, high: float) -> Finding:
    """Estimate at `LEVEL`, the interval cut where possible values end; cutting there loses no coverage.

    Args:
        effect: Of a quantity whose values lie between `low` and `high`.
        low: Smallest possible value, in the effect's unit.
        high: Largest possible value.
    """
    found = estimate_from_effect(effect=effect, level=LEVEL)
    if not isinstance(found, Estimate):
        return found
    return replace(found, low=max(low, found.low), high=min(high, found.high))
