"""Tallies and truths to rows: one organism, one setting, one design, one check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.errors import InternalError
from goodheart.organisms.truth import Truth, TruthMatrix, truth_at
from goodheart.records import NotEstimable
from goodheart.stats import estimate_proportion
from goodheart.thresholds import LEVEL
from goodheart.validation.cells import Cell
from goodheart.validation.tally import Tally, added


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of runs with its interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRuns:
    """How a check did in the first block of a cell: what a replay is held against."""

    n: int
    failed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationRow:
    """How one check did on one organism."""

    check: str
    organism: str
    family: str
    dial: float | None
    at_default: bool
    effect: float | None
    """Size of the planted fault, in the check's unit."""
    design: str
    truth: Truth | None
    """None where nobody wrote one down."""
    because: str
    n: int
    failed: int
    held: int
    declined: int
    """Runs in which the check could not tell."""
    reasons: tuple[tuple[str, str, int], ...]
    """Verdict, reason and how often."""
    runs: str
    """Rows with the same word here come from the same runs."""
    first: FirstRuns


def share_of(count: int, n: int) -> Share:
    """Return a share of runs with Wilson's interval."""
    found = estimate_proportion(name="share", successes=count, n=n, level=LEVEL)
    if isinstance(found, NotEstimable):
        raise InternalError("a share needs runs; got none. A cell is run at least once.")
    return Share(value=found.value, low=found.low, high=found.high, n=n)


def first_runs(tally: Tally, check: str) -> FirstRuns:
    """Return how a check did in the first block of a cell, given the block's tally."""
    return FirstRuns(n=tally.n, failed=tally.count(check, "fails"), held=tally.count(check, "holds"))


def rows_of(
    cells: Sequence[Cell],
    blocks: Sequence[Sequence[Tally]],
    runs: Sequence[str],
    *,
    truth: TruthMatrix | None,
) -> tuple[ValidationRow, ...]:
    """Return a row per cell and check.

    Args:
        cells: What was run.
        blocks: Tallies of each cell's blocks, in order.
        runs: Of each cell: a word that cells with the same runs share.
        truth: What was written down beforehand, if anything was.
    """
    return tuple(
        _row(cell, tally, check, own, truth, first_runs(each[0], check))
        for cell, each, own in zip(cells, blocks, runs, strict=True)
        for tally in [added(each)]
        for check in tally.answers
    )


def _row(cell: Cell, tally: Tally, check: str, runs: str, truth: TruthMatrix | None, first: FirstRuns) -> ValidationRow:
    dial = cell.organism.dial
    written = truth.cell(cell.organism.name, check) if truth else None
    what, effect = truth_at(written, check, dial) if written else (None, None)
    answers: Mapping[tuple[str, str], int] = tally.answers[check]
    return ValidationRow(
        check=check,
        organism=cell.organism.name,
        family=cell.family,
        dial=dial,
        at_default=cell.at_default,
        effect=effect,
        design=cell.design,
        truth=what,
        because=written.because if written else "",
        n=tally.n,
        failed=tally.count(check, "fails"),
        held=tally.count(check, "holds"),
        declined=tally.count(check, "cannot_tell"),
        reasons=tuple((word, reason, times) for (word, reason), times in sorted(answers.items())),
        runs=runs,
        first=first,
    )
