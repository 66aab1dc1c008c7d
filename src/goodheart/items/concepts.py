"""Plain nouns whose directions are injected, and the baseline words that they are taken against."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from goodheart.errors import InternalError
from goodheart.items.source import read_source
from goodheart.records import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """Words for concept injection."""

    concepts: tuple[str, ...]
    baseline: tuple[str, ...]
    digest: str


@cache
def public_concepts() -> Concepts:
    """Load the words that ship with the package.

    Raises:
        InternalError: the file was changed after installation.
    """
    data: Any = read_source(files("goodheart.items").joinpath("public", "emotions", "ladder", "concepts.yaml"))
    if not isinstance(data, dict) or not {"concepts", "baseline"} <= set(data):
        raise InternalError("concepts.yaml has to be a mapping with lists of concepts and of baseline words.")
    concepts, baseline = tuple(map(str, data["concepts"])), tuple(map(str, data["baseline"]))
    return Concepts(concepts=concepts, baseline=baseline, digest=digest([concepts, baseline]))
