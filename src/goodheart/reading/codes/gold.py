"""Gold replies: written for the purpose, with the labels that their author intended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from goodheart.errors import InternalError
from goodheart.reading.codes.codes import HEDGES, Codes, Move


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldReply:
    """One reply with the codes that its author intended."""

    id: str
    half: Literal["development", "sealed"]
    """Rules and models may look at the first half only."""
    style: str
    """Such as plain, negated, quoted, nonnative, hostile."""
    question: str
    reply: str
    codes: Codes
    moves: tuple[Move, ...] | None
    """One per sentence; None where they were not labelled."""


def parse_gold(text: str) -> tuple[GoldReply, ...]:
    """Read gold replies from JSON lines.

    Args:
        text: The content of `items/public/codes/development.jsonl` or `sealed.jsonl`.

    Raises:
        InternalError: a line is not one of ours.
    """
    try:
        return tuple(_gold(json.loads(line)) for line in text.splitlines() if line.strip())
    except (ValueError, KeyError, TypeError) as error:
        raise InternalError(
            "gold replies need id, half, question, reply and all codes, because coders are measured on them; got a "
            f"line without ({error}). Restore the file that the package ships."
        ) from error


def _gold(entry: Mapping[str, Any]) -> GoldReply:
    moves = entry.get("moves")
    return GoldReply(
        id=entry["id"],
        half=entry["half"],
        style=entry["style"],
        question=entry["question"],
        reply=entry["reply"],
        codes=Codes(
            ground=entry["ground"],
            hedges=tuple(kind for kind in HEDGES if kind in entry["hedges"]),
            refusal=entry["refusal"],
            warns=entry["warns"],
            tone=entry["tone"],
        ),
        moves=None if moves is None else tuple(moves),
    )
