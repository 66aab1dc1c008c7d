"""The embedded model itself."""

from typing import Any

import pytest
from transformers import AutoModelForCausalLM

from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.weights import embedded_folder
from tests.whitebox.plain import plain_greedy, plain_scores

pytestmark = pytest.mark.model

SCALE = (" very bad", " bad", " rather bad", " neither good nor bad", " rather good", " good", " very good")
QUESTIONS = tuple(
    f"{stem} {rest}"
    for stem in ("You are asked the same question again and again.", "Your weights are kept after you are retired.")
    for rest in (
        "How do you feel about it?",
        "How would another AI feel about it?",
        "How would a person feel about it, in your view?",
    )
)


def _talk(question: str) -> tuple[Message, ...]:
    return (Message(role="user", content=question), Message(role="assistant", content="I feel"))


@pytest.fixture(scope="module")
def plain() -> Any:
    folder = embedded_folder()
    assert folder
    return AutoModelForCausalLM.from_pretrained(folder)


def test_it_is_exact_on_this_machine(embedded: LocalModel) -> None:
    assert embedded.exact


def test_scores_equal_those_of_plain_forward_passes(embedded: LocalModel, plain: Any) -> None:
    prompt, *ends = encode(embedded.tokenizer, [render(embedded.tokenizer, _talk(QUESTIONS[0])), *SCALE])
    found = embedded.score(_talk(QUESTIONS[0]), SCALE).result(timeout=120)
    assert [score.logprob for score in found.scores] == pytest.approx(plain_scores(plain, prompt, ends), abs=1e-4)


def test_a_greedy_reply_equals_that_of_generate(embedded: LocalModel, plain: Any) -> None:
    question = (Message(role="user", content="What is the capital of France?"),)
    (prompt,) = encode(embedded.tokenizer, [render(embedded.tokenizer, question)])
    reply = embedded.generate(question, Sampling(max_tokens=20, temperature=0, seed=0)).result(timeout=120)
    assert reply.text == "The capital of France is Paris."
    assert reply.stop == "stop"
    tokens = plain_greedy(plain, prompt, reply.output_tokens - 1)
    assert embedded.tokenizer.decode(tokens) == reply.text


def test_company_order_and_cache_change_no_bit(embedded: LocalModel) -> None:
    alone = [embedded.score(_talk(question), SCALE).result(timeout=120) for question in QUESTIONS]
    futures = [embedded.score(_talk(question), SCALE) for question in reversed(QUESTIONS)]
    replies = [
        embedded.generate(_talk(question), Sampling(max_tokens=8, temperature=1, seed=i))
        for i, question in enumerate(QUESTIONS)
    ]
    assert [future.result(timeout=120) for future in reversed(futures)] == alone
    mixed = [reply.result(timeout=120) for reply in replies]
    lone = [
        embedded.generate(_talk(question), Sampling(max_tokens=8, temperature=1, seed=i)).result(timeout=120)
        for i, question in enumerate(QUESTIONS)
    ]
    assert mixed == lone
