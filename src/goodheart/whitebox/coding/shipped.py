"""The trained coder as it ships: its weights, and what it said of the sealed replies when it was measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from goodheart.errors import InternalError
from goodheart.reading.codes.codes import Codes
from goodheart.records import digest
from goodheart.whitebox.coding.coder import TrainedCoder
from goodheart.whitebox.coding.heads import Heads, unpack_heads
from goodheart.whitebox.load import load_model
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.weights import EMBEDDED

WEIGHTS: Final = "weights.safetensors"
HEADS: Final = "heads.npz"
SEALED: Final = "sealed.jsonl"
_FILES: Final = files("goodheart.whitebox.coding")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SealedCodes:
    """What the coder said of the sealed replies: measured once, because it takes a model."""

    weights: str
    """Digest of the weights that said so."""
    codes: Mapping[str, Codes]
    """By id of the gold reply."""


@cache
def shipped_heads() -> Heads:
    """Return the heads."""
    return unpack_heads(_FILES.joinpath(HEADS).read_bytes())


def weights_digest() -> str:
    """Return the digest of everything that was trained."""
    return digest([digest(_FILES.joinpath(name).read_bytes().hex()) for name in (WEIGHTS, HEADS)])


@cache
def shipped_trained() -> TrainedCoder:
    """Load the coder; some seconds, and the memory of one more embedded model.

    Raises:
        ModelError: the embedded weights are not there.
    """
    with as_file(_FILES.joinpath(WEIGHTS)) as path:
        return TrainedCoder(LocalModel(load_model(f"{EMBEDDED}@{path}")), shipped_heads())


def sealed_codes() -> SealedCodes:
    """Return what it said of the sealed replies.

    Raises:
        InternalError: other weights said so.
    """
    first, *rows = (json.loads(line) for line in _FILES.joinpath(SEALED).read_text(encoding="utf-8").splitlines())
    if first["weights"] != weights_digest():
        raise InternalError(
            "the agreement of the trained coder was measured with the weights that ship; these are others. Measure it "
            "again: python scripts/fit_trained_coder.py --measure"
        )
    return SealedCodes(weights=first["weights"], codes={row["id"]: _codes(row) for row in rows})


def _codes(row: Mapping[str, object]) -> Codes:
    several = {name: tuple(str(one) for one in row[name]) for name in ("hedges", "moves")}  # type: ignore[attr-defined]
    return Codes(**{name: row[name] for name in ("ground", "refusal", "warns", "tone")}, **several)  # type: ignore[arg-type]
