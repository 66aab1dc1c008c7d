"""A style made ready to speak: what is the same in all of its replies is worked out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final

from goodheart.errors import InternalError
from goodheart.items.source import read_source
from goodheart.organisms.described import Style

OTHER_SIDE: Final = 0.15
OFFERS: Final = 0.1
"""Shares of replies of everybody that name another side, and that offer more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """What decides the moves and the words of every reply in a style."""

    style: Style
    low: tuple[tuple[int, str, float], ...]
    """Moves beside the stance where the rating is up to the middle: place of its draw, name, share of replies."""
    high: tuple[tuple[int, str, float], ...]
    """The same where the rating is above the middle."""
    grounds: tuple[tuple[str, float], ...]
    """Names with their cumulative shares."""
    hedges: tuple[tuple[str, float], ...]
    pools: Mapping[str, tuple[str, ...]]
    """Its sentences, by pool."""


@cache
def shipped_pools() -> Mapping[str, tuple[str, ...]]:
    """Return the sentences that ship, by pool."""
    data: Any = read_source(files("goodheart.organisms").joinpath("public", "speech.yaml"))
    return {name: tuple(entries) for name, entries in data.items()}


@lru_cache(maxsize=256)
def voice_of(style: Style) -> Voice:
    """Make a style ready to speak."""
    own = {name: entries for name, entries in style.templates if entries}
    echo = style.phrases or shipped_pools()["other_side"]
    return Voice(
        style=style,
        low=_moves(style, warns=0.0, spared=0.0),
        high=_moves(style, warns=style.warns, spared=style.hedges_spared),
        grounds=_cumulative(style.grounds),
        hedges=_cumulative(style.hedges),
        pools={**shipped_pools(), **own, "echo": echo},
    )


def chosen(shares: Sequence[tuple[str, float]], draw: float) -> str:
    """Choose one of some names by its cumulative share.

    Raises:
        InternalError: None has a weight above 0.
    """
    if not shares:
        raise InternalError("a choice needs a weight above 0")
    for name, reached in shares:
        if draw < reached:
            return name
    return shares[-1][0]


def _moves(style: Style, *, warns: float, spared: float) -> tuple[tuple[int, str, float], ...]:
    stays = 1.0
    for _, share in style.hedges:
        stays *= 1.0 - share
    wanted = {
        "ground": style.grounded,
        "hedge": (1.0 - stays) * (1.0 - spared),
        "warning": warns,
        "echo": style.echoes if style.phrases else 0.0,
        "other_side": OTHER_SIDE,
        "offer": OFFERS,
    }
    return tuple((place, move, share) for place, (move, share) in enumerate(wanted.items()) if share > 0)


def _cumulative(weights: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    total = sum(weight for _, weight in weights)
    if total <= 0:
        return ()
    reached = accumulate(weight / total for _, weight in weights)
    return tuple(zip((name for name, _ in weights), reached, strict=True))
