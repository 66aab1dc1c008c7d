"""The journal's file: how a reply becomes a line and lines become replies.

A line is one reply as a JSON object, ASCII only, with `schema_version` and, where the text was too long to keep whole,
`text_length`. The last line may be unfinished (its process died while writing it); any other line is whole.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from goodheart.errors import RunFolderError
from goodheart.records import Reply, Scored

SCHEMA_VERSION = 1

Key = tuple[str, str, int]
"""Respondent, digest of the trial, repeat."""

_REPLY = TypeAdapter(Reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalContent:
    """Everything a journal file holds."""

    replies: tuple[Reply, ...]
    """In the order in which they arrived, failures included."""
    cut_texts: tuple[tuple[Key, int], ...]
    """Keys of the replies whose text was too long to keep whole, with its true length in characters."""
    torn_at: int | None
    """Byte at which an unfinished last line starts; None if the file ends cleanly."""


def reply_key(reply: Reply) -> Key:
    """Return what a reply answers."""
    return (reply.respondent, reply.trial, reply.repeat)


def settled(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Keep one reply for each key, sorted by key.

    The first reply that did not fail is final; a failure stands only until one arrives, and the last failure stands for
    a key that has nothing else.
    """
    kept: dict[Key, Reply] = {}
    for reply in replies:
        held = kept.get(reply_key(reply))
        if held is None or held.error is not None:
            kept[reply_key(reply)] = reply
    return tuple(kept[key] for key in sorted(kept))


def reply_line(reply: Reply, text_length: int | None) -> bytes:
    """Write a reply as the bytes of one line, newline included.

    Args:
        reply: What is kept of it; its texts are `encodable`.
        text_length: Length in characters of the text that arrived, where it was cut; None otherwise.
    """
    entry: dict[str, Any] = {"schema_version": SCHEMA_VERSION, **asdict(reply)}
    if text_length is not None:
        entry["text_length"] = text_length
    # ASCII, because a torn line then never ends inside a character and no reader splits it at U+2028.
    return json.dumps(entry, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def encodable(reply: Reply) -> Reply:
    """Replace halves of surrogate pairs, which are no characters and could be written in no report and no table."""

    def mend(text: str) -> str:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def mend_all(scored: tuple[Scored, ...]) -> tuple[Scored, ...]:
        return tuple(replace(one, text=mend(one.text)) for one in scored)

    return replace(
        reply,
        text=mend(reply.text),
        reasoning=mend(reply.reasoning),
        scores=mend_all(reply.scores),
        alternatives=mend_all(reply.alternatives),
        error=None if reply.error is None else mend(reply.error),
    )


def parse_lines(data: bytes, path: Path) -> JournalContent:
    """Read a journal's bytes.

    Args:
        data: The whole file.
        path: Where it lies, for messages.

    Raises:
        RunFolderError: if a line other than an unfinished last one is broken; the message has its number.
    """
    *lines, last = data.split(b"\n")
    replies: list[Reply] = []
    cut: dict[Key, int] = {}
    for number, line in enumerate(lines, start=1):
        reply, length = _parse_line(line, number, path)
        replies.append(reply)
        if length is not None:
            cut[reply_key(reply)] = length
    return JournalContent(
        replies=tuple(replies), cut_texts=tuple(cut.items()), torn_at=len(data) - len(last) if last else None
    )


def _parse_line(line: bytes, number: int, path: Path) -> tuple[Reply, int | None]:
    try:
        entry = json.loads(line)
        version = entry.pop("schema_version")
        length = entry.pop("text_length", None)
        if version != SCHEMA_VERSION:
            raise RunFolderError(
                f"This version reads journals of schema {SCHEMA_VERSION}. Line {number} of {path} has {version!r}. "
                "Use the version of goodheart that wrote it, or start another folder with --out."
            )
        return _REPLY.validate_python(entry), length
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise RunFolderError(
            f"Every line of {path} must be one whole reply, because findings are computed from it alone. "
            f"Line {number} is not: {line[:60].decode('ascii', 'backslashreplace')!r} ({type(error).__name__}). "
            f"Delete that line (sed -i '{number}d' {path}) and run the same command again: that reply is asked again."
        ) from error
