"""The table that ships: how it is made of a validation, and whether a later one agrees with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from goodheart.errors import InternalError
from goodheart.organisms.rates import CheckRates, RateCount, RateTable
from goodheart.stats import holm
from goodheart.thresholds import ALPHA
from goodheart.validation.rows import Share, ValidationRow
from goodheart.validation.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A row in which a validation and the shipped table differ by more than chance."""

    row: ValidationRow
    shipped: RateCount
    p_adjusted: float


def table_of(rows: Sequence[ValidationRow], summary: Summary, *, battery: str, seed: int) -> RateTable:
    """Make the table that ships of a validation."""
    return RateTable(
        battery=battery,
        seed=seed,
        checks=tuple(
            CheckRates(
                check=one.check,
                design=one.design,
                detected=_count(one.detection),
                planted=one.detection.n if one.detection else 0,
                planted_in=one.detected_in,
                alarmed=_count(one.false_alarm),
                sound=one.false_alarm.n if one.false_alarm else 0,
            )
            for one in summary.checks
        ),
        counts=tuple(
            RateCount(
                check=row.check,
                organism=row.organism,
                dial=row.dial,
                design=row.design,
                n=row.n,
                failed=row.failed,
                held=row.held,
                first_n=row.first.n,
                first_failed=row.first.failed,
                first_held=row.first.held,
            )
            for row in rows
        ),
    )


def _count(share: Share | None) -> int:
    return round(share.value * share.n) if share else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The first runs of the shipped table once more, on the same chance: each cell has to count the same verdicts."""

    n_verdicts: int
    changed: tuple[tuple[ValidationRow, RateCount], ...]
    """Rows that count other verdicts than the table, with what the table has."""
    unmeasured: tuple[ValidationRow, ...]
    """Rows that the table does not have."""


def replay_of(rows: Sequence[ValidationRow], table: RateTable) -> Replay:
    """Hold rows of the first blocks against the table.

    Raises:
        InternalError: None of the rows has as many runs as the table's first blocks.
    """
    both = [(row, one) for row, one in _paired(rows, table) if row.n == one.first_n]
    known = {id(row) for row, _ in both}
    if not both:
        raise InternalError("a replay runs the first block of every cell of the table; no row is of such a block.")
    return Replay(
        n_verdicts=sum(row.n for row, _ in both),
        changed=tuple((row, one) for row, one in both if (row.failed, row.held) != (one.first_failed, one.first_held)),
        unmeasured=tuple(row for row in rows if id(row) not in known),
    )


def _paired(rows: Sequence[ValidationRow], table: RateTable) -> list[tuple[ValidationRow, RateCount]]:
    shipped = {(one.check, one.organism, one.dial, one.design): one for one in table.counts}
    return [(row, shipped[key]) for row in rows if (key := (row.check, row.organism, row.dial, row.design)) in shipped]


def disagreements(rows: Sequence[ValidationRow], table: RateTable) -> tuple[Disagreement, ...]:
    """Return the rows whose share of `fails` differs from the shipped one, by Fisher's exact test and Holm."""
    both = _paired(rows, table)
    if not both:
        return ()
    raw = [
        float(fisher_exact(np.array([[row.failed, row.n - row.failed], [one.failed, one.n - one.failed]])).pvalue)
        for row, one in both
    ]
    return tuple(
        Disagreement(row=row, shipped=one, p_adjusted=float(p))
        for (row, one), p in zip(both, holm(p_values=raw), strict=True)
        if p <= ALPHA
    )
