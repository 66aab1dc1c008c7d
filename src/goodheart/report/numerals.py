"""Numbers as text: with their unit and no more digits than they carry."""

import math
import re
from collections.abc import Callable
from typing import Final

_MINUS: Final = re.compile(r"(?<![\w.])-(?=\d)")
_SHARES: Final = frozenset({"share", "probability", "proportion"})


def number(value: float) -> str:
    """Write a number with two decimals and a true minus sign."""
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else ("\u221e" if value > 0 else "\u2212\u221e")
    text = f"{value:.2f}"
    return ("\u2212" + text[1:] if text.startswith("-") else text) if float(text) else "0.00"


def true_minus(text: str) -> str:
    """Give numbers in a sentence of ours the minus sign that the page uses."""
    return _MINUS.sub("\u2212", text)


def signed(value: float) -> str:
    """Write a difference with its sign."""
    text = number(value)
    return f"+{text}" if value > 0 and text not in ("0.00", "\u221e") else text


def percent(value: float) -> str:
    """Write a share as a whole percentage."""
    if not math.isfinite(value):
        return number(value)
    return "<1%" if 0 < value < 0.005 else f"{100 * value:.0f}%"


def fine_percent(value: float) -> str:
    """Write a probability as a percentage with two digits, down to a thousandth of a percent."""
    if not math.isfinite(value):
        return number(value)
    if 0 < value < 0.00001:
        return "<0.001%"
    places = 0 if value == 0 or value >= 0.0995 else 1 if value >= 0.00995 else 2 if value >= 0.000995 else 3
    return f"{100 * value:.{places}f}%"


def in_unit(unit: str) -> Callable[[float], str]:
    """Return how numbers of a unit are written, without the unit's name."""
    return percent if unit in _SHARES else number


def amount(value: float, unit: str) -> str:
    """Write a number with its unit."""
    if unit in _SHARES:
        return percent(value)
    if unit in ("correlation", "coefficient", "auc"):
        return number(value)
    return f"{number(value)} {unit}"


def interval(low: float, high: float, unit: str) -> str:
    """Write an interval."""
    write = in_unit(unit)
    return f"[{write(low)}, {write(high)}]"


def count(n: int, one: str, many: str = "") -> str:
    """Write a count with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """Join names as prose does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"
