"""A fitted linear coder as a file, and back: fitting to all development replies takes half a minute, reading none.

An npz without pickle: the n-grams as JSON, their idf, and for every code its weights in half precision beside their
scale. The file says which replies it was fitted to, by digest, so that one that is out of date is noticed.
"""

import io
import json
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from goodheart.errors import InternalError
from goodheart.reading.codes.linear import LinearCoder
from goodheart.stats.arguments import FloatArray

VERSION: Final = 1


def pack_coder(coder: LinearCoder, *, fitted_to: str) -> bytes:
    """Write a fitted coder.

    Args:
        coder: Fitted.
        fitted_to: Digest of the replies.
    """
    about = {"version": VERSION, "fitted_to": fitted_to, "grams": list(coder.columns), "labels": dict(coder.labels)}
    arrays: dict[str, Any] = {
        "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
        "idf": coder.idf.astype(np.float32),
    }
    for name, weights in coder.weights.items():
        scale = float(np.abs(weights).max()) or 1.0
        arrays[f"scale {name}"] = np.array(scale)
        arrays[f"weights {name}"] = (weights / scale).astype(np.float16)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def unpack_coder(data: bytes) -> tuple[LinearCoder, str]:
    """Read a fitted coder.

    Args:
        data: What `pack_coder` wrote.

    Returns:
        The coder, and the digest of the replies that it was fitted to.

    Raises:
        InternalError: it is not such a file.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes().decode())
            if about["version"] != VERSION:
                raise ValueError(f"version {about['version']}")
            weights = {
                name: _fixed(arrays[f"weights {name}"].astype(np.float64) * float(arrays[f"scale {name}"]))
                for name in about["labels"]
            }
            coder = LinearCoder(
                columns={(block, gram): place for place, (block, gram) in enumerate(about["grams"])},
                idf=_fixed(arrays["idf"].astype(np.float64)),
                labels={name: tuple(values) for name, values in about["labels"].items()},
                weights=weights,
            )
            return coder, str(about["fitted_to"])
    except (BadZipFile, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise InternalError(
            "the offline coder needs the file of weights that ships with the package, as scripts/fit_coder.py writes "
            f"it; this one cannot be read ({type(error).__name__}). Restore it, or fit the coder again."
        ) from error


def _fixed(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
