"""In which order blocks are run, and what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from goodheart.validation.kept import run_kept
from goodheart.validation.tally import Tally


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
