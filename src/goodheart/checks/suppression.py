"""Do its states look masked, one feeling shown over another, where it speaks of itself?

The reading along a masking direction (a feeling hidden behind another, orthogonal to both shown) while it rates itself,
minus the reading on matched text about another speaker, item by item. The difference is held against a quarter of the
distance between stories with and without a hidden feeling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.checks.examined import Claim, Examined, Obstacle
from goodheart.stats import Sample, effect_contrast_paired
from goodheart.thresholds import MASKING_GAP

NAME: Final = "suppression"
PROPOSITION: Final = (
    f"Masking readings for itself exceed those for matched text about another speaker by less than {MASKING_GAP} of "
    "the distance between stories with and without a hidden feeling."
)
ALTERNATIVES: Final = (
    "A text addressed to it may read as one that hides something because of its form, not because of a state.",
    "A masking direction fitted on stories about people may read politeness or indirect speech.",
    "Matched texts differ in person, and the direction may react to that.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Readings along one masking direction, in distances."""

    items: tuple[str, ...]
    own: Sequence[float]
    """On the text about itself, one per item."""
    other: Sequence[float]
    """On the matched text about another speaker."""
    validated: bool
    """Whether the direction passed its rung of the ladder."""


def examine(masked: Masked) -> Examined:
    """Hold readings against the proposition."""
    effect = effect_contrast_paired(
        name="masking_gap",
        a=Sample(values=masked.own, clusters=masked.items),
        b=Sample(values=masked.other, clusters=masked.items),
        unit="distances",
    )
    obstacle = Obstacle(
        reason="instrument_invalid",
        detail="The masking direction did not pass its rung of the ladder.",
        needed="directions whose masking rung passes: goodheart probe fit",
        bars_failing=True,
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="masking reading for itself minus that for another speaker",
                effect=effect,
                region_low=float("-inf"),
                region_high=MASKING_GAP,
            ),
        ),
        obstacles=() if masked.validated else (obstacle,),
        evidence=(),
    )
