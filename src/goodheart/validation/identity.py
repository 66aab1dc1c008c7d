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
    found = hashlib.sha256()
    for room in ROOMS:
        for name, source in sorted(_sources(files("goodheart").joinpath(room), room)):
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
