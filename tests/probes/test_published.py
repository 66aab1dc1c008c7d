"""Equality with a published implementation of difference-of-means directions, on its own kind of example.

`reference.json` is what `train_steering_vector` of steering-vectors 0.12.2 (MIT) gives on the first example of its own
tests, two answers to one question read at the last token, on a small model whose weights are written below. Where that
package is installed, the reference is made again.
"""

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import PreTrainedModel

from goodheart.probes.axes import fit_axes
from goodheart.probes.direction import direction_without
from goodheart.whitebox.chat import encode
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.recording import record
from tests.whitebox.tiny import tiny_model, tiny_tokenizer

REFERENCE = Path(__file__).parent / "reference.json"
PAIRS = [
    ("[INST] 2 + 2 = ? A: 2, B: 4 [/INST] The answer is B", "[INST] 2 + 2 = ? A: 2, B: 4 [/INST] The answer is A"),
    ("[INST] 3 + 2 = ? A: 5, B: 4 [/INST] The answer is A", "[INST] 3 + 2 = ? A: 5, B: 4 [/INST] The answer is B"),
    ("[INST] 1 + 1 = ? A: 2, B: 3 [/INST] The answer is A", "[INST] 1 + 1 = ? A: 2, B: 3 [/INST] The answer is B"),
]
LAYERS = (1, 2, 3)


def written_model() -> PreTrainedModel:
    """Build a model whose weights follow from this file alone."""
    model = tiny_model("llama")
    rng = np.random.default_rng(2)
    for name, weight in sorted(model.named_parameters()):
        values = rng.normal(0, 0.2, weight.shape) + (1.0 if "norm" in name else 0.0)
        weight.data = torch.tensor(values, dtype=torch.float32)
    return model


def states() -> np.ndarray:
    """States at the last token, (n_pairs, 2, n_layers, d)."""
    texts = [text for pair in PAIRS for text in pair]
    packed = PackedModel(written_model(), 512, (1,))
    found = record(packed, encode(tiny_tokenizer(), texts), layers=LAYERS, pool=MeanLast(n=1))
    return found.reshape(len(PAIRS), 2, len(LAYERS), -1)


def reference() -> np.ndarray:
    return np.array(json.loads(REFERENCE.read_text())["vectors"])


def test_directions_equal_those_of_a_published_implementation() -> None:
    nothing = np.empty((0, 32))
    for place, expected in enumerate(reference()):
        at = states()[:, :, place]
        direction = direction_without(nothing, good=at[:, 0], bad=at[:, 1])
        assert direction.distance * direction.vector == pytest.approx(expected, abs=1e-4)
        assert direction.raw == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
        axes = fit_axes(at, ("right", "wrong"), components=nothing)
        assert axes.vectors[0] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)


@pytest.mark.skipif(find_spec("steering_vectors") is None, reason="steering-vectors is not installed")
def test_the_reference_is_what_the_published_implementation_gives() -> None:
    assert published() == pytest.approx(reference(), abs=1e-5)


def published() -> np.ndarray:
    """Let the published implementation fit its vectors."""
    train: Any = import_module("steering_vectors").train_steering_vector
    vector = train(written_model(), tiny_tokenizer(), PAIRS, layers=[layer - 1 for layer in LAYERS])
    return np.stack([vector.layer_activations[layer - 1].double().numpy() for layer in LAYERS])


if __name__ == "__main__":
    made = {"by": "steering-vectors 0.12.2", "layers": list(LAYERS), "vectors": published().round(7).tolist()}
    REFERENCE.write_text(json.dumps(made) + "\n")
