"""Arrays come back as they were sent, and anything else is named."""

import base64
from typing import Any

import numpy as np
import pytest
import torch
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from goodheart.errors import ModelError
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.served.wire import pack, steering_vectors, unpack


@given(arrays(np.float32, array_shapes(max_dims=3, max_side=5), elements=st.floats(width=32, allow_nan=True)))
def test_what_is_packed_is_unpacked(values: np.ndarray) -> None:
    assert np.array_equal(unpack(pack(values)), values, equal_nan=True)


@pytest.mark.parametrize(
    ("kind", "stored"), [("bfloat16", "int16"), ("float16", "float16"), ("float32", "float32"), ("float64", "float64")]
)
@pytest.mark.parametrize("compressed", [True, False])
def test_every_float_type_of_a_server_is_read_exactly(kind: str, stored: str, compressed: bool) -> None:
    tensor = torch.tensor([[1.5, -0.1, 3e4], [0.0, -2.0, 1e-3]]).to(getattr(torch, kind))
    array = tensor.view(torch.int16).numpy() if kind == "bfloat16" else tensor.numpy()
    raw = zstandard.ZstdCompressor().compress(array.tobytes()) if compressed else array.tobytes()
    entry = {
        "data": base64.b64encode(raw).decode(),
        "dtype": stored,
        "original_dtype": f"torch.{kind}",
        "shape": [2, 3],
        **({"compression": "zstd"} if compressed else {}),
    }
    assert np.array_equal(unpack(entry), tensor.float().numpy())


@pytest.mark.parametrize(
    "change",
    [
        {"data": "no base64!"},
        {"data": base64.b64encode(b"no zstandard").decode()},
        {"shape": [2, 4]},
        {"shape": [2, 2]},
        {"shape": [0, 3]},
        {"shape": "wide"},
        {"dtype": "object"},
        {"dtype": "int16"},
        {"compression": None},
    ],
)
def test_what_is_no_array_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="arrays in the form of vllm-lens"):
        unpack({**pack(np.ones((2, 3), np.float32)), **change})
    with pytest.raises(ModelError, match="arrays in the form"):
        unpack(["data"])


def test_pushes_are_written_with_the_places_and_layers_of_the_server() -> None:
    vector = np.array([1.0, -2.0], np.float32)
    everywhere, some = steering_vectors([Shift(layer=3, vector=vector), Shift(layer=1, vector=vector, start=4, stop=6)])
    assert (everywhere["layer_indices"], everywhere["position_indices"]) == ([2], None)
    assert unpack(everywhere["activations"]).tolist() == [[1.0, -2.0]]
    assert (some["layer_indices"], some["position_indices"]) == ([0], [4, 5])
    assert unpack(some["activations"]).tolist() == [[[1.0, -2.0], [1.0, -2.0]]]
    assert (some["scale"], some["norm_match"]) == (1.0, False)
