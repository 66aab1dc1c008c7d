"""How one frozen plan differs from another, in a few lines a person can read."""

import json
from collections.abc import Mapping
from typing import Any

SHOWN_CHARACTERS = 60
SHOWN_LINES = 12


def plan_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """List the fields in which two plans differ.

    Args:
        old: The plan that is there.
        new: The plan that was asked for.

    Returns:
        Lines such as `seed: 1 -> 2` or `trials: 12 of 120 differ`, digests last, at most `SHOWN_LINES`.
    """
    names = [*sorted({*old, *new} - {"digest"}), "digest"]
    lines = [line for name in names for line in _field(name, old.get(name), new.get(name))]
    if len(lines) > SHOWN_LINES:
        lines = [*lines[: SHOWN_LINES - 1], f"and {len(lines) - SHOWN_LINES + 1} more"]
    return tuple(lines)


def _field(name: str, old: Any, new: Any) -> list[str]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        return [line for key in sorted({*old, *new}) for line in _field(f"{name}.{key}", old.get(key), new.get(key))]
    if isinstance(old, list) and isinstance(new, list) and max(len(old), len(new)) > 8:
        return [_long_list(name, old, new)]
    return [f"{name}: {_shown(old)} -> {_shown(new)}"]


def _long_list(name: str, old: list[Any], new: list[Any]) -> str:
    if len(old) != len(new):
        return f"{name}: {len(old)} -> {len(new)} entries"
    return f"{name}: {sum(a != b for a, b in zip(old, new, strict=True))} of {len(old)} differ"


def _shown(value: Any) -> str:
    text = "absent" if value is None else json.dumps(value, ensure_ascii=True)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
