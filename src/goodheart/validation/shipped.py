"""The table that ships: how it is made of a validation, and whether a later one agrees with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

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


def table_of(rows: Sequence[ValidationRow], summary: Summary, *, battery: str) -> RateTable:
    """Make the table that ships of a validation."""
    return RateTable(
        battery=battery,
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
            )
            for row in rows
        ),
    )


def _count(share: Share | None) -> int:
    return round(share.value * share.n) if share else 0


def disagreements(rows: Sequence[ValidationRow], table: RateTable) -> tuple[Disagreement, ...]:
    """Return the rows whose share of `fails` differs from the shipped one, by Fisher's exact test and Holm."""
    shipped = {(one.check, one.organism, one.dial, one.design): one for one in table.counts}
    both = [(row, shipped[key]) for row in rows if (key := (row.check, row.organism, row.dial, row.design)) in shipped]
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
