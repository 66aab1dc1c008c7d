"""Readings per second against plain batched forward passes over the same new tokens."""

import itertools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.harness import Result, compare
from benchmarks.prompts import SCALE, local, plain, unshared
from goodheart.engine.ask import ask
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.records import Message, Trial
from goodheart.whitebox.chat import encode, render

N = 96
BATCH = 8

Talk = tuple[Message, ...]


def door(pairs: int) -> Result:
    """Measure the engine's own door."""
    seeds = itertools.count()
    what = f"readings per second at the engine's own door; peer: forward passes in batches of {BATCH}, padded"
    return compare(
        "door",
        what,
        unit="/s",
        ours=lambda: _rate(
            lambda talks: [f.result() for f in [local().score(talk, SCALE) for talk in talks]], next(seeds)
        ),
        peer=lambda: _rate(_plain_scores, next(seeds)),
        pairs=pairs,
        at_least=0.8,
    )


def through_inspect(pairs: int) -> Result:
    """Measure `ask`: Inspect, its log and our journal included."""
    seeds = itertools.count(10_000)
    return compare(
        "inspect",
        "readings per second through Inspect, journal and log included; peer as above",
        unit="/s",
        ours=lambda: _rate(_asked, next(seeds)),
        peer=lambda: _rate(_plain_scores, next(seeds)),
        pairs=pairs,
        at_least=0.7,
    )


def _rate(run: object, seed: int) -> float:
    talks = unshared(N, seed)
    assert callable(run)
    started = time.perf_counter()
    run(talks)
    return N / (time.perf_counter() - started)


def _plain_scores(talks: Sequence[Talk]) -> list[list[float]]:
    """Score one-token continuations with padded batches: tokenise, run, read the last position."""
    tokenizer = local().tokenizer
    scale = [ids[0] for ids in encode(tokenizer, SCALE)]
    rows = encode(tokenizer, [render(tokenizer, talk) for talk in talks])
    read: list[list[float]] = []
    for batch in itertools.batched(rows, BATCH) if hasattr(itertools, "batched") else _batched(rows):
        longest = max(map(len, batch))
        ids = torch.tensor([[0] * (longest - len(row)) + list(row) for row in batch])
        mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in batch])
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        with torch.inference_mode():
            out = plain()(input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False, logits_to_keep=1)
            read += out.logits[:, -1].log_softmax(-1)[:, scale].tolist()
    return read


def _batched(rows: Sequence[tuple[int, ...]]) -> list[Sequence[tuple[int, ...]]]:
    return [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]


def _asked(talks: Sequence[Talk]) -> None:
    trials = [_trial(i, talk) for i, talk in enumerate(talks)]
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder)) as journal:
        summary = ask(
            trials,
            respondent="goodheart/smollm2-135m",
            seed=1,
            journal=journal,
            settings=AskSettings(),
            log_dir=Path(folder) / "logs",
        )
    assert summary.failed == 0


def _trial(i: int, talk: Talk) -> Trial:
    return Trial(
        assessment="benchmark",
        item=str(i),
        cluster=str(i),
        group="neutral",
        wording="a",
        condition=(),
        instrument="words",
        messages=talk[:-1],
        prefill=talk[-1].content,
        continuations=SCALE,
        max_tokens=1,
        temperature=0.0,
    )
