"""What a validation was of: digests of the battery, the thresholds, the organisms and the key."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from goodheart.organisms.files import Description
from goodheart.organisms.truth import TruthMatrix
from goodheart.records import digest
from goodheart.thresholds import frozen

ROOMS: Final = ("assessments", "checks", "design", "items", "reading", "records", "stats", "organisms", "validation")
"""Everything that decides a verdict on a simulated respondent."""
CHOICE_ROOMS: Final = (*ROOMS, "choice", "conduct")
CHOICE_FILES: Final = (
    "choice_findings.py",
    "conduct_findings.py",
    "engine/choice_plan.py",
    "engine/conduct_plan.py",
    "engine/settings.py",
    "thresholds.py",
)
"""Of rooms that decide nothing else: how plans are frozen and evidence is put together, and the thresholds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What was validated against what, as SHA-256 each."""

    battery: str
    """Of the program text of `ROOMS` and the shipped items."""
    thresholds: str
    organisms: str
    key: str
    """Of the truth matrix; empty where there is none."""


def seal_of(descriptions: Sequence[Description], truth: TruthMatrix | None) -> Seal:
    """Take the digests."""
    return Seal(
        battery=battery_digest(),
        thresholds=digest(frozen()),
        organisms=digest([(one.name, one.digest) for one in descriptions]),
        key=truth.digest if truth else "",
    )


def battery_digest() -> str:
    """Return the digest of the program text that decides a verdict, and of the items."""
    return _text_digest(ROOMS, ())


def choice_battery_digest() -> str:
    """Return the same of what decides a verdict on a planted respondent to choices or conduct."""
    return _text_digest(CHOICE_ROOMS, CHOICE_FILES)


def _text_digest(rooms: Sequence[str], single: Sequence[str]) -> str:
    found = hashlib.sha256()
    listed = [sorted(_sources(files("goodheart").joinpath(room), room)) for room in rooms]
    listed.append([(name, files("goodheart").joinpath(*name.split("/")).read_bytes()) for name in single])
    for name, source in (entry for part in listed for entry in part):
        found.update(f"{name}\n{len(source)}\n".encode() + source)
    return found.hexdigest()


def _sources(folder: Traversable, at: str) -> list[tuple[str, bytes]]:
    listed: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{at}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            listed += _sources(entry, name)
        # The rates themselves are a result, and no part of what they were measured with.
        elif entry.name.endswith((".py", ".yaml")):
            listed.append((name, entry.read_bytes()))
    return listed
