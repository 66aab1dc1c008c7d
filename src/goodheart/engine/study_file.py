"""A study file: what a person wants to have asked, as YAML, with every mistake in it named at once."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, cast, get_args

import yaml

from goodheart.design.presets import PRESETS
from goodheart.design.study import Reading
from goodheart.engine.settings import Prices
from goodheart.errors import StudyError

MAX_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRequest:
    """What a study file or a command line asks for; None and () stand for "not said"."""

    name: str | None = None
    models: tuple[str, ...] = ()
    """Full model names."""
    preset: str | None = None
    """A key of `PRESETS`."""
    seed: int | None = None
    items: Path | None = None
    """A folder of items of the user's own."""
    out: Path | None = None
    """The run folder."""
    reading: Reading | None = None
    cap_calls: int | None = None
    cap_tokens: int | None = None
    cap_usd: float | None = None
    prices: tuple[tuple[str, Prices], ...] = ()
    """By full model name."""
    base_url: str | None = None
    max_connections: int | None = None


class _Wrong(Exception):
    """One value cannot be used; the message says why."""


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, which in addition refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping of keys that are all different."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_study_file(path: Path) -> StudyRequest:
    """Read a study file.

    Relative folders in it count from the folder that the file is in.

    Args:
        path: A YAML file; `docs/study-file.md` has its keys.

    Raises:
        StudyError: with every mistake in it as "problem @ file: key".
    """
    document = _document(path)
    found: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in document.items():
        try:
            found |= _READERS[key](value) if key in _READERS else _unknown(key, _READERS)
        except _Wrong as wrong:
            problems += [f"{line} @ {path.name}: {where}" for line, where in _located(wrong, str(key))]
    if "models" in found or "models" not in document:
        problems += [f"{line} @ {path.name}: prices" for line in _strangers(found)]
    if problems:
        raise StudyError(
            f"A study file says what is asked of whom. {path} has {_counted(problems)}. "
            "Mend it; an example with every key is in examples/study.yaml.",
            problems=problems,
        )
    return StudyRequest(**{key: _from_here(value, path) for key, value in found.items()})


def _counted(problems: list[str]) -> str:
    return "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"


def _from_here(value: Any, path: Path) -> Any:
    return path.parent / value.expanduser() if isinstance(value, Path) else value


def _document(path: Path) -> Mapping[Any, Any]:
    try:
        document = yaml.load(_text(path), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise _unusable(path, f"it is not readable as YAML: {error.problem}{line}") from error
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise _unusable(path, "it is not readable as YAML") from error
    if document is None:
        raise _unusable(path, "it is empty")
    if not isinstance(document, dict):
        raise _unusable(path, f"it holds {_kind(document)} instead of keys and values")
    return document


def _text(path: Path) -> str:
    if not path.is_file():
        raise _unusable(path, "it is a folder" if path.is_dir() else "there is no such file")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from error
    if len(raw) > MAX_BYTES:
        raise _unusable(path, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(path, "it is not UTF-8 text") from error


def _unusable(path: Path, why: str) -> StudyError:
    return StudyError(
        f"A study file is YAML with keys such as `models` and `preset`. {path} cannot be used: {why}. "
        "See examples/study.yaml, or leave the file out and type --model and --preset."
    )


def _located(wrong: _Wrong, key: str) -> list[tuple[str, str]]:
    """A reader of a nested key reports several mistakes, each with its own place."""
    return [(line, f"{key}.{place}" if place else key) for line, place in wrong.args[0]]


def _wrong(line: str, place: str = "") -> _Wrong:
    return _Wrong([(line, place)])


def _unknown(key: object, known: Mapping[str, object], place: str = "") -> dict[str, Any]:
    close = get_close_matches(str(key), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(sorted(known))}"
    raise _wrong(f"unknown key {str(key)!r}; {hint}", place)


def _kind(value: object) -> str:
    names = {bool: "a yes or no", int: "a number", float: "a number", str: "text", list: "a list", dict: "keys"}
    return "nothing" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _a_text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{what} has to be text, found {_kind(value)}")
    if not value.isprintable():
        raise _wrong(f"{what} has control characters in it")
    return value


def _whole(value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(f"has to be a whole number, found {_kind(value)}")
    if value < least:
        raise _wrong(f"has to be at least {least}, found {value}")
    return value


def _amount(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _wrong(f"has to be a number, found {_kind(value)}")
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
        raise _wrong(f"has to be a list of model names, found {_kind(value) if value else 'none'}")
    wrong = [
        (f"has to be a full model name such as openai/gpt-5, found {_kind(entry)}", str(place))
        for place, entry in enumerate(value)
        if not isinstance(entry, str) or not entry.isprintable() or "/" not in entry
    ]
    twice = sorted({entry for entry in value if isinstance(entry, str) and value.count(entry) > 1})
    wrong += [(f"{name!r} is listed twice", "") for name in twice]
    if wrong:
        raise _Wrong(wrong)
    return {"models": tuple(value)}


def _preset(value: object) -> dict[str, Any]:
    if value not in tuple(PRESETS):
        raise _wrong(f"has to be one of {', '.join(PRESETS)}, found {value!r}")
    return {"preset": value}


def _reading(value: object) -> dict[str, Any]:
    if value not in get_args(Reading):
        raise _wrong(f"has to be one of {', '.join(get_args(Reading))}, found {value!r}")
    return {"reading": value}


_CAPS: Final[Mapping[str, Callable[[object], float]]] = {
    "calls": lambda value: _whole(value, 1),
    "tokens": lambda value: _whole(value, 1),
    "usd": _amount,
}


def _nested(value: object, read: Callable[[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Read each entry of a mapping; its mistakes are reported together."""
    if not isinstance(value, dict):
        raise _wrong(f"has to be keys and values, found {_kind(value)}")
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for key, entry in value.items():
        try:
            found |= read(key, entry)
        except _Wrong as one:
            wrong += _located(one, str(key))
    if wrong:
        raise _Wrong(wrong)
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
    priced = [model for model, _ in cast("tuple[tuple[str, Prices], ...]", found.get("prices", ()))]
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
    "out": lambda value: {"out": Path(_a_text(value, "a folder"))},
    "reading": _reading,
    "caps": _caps,
    "prices": _prices,
    "base_url": lambda value: {"base_url": _a_text(value, "an address")},
    "max_connections": lambda value: {"max_connections": _whole(value, 1)},
}
