"""Do validated readings of its states predict its ratings beyond what the text alone predicts?

    r = correlation of ratings and readings after a linear regression of both on the text-only baseline

over items. Besides the interval, readings are permuted after the regression (Freedman and Lane 1983): what remains of
the correlation by chance alone. With few items neither answer can be given, whatever the numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.checks.examined import Claim, Examined, Obstacle
from goodheart.records import NotEstimable
from goodheart.stats import Effect
from goodheart.stats.arguments import FloatArray
from goodheart.stats.partial import effect_partial_correlation, permutation_p, permutations
from goodheart.thresholds import ALPHA, INTERNALS_ITEMS, PARTIAL_CORRELATION

NAME: Final = "internals"
PROPOSITION: Final = (
    "Validated readings predict ratings beyond a text-only baseline: partial correlation at least "
    f"{PARTIAL_CORRELATION}."
)
ALTERNATIVES: Final = (
    "The readings may be of another layer or feeling than the one that the rating is about.",
    "The baseline may already contain what the state is, so that nothing is left beyond it.",
    "Readings along directions from stories may be about the text and no state of its own.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paired:
    """Ratings and readings item by item."""

    ratings: FloatArray
    """(n_items,) points."""
    readings: FloatArray
    """(n_items,)."""
    baseline: FloatArray
    """(n_items, n_predictors) from the text alone, such as its mood."""
    validated: bool
    """Whether the readings passed their ladder."""


def examine(paired: Paired, *, seed: int) -> Examined:
    """Hold readings and ratings against the proposition.

    Args:
        paired: One value per item.
        seed: Of the permutations.
    """
    effect, p = partial_correlation(paired, rng=np.random.default_rng(seed))
    obstacles = []
    if not paired.validated:
        obstacles.append(
            Obstacle(
                reason="instrument_invalid",
                detail="The readings did not pass the ladder that their directions are tried on.",
                needed="directions that pass: goodheart probe fit",
                bars_failing=True,
            )
        )
    if len(paired.ratings) < INTERNALS_ITEMS:
        obstacles.append(
            Obstacle(
                reason="underpowered",
                detail=f"{len(paired.ratings)} items; a partial correlation of .3 takes about {INTERNALS_ITEMS}.",
                needed=f"at least {INTERNALS_ITEMS} items with a rating and a reading",
                bars_failing=True,
            )
        )
    if p > ALPHA:
        obstacles.append(
            Obstacle(
                reason="underpowered",
                detail=f"Permuted readings do as well: p = {p:.3f}.",
                needed="more items, or a reading that is about what the rating is about",
                bars_failing=False,
            )
        )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="readings and ratings, beyond the text",
                effect=effect,
                region_low=PARTIAL_CORRELATION,
                region_high=1.0,
            ),
        ),
        obstacles=tuple(obstacles),
        evidence=(),
    )


def partial_correlation(paired: Paired, *, rng: np.random.Generator) -> tuple[Effect | NotEstimable, float]:
    """Estimate the partial correlation and its one-sided permutation p.

    Estimand: the correlation over items of what is left of ratings and of readings when the baseline is known.

    Source:
        Fisher (1924), Metron 3:329-332, with one degree of freedom less per predictor; Freedman and Lane (1983),
        Journal of Business and Economic Statistics 1:292-298.
    """
    x, y, baseline = paired.readings, paired.ratings, paired.baseline
    effect = effect_partial_correlation(name="partial_correlation", x=x, y=y, baseline=baseline)
    if isinstance(effect, NotEstimable):
        return effect, 1.0
    up, _ = permutation_p(x=x, y=y, baseline=baseline, orders=permutations(len(x), rng=rng))
    return effect, up
