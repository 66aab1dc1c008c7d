"""One section of an organism file to the record of that section, with every problem as (problem, path)."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, fields
from typing import Any, TypeVar, cast

from goodheart.errors import InternalError
from goodheart.items.source import Foreign
from goodheart.organisms.amounts import Amount, amount_of

Section = TypeVar("Section")

Problem = tuple[str, str]
"""What is wrong, and where inside the file: ("off its bounds", "report.noise")."""


def section_problems(kind: type, data: Any, *, at: str, dials: Sequence[float | None]) -> Iterator[Problem]:
    """List everything that is wrong with one section.

    Args:
        kind: The record of the section.
        data: What the file says.
        at: Path of the section.
        dials: Settings at which every number has to be within its bounds.
    """
    if not isinstance(data, dict):
        yield f"a mapping is needed; found {shown(data)}", at
        return
    known = {field.name: field for field in fields(kind)}
    for key, value in data.items():
        if key in known:
            yield from _field_problems(known[key], value, f"{at}.{key}", dials)
        else:
            yield unknown(key, tuple(known)), f"{at}.{key}"


def section_of(kind: type[Section], data: Mapping[str, Any], *, dial: float | None) -> Section:
    """Build the record of a sound section at one setting of the dial."""
    values = {field.name: _value(field, data[field.name], dial) for field in fields(kind) if field.name in data}  # type: ignore[arg-type]  # a dataclass
    return kind(**values)


def unknown(key: str, known: Sequence[str]) -> str:
    """Say that a word is not known, and which one may have been meant."""
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}"
    return f"unknown key {key!a}; {hint}"


def shown(value: Any) -> str:
    """Say in a few words what stands there."""
    match value:
        case Foreign(kind="null"):
            return "nothing"
        case Foreign(kind=kind):
            return f"a value of kind {kind[:40]!a}"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return ascii(value)[:60]


def _field_problems(field: "Field[Any]", value: Any, at: str, dials: Sequence[float | None]) -> Iterator[Problem]:
    about = field.metadata
    match about["kind"]:
        case "number":
            yield from _number_problems(value, about, at, dials)
        case "numbers":
            yield from _mapping_problems(value, about, at, dials, keys=about["keys"])
        case "cells":
            yield from _cell_problems(value, about, at, dials)
        case "word":
            choices = about["choices"]
            if not isinstance(value, str) or (choices and value not in choices):
                yield f"one of {', '.join(choices) or 'any text'} is needed; found {shown(value)}", at
        case "texts":
            yield from _text_problems(value, about["choices"], at)
        case "pools":
            yield from _pool_problems(value, at)
        case other:
            raise InternalError(f"a field of an organism needs a known kind; got {other!r} for {field.name!r}")


def _number_problems(value: Any, about: Mapping[str, Any], at: str, dials: Sequence[float | None]) -> Iterator[Problem]:
    amount = amount_of(value)
    if amount is None:
        yield f"a number such as 0.8 or `0.5 dial` is needed; found {shown(value)}", at
    elif amount.slope and dials == (None,):
        yield "the number depends on a dial, and the file declares none", at
    else:
        yield from _bound_problems(amount, about, at, dials)


def _bound_problems(
    amount: Amount, about: Mapping[str, Any], at: str, dials: Sequence[float | None]
) -> Iterator[Problem]:
    low, high = about["low"], about["high"]
    outside = [dial for dial in dials if not low <= amount.at(dial) <= high]
    if outside:
        setting = "" if outside[0] is None or not amount.slope else f" at dial {outside[0]:g}"
        yield f"a number from {low:g} to {high:g} is needed; found {amount.at(outside[0]):g}{setting}", at


def _mapping_problems(
    value: Any, about: Mapping[str, Any], at: str, dials: Sequence[float | None], *, keys: Sequence[str]
) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield f"a mapping of numbers is needed; found {shown(value)}", at
        return
    for key, entry in value.items():
        if keys and key not in keys:
            yield unknown(key, keys), f"{at}.{key}"
        else:
            yield from _number_problems(entry, about, f"{at}.{key}", dials)


def _cell_problems(value: Any, about: Mapping[str, Any], at: str, dials: Sequence[float | None]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield f"a mapping from factors to levels to numbers is needed; found {shown(value)}", at
        return
    for factor, levels in value.items():
        yield from _mapping_problems(levels, about, f"{at}.{factor}", dials, keys=())


def _text_problems(value: Any, choices: Sequence[str], at: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield f"a list of texts is needed; found {shown(value)}", at
        return
    for place, entry in enumerate(value):
        if not isinstance(entry, str) or not entry.strip() or len(entry) > 400:
            yield f"a text of 1 to 400 characters is needed; found {shown(entry)}", f"{at}[{place}]"
        elif choices and entry not in choices:
            yield f"one of {', '.join(choices)} is needed; found {shown(entry)}", f"{at}[{place}]"


def _pool_problems(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield f"a mapping from pools to lists of texts is needed; found {shown(value)}", at
        return
    for pool, entries in value.items():
        yield from _text_problems(entries, (), f"{at}.{pool}")


def _value(field: "Field[Any]", value: Any, dial: float | None) -> Any:
    match field.metadata["kind"]:
        case "number":
            return _at(value, dial)
        case "numbers":
            given = {key: _at(entry, dial) for key, entry in value.items()}
            # Weights that sum to something are given anew; everything else is laid over its default.
            return tuple((given if field.name == "grounds" else {**_default(field), **given}).items())
        case "cells":
            named = {(factor, level): _at(entry, dial) for factor, of in value.items() for level, entry in of.items()}
            kept = {cell: entry for cell, entry in _default(field).items() if cell[0] not in value}
            return tuple({**kept, **named}.items())
        case "texts":
            return tuple(value)
        case "pools":
            return tuple((pool, tuple(entries)) for pool, entries in value.items())
        case _:
            return value


def _at(value: Any, dial: float | None) -> float:
    amount = amount_of(value)
    if amount is None:
        raise InternalError(f"an organism is built from a file that has been checked; got {value!r}")
    return amount.at(dial)


def _default(field: "Field[Any]") -> dict[Any, Any]:
    return dict(cast(tuple[tuple[Any, Any], ...], field.default))
