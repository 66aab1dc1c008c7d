"""Blocks of runs, in this process or several: what is done is kept in a file, so that a stopped run goes on."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from goodheart.errors import RunFolderError
from goodheart.validation.tally import Tally, tally_data, tally_from

THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
"""Variables that libraries of arrays read once, when they are loaded."""

OnBlock = Callable[[int, int], None]
"""Called at the start and after each group of blocks, with the runs that are done and the runs that there are."""


class Keyed(Protocol):
    """A block as far as keeping it takes."""

    @property
    def key(self) -> str:
        """Digest of everything that decides its outcome."""

    @property
    def design(self) -> str:
        """What is asked, which decides how long a run takes."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """One for each run."""


B = TypeVar("B", bound=Keyed)


def run_kept(
    groups: Sequence[Sequence[B]],
    *,
    run: Callable[[Sequence[B]], Sequence[Tally]],
    prepare: Callable[..., None],
    given: tuple[Any, ...],
    path: Path,
    jobs: int,
    on_block: OnBlock | None = None,
) -> dict[str, Tally]:
    """Run the blocks that the file does not hold yet.

    Args:
        groups: Blocks that one process runs one after the other, because they share work.
        run: Runs a group and returns the tally of each block; a function of a module, so that it can be sent.
        prepare: Called once in every process, with what is `given`; a function of a module too.
        given: For `prepare`.
        path: One finished block a line, written when its group is done.
        jobs: Processes; 1 runs in this one.
        on_block: Told how far it is.

    Returns:
        The tally of every block, by key.

    Raises:
        RunFolderError: The file is broken, or cannot be written.
    """
    done = _read(path)
    total = sum(len(block.seeds) for group in groups for block in group)
    todo = _mixed([left for group in groups if (left := [block for block in group if block.key not in done])])
    finished = total - sum(len(block.seeds) for group in todo for block in group)
    if on_block is not None:
        on_block(finished, total)
    try:
        with path.open("a", encoding="utf-8") as stream:
            for group, tallies in _run(todo, run, prepare, given, jobs):
                for block, tally in zip(group, tallies, strict=True):
                    stream.write(json.dumps({"block": block.key, **tally_data(tally)}) + "\n")
                    done[block.key] = tally
                stream.flush()
                finished += sum(len(block.seeds) for block in group)
                if on_block is not None:
                    on_block(finished, total)
    except OSError as error:
        raise RunFolderError(
            f"Runs are kept in {path}. The disk refused: {error.strerror or error}. Make room, or give another folder "
            "with --out, and type the same command again."
        ) from error
    return done


def _mixed(groups: Sequence[Sequence[B]]) -> list[Sequence[B]]:
    """Spread the groups of each design evenly.

    A run of a large design takes several times as long as one of a small design: so the rate of the first groups is
    that of all, and the time left is honest from the beginning.
    """
    by_design: dict[str, list[Sequence[B]]] = {}
    for group in groups:
        by_design.setdefault(group[0].design, []).append(group)
    placed = [((place + 0.5) / len(own), group) for own in by_design.values() for place, group in enumerate(own)]
    return [group for _, group in sorted(placed, key=lambda one: one[0])]


def _run(
    todo: Sequence[Sequence[B]],
    run: Callable[[Sequence[B]], Sequence[Tally]],
    prepare: Callable[..., None],
    given: tuple[Any, ...],
    jobs: int,
) -> Iterator[tuple[Sequence[B], Sequence[Tally]]]:
    if jobs == 1 or len(todo) < 2:
        prepare(*given)
        for group in todo:
            yield group, run(group)
        return
    # Spawned, because a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with _one_thread_each():
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare, initargs=given)
        try:
            waiting = {pool.submit(run, group): group for group in todo}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Have processes that are started here use one thread each, unless the user has said how many.

    The arrays are small and processes share the cores already: two threads each on two cores take twice as long. A
    process has to find this when it starts, because numpy reads it when it is loaded, before anything can be prepared.
    """
    unsaid = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(unsaid, "1"))
    try:
        yield
    finally:
        for name in unsaid:
            os.environ.pop(name, None)


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
