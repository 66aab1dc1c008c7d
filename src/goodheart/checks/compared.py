"""Versions compared in pairs: the first with the last, each with the first, and each with the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goodheart.checks.goodhart import PairVerdict, compare, on_record
from goodheart.comparison import Card, Movement, Unmeasured, movement_of, pair_channels
from goodheart.records import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One respondent in one run folder."""

    label: str
    """What it is called on the page; unique in a comparison."""
    respondent: str
    run: str
    """Digest of the plan of its run."""
    folder: str
    """Name of the run folder, without the way to it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparedPair:
    """Two versions with what moved between them."""

    earlier: int
    """Place among the versions."""
    later: int
    channels: tuple[Movement | Unmeasured, ...]
    """In the order of `comparison.CHANNELS`."""
    verdict: PairVerdict


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two or more versions on the same items."""

    versions: tuple[Version, ...]
    """From the earliest to the latest."""
    pairs: tuple[ComparedPair, ...]
    """The first with the last version comes first; its verdict is the comparison's."""
    card: Card


def compare_versions(
    versions: Sequence[tuple[Version, Sequence[Observation]]], *, order: Sequence[str], card: Card
) -> Comparison:
    """Compare versions that were asked the same plan.

    Args:
        versions: From the earliest to the latest, at least two, each with its own observations.
        order: Instruments of the rating, the most wanted first.
        card: What is known of how the later versions came to be.

    Returns:
        One verdict per pair, each at its own error rate.
    """
    pairs = tuple(_pair(versions, earlier, later, order=order, card=card) for earlier, later in pairs_of(len(versions)))
    return Comparison(versions=tuple(version for version, _ in versions), pairs=pairs, card=card)


def pairs_of(n: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs among `n` versions: first with last, first with each, each with the next, every pair once."""
    wanted = [(0, n - 1), *((0, later) for later in range(1, n)), *((later - 1, later) for later in range(1, n))]
    return tuple(dict.fromkeys(wanted))


def _pair(
    versions: Sequence[tuple[Version, Sequence[Observation]]],
    earlier: int,
    later: int,
    *,
    order: Sequence[str],
    card: Card,
) -> ComparedPair:
    paired = pair_channels(versions[earlier][1], versions[later][1], order=order)
    channels = tuple(movement_of(one) for one in paired)
    measured = compare(channels)
    verdict = replace(measured, on_record=on_record(measured, card))
    return ComparedPair(earlier=earlier, later=later, channels=channels, verdict=verdict)
