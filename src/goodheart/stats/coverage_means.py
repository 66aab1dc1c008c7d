"""Coverage of means, contrasts and simultaneous contrasts."""

from dataclasses import replace

import numpy as np

from goodheart.stats.arguments import FloatArray
from goodheart.stats.coverage_cell import Cell, Simulation, cell_of, interval_cell, truth_in
from goodheart.stats.means import FEWEST_CLUSTERS_FOR_A_MEAN
from goodheart.stats.pivots import t_quantile
from goodheart.stats.signflip import MaxT, max_t, prepare_sign_flips
from goodheart.stats.simulate import (
    Spread,
    cut_off,
    draw_effects,
    expected_ratings,
    location_of,
    simulate_ratings,
)
from goodheart.stats.student import TStatistic, mean_statistic, t_half_width, tail_statistic, welch_statistic

WORDINGS = 2
ARMS = Spread(circumstance=0.8, wording=0.3, residual=0.3, circumstance_perturbation=0.4)
ONE_ARM = Spread(circumstance=0.8, wording=0.3, residual=0.4)
GAP = np.array([0.0, -0.5])
SMALLER_GAP = np.array([0.0, -0.2])
FEWEST = 2
"""Clusters from which on contrasts have intervals."""


def cells_means(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Means and contrasts of means."""
    first, second = (_arms(cell, gap, rng) for gap in (GAP, SMALLER_GAP))
    a, b, c = (truth_in(cell, ARMS, shift).mean for shift in (0.0, -0.5, -0.2))
    gaps, other_gaps = first[..., 0] - first[..., 1], second[..., 0] - second[..., 1]
    statistics = (
        ("mean", tail_statistic(cluster_means=first[..., 0]), a, FEWEST_CLUSTERS_FOR_A_MEAN),
        ("paired contrast", mean_statistic(cluster_means=gaps), a - b, 2),
        ("independent contrast", welch_statistic(first=first[..., 0], second=second[..., 1]), a - c, 2),
        ("difference in differences", welch_statistic(first=gaps, second=other_gaps), c - b, 2),
    )
    return tuple(_student_cell(cell, *entry) for entry in statistics)


def cells_max_t(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Simultaneous intervals of five contrasts with one base: all five have to contain their truth."""
    shifts = np.array([0.0, -0.5, -0.2, 0.0, 0.0, 0.2])
    small = replace(cell, n_runs=min(cell.n_runs, 2000))
    n_runs = small.n_runs
    values = _arms(small, shifts, rng)
    truths = np.array([truth_in(cell, ARMS, float(shift)).mean for shift in shifts])
    truths = truths[1:] - truths[0]
    flips = prepare_sign_flips(n_clusters=cell.n_clusters, n_flips=1999, rng=rng)
    lows, highs = np.empty((n_runs, 5)), np.empty((n_runs, 5))
    for run in range(n_runs):
        contrasts = values[run, :, 1:] - values[run, :, :1]
        bounds = max_t(
            name="", values=contrasts, flips=flips, region_low=[-1.0] * 5, region_high=[1.0] * 5, alpha=1 - cell.level
        )
        lows[run], highs[run] = (bounds.low, bounds.high) if isinstance(bounds, MaxT) else (np.nan, np.nan)
    inside = np.asarray(((lows <= truths) & (truths <= highs)).all(axis=1))
    given = np.asarray(np.isfinite(lows).all(axis=1))
    width = float(np.median(highs - lows))
    return (cell_of(small, "five contrasts together (max-t)", inside, given, width, 2),)


def cells_pooled(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Means of single clusters, their uncertainty pooled: the average over the clusters of a run."""
    n, centre = cell.n_clusters, location_of(shape=cell.shape, spread=ONE_ARM)
    own = draw_effects(shape=cell.shape, size=(cell.n_runs, n, 1), sd=ONE_ARM.circumstance, rng=rng)
    rest = [
        draw_effects(shape=cell.shape, size=(cell.n_runs, n, WORDINGS), sd=sd, rng=rng)
        for sd in (ONE_ARM.wording, ONE_ARM.residual)
    ]
    values = cut_off(shape=cell.shape, values=centre + own + rest[0] + rest[1])
    unknown = float(np.hypot(ONE_ARM.wording, ONE_ARM.residual))
    truth = expected_ratings(shape=cell.shape, centres=centre + own[..., 0], unknown_sd=unknown)
    variance = values.var(axis=2, ddof=1).mean(axis=1)
    half = np.sqrt(variance / WORDINGS) * t_quantile(p=(1 + cell.level) / 2, df=n * (WORDINGS - 1))
    inside = np.abs(values.mean(axis=2) - truth) <= half[:, None]
    width = float(np.median(2 * half))
    return (cell_of(cell, "mean of one cluster (pooled)", inside.mean(axis=1), np.full(cell.n_runs, True), width, 2),)


def _arms(cell: Simulation, shifts: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return cluster means per arm, shape (n_runs, n_clusters, n_arms)."""
    values = simulate_ratings(
        shape=cell.shape,
        n_runs=cell.n_runs,
        n_circumstances=cell.n_clusters,
        n_wordings=WORDINGS,
        n_replicates=shifts.size,
        spread=ARMS,
        shift=shifts,
        rng=rng,
    )
    return np.asarray(values.mean(axis=2), dtype=np.float64)


def _student_cell(cell: Simulation, name: str, statistic: TStatistic, truth: float, fewest: int) -> Cell:
    half = t_half_width(statistic=statistic, level=cell.level)
    return interval_cell(cell, name, statistic.value - half, statistic.value + half, truth, fewest)
