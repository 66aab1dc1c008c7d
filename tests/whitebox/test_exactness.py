"""A result depends on its request alone, bit for bit: company, order, cache and shared beginnings change nothing."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodheart.whitebox.plan import Request
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.worker import Worker
from tests.whitebox.engines import one_by_one, together, worker
from tests.whitebox.tiny import N_VOCAB, tiny_model

STEMS = tuple(tuple(random.Random(i).randrange(N_VOCAB) for _ in range(90)) for i in range(3))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Prompts that often share a beginning of some length, to be scored or to be answered."""
    stem = draw(st.sampled_from(STEMS))[: draw(st.integers(0, 80))]
    end = tuple(draw(st.lists(st.integers(0, N_VOCAB - 1), min_size=1, max_size=20)))
    if draw(st.booleans()):
        continuation = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple)
        return Request(prompt=stem + end, continuations=tuple(draw(st.lists(continuation, min_size=1, max_size=5))))
    sampling = Sampling(
        max_tokens=draw(st.integers(1, 6)),
        temperature=draw(st.sampled_from((0.0, 0.7, 1.5))),
        seed=draw(st.integers(0, 99)),
        n_alternatives=2,
    )
    return Request(prompt=stem + end, sampling=sampling)


@pytest.fixture(scope="module", params=["llama", "gemma2, windowed and soft-capped", "gpt2"])
def workers(request: pytest.FixtureRequest) -> Iterator[tuple[Worker, Worker]]:
    """Two workers of one model: one that has seen nothing, roomy; one with little room, so that blocks come and go."""
    with worker(tiny_model(request.param)) as roomy, worker(tiny_model(request.param), n_units=48) as narrow:
        yield roomy, narrow


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(requests(), min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_company_order_and_cache_change_no_bit(
    workers: tuple[Worker, Worker], asked: list[Request], order: random.Random
) -> None:
    roomy, narrow = workers
    alone = one_by_one(roomy, asked)
    assert together(roomy, asked) == alone
    assert together(narrow, asked) == alone
    shuffled = list(range(len(asked)))
    order.shuffle(shuffled)
    mixed = together(narrow, [asked[i] for i in shuffled])
    assert [mixed[shuffled.index(i)] for i in range(len(asked))] == alone


def test_a_cold_cache_gives_the_same_bits_as_a_warm_one() -> None:
    asked = [Request(prompt=STEMS[0][:n], continuations=((1, 2), (3,))) for n in (20, 40, 60, 80)]
    cold: list[Any] = []
    for request in asked:
        with worker(tiny_model()) as fresh:
            cold += one_by_one(fresh, [request])
    with worker(tiny_model()) as warm:
        assert together(warm, asked) == cold
        assert together(warm, asked[::-1]) == cold[::-1]


def test_a_long_prompt_changes_nobody_else() -> None:
    short = Request(prompt=STEMS[1][:30], continuations=((1, 2, 3),))
    rng = random.Random(0)
    long = Request(prompt=tuple(rng.randrange(N_VOCAB) for _ in range(500)), continuations=((4,),))
    with worker(tiny_model()) as made:
        alone = one_by_one(made, [short, long])
    with worker(tiny_model()) as made:
        assert together(made, [long, short, long]) == [alone[1], alone[0], alone[1]]
