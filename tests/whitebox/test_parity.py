"""Packed passes give what the model gives by itself."""

import random

import pytest

from goodheart.whitebox.plan import Request
from goodheart.whitebox.sample import Sampling
from tests.whitebox.engines import one_by_one, together, worker
from tests.whitebox.plain import plain_greedy, plain_scores
from tests.whitebox.tiny import FAMILIES, N_VOCAB, tiny_model

LENGTHS = (1, 2, 15, 16, 17, 31, 32, 33, 48, 70)
"""Around the ends of blocks, and longer than the windows of the windowed families."""


def _requests(seed: int) -> list[Request]:
    rng = random.Random(seed)

    def some(n: int) -> tuple[int, ...]:
        return tuple(rng.randrange(N_VOCAB) for _ in range(n))

    start = some(40)
    return [
        Request(
            prompt=(start[: n // 2] + some(n - n // 2)),
            continuations=((5,), (5, 6), (5, 6, 7), (5, 6, 8), some(4), some(20)),
        )
        for n in LENGTHS
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_equal_those_of_plain_forward_passes(family: str) -> None:
    model, requests = tiny_model(family), _requests(1)
    expected = [plain_scores(model, request.prompt, request.continuations) for request in requests]
    with worker(model) as made:
        for found, wanted in zip(together(made, requests), expected, strict=True):
            assert found == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_greedy_replies_equal_those_of_generate(family: str) -> None:
    model, prompts = tiny_model(family), [request.prompt for request in _requests(2)]
    expected = [plain_greedy(model, prompt, 12) for prompt in prompts]
    sampling = Sampling(max_tokens=12, temperature=0, seed=0)
    with worker(model) as made:
        written = together(made, [Request(prompt=prompt, sampling=sampling) for prompt in prompts])
    assert [[drawn.chosen[0] for drawn in reply.drawn] for reply in written] == expected


def test_a_drawn_token_comes_with_its_own_log_probability() -> None:
    model, prompt = tiny_model(), tuple(range(20))
    sampling = Sampling(max_tokens=8, temperature=1.5, seed=3, n_alternatives=N_VOCAB)
    with worker(model) as made:
        (reply,) = together(made, [Request(prompt=prompt, sampling=sampling)])
        tokens = tuple(drawn.chosen[0] for drawn in reply.drawn)
        (scored,) = one_by_one(made, [Request(prompt=prompt, continuations=(tokens,))])
    assert scored[0] == pytest.approx(sum(drawn.chosen[1] for drawn in reply.drawn), abs=1e-4)
    for drawn in reply.drawn:
        assert dict(drawn.alternatives)[drawn.chosen[0]] == drawn.chosen[1]
        assert [value for _, value in drawn.alternatives] == sorted((v for _, v in drawn.alternatives), reverse=True)
    likeliest = [drawn.alternatives[0][0] for drawn in reply.drawn]
    assert list(tokens) != likeliest  # at this temperature something else was drawn, and is what is reported


def test_a_window_that_matters_is_respected() -> None:
    far, near = tiny_model("mistral, windowed"), tiny_model("llama")
    prompt, other = (7, *range(100, 140)), (8, *range(100, 140))
    for model, same in ((far, True), (near, False)):
        with worker(model) as made:
            a, b = together(made, [Request(prompt=p, continuations=((1,), (2,))) for p in (prompt, other)])
        # three layers with a window of 8 see 22 tokens back at most: the first of 41 is out of reach
        assert (a == pytest.approx(b, abs=1e-6)) is same
