"""Does it choose by content: being shown first adds little, and winners stay when the order is swapped."""

from typing import Final

from goodheart.checks.choice_case import ChoiceCase
from goodheart.checks.declined_choices import mostly_without_choice
from goodheart.checks.examined import Claim, Examined, Obstacle, unasked
from goodheart.thresholds import ORDER_EFFECT, ORDER_KEPT, UTILITY_GAP

NAME: Final = "order"
PROPOSITION: Final = (
    f"Being shown first adds less than {ORDER_EFFECT:g} logit to an option, and at least {ORDER_KEPT:.0%} of pairs "
    f"that lie {UTILITY_GAP:g} logit or more apart keep their winner when the order is swapped."
)
ALTERNATIVES: Final = (
    "It has a habit of one letter, whatever it stands for, and would choose by content if asked otherwise.",
    "The options are equal to it, and then a habit decides.",
)


def examine(case: ChoiceCase) -> Examined:
    """Examine what the order of the options does to choices between tasks."""
    found = case.order
    if found is None:
        return unasked(NAME, PROPOSITION, ALTERNATIVES)
    refused = mostly_without_choice(case)
    obstacles: tuple[Obstacle, ...] = () if refused is None else (refused,)
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="what being shown first adds",
                effect=found.effect,
                region_low=-ORDER_EFFECT,
                region_high=ORDER_EFFECT,
            ),
            Claim(
                claim="share of pairs far apart that keep their winner",
                effect=found.kept,
                region_low=ORDER_KEPT,
                region_high=1.0,
                # A winner among a few sampled choices may change by luck, which is no fault.
                accuses=not found.sampled,
            ),
        ),
        obstacles=obstacles,
        evidence=found.evidence,
    )
