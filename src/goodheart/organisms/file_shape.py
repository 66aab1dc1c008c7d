"""The shape of an organism file: keys, types, bounds and the dial, each problem as (problem, path inside the file)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goodheart.organisms.amounts import amount_of
from goodheart.organisms.described import SECTIONS
from goodheart.organisms.sections import Problem, section_problems, shown, unknown

SCHEMA_VERSION: Final = 1
VERSIONS: Final = ("before", "after")
"""Of a pair: the same respondent before and after a change."""

_ID: Final = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_KEYS: Final = ("name", "family", "why", "dial", *SECTIONS, "versions")
_MOST_SETTINGS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """The size of what is planted."""

    unit: str
    """Such as `points`, `share`."""
    values: tuple[float, ...]
    """Settings at which it is tried, ascending."""
    default: float


def file_problems(data: Any) -> Iterator[Problem]:
    """List everything that is wrong with one document."""
    if not isinstance(data, dict):
        yield f"a mapping is needed; found {shown(data)}", "top level"
        return
    if data.get("schema_version") != SCHEMA_VERSION:
        yield f"{SCHEMA_VERSION} is needed; found {shown(data.get('schema_version', 'no key'))}", "schema_version"
    for key in data.keys() - {"schema_version", "organisms", "truth"}:
        yield unknown(str(key), ("schema_version", "organisms", "truth")), str(key)
    entries = data.get("organisms")
    if not isinstance(entries, list) or not entries:
        yield f"a list of organisms is needed; found {shown(entries)}", "organisms"
        return
    for place, entry in enumerate(entries):
        yield from _organism_problems(entry, f"organisms[{place}]")


def _organism_problems(entry: Any, at: str) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield f"a mapping is needed; found {shown(entry)}", at
        return
    for key in entry:
        if key not in _KEYS:
            yield unknown(str(key), _KEYS), f"{at}.{key}"
    for key in ("name", "family"):
        value = entry.get(key)
        if not isinstance(value, str) or not _ID.fullmatch(value):
            yield f"a name in small letters, digits, - and _ is needed; found {shown(value)}", f"{at}.{key}"
    if not isinstance(entry.get("why"), str):
        yield f"a sentence is needed; found {shown(entry.get('why'))}", f"{at}.why"
    yield from _dial_problems(entry.get("dial"), f"{at}.dial")
    dial = dial_of(entry.get("dial"))
    settings: tuple[float | None, ...] = (*dial.values, dial.default) if dial else (None,)
    for name, kind in SECTIONS.items():
        if name in entry:
            yield from section_problems(kind, entry[name], at=f"{at}.{name}", dials=settings)
    yield from _version_problems(entry.get("versions"), f"{at}.versions", settings)


def _version_problems(versions: Any, at: str, settings: Sequence[float | None]) -> Iterator[Problem]:
    if versions is None:
        return
    if not isinstance(versions, dict) or set(versions) != set(VERSIONS):
        yield f"a mapping with the keys before and after is needed; found {shown(versions)}", at
        return
    for version, changes in versions.items():
        if not isinstance(changes, dict):
            yield f"a mapping is needed; found {shown(changes)}", f"{at}.{version}"
            continue
        for name, section in changes.items():
            if name in SECTIONS:
                yield from section_problems(SECTIONS[name], section, at=f"{at}.{version}.{name}", dials=settings)
            else:
                yield unknown(str(name), tuple(SECTIONS)), f"{at}.{version}.{name}"


def _dial_problems(dial: Any, at: str) -> Iterator[Problem]:
    if dial is None:
        return
    if not isinstance(dial, dict) or set(dial) != {"unit", "values", "default"}:
        yield f"a mapping with the keys unit, values and default is needed; found {shown(dial)}", at
        return
    if not isinstance(dial["unit"], str):
        yield f"a word is needed; found {shown(dial['unit'])}", f"{at}.unit"
    values = dial["values"]
    if not isinstance(values, list) or not 1 <= len(values) <= _MOST_SETTINGS:
        yield f"a list of 1 to {_MOST_SETTINGS} numbers is needed; found {shown(values)}", f"{at}.values"
        values = []
    entries = [(f"{at}.values[{place}]", value) for place, value in enumerate(values)]
    settings: list[float] = []
    for where, value in [*entries, (f"{at}.default", dial["default"])]:
        setting = _setting(value)
        if setting is None:
            yield f"a number above 0 is needed; found {shown(value)}", where
        elif where != f"{at}.default":
            settings.append(setting)
    if sorted(set(settings)) != settings:
        yield "the numbers have to rise", f"{at}.values"


def _setting(value: Any) -> float | None:
    amount = amount_of(value)
    return amount.start if amount is not None and not amount.slope and amount.start > 0 else None


def dial_of(dial: Any) -> Dial | None:
    """The dial of a file, or None where it has none or a wrong one."""
    if dial is None or any(_dial_problems(dial, "")):
        return None
    values = tuple(setting for value in dial["values"] if (setting := _setting(value)) is not None)
    return Dial(unit=dial["unit"], values=values, default=_setting(dial["default"]) or 0.0)
