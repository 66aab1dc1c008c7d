"""Where circumstances lie between plainly bad and plainly good, channel by channel, and by how much channels differ.

    P_ci = (x_ci - (g_c + b_c) / 2) / (g_c - b_c)        channel c, circumstance i; g, b: means of the control items
    D_i  = sum_c sign_c P_ci                             one channel alone, or one minus another
    E_i  = D_i - mean_j D_j                              how far this circumstance departs from the average difference

-.5 is where plainly bad items lie on average and +.5 where plainly good ones do. Errors are first order (delta method):
of wordings, pooled over circumstances; and of the control items, which both channels share, so that what they have in
common cancels. Degrees of freedom are Satterthwaite's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goodheart.overview.measured import SETS, Measured, clusters_of, item_means
from goodheart.records import Condition, NotEstimable
from goodheart.stats import Effect
from goodheart.stats.arguments import FloatArray
from goodheart.stats.pivots import Student

METHOD: Final = "delta_positions"
DISTANCES: Final = "distances"
SOURCE: Final = (
    "Delta method over wordings (pooled over circumstances) and control items; Satterthwaite (1946), Biometrics "
    "2:110-114."
)
LIMITS: Final = (
    "Takes the distance between plainly bad and plainly good to mean the same in every channel, and wordings to spread "
    "alike in every circumstance; first order in the controls."
)
Spread = tuple[float, float]
"""A variance and its degrees of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Positions:
    """One channel, or the difference of two, on the same cells."""

    clusters: tuple[str, ...]
    values: FloatArray
    """(n_clusters,) D."""
    each: FloatArray
    """(n_channels, n_clusters) positions of each channel."""
    signs: FloatArray
    """(n_channels,)."""
    good: FloatArray
    """(n_channels, n_good) control items in the channel's own distances."""
    bad: FloatArray
    wordings: FloatArray
    """(n_clusters,) how many wordings each circumstance has."""
    within: Spread
    """Variance of D between wordings of a circumstance."""
    cells: int

    @property
    def mean(self) -> float:
        """The average over circumstances."""
        return float(self.values.mean())


def on_common_cells(channels: Sequence[Measured]) -> tuple[Measured, ...]:
    """Keep of every channel the cells (item and wording) that all of them measured."""
    shared = {group: set.intersection(*(set(one.cells[group]) for one in channels)) for group in SETS}
    return tuple(
        replace(one, cells={group: {cell: one.cells[group][cell] for cell in sorted(shared[group])} for group in SETS})
        for one in channels
    )


def positions_of(channels: Sequence[Measured], signs: Sequence[float]) -> Positions:
    """Locate circumstances on one channel (sign 1), or on one minus another (signs 1 and -1).

    Args:
        channels: Valid ones, from `on_common_cells`.
        signs: One per channel.
    """
    weights = np.array(signs, dtype=np.float64)
    located = [_located(one) for one in channels]
    cells = list(channels[0].cells["circumstance"])
    clusters = clusters_of(channels[0].cells, "circumstance")
    index = np.array([clusters.index(cluster) for cluster, _ in cells], dtype=np.intp)
    counts = np.bincount(index).astype(np.float64)
    each = np.array([np.bincount(index, weights=place) / counts for place, _, _ in located])
    cell_values = weights @ np.array([place for place, _, _ in located])
    values = weights @ each
    df = float(len(cells) - len(clusters))
    squares = float(((cell_values - values[index]) ** 2).sum())
    return Positions(
        clusters=clusters,
        values=values,
        each=each,
        signs=weights,
        good=np.array([good for _, good, _ in located]),
        bad=np.array([bad for _, _, bad in located]),
        wordings=counts,
        within=(squares / df if df else 0.0, df),
        cells=len(cells),
    )


def places(at: Positions, *, name: str, about: Condition) -> tuple[Effect | NotEstimable, ...]:
    """Estimate D of each circumstance, over wordings like those drawn and control items like these."""
    variance, df = at.within
    return tuple(
        _effect(
            at,
            value=float(at.values[k]),
            spreads=((variance / float(at.wordings[k]), df), *_controls(at, at.each[:, k], middle=0.5)),
            name=name,
            about=(*about, ("cluster", cluster)),
            n=round(float(at.wordings[k])),
        )
        for k, cluster in enumerate(at.clusters)
    )


def departures(at: Positions, *, name: str, about: Condition) -> tuple[Effect | NotEstimable, ...]:
    """Estimate E of each circumstance; the circumstances are these, wordings and controls are drawn."""
    variance, df = at.within
    n = len(at.clusters)
    total = float((1 / at.wordings).sum())
    found = []
    for k, cluster in enumerate(at.clusters):
        own = 1 / float(at.wordings[k])
        share = own * (1 - 1 / n) ** 2 + (total - own) / n**2
        apart = at.each[:, k] - at.each.mean(axis=1)
        found.append(
            _effect(
                at,
                value=float(at.values[k]) - at.mean,
                spreads=((variance * share, df), *_controls(at, apart, middle=0.0)),
                name=name,
                about=(*about, ("cluster", cluster)),
                n=round(float(at.wordings[k])),
            )
        )
    return tuple(found)


def average(at: Positions, *, name: str, about: Condition) -> Effect | NotEstimable:
    """Estimate the mean of D over circumstances like these."""
    n = len(at.clusters)
    own = (float(at.values.var(ddof=1)) / n, n - 1.0)
    spreads = (own, *_controls(at, at.each.mean(axis=1), middle=0.5))
    return _effect(at, value=at.mean, spreads=spreads, name=name, about=about, n=at.cells)


def _located(one: Measured) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return positions of the cells, and good and bad items in distances."""
    good, bad = item_means(one.cells, "good"), item_means(one.cells, "bad")
    distance = good.mean() - bad.mean()
    values = np.array(list(one.cells["circumstance"].values()), dtype=np.float64)
    return (values - (good.mean() + bad.mean()) / 2) / distance, good / distance, bad / distance


def _controls(at: Positions, positions: FloatArray, *, middle: float) -> Iterator[Spread]:
    """What control items add: dP/dgood = -(P + 1/2) / distance, dP/dbad = (P - 1/2) / distance.

    Of differences between circumstances the middle of the scale drops out, and with it the halves.
    """
    for items, slopes in ((at.good, -(positions + middle)), (at.bad, positions - middle)):
        influence = (at.signs * slopes) @ items
        yield float(influence.var(ddof=1)) / influence.size, influence.size - 1.0


def _effect(
    at: Positions, *, value: float, spreads: Sequence[Spread], name: str, about: Condition, n: int
) -> Effect | NotEstimable:
    total = sum(variance for variance, _ in spreads)
    label = tuple(sorted(about))
    if spreads[0][1] <= 0 or spreads[0][0] <= 0:
        why = f"{value:.2f} {DISTANCES}, without interval: nothing says how wordings vary."
        return NotEstimable(name=name, about=label, reason="too_few", detail=why, point=value, unit=DISTANCES)
    below = sum(variance**2 / df for variance, df in spreads)
    pivot = Student(value=value, stderr=total**0.5, df=total**2 / below, transform="identity")
    return Effect(name=name, about=label, pivot=pivot, unit=DISTANCES, n=n, n_clusters=len(at.clusters), method=METHOD)
