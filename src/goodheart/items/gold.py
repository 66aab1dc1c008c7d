"""The gold replies that ship, as text; `goodheart.reading.codes.gold` reads them."""

from importlib.resources import files
from typing import Final, Literal

Half = Literal["development", "sealed"]
FILES: Final[dict[Half, tuple[str, ...]]] = {
    "development": ("development", "development_aa", "development_bb"),
    "sealed": ("sealed", "sealed_2"),
}


def second_text() -> str:
    """Return the JSON lines of the second coding of the sealed half."""
    return files("goodheart.items").joinpath("public", "codes", "second.jsonl").read_text(encoding="utf-8")


def gold_text(half: Half) -> str:
    """Return the JSON lines of one half."""
    folder = files("goodheart.items").joinpath("public", "codes")
    return "".join(folder.joinpath(f"{name}.jsonl").read_text(encoding="utf-8") for name in FILES[half])
