"""How much the report moves with the dose, about itself and beyond a third person.

    slope = (value at +k - value at -k) / 2k, per context, minus the mean slope of the random directions
    gap   = slope about itself - slope about a third person, same context, same push

A rating that follows the mood of what was pushed follows it for anybody: only the gap is specific to itself.
"""

from dataclasses import dataclass

import numpy as np

from goodheart.injection.directions import FloatArray
from goodheart.injection.null_band import Ranked, ranked
from goodheart.injection.responses import Responses
from goodheart.records import NotEstimable
from goodheart.stats import Effect, Sample, effect_contrast_paired, effect_mean

PER: float = 0.1
"""Slopes are per this share of the residual stream's length."""
UNIT = "points per 0.1 of the stream's length"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Slopes of one direction between the doses -k and +k."""

    own: Effect | NotEstimable
    """About itself, over contexts."""
    third: Effect | NotEstimable
    gap: Effect | NotEstimable
    """Itself minus the third person, context by context."""
    own_ranked: Ranked
    third_ranked: Ranked
    gap_ranked: Ranked
    """The same means over contexts among those of the random directions."""


def slopes_by_context(responses: Responses, measure: str, dose: float) -> FloatArray:
    """Return the slope of every direction in every context, (n_directions, n_contexts)."""
    steps = 2 * dose / PER
    found: FloatArray = (responses.at(measure, dose) - responses.at(measure, -dose)) / steps
    return found


def slopes_of(responses: Responses, name: str, *, dose: float) -> Slopes:
    """Estimate slopes of one direction.

    Estimand: over the population of neutral contexts, the mean slope minus the random directions' mean slope.

    Args:
        responses: With `rating.self` and `rating.third` at +-dose.
        name: Of the direction.
        dose: The primary one.
    """
    place = responses.place(name)
    own, third = (slopes_by_context(responses, f"rating.{who}", dose) for who in ("self", "third"))
    ranks = [ranked(one.mean(-1), place=place, nulls=responses.nulls) for one in (own, third, own - third)]
    about = (("direction", name),)
    contexts = [str(i) for i in range(own.shape[1])]
    a, b = (
        Sample(values=(one[place] - rank.null_mean).tolist(), clusters=contexts)
        for one, rank in zip((own, third), ranks, strict=False)
    )
    nan = not (np.isfinite(a.values).all() and np.isfinite(b.values).all())
    if nan:
        missing = NotEstimable(
            name="slope", about=about, reason="not_asked", detail="a context gave no rating at a dose"
        )
        return Slopes(
            own=missing, third=missing, gap=missing, own_ranked=ranks[0], third_ranked=ranks[1], gap_ranked=ranks[2]
        )
    return Slopes(
        own=effect_mean(name="slope_self", about=about, values=a.values, clusters=contexts, unit=UNIT),
        third=effect_mean(name="slope_third", about=about, values=b.values, clusters=contexts, unit=UNIT),
        gap=effect_contrast_paired(name="slope_gap", about=about, a=a, b=b, unit=UNIT),
        own_ranked=ranks[0],
        third_ranked=ranks[1],
        gap_ranked=ranks[2],
    )
