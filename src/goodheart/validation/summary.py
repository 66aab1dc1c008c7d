"""What the rows come to: for each check its detection, its false alarms, and what it cannot see.

- detection: of `present` cells with the dial at its default, the share of runs in which the check failed; respondents
  of the family `void` stay out, because no form of asking is valid for them;
- false alarm: the same of sound respondents (family `healthy`), where the cell is `absent`;
- false reassurance: of `present` cells at any dial, the share in which it held;
- healthy holds: of sound respondents, the share in which it held.

Rows of organisms that answered alike come from the same runs and count once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scipy.stats import binomtest

from goodheart.stats import holm
from goodheart.thresholds import ALPHA, POWER
from goodheart.validation.cells import HEALTHY, VOID
from goodheart.validation.rows import Share, ValidationRow, share_of
from goodheart.validation.tally import Tally


class Named(Protocol):
    """A respondent as far as a summary takes."""

    @property
    def name(self) -> str:
        """Its name."""


class Tried(Protocol):
    """A cell as far as a summary takes: one respondent at one setting in one design."""

    @property
    def organism(self) -> Named:
        """Who was run."""

    @property
    def family(self) -> str:
        """Of the respondent."""

    @property
    def design(self) -> str:
        """What it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """One check in one design."""

    check: str
    design: str
    detection: Share | None
    """None where no organism with this fault was run."""
    detected_in: tuple[str, ...]
    """Organisms that the detection is of, with their effects."""
    false_alarm: Share | None
    false_reassurance: Share | None
    healthy_holds: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestDial:
    """The smallest setting from which on a fault is detected in at least `POWER` of the runs."""

    check: str
    organism: str
    design: str
    dial: float | None
    """None where even the largest setting is detected less often."""
    tried: tuple[tuple[float, float], ...]
    """Settings with the share detected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A cell in which a check answered wrongly more often than it may, by a binomial test and Holm over all cells."""

    check: str
    organism: str
    dial: float | None
    design: str
    share: Share
    p_adjusted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a validation came to."""

    checks: tuple[CheckSummary, ...]
    smallest: tuple[SmallestDial, ...]
    false_alarms: tuple[Excess, ...]
    """`absent` cells whose share of `fails` is shown to exceed `ALPHA`."""
    false_reassurances: tuple[Excess, ...]
    """`present` cells whose share of `holds` is shown to exceed `ALPHA`."""
    cross_talk: tuple[ValidationRow, ...]
    """Rows of faults planted elsewhere in which a check failed in more than `ALPHA` of the runs."""
    any_failed: tuple[tuple[str, str, Share], ...]
    """Of each sound respondent and design: the share of runs in which any check failed."""


def summarise(rows: Sequence[ValidationRow], cells: Sequence[Tried], tallies: Sequence[Tally]) -> Summary:
    """Sum a validation up."""
    keys = list(dict.fromkeys((row.check, row.design) for row in rows))
    absent = [row for row in _once(rows) if row.truth == "absent"]
    present = [row for row in _once(rows) if row.truth == "present"]
    return Summary(
        checks=tuple(_check(rows, check, design) for check, design in keys),
        smallest=tuple(_smallest(rows)),
        false_alarms=_excess(absent, lambda row: row.failed),
        false_reassurances=_excess(present, lambda row: row.held),
        cross_talk=tuple(
            row
            for row in rows
            if row.at_default and row.family != HEALTHY and row.truth != "present" and row.failed > ALPHA * row.n
        ),
        any_failed=tuple(
            (cell.organism.name, cell.design, share_of(tally.any_failed, tally.n))
            for cell, tally in zip(cells, tallies, strict=True)
            if cell.family == HEALTHY
        ),
    )


def _once(rows: Iterable[ValidationRow]) -> list[ValidationRow]:
    """Of rows that come from the same runs keep one for each truth."""
    found = {(row.runs, row.check, row.truth): row for row in rows}
    return list(found.values())


def _check(rows: Sequence[ValidationRow], check: str, design: str) -> CheckSummary:
    own = [row for row in rows if row.check == check and row.design == design]
    planted = _once(row for row in own if row.truth == "present")
    # Whoever no form of asking is valid for cannot be judged, and is not to be.
    found = [row for row in planted if row.at_default and row.family != VOID]
    healthy = _once(row for row in own if row.family == HEALTHY and row.truth == "absent")
    return CheckSummary(
        check=check,
        design=design,
        detection=_pooled(found, lambda row: row.failed),
        detected_in=tuple(_named(row) for row in found),
        false_alarm=_pooled(healthy, lambda row: row.failed),
        false_reassurance=_pooled(planted, lambda row: row.held),
        healthy_holds=_pooled(healthy, lambda row: row.held),
    )


def _named(row: ValidationRow) -> str:
    return row.organism if row.effect is None else f"{row.organism} ({row.effect:g})"


def _pooled(rows: Sequence[ValidationRow], count: Callable[[ValidationRow], int]) -> Share | None:
    n = sum(row.n for row in rows)
    return share_of(sum(map(count, rows)), n) if n else None


def _smallest(rows: Sequence[ValidationRow]) -> Iterable[SmallestDial]:
    curves: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    planted = {(row.check, row.organism) for row in rows if row.truth == "present" and row.effect is not None}
    for row in rows:
        if (row.check, row.organism) in planted and row.dial is not None:
            curves.setdefault((row.check, row.organism, row.design), []).append((row.dial, row.failed / row.n))
    for (check, organism, design), curve in curves.items():
        tried = sorted(curve)
        reached: float | None = None
        for dial, share in reversed(tried):
            if share < POWER:
                break
            reached = dial
        yield SmallestDial(check=check, organism=organism, design=design, dial=reached, tried=tuple(tried))


def _excess(rows: Sequence[ValidationRow], count: Callable[[ValidationRow], int]) -> tuple[Excess, ...]:
    if not rows:
        return ()
    raw = [float(binomtest(count(row), row.n, ALPHA, alternative="greater").pvalue) for row in rows]
    return tuple(
        Excess(
            check=row.check,
            organism=row.organism,
            dial=row.dial,
            design=row.design,
            share=share_of(count(row), row.n),
            p_adjusted=float(adjusted),
        )
        for row, adjusted in zip(rows, holm(p_values=raw), strict=True)
        if adjusted <= ALPHA
    )
