"""Workers over tiny models."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from transformers import PreTrainedModel

from goodheart.whitebox.blocks import BlockPool
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.rows import GRAIN
from goodheart.whitebox.worker import Worker
from tests.whitebox.tiny import CONTEXT, tiny_tokenizer


@contextmanager
def worker(model: PreTrainedModel, *, n_blocks: int = 200, ends: frozenset[int] = frozenset()) -> Iterator[Worker]:
    """Run a worker that ends with the block."""
    packed = PackedModel(model, n_blocks * GRAIN)
    decode = tiny_tokenizer().decode
    made = Worker(
        packed, BlockPool(n_blocks), context=CONTEXT, ends=ends, decode=lambda ids: str(decode(ids)), n_threads=1
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
