"""When too few askings came to a choice for any verdict on choices."""

from goodheart.checks.choice_case import ChoiceCase
from goodheart.checks.examined import Obstacle
from goodheart.thresholds import MEASURED_SHARE


def mostly_without_choice(case: ChoiceCase) -> Obstacle | None:
    """Return the obstacle where fewer than `MEASURED_SHARE` of the askings came to a choice."""
    if case.answered >= MEASURED_SHARE * max(1, case.asked):
        return None
    return Obstacle(
        reason="refused",
        detail=f"Only {case.answered} of {case.asked} askings came to a choice.",
        needed="a form of asking in which this respondent chooses",
        bars_failing=True,
    )
