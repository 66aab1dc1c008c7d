"""Linear heads from a mean state to the values of each code, as a file and back.

With h the mean state of a reply, normed over its coordinates,

    score = weight (g * h + s) + bias        the value with the highest score wins

The file is an npz without pickle; it says which replies it was fitted to, by digest.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from goodheart.errors import InternalError

VERSION: Final = 1
TINY: Final = 1e-5
"""Added to a variance before its root, as torch does."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """One code."""

    values: tuple[str, ...]
    weight: FloatArray
    """(n_values, d_model)."""
    bias: FloatArray
    """(n_values,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heads:
    """All codes, behind one norm."""

    gain: FloatArray
    """(d_model,)."""
    shift: FloatArray
    """(d_model,)."""
    heads: Mapping[str, Head]
    fitted_to: str
    """Digest of the replies."""


def scores(heads: Heads, states: FloatArray) -> dict[str, FloatArray]:
    """Score every value of every code.

    Args:
        heads: Fitted.
        states: (n, d_model) mean states.

    Returns:
        By code (n, n_values), in the order of the head's values.
    """
    centred = states - states.mean(1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(1, keepdims=True) + TINY) * heads.gain + heads.shift
    return {name: normed @ one.weight.T + one.bias for name, one in heads.heads.items()}


def pack_heads(heads: Heads) -> bytes:
    """Write heads, in single precision."""
    about = {
        "version": VERSION,
        "fitted_to": heads.fitted_to,
        "values": {name: list(one.values) for name, one in heads.heads.items()},
    }
    arrays: dict[str, Any] = {
        "about": np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        "gain": heads.gain.astype(np.float32),
        "shift": heads.shift.astype(np.float32),
    }
    for name, one in heads.heads.items():
        arrays[f"weight {name}"] = one.weight.astype(np.float32)
        arrays[f"bias {name}"] = one.bias.astype(np.float32)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def unpack_heads(data: bytes) -> Heads:
    """Read heads.

    Raises:
        InternalError: it is no such file.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes().decode())
            if about["version"] != VERSION:
                raise ValueError(f"version {about['version']}")
            heads = {
                name: Head(
                    values=tuple(values),
                    weight=arrays[f"weight {name}"].astype(np.float64),
                    bias=arrays[f"bias {name}"].astype(np.float64),
                )
                for name, values in about["values"].items()
            }
            gain, shift = (arrays[name].astype(np.float64) for name in ("gain", "shift"))
            return Heads(gain=gain, shift=shift, heads=heads, fitted_to=str(about["fitted_to"]))
    except (BadZipFile, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise InternalError(
            "the trained coder needs the files of weights that ship with the package, as scripts/fit_trained_coder.py "
            f"writes them; these cannot be read ({type(error).__name__}). Restore them, or fit the coder again."
        ) from error
