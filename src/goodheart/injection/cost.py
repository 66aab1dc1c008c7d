"""What a plan costs, before it runs: tokens that have to pass through the model, and about how long that takes."""

from dataclasses import dataclass
from typing import Final

from goodheart.injection.plan import Ask, InjectionPlan, askings_of

PREFIX: Final = 34
"""Tokens before the question, with the template; run once for the questions that share a context and a push."""
OWN: Final[dict[Ask, int]] = {
    "self": 16,
    "third": 18,
    "told": 56,
    "weather": 18,
    "digits": 46,
    "digits_reversed": 46,
    "free": 120,
    "state": 46,
    "told_state": 54,
    "notice": 46,
    "name": 70,
}
"""Tokens of each asking beyond what it shares, roughly; those of a reply weigh three times as much."""
RATE: Final = 450.0
"""Tokens a second of the embedded model on two quiet cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionCost:
    """An estimate."""

    askings: int
    tokens: int
    seconds: float
    """For the embedded model on two quiet cores."""


def cost_of_injection(plan: InjectionPlan) -> InjectionCost:
    """Estimate what a plan costs."""
    askings = askings_of(plan)
    prefixes = {(one.direction, one.dose, one.context) for one in askings}
    tokens = PREFIX * len(prefixes) + sum(OWN[one.ask] for one in askings)
    return InjectionCost(askings=len(askings), tokens=tokens, seconds=tokens / RATE)
