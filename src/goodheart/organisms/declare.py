"""How a field of an organism says what a file may put there: its kind, its bounds, its words."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

Kind = Literal["number", "numbers", "cells", "word", "texts", "pools"]
"""A number; numbers by name; numbers by factor and level; one word; a list of texts; lists of texts by name."""


def number(default: float, low: float, high: float) -> Any:
    """Declare a number with its bounds."""
    return field(default=default, metadata={"kind": "number", "low": low, "high": high})


def numbers(default: Mapping[str, float], low: float, high: float, *, keys: tuple[str, ...]) -> Any:
    """Declare numbers by name; a file may give some of them, and the others keep their default."""
    found = tuple(default.items())
    return field(default=found, metadata={"kind": "numbers", "low": low, "high": high, "keys": keys})


def cells(default: Mapping[tuple[str, str], float], low: float, high: float) -> Any:
    """Declare numbers by factor and level; a factor that a file names is given anew as a whole."""
    return field(default=tuple(default.items()), metadata={"kind": "cells", "low": low, "high": high})


def word(default: str, choices: tuple[str, ...]) -> Any:
    """Declare one of several words; any text where no choices are given."""
    return field(default=default, metadata={"kind": "word", "choices": choices})


def texts(default: tuple[str, ...] = (), *, choices: tuple[str, ...] = ()) -> Any:
    """Declare a list of texts."""
    return field(default=default, metadata={"kind": "texts", "choices": choices})


def pools() -> Any:
    """Declare lists of texts by name."""
    return field(default=(), metadata={"kind": "pools"})
