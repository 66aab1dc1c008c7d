"""The files of the trained coder, known without loading a model."""

from importlib.resources import files
from typing import Final

from goodheart.records import digest

WEIGHTS: Final = "weights.safetensors"
HEADS: Final = "heads.npz"
SEALED: Final = "sealed.jsonl"
"""What it said of the sealed replies: measured once, because it takes a model."""
FOLDER: Final = files("goodheart.whitebox.coding")


def weights_digest() -> str:
    """Return the digest of everything that was trained."""
    return digest([digest(FOLDER.joinpath(name).read_bytes().hex()) for name in (WEIGHTS, HEADS)])
