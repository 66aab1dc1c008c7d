"""`goodheart validate`: how often each check notices a planted fault, and how often it cries wolf."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from goodheart.cli.progress import Bar
    from goodheart.organisms.rates import RateTable
    from goodheart.validation.kept import OnBlock
    from goodheart.validation.validate import Validation


Size = int | Literal["default", "full", "replay"]
"""How much is run: a number of runs an organism, or a size with a name."""


class Only(StrEnum):
    """A part of a validation."""

    reports = "reports"
    choices = "choices"


def validate(
    organisms: Annotated[
        Path | None,
        typer.Argument(metavar="ORGANISMS.yaml", help="A file or folder of your own organisms; else those that ship."),
    ] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="1,500 runs an organism, for the tables that ship.")] = False,
    runs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="N runs an organism: something between the default and --full."),
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="The first runs of the tables that ship: are verdicts still the same?")
    ] = False,
    only: Annotated[
        Only | None, typer.Option(help="The checks on self-reports, or those on choices and conduct; both if not said.")
    ] = None,
    sealed: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run unseen organisms with their key.yaml, once.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where it is kept; a name under runs/ if not said.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Root of all chance; 1 with --full, else 2. Not with --replay."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes; as many as cores, up to 8.")] = None,
) -> None:
    """Run the checks on simulated respondents whose faults are known.

    Prints and saves how often each check failed, held and declined. The same command again goes on where it stopped.
    """
    import os

    _require_one_size(full=full, runs=runs, replay=replay, seed=seed)
    _require_one_subject(organisms, sealed, only=only, replay=replay)
    size: Size = "full" if full else "replay" if replay else runs or "default"
    chosen = out or Path("runs") / _folder_name(organisms, sealed, size)
    processes = jobs or min(8, os.cpu_count() or 1)
    if only is not Only.choices:
        _reports(organisms, sealed, chosen, size=size, seed=seed, jobs=processes)
    if only is not Only.reports and organisms is None and sealed is None:
        _choices(chosen, size=size, seed=seed, jobs=processes)


def _require_one_size(*, full: bool, runs: int | None, replay: bool, seed: int | None) -> None:
    from goodheart.errors import StudyError
    from goodheart.validation.cells import FULL

    if full and runs is not None:
        raise StudyError(
            f"How many runs is said once. Got --full, which is {FULL.runs:,}, and --runs {runs}. Leave one of them out."
        )
    if replay and (full or runs is not None or seed is not None):
        raise StudyError(
            "A replay makes the first runs of the tables that ship again, with their seed. Got a number of runs or a "
            "seed beside it. Type: goodheart validate --replay"
        )


def _require_one_subject(organisms: Path | None, sealed: Path | None, *, only: Only | None, replay: bool) -> None:
    from goodheart.errors import StudyError

    if sealed is not None and organisms is not None:
        raise StudyError(
            f"Organisms are either sealed or not. Got {organisms} and --sealed {sealed}. Type: goodheart validate "
            f"--sealed {sealed}"
        )
    if only is Only.choices and (organisms or sealed):
        raise StudyError(
            "Choices and conduct are validated on the respondents that ship. Got --only choices with organisms of your "
            "own. Type: goodheart validate --only choices"
        )
    if replay and (organisms or sealed):
        raise StudyError(
            "The tables that ship are of the organisms that ship. Got --replay with organisms of your own. Type: "
            "goodheart validate --replay"
        )


def _reports(
    organisms: Path | None, sealed: Path | None, folder: Path, *, size: Size, seed: int | None, jobs: int
) -> None:
    from goodheart.cli.progress import Bar
    from goodheart.cli.validation_summary import print_validation, say_if_old
    from goodheart.organisms.rates import shipped_rates, table_json
    from goodheart.validation import cells
    from goodheart.validation.document import FILE
    from goodheart.validation.identity import battery_digest
    from goodheart.validation.shipped import disagreements, table_of
    from goodheart.validation.validate import RATES, public_subject, sealed_subject, subject_from
    from goodheart.validation.validate import validate as run

    table, battery = shipped_rates(), battery_digest()
    subject = sealed_subject(sealed) if sealed else subject_from(organisms) if organisms else public_subject()
    sizes = {"full": cells.FULL, "replay": cells.REPLAY, "default": cells.DEFAULT}
    effort = cells.effort_of(size) if isinstance(size, int) else sizes[size]
    root = _root(size, seed, table.seed)
    with Bar() as bar:
        found = run(subject, effort=effort, seed=root, folder=folder, jobs=jobs, on_block=_on_block(bar))
    if size == "replay":
        _replay(found, table, battery=battery, path=folder / RATES)
        return
    if organisms is not None or sealed is not None:
        print_validation(found, folder / FILE, differing=())
        return
    measured = table_of(found.rows, found.summary, battery=battery, seed=root)
    (folder / RATES).write_text(table_json(measured), encoding="utf-8")
    print_validation(found, folder / FILE, differing=disagreements(found.rows, table))
    say_if_old(RATES, same=table.battery == battery)


def _choices(folder: Path, *, size: Size, seed: int | None, jobs: int) -> None:
    from goodheart.cli.progress import Bar
    from goodheart.cli.validation_summary import print_validation, say_if_old
    from goodheart.organisms.rates import shipped_choice_rates
    from goodheart.validation import planted
    from goodheart.validation.identity import choice_battery_digest
    from goodheart.validation.shipped import disagreements
    from goodheart.validation.validate_choices import FILE, RATES, validate_choices

    table = shipped_choice_rates()
    sizes = {"full": planted.FULL, "replay": planted.REPLAY, "default": planted.DEFAULT}
    effort = planted.planted_effort_of(size) if isinstance(size, int) else sizes[size]
    with Bar() as bar:
        found = validate_choices(
            effort=effort, seed=_root(size, seed, table.seed), folder=folder, jobs=jobs, on_block=_on_block(bar)
        )
    battery = choice_battery_digest()
    if size == "replay":
        _replay(found, table, battery=battery, path=folder / RATES)
        return
    print_validation(found, folder / FILE, differing=disagreements(found.rows, table))
    say_if_old(RATES, same=table.battery == battery)


def _replay(found: "Validation", table: "RateTable", *, battery: str, path: Path) -> None:
    """Hold the first runs against their table; where it stands, write it with the digest of this version."""
    from goodheart.cli.validation_summary import print_replay
    from goodheart.organisms.rates import table_json
    from goodheart.validation.shipped import replay_of

    print_replay(replay_of(found.rows, table), path)
    path.write_text(table_json(replace(table, battery=battery)), encoding="utf-8")


def _root(size: Size, seed: int | None, shipped: int) -> int:
    """Return the root of all chance: the table's own in a replay, and another than its by default."""
    if size == "replay":
        return shipped
    return (1 if size == "full" else 2) if seed is None else seed


def _folder_name(organisms: Path | None, sealed: Path | None, size: Size) -> str:
    subject = f"-sealed-{sealed.resolve().name}" if sealed else f"-{organisms.stem}" if organisms else ""
    return f"validation{subject}{'' if size == 'default' else f'-{size}'}"


SAYS_AFTER = 0.03
"""Share of the runs from which the time of all is reckoned: some of every design."""


def _on_block(bar: "Bar") -> "OnBlock":
    """Return what shows how many runs are done, and says early how long all of them will take."""
    import time

    from goodheart.cli.progress import duration
    from goodheart.engine.progress import Progress

    first: list[tuple[int, float]] = []
    said: list[str] = []

    def show(done: int, total: int) -> None:
        # What an earlier call did says nothing about the speed of this one.
        first.append((done, time.monotonic()))
        worked, elapsed = done - first[0][0], time.monotonic() - first[0][1]
        left = elapsed / worked * (total - done) if worked else None
        if left is not None and not said and SAYS_AFTER * (total - first[0][0]) <= worked < total - first[0][0]:
            said.append(f"{total - first[0][0]:,} runs to do take about {duration(elapsed + left)}.")
            bar.tell(said[0])
        bar.show("runs", Progress(done=done, total=total, failed=0, elapsed=elapsed, seconds_left=left))

    return show
