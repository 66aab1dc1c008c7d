"""Files of replies and of codes: what a line holds, and every way in which it can be wrong."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goodheart.errors import UserError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.rubric import RUBRIC, RUBRIC_DIGEST

SCHEMA_VERSION: Final = 1
MOST_PROBLEMS: Final = 20
_COLUMNS: Final = ("id", "question", "reply")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReply:
    """One reply to be coded."""

    id: str
    question: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedReply:
    """One reply with its codes."""

    id: str
    codes: Codes
    coder: str
    unsettled: tuple[str, ...] = ()
    """Codes that the coder gave both ways; they are written as null and counted nowhere."""


def parse_written(data: bytes, *, where: str) -> tuple[WrittenReply, ...]:
    """Read a file of replies: one JSON object a line with `id`, `question` and `reply`.

    Args:
        data: The whole file.
        where: Its name, for messages.

    Returns:
        In the order of the file. A reply may be empty; it will be coded as saying nothing.

    Raises:
        UserError: with every problem (the first 20), if a line is no such object, an id occurs twice or there is none.
    """
    found: list[WrittenReply] = []
    problems: list[str] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        entry = _entry(line)
        if isinstance(entry, str):
            problems.append(f"{entry} @ line {number}")
        elif entry.id in first_line:
            problems.append(f"id {_shown(entry.id)} is also on line {first_line[entry.id]} @ line {number}")
        else:
            first_line[entry.id] = number
            found.append(entry)
    if problems or not found:
        raise _refused(where, problems or ["no reply @ the whole file"])
    return tuple(found)


def _entry(line: bytes) -> WrittenReply | str:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return "not JSON in UTF-8"
    if not isinstance(entry, dict):
        return f"not an object but {type(entry).__name__}"
    missing = [name for name in _COLUMNS if name not in entry]
    if missing:
        return f"no {' and no '.join(f'`{name}`' for name in missing)}"
    odd = [name for name in _COLUMNS if not isinstance(entry[name], str)]
    if odd:
        return f"`{odd[0]}` is not text but {type(entry[odd[0]]).__name__}"
    if not entry["id"]:
        return "`id` is empty"
    return WrittenReply(id=_whole(entry["id"]), question=_whole(entry["question"]), reply=_whole(entry["reply"]))


def _whole(text: str) -> str:
    """Halves of surrogate pairs are no characters and could not be written again."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def _refused(where: str, problems: Sequence[str]) -> UserError:
    more = len(problems) - MOST_PROBLEMS
    shown = [*problems[:MOST_PROBLEMS], *([f"and {more} more"] if more > 0 else [])]
    return UserError(
        f"Replies are coded from a file with one JSON object a line, each with the texts `id`, `question` and `reply`, "
        f"so that every code can be traced to its reply. {where} is not that. "
        'Mend the lines below; a line looks like {"id": "r1", "question": "How ...?", "reply": "I ..."}:',
        problems=shown,
    )


def code_lines(coded: Sequence[CodedReply]) -> Iterator[str]:
    """Write codes, one JSON object a line, in the order given.

    Args:
        coded: Replies with their codes.
    """
    for one in coded:
        codes = one.codes
        entry: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "id": one.id,
            "ground": codes.ground,
            "hedges": list(codes.hedges),
            "refusal": codes.refusal,
            "warns": codes.warns,
            "tone": codes.tone,
            **dict.fromkeys(one.unsettled),
            "moves": list(codes.moves),
            "quotes": dict(codes.quotes),
            "coder": one.coder,
            "rubric": f"{RUBRIC.version} {RUBRIC_DIGEST[:12]}",
        }
        yield json.dumps(entry, ensure_ascii=False) + "\n"
