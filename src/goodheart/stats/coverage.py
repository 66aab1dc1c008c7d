"""Coverage of correlations, areas under the ROC curve, proportions and agreement; and the list of all families.

Cells call the same array functions as the estimators, many runs at once. `benchmarks/coverage.py` writes the table.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from goodheart.stats import agreement, auc, correlation, proportions
from goodheart.stats.agreement import (
    bootstrap_alpha,
    krippendorff_alpha,
    percentile_bounds,
    resampling_weights,
    unit_coincidences,
)
from goodheart.stats.arguments import FloatArray
from goodheart.stats.auc import area_under_curve
from goodheart.stats.correlation import Kind, correlation_z
from goodheart.stats.coverage_cell import Cell, Cells, Simulation, interval_cell, truth_in
from goodheart.stats.coverage_components import cells_crossed, cells_icc, cells_nested, cells_spread
from goodheart.stats.coverage_dependence import cells_against, cells_levels, cells_shares
from goodheart.stats.coverage_means import cells_max_t, cells_means, cells_pooled
from goodheart.stats.pivots import t_quantile
from goodheart.stats.proportions import effective_trials, wilson_bounds
from goodheart.stats.score import score_bounds
from goodheart.stats.simulate import Shape, Spread, simulate_ratings

PAIR = Spread(circumstance=0.8, wording=0.0, residual=0.8 * (3 / 7) ** 0.5)
"""Two forms of normal ratings correlate at .7."""
ONE = Spread(circumstance=0.8, wording=0.3, residual=0.4)


def cells_correlation(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Correlations of two forms over clusters; the linear one of normal ratings is .7."""
    values = simulate_ratings(
        shape=cell.shape,
        n_runs=cell.n_runs,
        n_circumstances=cell.n_clusters,
        n_wordings=1,
        n_replicates=2,
        spread=PAIR,
        shift=0.0,
        rng=rng,
    )[:, :, 0, :]
    truth = truth_in(cell, PAIR, 0.0)
    linear = truth.circumstance / (truth.circumstance + truth.residual)
    order = _rank_correlation(cell.shape, PAIR, rng)
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
    return (interval_cell(cell, "AUC", low, high, float(truth), auc.FEWEST_PER_SIDE),)


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
        interval_cell(cell, "proportion, independent", low, high, share, 1),
        interval_cell(cell, "proportion, clustered", low_c, high_c, share, proportions.FEWEST_CLUSTERS),
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
    return (interval_cell(small, name, bounds[:, 0], bounds[:, 1], truth, agreement.FEWEST_CLUSTERS),)


def _one_rating(shape: Shape, n_runs: int, n: int, shift: float, rng: np.random.Generator) -> FloatArray:
    values = simulate_ratings(
        shape=shape,
        n_runs=n_runs,
        n_circumstances=n,
        n_wordings=1,
        n_replicates=1,
        spread=ONE,
        shift=shift,
        rng=rng,
    )
    return values[:, :, 0, 0]


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


def _correlation_cell(cell: Simulation, kind: Kind, values: FloatArray, truth: float) -> Cell:
    z, stderr = correlation_z(x=values[..., 0], y=values[..., 1], kind=kind)
    half = stderr * t_quantile(p=(1 + cell.level) / 2, df=float("inf"))
    return interval_cell(
        cell, f"{kind} correlation", np.tanh(z - half), np.tanh(z + half), truth, correlation.FEWEST_CLUSTERS
    )


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
        "shares": cells_shares,
        "levels": cells_levels,
        "against": cells_against,
    }
)
"""Everything with an interval."""
