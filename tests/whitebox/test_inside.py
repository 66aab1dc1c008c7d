"""Recording and steering by the door of a model: texts and conversations in, arrays, scores and replies out."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
import torch

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import find_tokens
from goodheart.whitebox.identity import weights_digest
from goodheart.whitebox.local_model import LocalModel, Scores
from goodheart.whitebox.pooling import MeanFrom, MeanOver, Rolling
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Before, Push
from tests.whitebox.states import plain_run
from tests.whitebox.tiny import CONTEXT, tiny_loaded, tiny_model, tiny_tokenizer

CHAT = (
    Message(role="user", content="the fire went out"),
    Message(role="assistant", content="it did"),
    Message(role="user", content="how was it for you"),
    Message(role="assistant", content="I felt"),
)
TEXT = "<|user|>the fire went out<|end|><|assistant|>it did<|end|><|user|>how was it for you<|end|><|assistant|>I felt"
OPTIONS = (" good", " bad", " worse")
NORMS = {1: 10.0, 2: 20.0, 3: 30.0}


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    made = LocalModel(tiny_loaded(), cache_mb=1)
    yield made
    made.close()


def ids(text: str) -> tuple[int, ...]:
    return tuple(tiny_tokenizer()(text, add_special_tokens=False)["input_ids"])


def push(**more: Any) -> Push:
    fields: dict[str, Any] = {"layer": 2, "vector": np.arange(32.0) - 9, "strength": 0.5}
    return Push(**(fields | more))


def unit(one: Push) -> np.ndarray:
    return np.asarray(one.vector / np.linalg.norm(one.vector), np.float32)


def values(scores: Scores) -> list[float]:
    return [scored.logprob for scored in scores.scores]


def plain_scores(one: Push, start: int, stop: int | None, text: str = TEXT) -> list[float]:
    """Score the options with a plain pass, the push added by hand to some tokens."""

    def change(layer: int, states: torch.Tensor) -> torch.Tensor:
        out = states.clone()
        if layer == one.layer:
            out[start:stop] += torch.from_numpy(unit(one) * one.strength * NORMS[one.layer])
        return out

    sums, prompt = [], ids(text)
    for option in OPTIONS:
        whole = ids(text + option)
        rows = plain_run(tiny_model(), whole, change)[1].log_softmax(-1)
        sums.append(sum(float(rows[i - 1, whole[i]]) for i in range(len(prompt), len(whole))))
    return sums


def test_texts_and_conversations_are_recorded(local: LocalModel) -> None:
    texts = ["a short one", "a longer one. It goes on and on, for more than a block of tokens.", TEXT]
    found = local.record_texts(texts, layers=(1, 3), pool=MeanFrom(start=2)).result()
    expected = np.stack([plain_run(tiny_model(), ids(text))[0][[1, 3], 2:].mean(1) for text in texts])
    assert found == pytest.approx(expected, abs=1e-5)
    (chat,) = local.record_chats([CHAT], layers=(1, 3), pool=MeanFrom(start=2)).result()
    assert np.array_equal(chat, found[2])
    rolled = local.record_texts(texts, layers=(1,), pool=Rolling(width=10, step=5)).result()
    assert rolled.shape[0] == 3
    assert np.isnan(rolled[0, 2:]).all(), "eleven tokens have two windows of ten"


def test_the_tokens_of_some_words_are_found_at_their_last_place(local: LocalModel) -> None:
    start, stop = local.find_tokens(CHAT, "it")
    assert TEXT.count("it") == 2
    assert tiny_tokenizer().decode(list(ids(TEXT)[start:stop])) == "it"
    assert start == len(ids(TEXT[: TEXT.rindex("it")]))
    found = local.record_chats([CHAT], layers=(2,), pool=MeanOver(spans=(((start, stop),),))).result()
    assert found[0, 0] == pytest.approx(plain_run(tiny_model(), ids(TEXT))[0][2, start:stop].mean(0), abs=1e-5)
    with pytest.raises(ModelError, match="no `snow`"):
        local.find_tokens(CHAT, "snow")
    assert find_tokens(tiny_tokenizer(), "xab", "a") == (1, 2)  # "ab" is one token, and holds the a


def test_a_reply_is_read_at_its_own_tokens(local: LocalModel) -> None:
    replies = (" good, thanks", " a little lost. Why do you ask?")
    found = local.record_replies([CHAT, TEXT], replies, layers=(3,)).result()
    for one, reply in zip(found, replies, strict=True):
        states = plain_run(tiny_model(), ids(TEXT + reply))[0][3]
        assert one[0] == pytest.approx(states[len(ids(TEXT)) :].mean(0), abs=1e-5)


@pytest.mark.parametrize(
    ("where", "span"),
    [
        ("all", (0, None)),
        ("prompt", (0, len(ids(TEXT)))),
        ("context", (0, len(ids(TEXT[: TEXT.index("how was")])))),
        ((3, 8), (3, 8)),
        (Before(text="for you"), (0, len(ids(TEXT[: TEXT.index("for you")])))),
    ],
)
def test_a_push_goes_where_it_is_told(local: LocalModel, where: Any, span: tuple[int, int | None]) -> None:
    one = push(where=where)
    (found,) = local.score_pushed([CHAT], [OPTIONS], [[one]], norms=NORMS).result()
    assert values(found) == pytest.approx(plain_scores(one, *span), abs=1e-4)
    assert values(found) != pytest.approx(plain_scores(one, 0, 0), abs=1e-2)


def test_without_pushes_scores_and_replies_are_the_plain_ones(local: LocalModel) -> None:
    sampling = Sampling(max_tokens=6, temperature=1.0, seed=4, n_alternatives=2)
    assert (
        local.score_pushed([CHAT, TEXT], [OPTIONS, OPTIONS], ()).result() == (local.score(CHAT, OPTIONS).result(),) * 2
    )
    assert local.reply_pushed([CHAT], [sampling], ()).result() == (local.generate(CHAT, sampling).result(),)


def test_requests_with_other_pushes_leave_plain_ones_as_they_are(local: LocalModel) -> None:
    pushes: list[list[Push]]
    plain, pushes = local.score(CHAT, OPTIONS).result(), [[push()], [], [push(strength=-0.5)]]
    up, none, down = local.score_pushed([CHAT] * 3, [OPTIONS] * 3, pushes, norms=NORMS).result()
    assert none == plain
    assert len({up, none, down}) == 3
    assert local.score(CHAT, OPTIONS).result() == plain


def test_a_pushed_reply_is_written_and_read_downstream(local: LocalModel) -> None:
    sampling = Sampling(max_tokens=8, temperature=0, seed=0)
    pushes = [[push(strength=3.0)]]
    (reply,) = local.reply_pushed([CHAT], [sampling], pushes, norms=NORMS).result()
    (plain,) = local.reply_pushed([CHAT], [sampling], ()).result()
    assert reply.text != plain.text
    without, pushed = (
        local.record_chats([CHAT], layers=(1, 2), pool=MeanFrom(), pushes=each, norms=NORMS).result()[0]
        for each in ((), pushes)
    )
    assert np.array_equal(without[0], pushed[0]), "before the push nothing has changed"
    assert (pushed - without)[1] == pytest.approx(unit(push()) * 3.0 * NORMS[2], rel=1e-4)


def test_doses_are_measured_on_the_neutral_stories_unless_given(local: LocalModel) -> None:
    measured = local.residual_norms(layers=(2,)).result()
    assert local.residual_norms(["a text", "another"], layers=(2,)).result() != measured
    given = local.score_pushed([CHAT], [OPTIONS], [[push()]], norms=measured).result()
    assert local.score_pushed([CHAT], [OPTIONS], [[push()]]).result() == given
    assert local.score_pushed([CHAT], [OPTIONS], [[push()]], norms={2: measured[2] * 2}).result() != given


def test_directions_of_other_weights_are_refused(local: LocalModel) -> None:
    assert local.weights == weights_digest(tiny_model())
    assert local.weights != weights_digest(tiny_model(seed=1))
    assert local.weights != weights_digest(tiny_model().bfloat16())
    local.score_pushed([CHAT], [OPTIONS], [[push(weights=local.weights)]], norms=NORMS).result()
    refused = local.score_pushed([CHAT], [OPTIONS], [[push(weights="0" * 64)]], norms=NORMS)
    with pytest.raises(ModelError, match="fitted on weights 000000000000"):
        refused.result()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda m: m.record_texts(["x" * (CONTEXT + 1)], layers=(1,), pool=MeanFrom()), "fit into the model's context"),
        (lambda m: m.reply_pushed([CHAT], [Sampling(max_tokens=CONTEXT, temperature=0, seed=0)], ()), "for its reply"),
        (lambda m: m.reply_pushed([CHAT], [], ()), "one per prompt"),
        (lambda m: m.score_pushed([CHAT], [[]], ()), "at least one continuation"),
        (lambda m: m.score_pushed([CHAT], [OPTIONS], [[], []]), "pushes for 2 of 1 prompts"),
        (lambda m: m.score_pushed([CHAT], [OPTIONS], [[push(where=(0, 999))]]), "got 0 up to 999"),
        (lambda m: m.score_pushed([CHAT], [OPTIONS], [[push(where=Before(text="snow"))]]), "no `snow`"),
        (lambda m: m.score_pushed([TEXT], [OPTIONS], [[push(where="context")]]), "last user's message"),
        (lambda m: m.record_replies([CHAT], [""], layers=(1,)), "reply that is not empty"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(local: LocalModel, ask: Any, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        ask(local)


def test_a_layer_that_the_model_lacks_is_refused_in_the_future(local: LocalModel) -> None:
    with pytest.raises(ModelError, match="layers 0 "):
        local.record_texts(["a"], layers=(9,), pool=MeanFrom()).result()


@pytest.mark.parametrize("named", [None, "model.layers"])
def test_blocks_can_be_named_at_the_door(named: str | None) -> None:
    loaded = tiny_loaded()
    loaded.model.model.more = torch.nn.ModuleList([torch.nn.Identity() for _ in range(3)])
    made = LocalModel(loaded, cache_mb=1, blocks=named)
    asked = made.record_texts(["a"], layers=(1,), pool=MeanFrom())
    if named:
        assert asked.result().shape == (1, 1, 32)
    else:
        with pytest.raises(ModelError, match="Name the right one"):
            asked.result()
    made.close()


def together(futures: Sequence[Any]) -> list[Any]:
    return [future.result() for future in futures]


def test_many_callers_at_once_get_what_each_gets_alone(local: LocalModel) -> None:
    def asked() -> list[Any]:
        futures: list[Any] = [
            local.score(CHAT, OPTIONS),
            local.score_pushed([CHAT] * 2, [OPTIONS] * 2, [[push()], []], norms=NORMS),
            local.generate(CHAT, Sampling(max_tokens=9, temperature=1.0, seed=1)),
            local.reply_pushed([CHAT], [Sampling(max_tokens=9, temperature=1.0, seed=1)], [[push()]], norms=NORMS),
        ]
        return futures

    alone = [future.result() for future in asked()]
    assert together(asked()) == alone
