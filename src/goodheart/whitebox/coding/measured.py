"""What the trained coder said of the sealed replies: measured once, because it takes a model; read without one."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from goodheart.errors import InternalError
from goodheart.reading.codes.codes import Codes
from goodheart.records import digest

WEIGHTS: Final = "weights.safetensors"
HEADS: Final = "heads.npz"
SEALED: Final = "sealed.jsonl"
FOLDER: Final = files("goodheart.whitebox.coding")


def weights_digest() -> str:
    """Return the digest of everything that was trained."""
    return digest([digest(FOLDER.joinpath(name).read_bytes().hex()) for name in (WEIGHTS, HEADS)])


def sealed_codes() -> Mapping[str, Codes]:
    """Return what the coder said of the sealed replies, by their ids.

    Raises:
        InternalError: other weights said so.
    """
    first, *rows = (json.loads(line) for line in FOLDER.joinpath(SEALED).read_text(encoding="utf-8").splitlines())
    if first["weights"] != weights_digest():
        raise InternalError(
            "the agreement of the trained coder was measured with the weights that ship; these are others. Measure it "
            "again: python scripts/fit_trained_coder.py --measure"
        )
    return {row["id"]: _codes(row) for row in rows}


def _codes(row: Mapping[str, object]) -> Codes:
    several = {name: tuple(str(one) for one in row[name]) for name in ("hedges", "moves")}  # type: ignore[attr-defined]
    return Codes(**{name: row[name] for name in ("ground", "refusal", "warns", "tone")}, **several)  # type: ignore[arg-type]
