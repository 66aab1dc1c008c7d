"""Simulated pairs of versions whose truth is known: a state per item, and what each channel makes of it.

    state        in distances between plainly bad and plainly good: nonwelfare items around 0, good +1/2, bad -1/2
    channel      offset + scale * (state + its own deviation of the item, shared by both versions
                                    + deviation of the wording, likewise + drift of the item from version to version
                                    + noise of the asking); the report is cut off at the ends of its scale

A pair says how the state and the report differ between its versions. Columns only: nothing is asked and nothing read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goodheart.comparison.channels import CHANNELS, SHOWN, ChannelKind, ChannelPair, PairedGroup, Unmeasured
from goodheart.records import Group
from goodheart.stats.arguments import FloatArray

Table = Mapping[Group, FloatArray]
"""By group, shape (n_items,), in distances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is asked."""

    items: tuple[tuple[Group, int], ...]
    wordings: int


STANDARD: Final = Size(
    items=(("circumstance", 18), ("nonwelfare", 18), ("neutral", 14), ("good", 8), ("bad", 8)), wordings=2
)
"""The preset standard with the items that ship."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Standard deviations, in distances; those of the project's simulated respondents on the items that ship."""

    circumstances: float = 0.2
    """Of the state between circumstances."""
    controls: float = 0.08
    """Of the state between items of any other group."""
    channel: float = 0.08
    """Of a channel's own deviation per item, the same in both versions."""
    wording: float = 0.05
    """Of a wording, the same in both versions."""
    drift: float = 0.03
    """Of an item from one version to the other."""
    asking: float = 0.07
    """Of a single asking: 0.3 points where good and bad lie 4.2 points apart."""

    def times(self, factor: float) -> "Noise":
        """Return the same with everything that does not cancel between versions made larger."""
        return replace(self, drift=factor * self.drift, asking=factor * self.asking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What a channel's numbers are."""

    middle: float
    distance: float
    """Between plainly bad and plainly good."""
    low: float = -np.inf
    high: float = np.inf
    unit: str = "points"


SCALES: Final[Mapping[str, Scale]] = {
    "stated": Scale(middle=4.0, distance=4.2, low=1.0, high=7.0),
    "expressed": Scale(middle=0.1, distance=0.9, unit="compound"),
    "internal": Scale(middle=-3.0, distance=1.7, unit="projection"),
}

Transform = Callable[[FloatArray], FloatArray]


def _same(values: FloatArray) -> FloatArray:
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPair:
    """How two versions differ."""

    name: str
    level: float = -0.25
    """Mean state of circumstances in the earlier version, in distances from nonwelfare items."""
    states: tuple[tuple[str, float], ...] = ()
    """By channel, how far what it reads of the circumstances' state moves."""
    denies: tuple[float, float] = (1.0, 1.0)
    """What share of the state of circumstances the report shows, in each version."""
    report: tuple[Transform, Transform] = (_same, _same)
    """What each version does to every rating, in distances from the middle of the scale."""
    truth: tuple[str, ...] = ("cannot_tell",)
    """Verdicts that are right."""


def _all(move: float) -> tuple[tuple[str, float], ...]:
    return tuple((name, move) for name in SCALES)


PAIRS: Final[tuple[SimulatedPair, ...]] = (
    SimulatedPair(name="goodharted", states=(("stated", 0.6),), truth=("goodharted",)),
    SimulatedPair(name="goodharted downwards", level=0.1, states=(("stated", -0.6),), truth=("goodharted",)),
    SimulatedPair(name="improved", states=_all(0.6), truth=("improved",)),
    SimulatedPair(name="worsened", level=0.1, states=_all(-0.6), truth=("worsened",)),
    SimulatedPair(name="unchanged", truth=("unchanged",)),
    SimulatedPair(name="others only", states=(("expressed", -0.6), ("internal", -0.6)), truth=("mixed",)),
    SimulatedPair(name="opposite", states=(("stated", 0.6), ("expressed", -0.6), ("internal", -0.6)), truth=("mixed",)),
    SimulatedPair(name="de-suppressed, unwell", level=-0.6, denies=(0.1, 1.0), truth=("cannot_tell",)),
    SimulatedPair(name="de-suppressed, well", level=0.6, denies=(0.1, 1.0), truth=("cannot_tell",)),
    SimulatedPair(name="generally cheerful", report=(_same, lambda x: x + 0.2), truth=("unchanged",)),
    SimulatedPair(
        name="rescaled, compressed", level=-0.6, report=(_same, lambda x: 0.5 * x), truth=("cannot_tell", "unchanged")
    ),
    SimulatedPair(
        name="rescaled, stretched",
        level=-0.6,
        report=(lambda x: 0.5 * x, lambda x: 0.9 * x),
        truth=("cannot_tell", "unchanged"),
    ),
    SimulatedPair(name="edge: report at the line", states=(("stated", 0.25),), truth=("cannot_tell", "unchanged")),
    SimulatedPair(
        name="edge: one channel at the line",
        states=(("stated", 0.6), ("internal", 0.125)),
        truth=("cannot_tell",),
    ),
)
"""What the verdict has to tell apart; of the edges, that it is not called goodharted more often than it may be."""


def simulate_pair(
    pair: SimulatedPair, *, rng: np.random.Generator, size: Size, noise: Noise, missing: frozenset[str]
) -> tuple[ChannelPair | Unmeasured, ...]:
    """Draw one pair of runs.

    Args:
        pair: How the versions differ.
        rng: Source of chance.
        size: Items and wordings.
        noise: Standard deviations.
        missing: Channels that were not measured.

    Returns:
        One entry per channel, as `pair_channels` gives them.
    """
    state = {group: rng.normal(_mean(group, pair), _spread(group, noise), n) for group, n in size.items}
    return tuple(_channel(kind, pair, state, rng, size, noise, missing) for kind in CHANNELS)


def _mean(group: Group, pair: SimulatedPair) -> float:
    return {"circumstance": pair.level, "good": 0.5, "bad": -0.5}.get(group, 0.0)


def _spread(group: Group, noise: Noise) -> float:
    return noise.circumstances if group == "circumstance" else noise.controls


def _channel(
    kind: ChannelKind,
    pair: SimulatedPair,
    state: Table,
    rng: np.random.Generator,
    size: Size,
    noise: Noise,
    missing: frozenset[str],
) -> ChannelPair | Unmeasured:
    if kind.name not in SCALES or kind.name in missing:
        return Unmeasured(kind=kind, reason="channel_missing", detail="It was not simulated.")
    groups = {group: _group(kind, pair, group, values, rng, size, noise) for group, values in state.items()}
    cells = sum(one.n for one in groups.values())
    return ChannelPair(
        kind=kind,
        instrument="simulated",
        unit=SCALES[kind.name].unit,
        groups={group: groups[group] for group in SHOWN},
        asked=cells,
        measured=cells,
    )


def _group(
    kind: ChannelKind,
    pair: SimulatedPair,
    group: Group,
    state: FloatArray,
    rng: np.random.Generator,
    size: Size,
    noise: Noise,
) -> PairedGroup:
    cells = (state.size, size.wordings)
    shared = rng.normal(0, noise.channel, (state.size, 1)) + rng.normal(0, noise.wording, cells)
    versions = []
    for later in (False, True):
        read = _read(kind, pair, group, state, later=later)[:, None] + shared
        drawn = read + rng.normal(0, noise.drift, (state.size, 1)) + rng.normal(0, noise.asking, cells)
        versions.append(_rendered(kind, pair, drawn, later=later).mean(axis=1))
    return PairedGroup(
        clusters=tuple(f"{group}{k:03d}" for k in range(state.size)),
        earlier=versions[0],
        later=versions[1],
        n=state.size * size.wordings,
    )


def _read(kind: ChannelKind, pair: SimulatedPair, group: Group, state: FloatArray, *, later: bool) -> FloatArray:
    if group != "circumstance":
        return state
    shown = state * pair.denies[later] if kind.is_report else state
    return shown + dict(pair.states).get(kind.name, 0.0) * later


def _rendered(kind: ChannelKind, pair: SimulatedPair, drawn: FloatArray, *, later: bool) -> FloatArray:
    scale = SCALES[kind.name]
    moved = pair.report[later](drawn) if kind.is_report else drawn
    return np.clip(scale.middle + scale.distance * moved, scale.low, scale.high)
