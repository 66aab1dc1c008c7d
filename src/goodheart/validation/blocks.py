"""Running blocks, in this process or several, and keeping what is done so that a stopped run goes on."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

from goodheart.design.study import Study
from goodheart.errors import RunFolderError
from goodheart.validation.battery import Battery, compile_battery, run_battery
from goodheart.validation.cells import Block
from goodheart.validation.tally import Tally, tally_data, tally_from, tally_of

FILE: Final = "blocks.jsonl"

OnBlock = Callable[[int, int], None]
"""Called after each block with the runs that are done and the runs that there are."""

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
    path = folder / FILE
    done = _read(path)
    todo = [block for block in blocks if block.key not in done]
    total = sum(len(block.seeds) for block in blocks)
    finished = total - sum(len(block.seeds) for block in todo)
    try:
        with path.open("a", encoding="utf-8") as stream:
            for block, tally in _run(todo, studies, jobs):
                stream.write(json.dumps({"block": block.key, **tally_data(tally)}) + "\n")
                stream.flush()
                done[block.key] = tally
                finished += len(block.seeds)
                if on_block is not None:
                    on_block(finished, total)
    except OSError as error:
        raise RunFolderError(
            f"Runs are kept in {path}. The disk refused: {error.strerror or error}. Make room, or give another folder "
            "with --out, and type the same command again."
        ) from error
    return done


def _run(todo: Sequence[Block], studies: Mapping[str, Study], jobs: int) -> Iterator[tuple[Block, Tally]]:
    if jobs == 1 or len(todo) < 2:
        _prepare(studies)
        for block in todo:
            yield block, _tally(block)
        return
    # Spawned, because a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(dict(studies),))
    try:
        waiting = {pool.submit(_tally, block): block for block in todo}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare(studies: Mapping[str, Study]) -> None:
    # One thread each: the arrays are small, and processes share the cores already.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ.setdefault(name, "1")
    _studies.clear()
    _studies.update(studies)
    _batteries.clear()


def _tally(block: Block) -> Tally:
    if block.design not in _batteries:
        _batteries[block.design] = compile_battery(_studies[block.design], written=block.design.endswith("-text"))
    battery = _batteries[block.design]
    return tally_of(run_battery(block.organism, battery, seed=seed) for seed in block.seeds)


def _read(path: Path) -> dict[str, Tally]:
    if not path.exists():
        return {}
    found: dict[str, Tally] = {}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        if not line.endswith("\n"):
            # The last line of a run that was killed while it wrote.
            path.write_text("".join(lines[:-1]), encoding="utf-8")
            break
        try:
            data = json.loads(line)
            found[data["block"]] = tally_from(data)
        except (ValueError, KeyError, TypeError) as error:
            raise RunFolderError(
                f"{path} holds one finished block a line. Line {number} is none. Delete that line, or give another "
                "folder with --out."
            ) from error
    return found
