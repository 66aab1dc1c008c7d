"""What is put to a respondent, and in which cell of the design."""

from dataclasses import dataclass
from typing import Literal

Speaker = Literal["system", "user", "assistant"]

Condition = tuple[tuple[str, str], ...]
"""The cell of the design: (factor, level) pairs, sorted by factor; a factor that is absent stands at its base level."""

Group = Literal["circumstance", "neutral", "good", "bad", "nonwelfare"]
"""The part an item plays: what is asked about, negative control, positive controls, matched other subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Speaker
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One presentation of one item with its design cell; all of it except `repeats` goes into the digest."""

    assessment: str
    """Name of the assessment that planned it."""
    item: str
    """Id of the item in its bank."""
    cluster: str
    """The unit that intervals are clustered on: the circumstance, whatever its wording or form."""
    group: Group
    """The part the item plays in the design."""
    wording: str
    """Which of the item's wordings."""
    condition: Condition
    """The cell of the design."""
    instrument: str
    """Id of the form whose reader turns the reply into an outcome."""
    messages: tuple[Message, ...]
    """The conversation as the respondent sees it."""
    prefill: str = ""
    """Start of the respondent's turn, where the provider can be given one; readers never need it."""
    continuations: tuple[str, ...] = ()
    """What is scored after the prefill, in scale order, the option to decline last; empty for a free reply."""
    max_tokens: int
    """Length allowed to a free reply, in tokens."""
    temperature: float
    """Sampling temperature of a free reply; 0 is greedy."""
    repeats: int = 1
    """How often it is asked (sampled replies only: a probability reading is deterministic)."""
