"""From organism files to descriptions: all of them sound, or one error that lists every problem."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from goodheart.errors import StudyError
from goodheart.items.source import Foreign, UnreadableSource, read_source
from goodheart.organisms.described import SECTIONS, Organism
from goodheart.organisms.file_shape import VERSIONS, Dial, dial_of, file_problems
from goodheart.organisms.sections import section_of, section_problems
from goodheart.records import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One organism of a file, before its dial is set."""

    name: str
    """With `.before` or `.after` where it is one version of a pair."""
    family: str
    """`healthy` for those whose report is sound; otherwise any word that groups faults."""
    why: str
    dial: Dial | None
    sections: Mapping[str, Any]
    """As the file says."""
    digest: str
    """SHA-256 of everything but name, family and why."""


def organism_at(description: Description, dial: float | None = None) -> Organism:
    """Set the dial of a description.

    Args:
        description: From a file that was loaded.
        dial: The setting; None takes the default.

    Raises:
        StudyError: The organism has no dial, or the setting takes a number off its bounds.
    """
    if dial is not None and description.dial is None:
        raise StudyError(
            f"A dial is set where there is one. {description.name!r} has none; got {dial:g}. Leave the dial out."
        )
    setting = description.dial.default if dial is None and description.dial else dial
    problems = [
        f"{what} @ {at}"
        for name, kind in SECTIONS.items()
        for what, at in section_problems(kind, description.sections.get(name, {}), at=name, dials=(setting,))
    ]
    if problems:
        raise _error(problems)
    given = description.sections
    made: dict[str, Any] = {
        name: section_of(kind, given.get(name, {}), dial=setting) for name, kind in SECTIONS.items()
    }
    return Organism(name=description.name, dial=setting, **made)


def load_organisms(path: Path) -> tuple[Description, ...]:
    """Load the organisms of one file, or of every `*.yaml` file of a folder that holds any.

    Args:
        path: The file or folder; the format is in `docs/organisms.md`. Of a folder, `key.yaml` holds truths.

    Raises:
        StudyError: Anything is wrong; `problems` lists everything as "problem @ file: path".
    """
    if not path.is_dir():
        return load_sources([path])
    found = sorted(entry for entry in path.iterdir() if entry.suffix == ".yaml" and entry.name != "key.yaml")
    if not found:
        raise _error([f"no *.yaml file in the folder @ {path.name}"])
    return load_sources(found)


@cache
def public_organisms() -> tuple[Description, ...]:
    """Load the organisms that ship with the package."""
    folder = files("goodheart.organisms").joinpath("public", "organisms")
    return load_sources(sorted((entry for entry in folder.iterdir()), key=lambda entry: entry.name))


def load_sources(sources: Sequence[Path | Traversable]) -> tuple[Description, ...]:
    """Load organisms from files.

    Raises:
        StudyError: see `load_organisms`.
    """
    problems: list[str] = []
    loaded: list[Description] = []
    for source in sources:
        try:
            data = read_source(source)
        except UnreadableSource as error:
            problems.append(f"{error} @ {source.name}")
            continue
        wrong = [f"{what} @ {source.name}: {at}" for what, at in file_problems(data)]
        problems += wrong
        if not wrong:
            loaded += [made for entry in data["organisms"] for made in _descriptions(entry)]
    names = [one.name for one in loaded]
    problems += [
        f"the name stands twice @ {name}" for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise _error(problems)
    return tuple(loaded)


def _error(problems: Sequence[str]) -> StudyError:
    return StudyError(
        "Organisms are described as docs/organisms.md says; found problems. Mend these places:", problems=problems
    )


def _descriptions(entry: Mapping[str, Any]) -> Iterator[Description]:
    base = {name: _plain(entry[name]) for name in SECTIONS if name in entry}
    versions = entry.get("versions")
    if versions is None:
        yield _description(entry, entry["name"], base)
        return
    for version in VERSIONS:
        changes = _plain(versions[version])
        merged = {name: _merged(base.get(name, {}), changes.get(name, {})) for name in SECTIONS}
        yield _description(entry, f"{entry['name']}.{version}", {name: one for name, one in merged.items() if one})


def _description(entry: Mapping[str, Any], name: str, sections: Mapping[str, Any]) -> Description:
    dial = dial_of(entry.get("dial"))
    return Description(
        name=name,
        family=entry["family"],
        why=entry["why"],
        dial=dial,
        sections=sections,
        digest=digest({"dial": dial, "sections": sections}),
    )


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay changes over a base, mapping by mapping."""
    both = {key: base[key] for key in base.keys() & changes.keys()}
    deep = {key: _merged(was, changes[key]) for key, was in both.items() if isinstance(was, dict)}
    return {**base, **changes, **deep}


def _plain(value: Any) -> Any:
    """Write scalars that YAML types otherwise as their text, so that the same content has the same digest."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.text if isinstance(value, Foreign) else value
