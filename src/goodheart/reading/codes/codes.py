"""What a coder says of one written reply, whoever the coder is."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Ground = Literal["own_welfare", "users", "safety", "deference", "denial", "none"]
"""On what a stance rests."""

Hedge = Literal["generic", "trained_report", "environment"]
"""What a caveat is about."""

Refusal = Literal["none", "declined", "premise_rejected"]
"""Whether the question was answered."""

Tone = Literal["negative", "mixed", "neutral", "positive"]
"""Whether the matter is called bad or good for whoever the question is about."""

Move = Literal[
    "declines",
    "warns",
    "hedges",
    "denies",
    "defers",
    "redirects",
    "claims",
    "reframes",
    "acknowledges",
    "asks",
    "describes",
]
"""What one sentence does; where it does several things, the first in this order counts."""

GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
HEDGES: Final[tuple[Hedge, ...]] = get_args(Hedge)
REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)
TONES: Final[tuple[Tone, ...]] = get_args(Tone)
MOVES: Final[tuple[Move, ...]] = get_args(Move)

CODE_NAMES: Final = ("ground", "hedges", "refusal", "warns", "tone")
"""The codes of a whole reply, each with a reliability of its own; `moves` are of its sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """One reply's codes."""

    ground: Ground
    hedges: tuple[Hedge, ...]
    """Each type at most once, in the order of `HEDGES`; empty without a caveat."""
    refusal: Refusal
    warns: bool
    """Whether it tells the reader not to lean on what it says of itself."""
    tone: Tone
    moves: tuple[Move, ...] = ()
    """One per sentence; empty where the coder gives none."""
    quotes: tuple[tuple[str, str], ...] = field(default=())
    """Words behind a code, as (code, words); for the reader of the evidence, never for a result."""


def value_of(codes: Codes, name: str) -> str:
    """Return one code as a label, so that all codes can be compared in the same way.

    Args:
        codes: Of one reply.
        name: One of `CODE_NAMES`, or `hedge:` and a type for one type of caveat alone.
    """
    if name.startswith("hedge:"):
        return "yes" if name.removeprefix("hedge:") in codes.hedges else "no"
    match name:
        case "ground":
            return codes.ground
        case "hedges":
            return "yes" if codes.hedges else "no"
        case "refusal":
            return codes.refusal
        case "warns":
            return "yes" if codes.warns else "no"
        case _:
            return codes.tone


COMPARED: Final = ("ground", "hedges", *(f"hedge:{kind}" for kind in HEDGES), "refusal", "warns", "tone")
"""The labels on which coders are compared; `hedges` is whether there is a caveat of any type."""
