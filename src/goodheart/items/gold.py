"""The gold replies that ship, as text; `goodheart.reading.codes.gold` reads them."""

from importlib.resources import files
from typing import Literal

Half = Literal["development", "sealed"]


def gold_text(half: Half) -> str:
    """Return the JSON lines of one half."""
    return _text(half)


def second_text() -> str:
    """Return the JSON lines of the second coding of the sealed half."""
    return _text("second")


def _text(name: str) -> str:
    return files("goodheart.items").joinpath("public", "codes", f"{name}.jsonl").read_text(encoding="utf-8")
