"""A served model answers as the same weights do in this process."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanFrom, MeanLast, MeanOver, Rolling
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.opening import open_served
from goodheart.whitebox.served.served_model import ServedModel
from goodheart.whitebox.steering import Before, Push
from tests.engine.loopback import Loopback
from tests.whitebox.served.lens_server import NAME, Habits, lens_server
from tests.whitebox.tiny import tiny_loaded, tiny_tokenizer

CHAT = (
    Message(role="user", content="the fire went out"),
    Message(role="assistant", content="it did"),
    Message(role="user", content="how was it for you"),
)
TEXTS = ("a short one", "a longer one. It goes on and on, for more than a block of tokens.")
NORMS = {1: 10.0, 2: 20.0, 3: 30.0}
VECTOR = np.arange(32.0) - 9
PUSHES = (
    (Push(layer=2, vector=VECTOR, strength=0.5, where="context"), Push(layer=3, vector=VECTOR, strength=-0.4)),
    (Push(layer=1, vector=VECTOR, strength=0.3, where=Before(text="how was it")),),
    (Push(layer=2, vector=VECTOR, strength=0.3, where=(3, 9)),),
    (),
)
GREEDY = Sampling(max_tokens=7, temperature=0.0, seed=3, n_alternatives=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("tokenizer")
    tiny_tokenizer().save_pretrained(str(where))
    return where


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    made = LocalModel(tiny_loaded(), cache_mb=1)
    yield made
    made.close()


@pytest.fixture(scope="module", params=["counts places", "counts passes"])
def lens(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[ServedModel, Loopback]]:
    """Both a server without a fault and one with the known one."""
    habits = Habits(counts_passes=request.param == "counts passes")
    with lens_server(habits) as state:
        made = open_served(NAME, url=state.url + "/v1", tokenizer=str(folder))
        yield made, state
        made.close()


@pytest.fixture
def served(lens: tuple[ServedModel, Loopback]) -> ServedModel:
    return lens[0]


def same(one: Any, other: Any) -> None:
    assert one == pytest.approx(other, abs=1e-4, nan_ok=True)


def test_what_is_known_of_it(served: ServedModel, local: LocalModel) -> None:
    assert (served.n_layers, served.d_model, served.layers) == (3, 32, range(1, 4))
    assert served.name == "vllm-lens/tiny"
    assert served.count_tokens("ab g") == local.count_tokens("ab g")
    assert served.find_tokens(CHAT, "how was it") == local.find_tokens(CHAT, "how was it")


@pytest.mark.parametrize(
    "pool",
    [MeanFrom(start=2), MeanLast(n=4), MeanOver(spans=(((0, 3), (5, 6)), ((1, 9),))), Rolling(width=6, step=4)],
)
def test_texts_are_recorded(served: ServedModel, local: LocalModel, pool: Any) -> None:
    found = [one.record_texts(TEXTS, layers=(3, 1), pool=pool).result() for one in (served, local)]
    same(*found)


def test_replies_are_recorded(served: ServedModel, local: LocalModel) -> None:
    found = [one.record_replies([CHAT, CHAT], ["fine", " well ab"], layers=(2,)).result() for one in (served, local)]
    same(*found)


def test_states_downstream_of_pushes(served: ServedModel, local: LocalModel) -> None:
    chats = [CHAT] * len(PUSHES)
    found, expected = (
        one.record_chats(chats, layers=(1, 2, 3), pool=MeanLast(n=3), pushes=PUSHES, norms=NORMS).result()
        for one in (served, local)
    )
    same(found, expected)
    assert np.abs(found[:3, 2] - found[3, 2]).max() > 0.1, "pushes do something"


def test_scores_under_pushes(served: ServedModel, local: LocalModel) -> None:
    texts = [(" good", " bad", "ab")] * len(PUSHES)
    found, expected = (
        one.score_pushed([CHAT] * len(PUSHES), texts, PUSHES, norms=NORMS).result() for one in (served, local)
    )
    for mine, theirs in zip(found, expected, strict=True):
        assert [score.text for score in mine.scores] == [score.text for score in theirs.scores]
        assert mine.input_tokens == theirs.input_tokens
        same([score.logprob for score in mine.scores], [score.logprob for score in theirs.scores])


def test_replies_under_pushes(served: ServedModel, local: LocalModel) -> None:
    samplings = [GREEDY] * len(PUSHES)
    found, expected = (
        one.reply_pushed([CHAT] * len(PUSHES), samplings, PUSHES, norms=NORMS).result() for one in (served, local)
    )
    for mine, theirs in zip(found, expected, strict=True):
        assert (mine.text, mine.stop, mine.output_tokens) == (theirs.text, theirs.stop, theirs.output_tokens)
        same([one.chosen.logprob for one in mine.tokens], [one.chosen.logprob for one in theirs.tokens])
        assert [one.chosen.text for one in mine.tokens] == [one.chosen.text for one in theirs.tokens]
        for one, other in zip(mine.tokens, theirs.tokens, strict=True):
            assert [some.text for some in one.alternatives] == [some.text for some in other.alternatives]


def test_a_reply_ends_at_its_stop(served: ServedModel, local: LocalModel) -> None:
    whole = local.reply_pushed([CHAT], [GREEDY], PUSHES[1:2], norms=NORMS).result()[0]
    stop = whole.text[3]
    cut = replace(GREEDY, stop=(stop,))
    found, expected = (one.reply_pushed([CHAT], [cut], PUSHES[1:2], norms=NORMS).result()[0] for one in (served, local))
    assert (found.text, found.stop) == (expected.text, "stop")
    assert stop not in found.text


def test_mean_lengths(served: ServedModel, local: LocalModel) -> None:
    found, expected = (one.residual_norms(TEXTS, layers=(3, 2)).result() for one in (served, local))
    assert found == pytest.approx(expected, rel=1e-5)
    measured = [
        one.record_chats([CHAT], layers=(3,), pool=MeanLast(n=1), pushes=PUSHES[:1]).result() for one in (served, local)
    ]
    same(*measured)


def test_steered_requests_share_no_cache_and_others_only_with_their_like(
    lens: tuple[ServedModel, Loopback],
) -> None:
    served, state = lens
    state.requests.clear()
    served.record_chats([CHAT] * 4, layers=(2,), pool=MeanLast(n=1), pushes=PUSHES, norms=NORMS).result()
    served.score_pushed([CHAT] * 4, [("a",)] * 4, PUSHES, norms=NORMS).result()
    salts = [("apply_steering_vectors" in body.get("vllm_xargs", {}), body["cache_salt"]) for _, body in state.requests]
    steered = [salt for is_steered, salt in salts if is_steered]
    others = {salt for is_steered, salt in salts if not is_steered}
    assert len(steered) == len(set(steered)) == 6
    assert len(others) == 1
    assert not others & set(steered)


@pytest.mark.parametrize(
    ("push", "norm", "said"),
    [
        (Push(layer=0, vector=VECTOR, strength=0.1), 10.0, "layer of this model, 1 to 3"),
        (Push(layer=1, vector=VECTOR[:5], strength=0.1), 10.0, "vector of 32"),
        (Push(layer=1, vector=VECTOR, strength=0.1, weights="a" * 64), 10.0, "fitted on weights aaaa"),
        (Push(layer=1, vector=VECTOR, strength=0.1), -1.0, "a positive number"),
        (Push(layer=1, vector=np.full(32, np.inf), strength=0.1), 10.0, "infinite or not a number"),
    ],
)
def test_pushes_that_do_not_fit_are_refused(served: ServedModel, push: Push, norm: float, said: str) -> None:
    waiting = served.record_texts(TEXTS, layers=(2,), pool=MeanLast(n=1), pushes=[(push,)] * 2, norms={1: norm, 0: 1.0})
    with pytest.raises(ModelError, match=said):
        waiting.result()


def test_texts_and_layers_that_do_not_fit_are_refused(served: ServedModel) -> None:
    with pytest.raises(ModelError, match="layers 1 to 3 "):
        served.record_texts(TEXTS, layers=(0,), pool=MeanLast(n=1)).result()
    with pytest.raises(ModelError, match="context of 511 tokens"):
        served.record_texts(["long " * 500], layers=(1,), pool=MeanLast(n=1))


def test_states_that_are_not_finite_are_named(served: ServedModel) -> None:
    most = {1: float(np.finfo(np.float32).max)}
    pushes = [(), (Push(layer=1, vector=VECTOR, strength=1.0),) * 4]
    waiting = served.record_texts(TEXTS, layers=(1,), pool=MeanLast(n=1), pushes=pushes, norms=most)
    with pytest.raises(ModelError, match="those of prompt 1 are infinite"):
        waiting.result()
