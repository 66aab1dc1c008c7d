"""Arrays as vllm-lens writes them into JSON: zstandard, then base64, with type and shape beside. No pickles."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import zstandard

from goodheart.errors import ModelError
from goodheart.whitebox.forest import Shift

BFLOAT16: Final = "torch.bfloat16"
"""Comes as int16, bit for bit: NumPy has no such type."""
TYPES: Final = ("float16", "float32", "float64", "int16")
MADE_FOR: Final = "vllm-lens 1.3"


def pack(values: npt.NDArray[np.float32]) -> dict[str, Any]:
    """Write an array down."""
    data = zstandard.ZstdCompressor(level=1).compress(np.ascontiguousarray(values, np.float32).tobytes())
    return {
        "data": base64.b64encode(data).decode("ascii"),
        "dtype": "float32",
        "original_dtype": "torch.float32",
        "shape": list(values.shape),
        "compression": "zstd",
    }


def unpack(entry: Any) -> npt.NDArray[np.float32]:
    """Read an array.

    Raises:
        ModelError: it is none, was cut short, or is of a type that states do not have.
    """
    try:
        name, shape = str(entry["dtype"]), tuple(int(n) for n in entry["shape"])
        bits = name == "int16" and entry.get("original_dtype") == BFLOAT16
        if name not in TYPES or (name == "int16" and not bits) or min(shape, default=0) < 1:
            raise ValueError(f"type {name} of shape {shape}")
        raw, n_bytes = base64.b64decode(entry["data"], validate=True), np.dtype(name).itemsize * int(np.prod(shape))
        if entry.get("compression") == "zstd":
            raw = zstandard.ZstdDecompressor().decompress(raw, max_output_size=n_bytes)
        if len(raw) != n_bytes:
            raise ValueError(f"{len(raw)} bytes for shape {shape} of {name}")
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, zstandard.ZstdError) as error:
        raise ModelError(
            f"states come as arrays in the form of {MADE_FOR}; one of these is not: {error}. "
            "Start the server with that version, or say what it is in an issue."
        ) from error
    values = np.frombuffer(raw, np.dtype(name)).reshape(shape)
    return _widened(values) if bits else values.astype(np.float32)


def _widened(bits: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Read bfloat16, which is the upper half of a float32."""
    return (bits.view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def steering_vectors(shifts: Sequence[Shift]) -> list[Mapping[str, Any]]:
    """Write down what is added to the states of a request.

    Layer i of ours, what block i gives, is the server's layer i - 1. An open end means all tokens that follow, those
    that are written included.
    """
    return [_steering_vector(shift) for shift in shifts]


def _steering_vector(shift: Shift) -> Mapping[str, Any]:
    everywhere = shift.start == 0 and shift.stop is None
    places = None if shift.stop is None else list(range(shift.start, shift.stop))
    assert everywhere or places is not None, "a place of a prompt has an end"
    rows = shift.vector[None] if places is None else np.broadcast_to(shift.vector, (1, len(places), len(shift.vector)))
    return {
        "activations": pack(rows),
        "layer_indices": [shift.layer - 1],
        "scale": 1.0,
        "norm_match": False,
        "position_indices": places,
    }
