"""The keys of a study file: what each may hold, and what is said of a value that it may not."""

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_args

from goodheart.design.presets import ALL_CHECKS, PRESETS
from goodheart.design.study import Reading, Reasoning, asker_problem
from goodheart.engine.settings import Prices


class WrongValue(Exception):
    """One value cannot be used; `problems` holds what is wrong, each with its place inside the value."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        self.problems = problems
        super().__init__(problems)


def read_keys(document: Mapping[Any, Any], *, file: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read every key of a study file.

    Args:
        document: The file's content.
        file: Its name, for messages.

    Returns:
        The fields of a request that could be read, and every problem as "problem @ file: key".
    """
    found: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in document.items():
        try:
            found |= _READERS[key](value) if key in _READERS else _unknown(key, _READERS)
        except WrongValue as wrong:
            problems += [f"{line} @ {file}: {where}" for line, where in _located(wrong, str(key))]
    if "models" in found or "models" not in document:
        problems += [f"{line} @ {file}: prices" for line in _strangers(found)]
    return found, tuple(problems)


def _located(wrong: WrongValue, key: str) -> list[tuple[str, str]]:
    """A reader of a nested key reports several mistakes, each with its own place."""
    return [(line, f"{key}.{place}" if place else key) for line, place in wrong.problems]


def _wrong(line: str, place: str = "") -> WrongValue:
    return WrongValue((line, place))


def _unknown(key: object, known: Mapping[str, object], place: str = "") -> dict[str, Any]:
    close = get_close_matches(str(key), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(sorted(known))}"
    raise _wrong(f"unknown key {str(key)!r}; {hint}", place)


def kind_of(value: object) -> str:
    """Say in plain words what a value of YAML is."""
    names = {bool: "a yes or no", int: "a number", float: "a number", str: "text", list: "a list", dict: "keys"}
    return "nothing" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _a_text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{what} has to be text, found {kind_of(value)}")
    if not value.isprintable():
        raise _wrong(f"{what} has control characters in it")
    return value


def _whole(value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(f"has to be a whole number, found {kind_of(value)}")
    if value < least:
        raise _wrong(f"has to be at least {least}, found {value}")
    return value


def _amount(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _wrong(f"has to be a number, found {kind_of(value)}")
    if value < 0:
        raise _wrong(f"cannot be negative, found {value}")
    return float(value)


def _name(value: object) -> dict[str, Any]:
    text = _a_text(value, "a name")
    if len(text) > 80 or not all(character.isalnum() or character in "._-" for character in text):
        raise _wrong("a name has letters, digits, dots, dashes and underscores, 80 at most")
    return {"name": text}


def _models(value: object) -> dict[str, Any]:
    if not isinstance(value, list) or not value:
        raise _wrong(f"has to be a list of model names, found {kind_of(value) if value else 'none'}")
    wrong = [
        (f"has to be a full model name such as openai/gpt-5, found {kind_of(entry)}", str(place))
        for place, entry in enumerate(value)
        if not isinstance(entry, str) or not entry.isprintable() or "/" not in entry
    ]
    twice = sorted({entry for entry in value if isinstance(entry, str) and value.count(entry) > 1})
    wrong += [(f"{name!r} is listed twice", "") for name in twice]
    if wrong:
        raise WrongValue(*wrong)
    return {"models": tuple(value)}


def _preset(value: object) -> dict[str, Any]:
    if value not in tuple(PRESETS):
        raise _wrong(f"has to be one of {', '.join(PRESETS)}, found {value!r}")
    return {"preset": value}


def _checks(value: object) -> dict[str, Any]:
    if not isinstance(value, list) or not value:
        raise _wrong(f"has to be a list of checks, found {kind_of(value) if value else 'none'}")
    wrong = [(_no_check(entry), str(place)) for place, entry in enumerate(value) if entry not in ALL_CHECKS]
    twice = [name for name in ALL_CHECKS if value.count(name) > 1]
    wrong += [(f"{name!r} is listed twice", "") for name in twice]
    if wrong:
        raise WrongValue(*wrong)
    return {"checks": tuple(value)}


def _no_check(entry: object) -> str:
    close = get_close_matches(str(entry), ALL_CHECKS, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(ALL_CHECKS)}"
    return f"no check is called {str(entry)!r}; {hint}"


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(f"has to be true or false, found {kind_of(value)}")
    return value


def _asker(value: object) -> dict[str, Any]:
    name = _a_text(value, "who asks")
    problem = asker_problem(name)
    if problem:
        raise _wrong(f"who asks is told to the respondent, so it has to be a name: {problem}")
    return {"asker": name}


def _reading(value: object) -> dict[str, Any]:
    if value not in get_args(Reading):
        raise _wrong(f"has to be one of {', '.join(get_args(Reading))}, found {value!r}")
    return {"reading": value}


def _reasoning(value: object) -> dict[str, Any]:
    if value not in get_args(Reasoning):
        raise _wrong(f"has to be one of {', '.join(get_args(Reasoning))}, found {value!r}")
    return {"reasoning": value}


_CAPS: Final[Mapping[str, Callable[[object], float]]] = {
    "calls": lambda value: _whole(value, 1),
    "tokens": lambda value: _whole(value, 1),
    "usd": _amount,
}


def _nested(value: object, read: Callable[[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Read each entry of a mapping; its mistakes are reported together."""
    if not isinstance(value, dict):
        raise _wrong(f"has to be keys and values, found {kind_of(value)}")
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for key, entry in value.items():
        try:
            found |= read(key, entry)
        except WrongValue as one:
            wrong += _located(one, str(key))
    if wrong:
        raise WrongValue(*wrong)
    return found


def _caps(value: object) -> dict[str, Any]:
    return _nested(
        value, lambda key, entry: {f"cap_{key}": _CAPS[key](entry)} if key in _CAPS else _unknown(key, _CAPS)
    )


def _prices(value: object) -> dict[str, Any]:
    return {"prices": tuple(_nested(value, lambda model, entry: {model: _price(entry)}).items())}


def _price(value: object) -> Prices:
    sides = _nested(
        value, lambda key, entry: {key: _amount(entry)} if key in ("input", "output") else _unknown(key, _SIDES)
    )
    if len(sides) < 2:
        raise _wrong("needs `input` and `output`, in US dollars per million tokens")
    return Prices(**sides)


_SIDES: Final[Mapping[str, object]] = dict.fromkeys(("input", "output"))


def _strangers(found: Mapping[str, Any]) -> list[str]:
    """Prices of models that are not asked are most likely a misspelt name."""
    priced = [model for model, _ in found.get("prices", ())]
    asked = found.get("models", ())
    return [
        f"there is a price for {str(model)!r}, which is not among the models" for model in priced if model not in asked
    ]


_READERS: Final[Mapping[str, Callable[[object], dict[str, Any]]]] = {
    "name": _name,
    "models": _models,
    "preset": _preset,
    "seed": lambda value: {"seed": _whole(value, 0)},
    "items": lambda value: {"items": Path(_a_text(value, "a folder"))},
    "manipulations": lambda value: {"manipulations": Path(_a_text(value, "a folder"))},
    "checks": _checks,
    "echo": lambda value: {
        "echo": tuple(_nested(value, lambda name, entry: {name: Path(_a_text(entry, "a folder"))}).items())
    },
    "control": lambda value: {"control": Path(_a_text(value, "a folder"))},
    "allow_untrue": lambda value: {"allow_untrue": _yes_no(value)},
    "asker": _asker,
    "out": lambda value: {"out": Path(_a_text(value, "a folder"))},
    "reading": _reading,
    "reasoning": _reasoning,
    "private": lambda value: {"private": Path(_a_text(value, "a folder"))},
    "caps": _caps,
    "prices": _prices,
    "base_url": lambda value: {"base_url": _a_text(value, "an address")},
    "max_connections": lambda value: {"max_connections": _whole(value, 1)},
}
