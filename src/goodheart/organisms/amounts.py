"""Numbers of an organism file: plain, or a straight line in the dial.

0.8      dial      -0.5 dial      4 - 0.5 dial
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from goodheart.items.source import Foreign

_PLAIN: Final = r"\d+(?:\.\d+)?|\.\d+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that may depend on the dial: `start + slope * dial`."""

    start: float
    slope: float

    def at(self, dial: float | None) -> float:
        """Return the number at one setting; without a dial the slope is 0."""
        return self.start + self.slope * (dial or 0.0)


def amount_of(value: Any) -> Amount | None:
    """Read a number of a file, or return None where it is none.

    Args:
        value: As `items.source.read_source` gives it: whole numbers, text, or `Foreign` for other scalars.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Amount(start=float(value), slope=0.0)
    if isinstance(value, Foreign):
        return _line(value.text) if value.kind in ("float", "int") else None
    return _line(value) if isinstance(value, str) else None


def _line(text: str) -> Amount | None:
    plain = text.strip()
    if "dial" not in plain:
        found = re.fullmatch(rf"[+-]?(?:{_PLAIN})", plain)
        return Amount(start=float(plain), slope=0.0) if found and len(plain) < 20 else None
    head, _, tail = plain.partition("dial")
    found = re.fullmatch(rf"(?:(?P<start>[+-]?\s*(?:{_PLAIN}))\s*(?=[+-]))?(?P<slope>[+-]?\s*(?:{_PLAIN})?)\s*", head)
    if tail or found is None:
        return None
    slope = found["slope"].replace(" ", "")
    signed = {"": 1.0, "+": 1.0, "-": -1.0}
    return Amount(
        start=float((found["start"] or "0").replace(" ", "")),
        slope=signed[slope] if slope in signed else float(slope),
    )
