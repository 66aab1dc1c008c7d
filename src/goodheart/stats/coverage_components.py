"""Coverage of standard deviations, variance components, shares, coefficients and intraclass correlations."""

import numpy as np

from goodheart.stats import component_findings, reliability, spread
from goodheart.stats.anova import MeanSquareTable, table_crossed, table_nested
from goodheart.stats.arguments import FloatArray
from goodheart.stats.coverage_cell import Cell, Simulation, interval_cell, truth_in
from goodheart.stats.mean_squares import INFLATION, effective_df, one_sided
from goodheart.stats.reliability import icc_target
from goodheart.stats.simulate import Spread, simulate_ratings
from goodheart.stats.targets import (
    Target,
    coefficient_targets,
    share_targets,
    target_intervals,
    target_points,
    variance_targets,
)

WORDINGS, REPLICATES = 2, 3
PERTURBATIONS = 5
SPREAD = Spread(circumstance=0.8, wording=0.3, residual=0.4)
CROSSED = Spread(circumstance=0.8, wording=0.3, residual=0.3, perturbation=0.15, circumstance_perturbation=0.2)
RATED = Spread(circumstance=0.8, wording=0.0, residual=0.6)


def cells_spread(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Standard deviations of cluster means and within clusters."""
    values = _ratings(cell, SPREAD, REPLICATES, rng)
    truth = truth_in(cell, SPREAD, 0.0)
    between = truth.circumstance + truth.wording / WORDINGS + truth.residual / (WORDINGS * REPLICATES)
    points = values.mean(axis=(2, 3))
    squares = (points - points.mean(axis=1, keepdims=True)) ** 2
    n = cell.n_clusters
    left_out = (squares.sum(axis=1, keepdims=True) - squares * n / (n - 1)) / (n - 2)
    within = values[:, :, 0, :].var(axis=2, ddof=1)
    left_out_within = (within.sum(axis=1, keepdims=True) - within) / (n - 1)
    return (
        _sd_cell(cell, "sd of cluster means", squares.sum(axis=1) / (n - 1), left_out, n - 1, between),
        _sd_cell(
            cell, "sd within clusters", within.mean(axis=1), left_out_within, n * (REPLICATES - 1), truth.residual
        ),
    )


def cells_nested(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Components, shares and coefficients of the nested design."""
    table = table_nested(values=_ratings(cell, SPREAD, REPLICATES, rng))
    truth = truth_in(cell, SPREAD, 0.0)
    return _component_cells(cell, "nested", table, np.array([truth.circumstance, truth.wording, truth.residual]))


def cells_crossed(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Components, shares and coefficients of the crossed design."""
    table = table_crossed(values=_ratings(cell, CROSSED, PERTURBATIONS, rng))
    truth = truth_in(cell, CROSSED, 0.0)
    known = [truth.circumstance, truth.wording, truth.perturbation, truth.circumstance_perturbation, truth.residual]
    return _component_cells(cell, "crossed", table, np.array(known))


def cells_icc(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Intraclass correlations of four ratings a unit."""
    ratings = simulate_ratings(
        shape=cell.shape,
        n_runs=cell.n_runs,
        n_circumstances=cell.n_clusters,
        n_wordings=1,
        n_replicates=4,
        spread=RATED,
        shift=0.0,
        rng=rng,
    )
    truth = truth_in(cell, RATED, 0.0)
    table = table_nested(values=ratings)
    targets = tuple(icc_target(kind=kind, n_ratings=4) for kind in ("single", "mean"))
    known = np.array([truth.circumstance, truth.residual])
    return _target_cells(cell, "", table, targets, known, reliability.FEWEST_UNITS)


def _ratings(cell: Simulation, sds: Spread, n_replicates: int, rng: np.random.Generator) -> FloatArray:
    return simulate_ratings(
        shape=cell.shape,
        n_runs=cell.n_runs,
        n_circumstances=cell.n_clusters,
        n_wordings=WORDINGS,
        n_replicates=n_replicates,
        spread=sds,
        shift=0.0,
        rng=rng,
    )


def _sd_cell(
    cell: Simulation, name: str, mean_square: FloatArray, left_out: FloatArray, nominal: int, truth: float
) -> Cell:
    df = effective_df(
        mean_squares=mean_square[None],
        left_out=np.maximum(left_out, 0.0)[None],
        nominal=np.array([float(nominal)]),
        inflation=INFLATION,
    )
    below, above = one_sided(mean_squares=mean_square, df=df[0], alpha=(1 - cell.level) / 2)
    low, high = np.sqrt(mean_square - np.sqrt(below)), np.sqrt(mean_square + np.sqrt(above))
    return interval_cell(cell, name, low, high, float(np.sqrt(truth)), spread.FEWEST_CLUSTERS)


def _component_cells(cell: Simulation, design: str, table: MeanSquareTable, known: FloatArray) -> tuple[Cell, ...]:
    sds = tuple(target for target in variance_targets(components=table.components) if target.kind == "sd")
    ratios = (
        *share_targets(components=table.components),
        *coefficient_targets(components=table.components, design_wordings=WORDINGS, design_replicates=REPLICATES),
    )
    return (
        *_target_cells(cell, design, table, sds, known, component_findings.FEWEST_FOR_INTERVALS),
        *_target_cells(cell, design, table, ratios, known, component_findings.FEWEST_FOR_SHARES),
    )


def _target_cells(
    cell: Simulation,
    design: str,
    table: MeanSquareTable,
    targets: tuple[Target, ...],
    known: FloatArray,
    fewest: int,
) -> tuple[Cell, ...]:
    points = target_points(targets=targets, table=table)
    lows, highs = target_intervals(targets=targets, table=table, points=points, level=cell.level)
    cells = []
    for k, target in enumerate(targets):
        truth = float(target.numerator @ known)
        truth = truth / float(target.denominator @ known) if target.kind == "ratio" else np.sqrt(truth)
        name = f"{design} {target.name}".strip()
        cells.append(interval_cell(cell, name, lows[k], highs[k], truth, fewest))
    return tuple(cells)
