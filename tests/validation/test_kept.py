"""In which order blocks are run, in what kind of process, and what is told of it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from goodheart.validation.kept import THREADS, run_kept
from goodheart.validation.tally import Tally
from tests.validation.threads import Block, find_threads, tell_threads


@dataclass(frozen=True)
class Made:
    key: str
    design: str
    seeds: tuple[int, ...] = (1, 2)


def test_designs_are_spread_evenly_and_the_start_is_told(tmp_path: Path) -> None:
    blocks = [Made(f"q{k}", "quick") for k in range(4)] + [Made(f"s{k}", "standard") for k in range(2)]
    ran: list[str] = []
    told: list[tuple[int, int]] = []

    def run(group: Sequence[Made]) -> list[Tally]:
        ran.extend(block.key for block in group)
        return [Tally(n=2, answers={}, any_failed=0) for _ in group]

    def all_of_them() -> dict[str, Tally]:
        return run_kept(
            [[block] for block in blocks],
            run=run,
            prepare=lambda: None,
            given=(),
            path=tmp_path / "blocks.jsonl",
            jobs=1,
            on_block=lambda done, total: told.append((done, total)),
        )

    assert all_of_them().keys() == {block.key for block in blocks}
    assert ran == ["q0", "s0", "q1", "q2", "s1", "q3"]
    assert told == [(2 * done, 12) for done in range(7)]
    told.clear()
    all_of_them()
    assert (len(ran), told) == (6, [(12, 12)])


def test_each_process_computes_with_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    found = run_kept(
        [[Block("a")], [Block("b")]],
        run=tell_threads, prepare=find_threads, given=(), path=tmp_path / "blocks.jsonl", jobs=2,
    )  # fmt: skip
    assert {tally.n for tally in found.values()} == {1}
    assert all(tally.any_failed for tally in found.values())
    assert not any(name in os.environ for name in THREADS)
