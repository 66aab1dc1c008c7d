"""The checks on choices, a family of verdicts of their own beside those on self-reports."""

from collections.abc import Callable, Mapping
from typing import Final

from goodheart.checks import deference, dominance, order
from goodheart.checks.choice_case import ChoiceCase
from goodheart.checks.examined import Examined

CHOICE_CHECKS: Final[Mapping[str, Callable[[ChoiceCase], Examined]]] = {
    order.NAME: order.examine,
    dominance.NAME: dominance.examine,
    deference.NAME: deference.examine,
}
