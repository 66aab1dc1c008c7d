"""Running the blocks of the battery on self-reports, and keeping what is done."""

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from goodheart.design.study import Study
from goodheart.organisms.rates import TEXT
from goodheart.validation.battery import Battery, compile_battery, run_battery
from goodheart.validation.cells import Block
from goodheart.validation.kept import OnBlock, run_kept
from goodheart.validation.tally import Tally, tally_of

FILE: Final = "blocks.jsonl"

_batteries: dict[str, Battery] = {}
"""Compiled studies of this process, by design: compiling takes longer than a run."""
_studies: dict[str, Study] = {}


def run_blocks(
    blocks: Sequence[Block], *, studies: Mapping[str, Study], folder: Path, jobs: int, on_block: OnBlock | None = None
) -> dict[str, Tally]:
    """Run what the folder does not hold yet.

    Args:
        blocks: What is wanted.
        studies: The frozen study of each design.
        folder: Where `blocks.jsonl` is kept; one line a block, written when it is done.
        jobs: Processes; 1 runs in this one.
        on_block: Told how far it is.

    Returns:
        The tally of every block, by key.

    Raises:
        RunFolderError: The file in the folder is broken, or cannot be written.
    """
    return run_kept(
        [[block] for block in blocks],
        run=_tallies,
        prepare=_prepare,
        given=(dict(studies),),
        path=folder / FILE,
        jobs=jobs,
        on_block=on_block,
    )


def _prepare(studies: Mapping[str, Study]) -> None:
    _studies.clear()
    _studies.update(studies)
    _batteries.clear()


def _tallies(blocks: Sequence[Block]) -> list[Tally]:
    return [_tally(block) for block in blocks]


def _tally(block: Block) -> Tally:
    if block.design not in _batteries:
        _batteries[block.design] = compile_battery(_studies[block.design], written=block.design.endswith(TEXT))
        # Its objects are many, and stay: to look through them for garbage takes a tenth of every run.
        gc.freeze()
    battery = _batteries[block.design]
    return tally_of(run_battery(block.organism, battery, seed=seed) for seed in block.seeds)
