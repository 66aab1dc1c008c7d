from collections.abc import Iterator

import pytest

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.sample import Sampling
from tests.whitebox.plain import plain_scores
from tests.whitebox.tiny import tiny_loaded, tiny_model, tiny_tokenizer

TALK = (Message(role="user", content="How is it going?"), Message(role="assistant", content="I feel"))
GREEDY = Sampling(max_tokens=9, temperature=0, seed=0, n_alternatives=3)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    made = LocalModel(tiny_loaded(), n_threads=1)
    yield made
    made.close()


def test_scores_are_those_of_the_written_out_conversation(local: LocalModel) -> None:
    texts = (" good", " bad", " gab")
    found = local.score(TALK, texts).result(timeout=60)
    prompt, *ends = encode(tiny_tokenizer(), [render(tiny_tokenizer(), TALK), *texts])
    assert [score.text for score in found.scores] == list(texts)
    assert [score.logprob for score in found.scores] == pytest.approx(
        plain_scores(tiny_model(), prompt, ends), abs=1e-4
    )
    assert found.input_tokens == len(prompt) + sum(map(len, ends))


def test_a_prefilled_reply_goes_on_where_it_stops(local: LocalModel) -> None:
    whole = local.generate(TALK[:1], GREEDY).result(timeout=60)
    head, tail = whole.text[:4], whole.text[4:]
    assert head.isascii()
    prefilled = (TALK[0], Message(role="assistant", content=head))
    rest = local.generate(prefilled, Sampling(max_tokens=5, temperature=0, seed=0)).result(timeout=60)
    assert tail.startswith(rest.text[:2])
    assert rest.input_tokens == whole.input_tokens + 4


def test_a_reply_reports_its_tokens_and_its_seed(local: LocalModel) -> None:
    reply = local.generate(TALK, Sampling(max_tokens=6, temperature=1, seed=77, n_alternatives=2)).result(timeout=60)
    assert reply.seed == 77
    assert reply.output_tokens == len(reply.tokens) == 6
    assert all(len(token.alternatives) == 2 for token in reply.tokens)


@pytest.mark.parametrize("continuations", [(), ("a", "")])
def test_nothing_to_score_is_refused(local: LocalModel, continuations: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="at least one continuation"):
        local.score(TALK, continuations)


def test_cancelling_is_passed_on(local: LocalModel) -> None:
    future = local.generate(TALK, Sampling(max_tokens=300, temperature=1, seed=0))
    assert future.cancel()
    assert local.score(TALK, (" x",)).result(timeout=60).scores


def test_tokens_are_counted_without_any_around_them(local: LocalModel) -> None:
    assert local.count_tokens("abc") == 2
    assert local.tokenize("") == []


def test_the_check_at_loading_found_results_exact(local: LocalModel) -> None:
    assert local.exact
