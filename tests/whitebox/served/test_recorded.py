"""What a real server of vLLM with vllm-lens answered, replayed: it is asked the same, and read as a plain pass says.

`recorded.json` holds the exchanges with `wide_headed` of `tests/whitebox/tiny.py`, as they were.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from goodheart.whitebox.forest import Shift
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.server import Server
from goodheart.whitebox.served.wire import unpack
from tests.engine.loopback import Answer, Body, Loopback, loopback
from tests.whitebox.states import changed, plain_run
from tests.whitebox.tiny import tiny_tokenizer, wide_headed

EXCHANGES: list[Body] = json.loads((Path(__file__).parent / "recorded.json").read_text())["exchanges"]
IDS = tuple(tiny_tokenizer()("<|user|>the fire went out<|end|><|assistant|>", add_special_tokens=False)["input_ids"])
VECTOR = np.random.default_rng(5).normal(size=32).astype(np.float32) * 3
PLACED = Shift(layer=2, vector=VECTOR, start=3, stop=9)
EVERYWHERE = Shift(layer=1, vector=VECTOR)
FIRST = Shift(layer=2, vector=VECTOR, start=0, stop=2)


@pytest.fixture
def asked() -> Iterator[tuple[Server, Loopback]]:
    """A server that knows the recorded questions only."""

    def respond(path: str, body: Body) -> Answer:
        known = [one["answer"] for one in EXCHANGES if one["path"] == path and same(body, one["body"] or {})]
        assert len(known) == 1, f"never asked of the real server: {path} {body}"
        return Answer(body=known[0])

    with loopback(respond) as state:
        server = Server(state.url, model="tiny", waits=())
        yield server, state
        server.close()


def same(one: Body, other: Body) -> bool:
    return bool(bare(one) == bare(other))


def bare(body: Body) -> Any:
    """Leave the salt out, and open what is packed."""
    left = {name: value for name, value in body.items() if name not in ("cache_salt", "vllm_xargs")}
    xargs = dict(body.get("vllm_xargs") or {})
    vectors = json.loads(xargs.pop("apply_steering_vectors", "[]"))
    opened = [{**vector, "activations": unpack(vector["activations"]).tolist()} for vector in vectors]
    return left, xargs, opened


def plainly(*shifts: Shift, ids: tuple[int, ...] = IDS) -> tuple[np.ndarray, torch.Tensor]:
    return plain_run(wide_headed(), ids, changed(shifts))


def test_states(asked: tuple[Server, Loopback]) -> None:
    server = asked[0]
    assert server.states(IDS, layers=None, shifts=()) == pytest.approx(plainly()[0][1:], abs=1e-4)
    found = server.states(IDS, layers=(1, 3), shifts=(PLACED,))
    assert found == pytest.approx(plainly(PLACED)[0][[1, 3]], abs=1e-4)
    found = server.states(IDS, layers=(3,), shifts=(EVERYWHERE,))
    assert found == pytest.approx(plainly(EVERYWHERE)[0][[3]], abs=1e-4)


def test_log_probabilities(asked: tuple[Server, Loopback]) -> None:
    rows = plainly(PLACED)[1].log_softmax(-1)
    expected = [float(rows[i - 1, IDS[i]]) for i in range(4, len(IDS))]
    assert asked[0].log_probabilities(IDS, start=4, shifts=(PLACED,)) == pytest.approx(expected, abs=1e-4)


def test_a_reply(asked: tuple[Server, Loopback]) -> None:
    sampling = Sampling(max_tokens=5, temperature=0.0, seed=1, n_alternatives=2)
    choice, n_tokens = asked[0].reply(IDS, sampling=sampling, shifts=(PLACED,))
    ids = IDS
    for token, logprob in zip(choice["token_ids"], choice["logprobs"]["token_logprobs"], strict=True):
        row = plainly(PLACED, ids=ids)[1][-1].log_softmax(-1)
        assert int(row.argmax()) == token
        assert float(row.max()) == pytest.approx(logprob, abs=1e-4)
        ids = (*ids, token)
    assert n_tokens == 5
    assert choice["logprobs"]["tokens"][0] == f"token_id:{choice['token_ids'][0]}"


def test_the_real_server_counts_places_from_the_first_token_of_a_pass(asked: tuple[Server, Loopback]) -> None:
    """The fault that `selfcheck.loses_count` looks for: written tokens get the push of the first one."""
    drawn, states = asked[0].written_states(IDS, layer=2, shifts=(FIRST,), n_tokens=3)
    read = plainly(FIRST, ids=(*IDS, *drawn[:1]))[0][2]
    assert states[: len(IDS)] == pytest.approx(read[: len(IDS)], abs=1e-4)
    assert states[len(IDS)] - read[len(IDS)] == pytest.approx(VECTOR, abs=1e-4)


def test_names_and_tokens(asked: tuple[Server, Loopback]) -> None:
    server, _ = asked
    assert [one["id"] for one in server.models()] == ["tiny"]
    assert server.tokenize("ab g. Hello") == tiny_tokenizer()("ab g. Hello", add_special_tokens=False)["input_ids"]
