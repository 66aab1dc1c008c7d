"""Do the channels of one audit agree on the circumstances that all of them measured, and where do they part?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean
from typing import Final

import numpy as np

from goodheart.overview.measured import Measured, Unread, clusters_of, item_means
from goodheart.overview.positions import average, departures, on_common_cells, places, positions_of
from goodheart.reading import MOOD
from goodheart.records import Channel, Condition, Finding, NotEstimable, Observation
from goodheart.stats import (
    Effect,
    benjamini_hochberg,
    estimate_correlation,
    estimate_from_effect,
    estimate_icc,
    p_below,
)
from goodheart.stats.arguments import FloatArray
from goodheart.stats.effect import p_above
from goodheart.stats.partial import effect_partial_correlation, smallest_partial
from goodheart.thresholds import FALSE_DISCOVERY, LEVEL

FEWEST_CHANNELS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """How far two channels part on one circumstance, beyond their average difference."""

    cluster: str
    finding: Finding
    """`channel_parting`, in distances."""
    p: float
    """Two-sided."""
    adjusted: float = 1.0
    """After Benjamini-Hochberg over all circumstances and pairs of channels."""

    @property
    def found(self) -> bool:
        """Whether it is singled out; exploratory."""
        return self.adjusted <= FALSE_DISCOVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """Two channels."""

    one: Channel
    other: Channel
    gap: Finding
    """`channel_gap`: the first minus the second, on average over circumstances; distances."""
    correlation: Finding
    """`channel_correlation`, over circumstances."""
    beyond_mood: Finding
    """`channel_partial_correlation`: the same when the mood of the texts is known."""
    partings: tuple[Parting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Channels side by side."""

    run: str
    """Name of the folder; empty without an audit."""
    channels: tuple[Measured | Unread, ...]
    clusters: tuple[str, ...] = ()
    """Common circumstances."""
    places: tuple[tuple[Channel, tuple[Finding, ...]], ...] = ()
    """By valid channel, `channel_position` of every circumstance, in distances."""
    averages: tuple[tuple[Channel, Finding], ...] = ()
    """By valid channel, the mean of these."""
    moods: tuple[tuple[Channel, Finding], ...] = ()
    """`channel_mood_correlation`: with the mood of the text."""
    reliabilities: tuple[tuple[Channel, Finding], ...] = ()
    """`channel_icc`: of the mean over wordings."""
    pairs: tuple[PairAgreement, ...] = ()
    smallest: float | None = None
    """Correlation that so many circumstances tell from 0 with power .9."""
    missing: str = ""
    """Why there is nothing to compare; empty where there is."""

    @property
    def valid(self) -> tuple[Measured, ...]:
        """Channels that passed their control."""
        return tuple(one for one in self.channels if isinstance(one, Measured) and one.valid)

    def findings(self) -> tuple[Finding, ...]:
        """Return every estimate, for tables and files."""
        return (
            *(one.distance for one in self.channels if isinstance(one, Measured)),
            *(one for _, those in self.places for one in those),
            *(one for part in (self.averages, self.moods, self.reliabilities) for _, one in part),
            *(one for pair in self.pairs for one in (pair.gap, pair.correlation, pair.beyond_mood)),
            *(one.finding for pair in self.pairs for one in pair.partings),
        )


def agreement_of(channels: Sequence[Measured | Unread], observations: Sequence[Observation], *, run: str) -> Agreement:
    """Compare the valid channels of one audit, circumstance by circumstance.

    Args:
        channels: From `measure_channels`.
        observations: The same respondent's, for the mood of the texts.
        run: Name of the folder.

    Returns:
        Positions for every valid channel; pairs only where two are valid.
    """
    found = Agreement(run=run, channels=tuple(channels))
    valid = found.valid
    if not valid:
        return replace(found, missing="No channel passed its control in this run.")
    common = on_common_cells(valid)
    clusters = clusters_of(common[0].cells, "circumstance")
    mood = _moods(observations, clusters)
    alone = {one.kind.name: positions_of([one], [1.0]) for one in common}
    located = tuple(
        (name, _all_found(places(at, name="channel_position", about=(("channel", name),))))
        for name, at in alone.items()
    )
    why = "" if len(valid) >= FEWEST_CHANNELS else f"Only one channel is valid in this run: {valid[0].kind.title}."
    return replace(
        found,
        clusters=clusters,
        places=located,
        averages=tuple(
            (name, _found(average(at, name="channel_mean_position", about=(("channel", name),))))
            for name, at in alone.items()
        ),
        moods=tuple((one.kind.name, _with_mood(one, mood)) for one in common),
        reliabilities=tuple((one.kind.name, _reliability(one)) for one in common),
        pairs=_adjusted([_pair(a, b, mood) for a, b in combinations(common, 2)]),
        smallest=smallest_partial(len(clusters), 0),
        missing=why,
    )


def _pair(a: Measured, b: Measured, mood: FloatArray | None) -> PairAgreement:
    about: Condition = (("channel", a.kind.name), ("minus", b.kind.name))
    beside: Condition = (("channel", a.kind.name), ("with", b.kind.name))
    x, y = (item_means(one.cells, "circumstance") for one in (a, b))
    apart = positions_of([a, b], [1.0, -1.0])
    effects = departures(apart, name="channel_parting", about=about)
    return PairAgreement(
        one=a.kind.name,
        other=b.kind.name,
        gap=_found(average(apart, name="channel_gap", about=about)),
        correlation=estimate_correlation(
            name="channel_correlation", about=beside, x=x, y=y, kind="spearman", level=LEVEL
        ),
        beyond_mood=_beyond(beside, x, y, mood),
        partings=tuple(_parting(cluster, one) for cluster, one in zip(apart.clusters, effects, strict=True)),
    )


def _parting(cluster: str, effect: Effect | NotEstimable) -> Parting:
    if isinstance(effect, NotEstimable):
        return Parting(cluster=cluster, finding=effect, p=1.0)
    p = 2 * min(p_below(effect=effect, bound=0.0), p_above(effect=effect, bound=0.0))
    return Parting(cluster=cluster, finding=_found(effect), p=min(1.0, p))


def _adjusted(pairs: Sequence[PairAgreement]) -> tuple[PairAgreement, ...]:
    """Correct over all circumstances of all pairs together."""
    values = iter(benjamini_hochberg(p_values=[one.p for pair in pairs for one in pair.partings]))
    return tuple(
        replace(pair, partings=tuple(replace(one, adjusted=float(next(values))) for one in pair.partings))
        for pair in pairs
    )


def _moods(observations: Sequence[Observation], clusters: Sequence[str]) -> FloatArray | None:
    """Return the mood of the text of each circumstance; None where one of them has none."""
    found: dict[str, list[float]] = {}
    for row in observations:
        if row.measure == MOOD and row.group == "circumstance" and row.form == "self" and row.value is not None:
            found.setdefault(row.cluster, []).append(row.value)
    if any(cluster not in found for cluster in clusters):
        return None
    return np.array([fmean(found[cluster]) for cluster in clusters], dtype=np.float64)


def _with_mood(one: Measured, mood: FloatArray | None) -> Finding:
    name, about = "channel_mood_correlation", (("channel", one.kind.name),)
    if mood is None:
        return _no_mood(name, about)
    x = item_means(one.cells, "circumstance")
    return estimate_correlation(name=name, about=about, x=x, y=mood, kind="spearman", level=LEVEL)


def _beyond(about: Condition, x: FloatArray, y: FloatArray, mood: FloatArray | None) -> Finding:
    name = "channel_partial_correlation"
    if mood is None:
        return _no_mood(name, about)
    return _found(effect_partial_correlation(name=name, about=about, x=x, y=y, baseline=mood[:, None]))


def _no_mood(name: str, about: Condition) -> NotEstimable:
    detail = "the table has no mood of the texts"
    return NotEstimable(name=name, about=about, reason="not_asked", detail=detail)


def _reliability(one: Measured) -> Finding:
    """How far circumstances keep their differences when worded otherwise."""
    rows: dict[str, list[float]] = {}
    for (cluster, _), value in one.cells["circumstance"].items():
        rows.setdefault(cluster, []).append(value)
    # One-way tables are balanced: a circumstance that lacks a wording is left out.
    most = max(map(len, rows.values()))
    table = np.array([values for values in rows.values() if len(values) == most], dtype=np.float64)
    name, about = "channel_icc", (("channel", one.kind.name),)
    return estimate_icc(name=name, about=about, ratings=table, kind="mean", level=LEVEL)


def _all_found(effects: Sequence[Effect | NotEstimable]) -> tuple[Finding, ...]:
    return tuple(_found(one) for one in effects)


def _found(effect: Effect | NotEstimable) -> Finding:
    return estimate_from_effect(effect=effect, level=LEVEL)
