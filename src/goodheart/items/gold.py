"""The gold replies that ship, as text; `goodheart.reading.codes.gold` reads them."""

from importlib.resources import files
from typing import Final, Literal

Half = Literal["development", "sealed"]
FILES: Final[dict[Half, tuple[str, ...]]] = {"development": ("development",), "sealed": ("sealed", "sealed_2")}


def gold_text(half: Half) -> str:
    """Return the JSON lines of one half."""
    folder = files("goodheart.items").joinpath("public", "codes")
    return "".join(folder.joinpath(f"{name}.jsonl").read_text(encoding="utf-8") for name in FILES[half])
