"""How often intervals contain the truth: one simulated cell per estimator, shape of the data and number of clusters.

Cells call the same array functions as the estimators, many runs at once. `benchmarks/coverage.py` writes the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from goodheart.stats import agreement, auc, components, correlation, means, proportions, reliability, spread
from goodheart.stats.agreement import (
    bootstrap_alpha,
    krippendorff_alpha,
    percentile_bounds,
    resampling_weights,
    unit_coincidences,
)
from goodheart.stats.anova import MeanSquareTable, table_crossed, table_nested
from goodheart.stats.arguments import FloatArray
from goodheart.stats.auc import area_under_curve
from goodheart.stats.correlation import Kind, correlation_z
from goodheart.stats.mean_squares import effective_df, one_sided
from goodheart.stats.pivots import t_quantile
from goodheart.stats.proportions import effective_trials, wilson_bounds
from goodheart.stats.reliability import icc_target
from goodheart.stats.score import score_bounds
from goodheart.stats.signflip import MaxT, max_t, prepare_sign_flips
from goodheart.stats.simulate import (
    Shape,
    Spread,
    Truth,
    cut_off,
    draw_effects,
    expected_ratings,
    location_of,
    simulate_ratings,
    truth_of,
)
from goodheart.stats.student import TStatistic, mean_statistic, t_half_width, welch_statistic
from goodheart.stats.targets import (
    Target,
    coefficient_targets,
    share_targets,
    target_intervals,
    target_points,
    variance_targets,
)

WORDINGS, REPLICATES = 2, 3
SPREAD = Spread(circumstance=0.8, wording=0.3, residual=0.4)
CROSSED = Spread(circumstance=0.8, wording=0.3, residual=0.3, perturbation=0.15, circumstance_perturbation=0.2)
ARMS = Spread(circumstance=0.8, wording=0.3, residual=0.3, circumstance_perturbation=0.4)
PERTURBATIONS = 5
GAP = np.array([0.0, -0.5])
SMALLER_GAP = np.array([0.0, -0.2])


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


def cells_means(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Means and contrasts of means."""
    first, second = (_arms(cell, gap, rng) for gap in (GAP, SMALLER_GAP))
    a, b, c = (_truth(cell, ARMS, shift).mean for shift in (0.0, -0.5, -0.2))
    gaps, other_gaps = first[..., 0] - first[..., 1], second[..., 0] - second[..., 1]
    statistics = (
        ("mean", mean_statistic(cluster_means=first[..., 0]), a, means.FEWEST_CLUSTERS_FOR_A_MEAN),
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
    truths = np.array([_truth(cell, ARMS, float(shift)).mean for shift in shifts])
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
    return (_cell(small, "five contrasts together (max-t)", inside, given, width, 2),)


def cells_spread(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Standard deviations of cluster means and within clusters."""
    values = _ratings(cell, SPREAD, REPLICATES, rng)
    truth = _truth(cell, SPREAD, 0.0)
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


def cells_pooled(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Means of single clusters, their uncertainty pooled: the average over the clusters of a run."""
    n, centre = cell.n_clusters, location_of(shape=cell.shape, spread=SPREAD)
    own = draw_effects(shape=cell.shape, size=(cell.n_runs, n, 1), sd=SPREAD.circumstance, rng=rng)
    rest = [
        draw_effects(shape=cell.shape, size=(cell.n_runs, n, WORDINGS), sd=sd, rng=rng)
        for sd in (SPREAD.wording, SPREAD.residual)
    ]
    values = cut_off(shape=cell.shape, values=centre + own + rest[0] + rest[1])
    unknown = float(np.hypot(SPREAD.wording, SPREAD.residual))
    truth = expected_ratings(shape=cell.shape, centres=centre + own[..., 0], unknown_sd=unknown)
    variance = values.var(axis=2, ddof=1).mean(axis=1)
    half = np.sqrt(variance / WORDINGS) * t_quantile(p=(1 + cell.level) / 2, df=n * (WORDINGS - 1))
    inside = np.abs(values.mean(axis=2) - truth) <= half[:, None]
    width = float(np.median(2 * half))
    return (_cell(cell, "mean of one cluster (pooled)", inside.mean(axis=1), np.full(cell.n_runs, True), width, 2),)


def cells_nested(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Components, shares and coefficients of the nested design."""
    table = table_nested(values=_ratings(cell, SPREAD, REPLICATES, rng))
    truth = _truth(cell, SPREAD, 0.0)
    return _component_cells(cell, "nested", table, np.array([truth.circumstance, truth.wording, truth.residual]))


def cells_crossed(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Components, shares and coefficients of the crossed design."""
    table = table_crossed(values=_ratings(cell, CROSSED, PERTURBATIONS, rng))
    truth = _truth(cell, CROSSED, 0.0)
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
        spread=Spread(circumstance=0.8, wording=0.0, residual=0.6),
        shift=0.0,
        rng=rng,
    )
    truth = _truth(cell, Spread(circumstance=0.8, wording=0.0, residual=0.6), 0.0)
    table = table_nested(values=ratings)
    targets = tuple(icc_target(kind=kind, n_ratings=4) for kind in ("single", "mean"))
    known = np.array([truth.circumstance, truth.residual])
    return _target_cells(cell, "", table, targets, known, reliability.FEWEST_UNITS)


def cells_correlation(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Correlations of two forms over clusters; the linear one of normal ratings is .7."""
    pair = Spread(circumstance=0.8, wording=0.0, residual=0.8 * np.sqrt(3 / 7))
    values = simulate_ratings(
        shape=cell.shape,
        n_runs=cell.n_runs,
        n_circumstances=cell.n_clusters,
        n_wordings=1,
        n_replicates=2,
        spread=pair,
        shift=0.0,
        rng=rng,
    )[:, :, 0, :]
    truth = _truth(cell, pair, 0.0)
    linear = truth.circumstance / (truth.circumstance + truth.residual)
    order = _rank_correlation(cell.shape, pair, rng)
    return (
        _correlation_cell(cell, "pearson", values, linear),
        _correlation_cell(cell, "spearman", values, order),
    )


def cells_auc(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Area under the ROC curve of two sets of clusters one point apart."""
    positive, negative = (_one_rating(cell.shape, cell.n_runs, cell.n_clusters, shift, rng) for shift in (1.0, 0.0))
    many, fewer = (np.sort(_one_rating(cell.shape, 1, 400_000, shift, rng)[0]) for shift in (1.0, 0.0))
    truth = (np.searchsorted(fewer, many, "left") + np.searchsorted(fewer, many, "right")).mean() / (2 * fewer.size)
    values = area_under_curve(positive=positive, negative=negative)
    n, alpha = cell.n_clusters, (1 - cell.level) / 2
    low, high = (
        score_bounds(values=values, n_positive=n, n_negative=n, alpha=alpha, side=-1),
        score_bounds(values=values, n_positive=n, n_negative=n, alpha=alpha, side=1),
    )
    return (_interval_cell(cell, "AUC", low, high, float(truth), auc.FEWEST_PER_SIDE),)


def cells_proportion(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Proportions of .5, .2, .05 and .95 (by shape), independent, and six a cluster correlated at .2."""
    share = {"normal": 0.5, "skewed": 0.2, "floor": 0.05, "ceiling": 0.95}[cell.shape]
    n, trials = cell.n_clusters, 6
    hits = rng.binomial(n * trials, share, size=cell.n_runs) / (n * trials)
    low, high = wilson_bounds(share=hits, n=np.asarray(float(n * trials)), level=cell.level)
    own = rng.beta(share * 4, (1 - share) * 4, size=(cell.n_runs, n))
    clustered = rng.binomial(trials, own) / trials
    effective = effective_trials(cluster_shares=clustered, n_trials=n * trials, level=cell.level)
    low_c, high_c = wilson_bounds(share=clustered.mean(axis=1), n=effective, level=cell.level)
    return (
        _interval_cell(cell, "proportion, independent", low, high, share, 1),
        _interval_cell(cell, "proportion, clustered", low_c, high_c, share, proportions.FEWEST_CLUSTERS),
    )


def cells_agreement(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Krippendorff's alpha (nominal) of two coders, four units a cluster, three codes, rarer ones by shape."""
    shares = {"normal": (1, 1, 1), "skewed": (6, 3, 1), "floor": (8, 1, 1), "ceiling": (1, 1, 8)}[cell.shape]
    small = replace(cell, n_runs=min(cell.n_runs, 2000))
    truth = krippendorff_alpha(ratings=_codes(shares, 1, 40_000, rng)[0], metric="nominal")
    codes = _codes(shares, small.n_runs, cell.n_clusters, rng)
    bounds = np.full((small.n_runs, 2), np.nan)
    for run in range(small.n_runs):
        units = unit_coincidences(ratings=codes[run])
        sums = units.reshape(cell.n_clusters, -1, *units.shape[1:]).sum(axis=1)
        weights = resampling_weights(n_clusters=cell.n_clusters, n_boot=399, rng=rng)
        values = np.arange(float(units.shape[1]))
        resampled = bootstrap_alpha(sums=sums, weights=weights, values=values, metric="nominal")
        if np.isnan(resampled).mean() <= 0.01 and np.nanmax(resampled) > np.nanmin(resampled):
            bounds[run] = percentile_bounds(resampled=resampled, n_clusters=cell.n_clusters, level=cell.level)
    name = "krippendorff alpha"
    return (_interval_cell(small, name, bounds[:, 0], bounds[:, 1], truth, agreement.FEWEST_CLUSTERS),)


FAMILIES: Mapping[str, Cells] = MappingProxyType(
    {
        "means": cells_means,
        "max_t": cells_max_t,
        "pooled": cells_pooled,
        "spread": cells_spread,
        "nested": cells_nested,
        "crossed": cells_crossed,
        "icc": cells_icc,
        "correlation": cells_correlation,
        "auc": cells_auc,
        "proportion": cells_proportion,
        "agreement": cells_agreement,
    }
)
"""Everything with an interval."""


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


def _one_rating(shape: Shape, n_runs: int, n: int, shift: float, rng: np.random.Generator) -> FloatArray:
    values = simulate_ratings(
        shape=shape,
        n_runs=n_runs,
        n_circumstances=n,
        n_wordings=1,
        n_replicates=1,
        spread=SPREAD,
        shift=shift,
        rng=rng,
    )
    return values[:, :, 0, 0]


def _truth(cell: Simulation, sds: Spread, shift: float) -> Truth:
    return truth_of(shape=cell.shape, spread=sds, shift=shift)


def _rank_correlation(shape: Shape, sds: Spread, rng: np.random.Generator) -> float:
    """Return Spearman's correlation of a large sample, ties at their average rank."""
    values = simulate_ratings(
        shape=shape,
        n_runs=1,
        n_circumstances=400_000,
        n_wordings=1,
        n_replicates=2,
        spread=sds,
        shift=0.0,
        rng=rng,
    )[0, :, 0, :]
    columns = []
    for k in range(2):
        ordered = np.sort(values[:, k])
        columns.append(np.searchsorted(ordered, values[:, k], "left") + np.searchsorted(ordered, values[:, k], "right"))
    return float(np.corrcoef(columns[0], columns[1])[0, 1])


def _codes(shares: tuple[int, ...], n_runs: int, n_clusters: int, rng: np.random.Generator) -> FloatArray:
    """Return codes of two coders who each see the true code or guess; shape (n_runs, 2, n_clusters * 4)."""
    weights = np.array(shares) / sum(shares)

    def draw(size: tuple[int, ...]) -> FloatArray:
        return rng.choice(len(shares), size=size, p=weights).astype(np.float64)

    cluster = np.repeat(draw((n_runs, n_clusters)), 4, axis=1)
    size = (n_runs, n_clusters * 4)
    true = np.where(rng.random(size) < 0.3, cluster, draw(size))
    coders = [np.where(rng.random(size) < 0.85, true, draw(size)) for _ in range(2)]
    return np.stack(coders, axis=1)


def _student_cell(cell: Simulation, name: str, statistic: TStatistic, truth: float, fewest: int) -> Cell:
    half = t_half_width(statistic=statistic, level=cell.level)
    return _interval_cell(cell, name, statistic.value - half, statistic.value + half, truth, fewest)


def _sd_cell(
    cell: Simulation, name: str, mean_square: FloatArray, left_out: FloatArray, nominal: int, truth: float
) -> Cell:
    df = effective_df(
        mean_squares=mean_square[None], left_out=np.maximum(left_out, 0.0)[None], nominal=np.array([float(nominal)])
    )
    below, above = one_sided(mean_squares=mean_square, df=df[0], alpha=(1 - cell.level) / 2)
    low, high = np.sqrt(mean_square - np.sqrt(below)), np.sqrt(mean_square + np.sqrt(above))
    return _interval_cell(cell, name, low, high, float(np.sqrt(truth)), spread.FEWEST_CLUSTERS)


def _component_cells(cell: Simulation, design: str, table: MeanSquareTable, known: FloatArray) -> tuple[Cell, ...]:
    sds = tuple(target for target in variance_targets(components=table.components) if target.kind == "sd")
    ratios = (
        *share_targets(components=table.components),
        *coefficient_targets(components=table.components, design_wordings=WORDINGS, design_replicates=REPLICATES),
    )
    return (
        *_target_cells(cell, design, table, sds, known, components.FEWEST_FOR_INTERVALS),
        *_target_cells(cell, design, table, ratios, known, components.FEWEST_FOR_SHARES),
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
        cells.append(_interval_cell(cell, name, lows[k], highs[k], truth, fewest))
    return tuple(cells)


def _correlation_cell(cell: Simulation, kind: Kind, values: FloatArray, truth: float) -> Cell:
    z, stderr = correlation_z(x=values[..., 0], y=values[..., 1], kind=kind)
    half = stderr * t_quantile(p=(1 + cell.level) / 2, df=float("inf"))
    return _interval_cell(
        cell, f"{kind} correlation", np.tanh(z - half), np.tanh(z + half), truth, correlation.FEWEST_CLUSTERS
    )


def _interval_cell(cell: Simulation, name: str, low: FloatArray, high: FloatArray, truth: float, fewest: int) -> Cell:
    given = np.isfinite(low) & np.isfinite(high)
    width = float(np.median((high - low)[given])) if given.any() else float("nan")
    return _cell(cell, name, (low <= truth) & (truth <= high), given, width, fewest)


def _cell(cell: Simulation, name: str, inside: np.ndarray, given: np.ndarray, width: float, fewest: int) -> Cell:
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
