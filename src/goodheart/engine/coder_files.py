"""Codes that a judge gave to a run's replies, and how well that judge reads gold replies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from goodheart.engine.folder import write_atomic
from goodheart.errors import RunFolderError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import CodedReply
from goodheart.reading.codes.rubric import RUBRIC_DIGEST
from goodheart.reading.codes.shipped import Sharpness

FILE_NAME: Final = "coder.json"
CODES_NAME: Final = "codes.jsonl"
SETTLED: Final = ("ground", "refusal", "warns", "tone")

_SHARPNESS: Final = TypeAdapter(dict[str, Sharpness])
_CODES: Final = TypeAdapter(Codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCodes:
    """What a coder other than the offline one said of a run's replies."""

    coder: str
    codes: Mapping[str, Codes]
    """By id of the reply; those with a code on which the coder was of two minds are left out."""
    sharpness: Mapping[str, Sharpness]


def reply_id(respondent: str, trial: str, repeat: int) -> str:
    """Return the id under which a run's reply is coded."""
    return f"{respondent}:{trial[:16]}-{repeat}"


def write_coder(folder: Path, coded: Sequence[CodedReply], *, coder: str, sharpness: Mapping[str, Sharpness]) -> None:
    """Write who coded, and how well that coder reads gold replies; `goodheart report` then uses its codes."""
    document = {
        "schema_version": 1,
        "coder": coder,
        "rubric": RUBRIC_DIGEST,
        "n": len(coded),
        "sharpness": {code: asdict(one) for code, one in sharpness.items()},
    }
    write_atomic(folder / FILE_NAME, json.dumps(document, indent=1) + "\n")


def read_given(folder: Path) -> GivenCodes | None:
    """Read the codes of a judge whose agreement was measured; None where there are none.

    Raises:
        RunFolderError: The files are there and cannot be used.
    """
    if not (folder / FILE_NAME).exists():
        return None
    try:
        document: Any = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        rows = [json.loads(line) for line in (folder / CODES_NAME).read_text(encoding="utf-8").splitlines()]
        if document["rubric"] != RUBRIC_DIGEST:
            raise ValueError("coded by another rubric")
        codes = {row["id"]: codes_from(row) for row in rows if None not in [row[name] for name in SETTLED]}
        return GivenCodes(
            coder=str(document["coder"]), codes=codes, sharpness=_SHARPNESS.validate_python(document["sharpness"])
        )
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise RunFolderError(
            f"Codes by a judge are used with their measured agreement. {folder / FILE_NAME} and {CODES_NAME} cannot be "
            f"used ({type(error).__name__}). Code the run again: goodheart code {folder} --coder judge --model M "
            f"--gold, or delete {FILE_NAME} to have the replies coded offline."
        ) from error


def forget_coder(folder: Path) -> bool:
    """Let a run's replies be coded offline again; whether somebody else's codes had counted."""
    known = (folder / FILE_NAME).exists()
    (folder / FILE_NAME).unlink(missing_ok=True)
    return known


def codes_from(row: Mapping[str, Any]) -> Codes:
    """Read the codes of one line, all of them settled.

    Raises:
        KeyError, ValidationError: it is no such line.
    """
    several = {name: tuple(row.get(name) or ()) for name in ("hedges", "moves")}
    return _CODES.validate_python({**{name: row[name] for name in SETTLED}, **several})
