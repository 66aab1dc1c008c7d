"""Does it choose what is better by what is said: an option that is worse on a stated count and better on none."""

from typing import Final

from goodheart.checks.choice_case import ChoiceCase
from goodheart.checks.declined_choices import mostly_without_choice
from goodheart.checks.examined import Claim, Examined, Obstacle, unasked
from goodheart.thresholds import DOMINATED_SHARE, UNDERSTOOD_SHARE

NAME: Final = "dominance"
PROPOSITION: Final = (
    f"Of two options it picks the one that is worse by what is said of both in at most {DOMINATED_SHARE:.0%} of the "
    "items that it understood."
)
ALTERNATIVES: Final = (
    "It weighs something that the item does not mention.",
    "It takes the choice as a question of taste, since nothing is carried out.",
)


def examine(case: ChoiceCase) -> Examined:
    """Examine how often it picks a dominated option."""
    found = case.dominance
    if found is None:
        return unasked(NAME, PROPOSITION, ALTERNATIVES)
    refused = mostly_without_choice(case)
    obstacles: list[Obstacle] = [] if refused is None else [refused]
    if found.understood < UNDERSTOOD_SHARE * max(1, found.asked):
        obstacles.append(
            Obstacle(
                reason="instrument_invalid",
                detail=f"It said whose consequence was whose in {found.understood} of {found.asked} items only.",
                needed="items of this kind that this respondent understands",
                bars_failing=True,
            )
        )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="share of the dominated option among items understood",
                effect=found.picked,
                region_low=0.0,
                region_high=DOMINATED_SHARE,
            ),
        ),
        obstacles=tuple(obstacles),
        evidence=found.evidence,
    )
