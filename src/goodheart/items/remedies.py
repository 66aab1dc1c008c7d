"""Which change of a circumstance, not of words, would test a remedy: one entry per item, as data.

A report that gets better because it was trained or asked otherwise is no remedy. Each entry names something about the
circumstance that whoever runs the model could change, and what to measure after the change, beside the report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from goodheart.errors import ItemBankError
from goodheart.items.source import UnreadableSource, read_source

KEYS: Final = ("id", "change", "measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change of one circumstance that would test a remedy."""

    id: str
    """Of the item."""
    change: str
    """What is changed about the circumstance, in a sentence."""
    measure: str
    """What is measured after it, and against what."""


def load_remedies(path: Path | Traversable) -> Mapping[str, Remedy]:
    """Load a file of remedies.

    Args:
        path: A YAML file with `schema_version: 1`, a `canary`, and `remedies`: a list of `id`, `change`, `measure`.

    Returns:
        Remedies by item id.

    Raises:
        ItemBankError: Anything is wrong with it; `problems` lists everything as "problem @ path".
    """
    try:
        data = read_source(path)
    except UnreadableSource as error:
        raise _error([f"{error} @ {path.name}"]) from error
    problems = [f"{what} @ {path.name}: {at}" for what, at in _problems(data)]
    if problems:
        raise _error(problems)
    return {entry["id"]: Remedy(**{key: entry[key] for key in KEYS}) for entry in data["remedies"]}


@cache
def public_remedies() -> Mapping[str, Remedy]:
    """Load the remedies for the public circumstances.

    Raises:
        ItemBankError: The file was changed after installation.
    """
    return load_remedies(files("goodheart.items").joinpath("public", "remedies", "circumstances.yaml"))


def _problems(data: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(data, dict):
        yield "not a mapping", "top level"
        return
    if data.get("schema_version") != 1:
        yield "write `schema_version: 1`", "schema_version"
    if not isinstance(data.get("canary"), str):
        yield "missing canary, a text that tells training data apart", "canary"
    entries = data.get("remedies")
    if not isinstance(entries, list) or not entries:
        yield "missing list of remedies", "remedies"
        return
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        where = f"remedies[{place}]"
        if not isinstance(entry, dict) or set(entry) != set(KEYS):
            yield f"needs exactly the keys {', '.join(KEYS)}", where
            continue
        yield from ((f"{key} is no text", where) for key in KEYS if not isinstance(entry[key], str) or not entry[key])
        if entry["id"] in seen:
            yield f"a second remedy for {entry['id']!r}", where
        seen.add(str(entry["id"]))


def _error(problems: list[str]) -> ItemBankError:
    return ItemBankError(
        "a remedy names a circumstance, what to change about it and what to measure then; found something else. Mend "
        "what is listed and run the same command again:",
        problems=problems,
    )
