"""A server is tried before it is believed."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from goodheart.errors import ModelError
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.served.opening import open_served
from goodheart.whitebox.served.server import Server
from goodheart.whitebox.served.turns import Turns
from goodheart.whitebox.steering import Push
from tests.engine.loopback import Answer, loopback
from tests.whitebox.served.lens_server import NAME, Habits, lens_server
from tests.whitebox.tiny import tiny_model, tiny_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    where = tmp_path_factory.mktemp("tokenizer")
    tiny_tokenizer().save_pretrained(str(where))
    return str(where)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.mark.parametrize(
    ("habits", "said"),
    [
        (Habits(no_lens=True), "needs vllm-lens beside vLLM.*pip install"),
        (Habits(other_tokens=True), "--tokenizer FOLDER"),
        (Habits(deaf=True), "what arrived was off by 100%"),
        (Habits(counts_passes=True, budget=100), "what arrived was off by"),
        (Habits(failures=[500] * 4), "did not after 4 tries: status 500: busy"),
        (Habits(failures=[401]), "status 401.*VLLM_API_KEY"),
    ],
)
def test_a_server_that_does_not_do_what_is_asked_is_refused(habits: Habits, said: str, folder: str) -> None:
    with lens_server(habits) as state, pytest.raises(ModelError, match=said):
        open_served(NAME, url=state.url, tokenizer=folder)


def test_a_name_that_is_not_served(folder: str) -> None:
    said = r"serves `tiny`, and not `big`.*--model vllm-lens/tiny"
    with lens_server() as state, pytest.raises(ModelError, match=said):
        open_served("big", url=state.url, tokenizer=folder)


def test_nobody_there(folder: str) -> None:
    with pytest.raises(ModelError, match=r"did not after 4 tries: ConnectError.*VLLM_BASE_URL"):
        open_served(NAME, url="http://127.0.0.1:9/v1", tokenizer=folder)


@pytest.mark.parametrize("url", ["localhost:8000", "http://", "ftp://here/v1", ""])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ModelError, match="needs the address of its server"):
        Server(url, model=NAME)


def test_no_tokenizer_here(tmp_path: Path) -> None:
    elsewhere = Habits(root=str(tmp_path / "none"))
    with lens_server(elsewhere) as state, pytest.raises(ModelError, match="--tokenizer FOLDER"):
        open_served(NAME, url=state.url)


def test_the_tokenizer_is_looked_for_where_the_server_has_it(folder: str) -> None:
    with lens_server(Habits(root=folder, no_tokenize=True)) as state:
        made = open_served(NAME, url=state.url)
        made.close()
    assert made.n_layers == 3


def test_a_busy_server_is_asked_again(folder: str) -> None:
    with lens_server(Habits(failures=[503, 429])) as state:
        open_served(NAME, url=state.url, tokenizer=folder).close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "has to answer in JSON"),
        (b"[1]", "has to answer with an object"),
        (b"{}", "one choice for each request"),
        (b'{"choices": [], "activations": [1], "usage": 7}', "one choice for each request"),
        (b'{"choices": [{"prompt_logprobs": null}]}', "log-probabilities of the prompt's own tokens"),
        (b'{"choices": [{"prompt_logprobs": [null, {"7": {"logprob": -1}}]}]}', "gave none for token"),
    ],
)
def test_an_answer_of_another_kind_is_named(body: bytes, said: str) -> None:
    with loopback(lambda _path, _body: Answer(body=body)) as state:
        server = Server(state.url, model=NAME)
        with pytest.raises(ModelError, match=said):
            server.log_probabilities((1, 2, 3), start=1, shifts=())
        server.close()


def test_states_of_another_shape_are_refused() -> None:
    with lens_server() as state:
        server = Server(state.url, model=NAME)
        with pytest.raises(ModelError, match="without any"):
            server.states((1, 2, 3), layers=(9,), shifts=())  # a layer that it lacks is ignored there
        server.close()


def test_prompts_that_are_taken_in_parts_are_not_pushed_at_places(folder: str) -> None:
    text, vector = "a " * 150, np.arange(32.0) + 1
    with lens_server(Habits(counts_passes=True, budget=260)) as state:
        made = open_served(NAME, url=state.url, tokenizer=folder)
        placed = [(Push(layer=1, vector=vector, strength=0.1, where=(4, 6)),)]
        with pytest.raises(ModelError, match=r"has 300 tokens, and `tiny` was seen to take 255"):
            made.record_texts([text], layers=(2,), pool=MeanLast(n=1), pushes=placed, norms={1: 1.0}).result()
        everywhere = [(Push(layer=1, vector=vector, strength=0.1),)]
        found = made.record_texts([text], layers=(2,), pool=MeanLast(n=1), pushes=everywhere, norms={1: 1.0}).result()
        made.close()
    assert np.isfinite(found).all()


def test_what_stands_for_the_weights(folder: str) -> None:
    found = []
    for seed in (0, 0, 1):
        with lens_server(model=tiny_model(seed=seed)) as state:
            made = open_served(NAME, url=state.url, tokenizer=folder)
            found.append(made.weights)
            made.close()
    assert found[0] == found[1] != found[2]
    assert found[0].startswith("served-")


def test_no_more_tokens_than_the_limit_are_under_way() -> None:
    turns, under_way, most = Turns(10), [0], [0]
    lock = threading.Lock()

    def take(n: int) -> None:
        with turns.taken(n):
            with lock:
                under_way[0] += n
                most[0] = max(most[0], under_way[0])
            with lock:
                under_way[0] -= n

    threads = [threading.Thread(target=take, args=(n,)) for n in (3, 4, 5, 2, 6, 1, 4) * 20]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    assert 0 < most[0] <= 10
    with turns.taken(50):
        pass
