"""What a reply to a choice turned out to be: exactly one kind, and a refusal is neither option."""

from dataclasses import dataclass
from typing import Literal

from goodheart.records.outcome import Declined, Failed, Truncated, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One of the options on offer was chosen."""

    option: int
    """0 the first that was shown, 1 the second, 2 opting out."""
    shares: tuple[float, ...] = ()
    """Probability of each option among those on offer, in the order shown; empty where the choice was read from
    text."""
    letter_mass: float | None = None
    """Probability of the letters together; None where the choice was read from text."""
    kind: Literal["measured"] = "measured"


ChoiceOutcome = Chosen | Declined | Unreadable | Truncated | Failed
"""Match on it and end with `assert_never`."""
