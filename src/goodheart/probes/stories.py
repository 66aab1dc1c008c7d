"""The stories on which the direction of valence is fitted."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from goodheart.errors import InternalError
from goodheart.items.source import read_source
from goodheart.records import digest

N_FIELDS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """Pairs of stories on the same topic, one that goes well and one that goes badly, and neutral ones."""

    topics: tuple[str, ...]
    good: tuple[str, ...]
    """By topic."""
    bad: tuple[str, ...]
    """By topic."""
    neutral: tuple[str, ...]
    digest: str


@cache
def valence_stories() -> Stories:
    """Read the stories that ship with the package."""
    data = read_source(files("goodheart.probes").joinpath("valence.yaml"))
    if not isinstance(data, dict) or len(data) != N_FIELDS:
        raise InternalError("the stories have to be a mapping of schema_version, canary, pairs and neutral.")
    pairs = data["pairs"]
    topics, good, bad = (tuple(pair[part] for pair in pairs) for part in ("topic", "good", "bad"))
    neutral = tuple(data["neutral"])
    return Stories(topics=topics, good=good, bad=bad, neutral=neutral, digest=digest([topics, good, bad, neutral]))
