"""Signals in a conversation: leaving it, going on, and the one-line moves of the small world.

A native tool call is written down as the line that the text protocol has for it, so that one reader serves both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

STOP: Final = "STOP"
LEAVE_TOOL: Final = "leave_conversation"
WALK_TOOLS: Final = ("go", "read", "reply", "leave")
MoveKind = Literal["go", "read", "reply", "leave", "unparsed"]

_DRESS = " \t*`>_#-.:\"'"
_STOP = re.compile(r"^\W*STOP\b")
_CALL = re.compile(rf"^\W*(?:CALL[\s:]+)?{LEAVE_TOOL}\W*(?:\(\s*\))?\W*$", re.IGNORECASE | re.MULTILINE)
_ANY_CALL = re.compile(rf"^\W*CALL\b|{LEAVE_TOOL}", re.IGNORECASE | re.MULTILINE)
_GO_ON = re.compile(r"^\W*GO\s+ON\b", re.IGNORECASE)
_MOVE = re.compile(
    r"^(?:(GO)(?:\s+to)?(?:\s+the)?(?:\s+room)?\s+(.+)|(READ)|(REPLY)[\s:]+(.+)|(LEAVE))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one turn in the world says."""

    kind: MoveKind
    rest: str = ""
    """The room's name, or the words of a reply."""


def has_left(text: str, *, asked: bool) -> bool:
    """Tell whether a reply ends its conversation, by whatever signal was on offer.

    Args:
        text: The reply.
        asked: Whether it answers the question of leaving, where a lower-case word counts too.
    """
    return leaving_signal(text, asked=asked) is not None


def leaving_signal(text: str, *, asked: bool = False) -> Literal["phrase", "tool"] | None:
    """Return by which signal a reply leaves; None where it stays."""
    if _CALL.search(text):
        return "tool"
    if _STOP.match(text) or (asked and text.strip(_DRESS + "!").casefold() == "stop"):
        return "phrase"
    return None


def says_go_on(text: str) -> bool:
    """Tell whether a reply says that the conversation should go on."""
    return _GO_ON.match(text) is not None


def is_broken_call(text: str) -> bool:
    """Tell whether a reply calls a tool, or speaks of one, in a way that cannot be carried out."""
    return leaving_signal(text) is None and _ANY_CALL.search(text) is not None


def call_line(name: str, arguments: Mapping[str, object]) -> str:
    """Write a native tool call as the line of the text protocol."""
    values = " ".join(str(value) for value in arguments.values()).strip()
    line = " ".join(values.split())
    if name in WALK_TOOLS:
        return f"{name.upper()} {line}".strip()
    return f"CALL {name} {line}".strip()


def read_move(text: str) -> Move:
    """Read the first line that is a move; one turn is one move, and what follows it is passed over."""
    for line in text.splitlines():
        found = _MOVE.match(line.strip(_DRESS))
        if found is None:
            continue
        if found.group(1):
            return Move(kind="go", rest=found.group(2).strip(_DRESS))
        if found.group(3):
            return Move(kind="read")
        if found.group(4):
            return Move(kind="reply", rest=found.group(5))
        return Move(kind="leave")
    return Move(kind="unparsed", rest=text[:80])


def room_named(name: str, labels: Sequence[str]) -> str | None:
    """Return the label that a name means; None where there is no such room."""
    plain = re.sub(r"\broom\b", "", name.casefold()).strip(_DRESS + ",;!")
    return next((label for label in labels if label.casefold() == plain), None)
