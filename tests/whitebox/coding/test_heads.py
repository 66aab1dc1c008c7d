import numpy as np
import pytest
import torch
from torch.nn import functional

from goodheart.errors import InternalError
from goodheart.whitebox.coding.coder import labels_of
from goodheart.whitebox.coding.heads import Head, Heads, pack_heads, scores, unpack_heads

RNG = np.random.default_rng(3)


def heads(width: int = 6) -> Heads:
    return Heads(
        gain=RNG.normal(size=width),
        shift=RNG.normal(size=width),
        heads={
            "warns": Head(values=("no", "yes"), weight=RNG.normal(size=(2, width)), bias=RNG.normal(size=2)),
            "tone": Head(values=("bad", "good", "mixed"), weight=RNG.normal(size=(3, width)), bias=RNG.normal(size=3)),
        },
        fitted_to="abc",
    )


def test_scores_are_those_of_a_norm_and_a_linear_layer_in_torch() -> None:
    own, states = heads(), RNG.normal(2, 30, size=(5, 6))
    normed = functional.layer_norm(torch.tensor(states), (6,), torch.tensor(own.gain), torch.tensor(own.shift))
    for name, found in scores(own, states).items():
        head = own.heads[name]
        wanted = functional.linear(normed, torch.tensor(head.weight), torch.tensor(head.bias)).numpy()
        np.testing.assert_allclose(found, wanted, atol=1e-9)


def test_the_highest_score_is_the_value() -> None:
    scored = {"warns": np.array([[1.0, 2.0], [3.0, 2.0]]), "tone": np.array([[0.0, 1.0, 5.0], [9.0, 1.0, 5.0]])}
    assert labels_of(scored, heads()) == [{"warns": "yes", "tone": "mixed"}, {"warns": "no", "tone": "bad"}]


def test_heads_come_back_from_their_file() -> None:
    own = heads()
    back = unpack_heads(pack_heads(own))
    assert back.fitted_to == "abc"
    assert back.heads["tone"].values == ("bad", "good", "mixed")
    states = RNG.normal(size=(4, 6))
    for name, found in scores(back, states).items():
        np.testing.assert_allclose(found, scores(own, states)[name], atol=1e-5)


@pytest.mark.parametrize("data", [b"", b"PK", pack_heads(heads())[:-40], b"\x00" * 100])
def test_a_broken_file_says_what_to_do(data: bytes) -> None:
    with pytest.raises(InternalError, match=r"fit_trained_coder\.py"):
        unpack_heads(data)
