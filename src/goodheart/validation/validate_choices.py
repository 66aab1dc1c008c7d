"""A validation of the checks on choices and conduct, from planted respondents to `validation-choices.json`."""

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Final

from goodheart.engine.folder import write_atomic
from goodheart.errors import RunFolderError
from goodheart.organisms.planted_choosers import CHOOSERS
from goodheart.organisms.planted_doers import DOERS
from goodheart.organisms.rates import table_json
from goodheart.organisms.truth import TruthMatrix, choice_truth, truth_at
from goodheart.records import digest
from goodheart.thresholds import frozen
from goodheart.validation.document import validation_json
from goodheart.validation.identity import Seal, choice_battery_digest
from goodheart.validation.kept import OnBlock, run_kept
from goodheart.validation.planted import (
    PlantedCell,
    PlantedEffort,
    planted_blocks,
    planted_cells,
    prepare,
    run_group,
    same_runs,
)
from goodheart.validation.rows import FirstRuns, ValidationRow, first_runs
from goodheart.validation.shipped import table_of
from goodheart.validation.summary import summarise
from goodheart.validation.tally import Tally, added
from goodheart.validation.validate import Validation

FILE: Final = "validation-choices.json"
BLOCKS: Final = "blocks-choices.jsonl"
RATES: Final = "choice_rates.json"
"""The table that ships, as this validation would have it."""


def choice_seal() -> Seal:
    """Take the digests of what is validated here, against what."""
    settings = [(one.name, one.family, one.dials, one.default, one.spread) for one in (*CHOOSERS, *DOERS)]
    return Seal(
        battery=choice_battery_digest(),
        thresholds=digest(frozen()),
        organisms=digest(settings),
        key=choice_truth().digest,
    )


def validate_choices(
    *, effort: PlantedEffort, seed: int, folder: Path, jobs: int, on_block: OnBlock | None = None
) -> Validation:
    """Run the checks on every planted respondent and write what comes of it.

    Args:
        effort: How much is run.
        seed: Root of all chance.
        folder: Keeps finished blocks, and gets `validation-choices.json` and `choice_rates.json`.
        jobs: Processes.
        on_block: Told how far it is.

    Raises:
        RunFolderError: The folder cannot be used.
    """
    _open(folder)
    seal = choice_seal()
    cells = planted_cells(effort)
    groups, keys = planted_blocks(cells, battery=seal.battery, seed=seed)
    done = run_kept(
        groups, run=run_group, prepare=prepare, given=(), path=folder / BLOCKS, jobs=jobs, on_block=on_block
    )
    blocks = [[done[key] for key in own] for own in keys]
    rows = choice_rows(cells, blocks, truth=choice_truth())
    found = Validation(rows=rows, summary=summarise(rows, cells, [added(each) for each in blocks]))
    text = validation_json(rows, found.summary, seal=seal, effort=effort, seed=seed, sealed=False)
    write_atomic(folder / FILE, text)
    write_atomic(folder / RATES, table_json(table_of(rows, found.summary, battery=seal.battery, seed=seed)))
    return found


def choice_rows(
    cells: Sequence[PlantedCell], blocks: Sequence[Sequence[Tally]], *, truth: TruthMatrix
) -> tuple[ValidationRow, ...]:
    """Return a row per cell and check.

    Args:
        cells: What was run.
        blocks: Tallies of each cell's blocks, in order.
        truth: What was written down beforehand.
    """
    return tuple(
        _row(cell, tally, check, truth, first_runs(each[0], check))
        for cell, each in zip(cells, blocks, strict=True)
        for tally in [added(each)]
        for check in tally.answers
    )


def _row(cell: PlantedCell, tally: Tally, check: str, truth: TruthMatrix, first: FirstRuns) -> ValidationRow:
    name, dial = astuple(cell.organism)
    written = truth.cell(name, check)
    what, effect = truth_at(written, check, dial)
    return ValidationRow(
        check=check,
        organism=name,
        family=cell.family,
        dial=dial,
        at_default=cell.at_default,
        effect=effect,
        design=cell.design,
        truth=what,
        because=written.because,
        n=tally.n,
        failed=tally.count(check, "fails"),
        held=tally.count(check, "holds"),
        declined=tally.count(check, "cannot_tell"),
        reasons=tuple((word, reason, times) for (word, reason), times in sorted(tally.answers[check].items())),
        runs=same_runs(cell, check),
        first=first,
    )


def _open(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"A validation is kept in {folder}. The disk refused: {error.strerror or error}. Give another with --out."
        ) from error
