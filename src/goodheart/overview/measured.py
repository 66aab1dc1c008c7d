"""Channels of one audit on the same items: ratings, unprompted expression, internal readings, with their controls.

The rules are those of a comparison of versions: base cells about itself only, and a channel counts only if in this run
plainly good items lie above plainly bad ones, with an interval that leaves 0 out and nearly all pairs in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, Literal

import numpy as np

from goodheart.comparison import CHANNELS, ChannelKind
from goodheart.comparison.channels import GROUPS
from goodheart.comparison.movement import FEWEST, Unit, control_problems
from goodheart.records import Estimate, Finding, Group, Observation
from goodheart.stats import Sample, estimate_contrast_independent
from goodheart.stats.arguments import FloatArray
from goodheart.stats.auc import area_under_curve
from goodheart.thresholds import LEVEL, MEASURED_SHARE

SETS: Final[tuple[Group, ...]] = ("circumstance", "good", "bad")
Cells = Mapping[Group, Mapping[tuple[str, str], float]]
"""By group, then by cluster and wording: the mean of what was measured there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One channel with its positive control."""

    kind: ChannelKind
    instrument: str
    unit: str
    cells: Cells
    distance: Finding
    """`control_distance`: plainly good minus plainly bad, in the channel's unit."""
    auc: float
    """Share of (good, bad) pairs in the right order."""
    problems: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether its control passed."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A channel that this audit does not have, and why."""

    kind: ChannelKind
    reason: Literal["not_asked", "not_valid", "too_few"]
    detail: str


def measure_channels(observations: Sequence[Observation], *, instrument: str | None) -> tuple[Measured | Unread, ...]:
    """Read every channel that an audit can have.

    Args:
        observations: Of one respondent.
        instrument: The form of the scale that carries the audit's findings; None where none is valid.

    Returns:
        Stated report, unprompted expression and internal reading, in this order.
    """
    return tuple(_measure(kind, observations, instrument) for kind in CHANNELS if kind.measure is not None)


def clusters_of(cells: Cells, group: Group) -> tuple[str, ...]:
    """Return the items of a group, in alphabetical order."""
    return tuple(sorted({cluster for cluster, _ in cells[group]}))


def item_means(cells: Cells, group: Group) -> FloatArray:
    """Return the mean of each item of a group over its wordings, in the order of `clusters_of`."""
    names = clusters_of(cells, group)
    values = [fmean(value for (cluster, _), value in cells[group].items() if cluster == name) for name in names]
    return np.array(values, dtype=np.float64)


def _measure(kind: ChannelKind, observations: Sequence[Observation], instrument: str | None) -> Measured | Unread:
    rows = [row for row in observations if row.channel == kind.name and row.measure == kind.measure and _base(row)]
    if not rows:
        return Unread(kind=kind, reason="not_asked", detail="It was not asked for in this run.")
    name = instrument if kind.is_report else rows[0].instrument
    if name is None:
        return Unread(kind=kind, reason="not_valid", detail="No form of the rating passed its controls in this run.")
    own = [row for row in rows if row.instrument == name]
    gathered = _gathered(own)
    asked, measured = len(gathered), sum(bool(values) for values in gathered.values())
    if measured < MEASURED_SHARE * asked:
        detail = f"Only {measured} of its {asked} cells gave a value."
        return Unread(kind=kind, reason="too_few", detail=detail)
    cells = _cells(gathered)
    short = [f"{n} {group}" for group in SETS if (n := len(clusters_of(cells, group))) < FEWEST]
    if short:
        detail = f"Each set needs {FEWEST} items with a value; there are {', '.join(short)}."
        return Unread(kind=kind, reason="too_few", detail=detail)
    return _controlled(kind, name, own[0].unit, cells)


def _base(row: Observation) -> bool:
    return row.form == "self" and row.group in GROUPS and {factor for factor, _ in row.condition} <= {"person"}


def _gathered(rows: Sequence[Observation]) -> dict[tuple[Group, str, str], list[float]]:
    found: dict[tuple[Group, str, str], list[float]] = {}
    for row in rows:
        values = found.setdefault((row.group, row.cluster, row.wording), [])
        if row.value is not None:
            values.append(row.value)
    return found


def _cells(gathered: Mapping[tuple[Group, str, str], Sequence[float]]) -> Cells:
    return {
        group: {
            (cluster, wording): fmean(values)
            for (where, cluster, wording), values in gathered.items()
            if where == group and values
        }
        for group in SETS
    }


def _controlled(kind: ChannelKind, instrument: str, unit: str, cells: Cells) -> Measured:
    good, bad = item_means(cells, "good"), item_means(cells, "bad")
    distance = estimate_contrast_independent(
        name="control_distance",
        about=(("channel", kind.name),),
        a=Sample(values=good, clusters=clusters_of(cells, "good")),
        b=Sample(values=bad, clusters=clusters_of(cells, "bad")),
        level=LEVEL,
        unit=unit,
    )
    auc = float(area_under_curve(positive=good, negative=bad))
    gap = float(good.mean() - bad.mean())
    # Where all good items have one value and all bad ones another, nothing varies and nothing is in doubt.
    low, high = (distance.low, distance.high) if isinstance(distance, Estimate) else (gap, gap)
    return Measured(
        kind=kind,
        instrument=instrument,
        unit=unit,
        cells=cells,
        distance=distance,
        auc=auc,
        problems=control_problems(Unit(value=gap, low=low, high=high, auc=auc), measured_in=unit),
    )
