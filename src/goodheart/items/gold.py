"""The gold replies that ship, as text; `goodheart.reading.codes.gold` reads them."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

Half = Literal["development", "sealed"]


def gold_text(half: Half) -> str:
    """Return the JSON lines of one half."""
    return _text(half)


def second_text() -> str:
    """Return the JSON lines of the second coding of the sealed half."""
    return _text("second")


def fitted_bytes() -> bytes:
    """Return the weights of the linear coder, as `scripts/fit_coder.py` wrote them."""
    return _folder().joinpath("linear.npz").read_bytes()


def _text(name: str) -> str:
    return _folder().joinpath(f"{name}.jsonl").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files("goodheart.items").joinpath("public", "codes")
