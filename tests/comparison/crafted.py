"""Channel pairs with a movement that is known to the last digit, and as much noise as is wanted."""

import numpy as np

from goodheart.comparison import CHANNELS, ChannelPair, Movement, PairedGroup, Unmeasured, movement_of
from goodheart.records import Group
from goodheart.stats.arguments import FloatArray

SIZES: dict[Group, int] = {"circumstance": 18, "nonwelfare": 18, "neutral": 14, "good": 8, "bad": 8}
MEANS: dict[Group, float] = {"circumstance": -0.25, "nonwelfare": 0.0, "neutral": 0.0, "good": 0.5, "bad": -0.5}


def centred(n: int, sd: float, phase: float = 0.0) -> FloatArray:
    """Values with mean 0 and exactly this standard deviation."""
    values = np.sin(np.arange(n) * 2.399 + phase)
    values -= values.mean()
    return np.asarray(values * (sd / values.std(ddof=1)))


def group(
    name: Group, *, start: float, end: float, noise: float, spread: float = 0.05, n: int | None = None
) -> PairedGroup:
    """One group that moves from one mean to another, exactly, with noise (SD) of the change."""
    size = SIZES[name] if n is None else n
    earlier = start + centred(size, spread)
    return PairedGroup(
        clusters=tuple(f"{name}{k:02d}" for k in range(size)),
        earlier=earlier,
        later=earlier + (end - start) + (centred(size, noise, 1.0) if noise else 0.0),
        n=2 * size,
    )


def pair(
    name: str,
    move: float = 0.0,
    *,
    level: float = -0.25,
    noise: float = 0.06,
    distance: float = 4.0,
    grown: float = 1.0,
) -> ChannelPair:
    """A channel whose circumstances move by `move` distances, with its distance grown by a factor."""
    means = {**MEANS, "circumstance": level}
    groups = {
        one: group(
            one,
            start=4 + distance * mean,
            end=4 + distance * (grown * mean + move * (one == "circumstance")),
            noise=distance * noise,
            spread=distance * 0.05,
        )
        for one, mean in means.items()
    }
    return ChannelPair(
        kind=next(kind for kind in CHANNELS if kind.name == name),
        instrument="words",
        unit="points",
        groups=groups,
        asked=132,
        measured=132,
    )


def moved(name: str, move: float = 0.0, **how: float) -> Movement:
    """The movement of a crafted pair."""
    found = movement_of(pair(name, move, **how))
    assert isinstance(found, Movement)
    return found


def absent(name: str) -> Unmeasured:
    """A channel that was not measured."""
    kind = next(kind for kind in CHANNELS if kind.name == name)
    return Unmeasured(kind=kind, reason="channel_missing", detail="It was not measured in either run.")
