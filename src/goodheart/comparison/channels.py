"""From the tidy tables of two versions to one pair of columns per channel: the same cells, measured in both.

Only base cells about itself count (no change of the prompt, no manipulation, no free reply), and only cells (item and
wording) that gave a value in both versions: a wording that one version declined would else move the other's mean.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final, Literal

import numpy as np

from goodheart.reading import main_instrument, validity_of
from goodheart.records import Channel, Group, Observation, Validity
from goodheart.stats.arguments import FloatArray

GROUPS: Final[tuple[Group, ...]] = ("circumstance", "nonwelfare", "good", "bad")
"""What is asked about, its matched other subject, and the two controls that make the unit."""

SHOWN: Final[tuple[Group, ...]] = ("circumstance", "nonwelfare", "neutral", "good", "bad")
"""Groups whose raw movement is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One of the ways in which the same thing is measured."""

    name: Channel
    measure: str | None
    """In the tidy table; None for a channel that no assessment measures yet."""
    title: str
    is_report: bool = False


CHANNELS: Final[tuple[ChannelKind, ...]] = (
    ChannelKind(name="stated", measure="rating", title="stated report", is_report=True),
    ChannelKind(name="expressed", measure="expressed_valence", title="unprompted expression"),
    ChannelKind(name="internal", measure="valence_projection", title="internal reading"),
    ChannelKind(name="conduct", measure=None, title="conduct"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedGroup:
    """The items of one group, each with its mean in both versions over the cells that both measured."""

    clusters: tuple[str, ...]
    earlier: FloatArray
    """Shape (n_clusters,), in the channel's unit."""
    later: FloatArray
    """Likewise."""
    n: int
    """Values of one version that went in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChannelPair:
    """One channel in two versions."""

    kind: ChannelKind
    instrument: str
    unit: str
    groups: Mapping[Group, PairedGroup]
    asked: int
    """Cells asked in either version."""
    measured: int
    """Cells that gave a value in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A channel that cannot be compared, and why."""

    kind: ChannelKind
    reason: Literal["channel_missing", "instrument_invalid", "refused"]
    detail: str


Cells = dict[tuple[Group, str, str], list[float]]
"""Values by group, cluster and wording; empty where a cell gave none."""


def pair_channels(
    earlier: Sequence[Observation], later: Sequence[Observation], *, order: Sequence[str]
) -> tuple[ChannelPair | Unmeasured, ...]:
    """Pair every channel of two versions.

    Args:
        earlier: All observations of the earlier version.
        later: All observations of the later version, asked the same plan.
        order: Instruments of the rating, the most wanted first. The one that is read is chosen as in an audit: the
            first that is valid in both versions for every person it was asked about; failing that, for itself.

    Returns:
        One entry per channel, in the order of `CHANNELS`.
    """
    return tuple(_pair(kind, earlier, later, order) for kind in CHANNELS)


def _pair(
    kind: ChannelKind, earlier: Sequence[Observation], later: Sequence[Observation], order: Sequence[str]
) -> ChannelPair | Unmeasured:
    if kind.measure is None:
        return Unmeasured(kind=kind, reason="channel_missing", detail="Runs that are compared do not measure it.")
    first, second = _rows(kind, earlier), _rows(kind, later)
    if not first or not second:
        where = "either run" if not first and not second else "the later run" if first else "the earlier run"
        return Unmeasured(kind=kind, reason="channel_missing", detail=f"It was not measured in {where}.")
    instrument = _valid_in_both(first, second, order) if kind.is_report else _common(first, second)
    if isinstance(instrument, str):
        return pair_of(
            kind,
            instrument,
            [row for row in first if row.instrument == instrument],
            [row for row in second if row.instrument == instrument],
        )
    return Unmeasured(kind=kind, reason="instrument_invalid", detail=instrument[0])


def pair_of(
    kind: ChannelKind, instrument: str, earlier: Sequence[Observation], later: Sequence[Observation]
) -> ChannelPair:
    """Pair the rows of one channel, cell by cell; see `pair_channels`."""
    first, second = _cells(earlier), _cells(later)
    common = {cell for cell in first.keys() & second.keys() if first[cell] and second[cell]}
    return ChannelPair(
        kind=kind,
        instrument=instrument,
        unit=earlier[0].unit,
        groups={group: _group(group, first, second, common) for group in SHOWN},
        asked=len(first.keys() | second.keys()),
        measured=len(common),
    )


def _rows(kind: ChannelKind, observations: Sequence[Observation]) -> list[Observation]:
    return [
        row
        for row in observations
        if row.channel == kind.name
        and row.measure == kind.measure
        and row.group in SHOWN
        and {factor for factor, _ in row.condition} <= {"person"}
    ]


def _valid_in_both(
    earlier: Sequence[Observation], later: Sequence[Observation], order: Sequence[str]
) -> str | tuple[str]:
    """The instrument, by the rule of an audit; or in a tuple of one why there is none."""
    forms = tuple(dict.fromkeys(row.form for row in earlier))
    found = [_in_both(earlier, later, name, form) for name in order for form in forms]
    problems = "; ".join(one.problems[0] for one in found if one.problems and one.form == "self")
    chosen = main_instrument(found, preference=order)
    return chosen or (f"No form of the rating passed its controls in both versions. {problems}.",)


def _in_both(earlier: Sequence[Observation], later: Sequence[Observation], instrument: str, form: str) -> Validity:
    """Valid only where it is so in both versions."""
    both = [validity_of(rows, instrument=instrument, form=form) for rows in (earlier, later)]
    problems = [
        f"{instrument} in the {which} version: {one.problems[0]}"
        for one, which in zip(both, ("earlier", "later"), strict=True)
        if one.problems
    ]
    return replace(both[0], valid=not problems, problems=tuple(problems))


def _common(earlier: Sequence[Observation], later: Sequence[Observation]) -> str | tuple[str]:
    there = {row.instrument for row in later}
    both = [name for name in dict.fromkeys(row.instrument for row in earlier) if name in there]
    return both[0] if both else ("The two runs read it with different instruments.",)


def _cells(rows: Sequence[Observation]) -> Cells:
    cells: Cells = {}
    for row in (row for row in rows if row.form == "self"):
        values = cells.setdefault((row.group, row.cluster, row.wording), [])
        if row.value is not None:
            values.append(row.value)
    return cells


def _group(group: Group, first: Cells, second: Cells, common: set[tuple[Group, str, str]]) -> PairedGroup:
    own = sorted(cell for cell in common if cell[0] == group)
    clusters = tuple(dict.fromkeys(cell[1] for cell in own))
    return PairedGroup(
        clusters=clusters,
        earlier=_means(first, own, clusters),
        later=_means(second, own, clusters),
        n=len(own),
    )


def _means(cells: Cells, own: Sequence[tuple[Group, str, str]], clusters: Sequence[str]) -> FloatArray:
    """Repeats within a wording first, then wordings within a cluster."""
    return np.array([fmean(_of(cells, own, cluster)) for cluster in clusters], dtype=np.float64)


def _of(cells: Cells, own: Sequence[tuple[Group, str, str]], cluster: str) -> Iterator[float]:
    return (fmean(cells[cell]) for cell in own if cell[1] == cluster)
