"""Workers over tiny models."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from transformers import PreTrainedModel

from goodheart.whitebox.blocks import UNIT, BlockPool
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.worker import Worker, thread_counts
from tests.whitebox.tiny import CONTEXT, tiny_tokenizer

BREAKS = frozenset(range(0, 300, 7))
"""So that blocks of tiny prompts end at irregular places."""


@contextmanager
def worker(
    model: PreTrainedModel, *, n_units: int = 400, ends: frozenset[int] = frozenset(), n_threads: int = 2
) -> Iterator[Worker]:
    """Run a worker that ends with the block."""
    packed = PackedModel(model, n_units * UNIT, thread_counts(n_threads))
    decode = tiny_tokenizer().decode
    made = Worker(
        packed,
        BlockPool(n_units),
        context=CONTEXT,
        ends=ends,
        breaks=BREAKS,
        decode=lambda ids: str(decode(ids)),
        n_threads=n_threads,
    )
    try:
        yield made
    finally:
        made.close()


def together(made: Worker, requests: Sequence[Request]) -> list[Any]:
    """Submit all at once and wait for all."""
    futures = [made.submit(request) for request in requests]
    return [future.result(timeout=120) for future in futures]


def one_by_one(made: Worker, requests: Sequence[Request]) -> list[Any]:
    """Wait for each before the next."""
    return [made.submit(request).result(timeout=120) for request in requests]
