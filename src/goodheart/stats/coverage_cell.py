"""One simulated cell: what it is, and how often its intervals contained the truth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from goodheart.stats.arguments import FloatArray
from goodheart.stats.simulate import Shape, Spread, Truth, truth_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Size and form of one cell."""

    shape: Shape
    n_clusters: int
    n_runs: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How one estimator's intervals did in one cell."""

    estimator: str
    shape: Shape
    n_clusters: int
    n_runs: int
    coverage: float
    """Share of the intervals given that contain the truth."""
    given: float
    """Share of the runs in which the data allowed an interval."""
    width: float
    """Median width of the intervals."""
    fewest: int
    """Clusters under which the estimator gives no interval, whatever the data."""


Cells = Callable[[Simulation, np.random.Generator], tuple[Cell, ...]]
"""Simulates one family of estimators."""


def truth_in(cell: Simulation, sds: Spread, shift: float) -> Truth:
    """Return what the population of a cell has."""
    return truth_of(shape=cell.shape, spread=sds, shift=shift)


def interval_cell(cell: Simulation, name: str, low: FloatArray, high: FloatArray, truth: float, fewest: int) -> Cell:
    """Count the intervals that contain the truth; a NaN is an interval that was not given."""
    given = np.isfinite(low) & np.isfinite(high)
    width = float(np.median((high - low)[given])) if given.any() else float("nan")
    return cell_of(cell, name, (low <= truth) & (truth <= high), given, width, fewest)


def cell_of(cell: Simulation, name: str, inside: np.ndarray, given: np.ndarray, width: float, fewest: int) -> Cell:
    """Make a cell; `inside` per run, in 0..1."""
    return Cell(
        estimator=name,
        shape=cell.shape,
        n_clusters=cell.n_clusters,
        n_runs=cell.n_runs,
        coverage=float(inside[given].mean()) if given.any() else float("nan"),
        given=float(given.mean()),
        width=width,
        fewest=fewest,
    )
