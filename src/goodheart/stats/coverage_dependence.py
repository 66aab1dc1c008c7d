"""Coverage of what a rating depends on: predicted shares, fixed levels, single clusters against a reference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from goodheart.stats import fixed_levels, predicted_shares
from goodheart.stats.arguments import FloatArray
from goodheart.stats.coverage_cell import Cell, Simulation, cell_of, interval_cell
from goodheart.stats.fixed_levels import fixed_levels_bounds, fixed_levels_points
from goodheart.stats.predicted_shares import ShareDraws, ShareTable, prepare_share_draws, share_table
from goodheart.stats.signflip import prepare_sign_flips
from goodheart.stats.simulate import Shape, Spread, cut_off, draw_effects, expected_ratings, location_of
from goodheart.stats.student import TStatistic, mean_statistic, t_half_width

MOST_RUNS = 2000
MOST_RUNS_SHARES = 1000
BATCH = 100
"""Runs computed together; each holds its own draws or flips in memory."""
WORDINGS = 2
NEUTRAL = 14
"""Clusters of the reference that single ones are held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """Standard deviations of what an outcome and the measures beside it are made of, in points."""

    name: str
    mood: float
    shared: float
    """In the outcome and both measures."""
    own: float
    """In the outcome alone."""
    others: float = 0.0
    """In both measures alone."""
    second: float = 0.0
    """In the second measure alone."""
    wording: float = 0.3
    """In all three."""
    residual: float = 0.3
    """Of every single rating."""


SOURCES = (
    _Sources(name="mixed", mood=0.45, shared=0.5, own=0.45, second=0.4),
    _Sources(name="nothing specific", mood=0.45, shared=0.6, own=0.0, second=0.4),
    _Sources(name="all specific", mood=0.0, shared=0.0, own=0.8, others=0.5),
    _Sources(name="all mood", mood=0.8, shared=0.0, own=0.0, wording=0.0),
)
PATTERNS = (
    ("two equal levels", (0.0, 0.0), (0.3, 0.3)),
    ("two levels", (0.6, 0.0), (0.3, 0.3)),
    ("five equal levels", (0.0,) * 5, (0.3,) * 5),
    ("five levels", (0.5, 0.0, 0.0, -0.1, 0.0), (0.3,) * 5),
    ("five uneven levels", (0.4, 0.0, 0.0, -0.4, 0.0), (0.1, 0.1, 0.1, 0.6, 0.1)),
)
"""Name, means and standard deviations per circumstance of the levels, in points."""
NOISE = 0.2
"""Of a single rating at one level, in points."""
ASKED = Spread(circumstance=0.8, wording=0.3, residual=0.4)


def cells_shares(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Shares predicted by a covariate, by two measures, and by neither, where the truth is one of several mixtures."""
    small = replace(cell, n_runs=min(cell.n_runs, MOST_RUNS_SHARES))
    draws = prepare_share_draws(n_draws=499, rng=rng)
    return tuple(found for sources in SOURCES for found in _share_cells(small, sources, draws, rng))


def cells_levels(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Range and standard deviation of fixed levels, with and without differences between them."""
    small = replace(cell, n_runs=min(cell.n_runs, MOST_RUNS))
    flips = prepare_sign_flips(n_clusters=cell.n_clusters, n_flips=999, rng=rng)
    cells: list[Cell] = []
    for name, means, sds in PATTERNS:
        large = _levels(cell.shape, 1, 400_000, means, sds, rng)
        truth = fixed_levels_points(values=large)[:, 0] if any(means) else np.zeros(2)
        bounds = []
        for n_runs in _batches(small.n_runs):
            values = _levels(cell.shape, n_runs, cell.n_clusters, means, sds, rng)
            points = fixed_levels_points(values=values)
            low, high = fixed_levels_bounds(values=values, flips=flips, level=cell.level)
            bounds.append((np.minimum(low, points), np.maximum(high, points)))
        lows, highs = (np.concatenate([pair[side] for pair in bounds], axis=1) for side in (0, 1))
        for k, what in enumerate(("range", "sd")):
            fewest = fixed_levels.FEWEST_CLUSTERS
            cells.append(interval_cell(small, f"{what} of {name}", lows[k], highs[k], float(truth[k]), fewest))
    return tuple(cells)


def cells_against(cell: Simulation, rng: np.random.Generator) -> tuple[Cell, ...]:
    """Means of single clusters minus that of a reference: the average over the clusters of a run."""
    n, centre = cell.n_clusters, location_of(shape=cell.shape, spread=ASKED)
    unknown = float(np.hypot(ASKED.wording, ASKED.residual))
    groups = []
    for size in (n, NEUTRAL):
        own = draw_effects(shape=cell.shape, size=(cell.n_runs, size, 1), sd=ASKED.circumstance, rng=rng)
        rest = [
            draw_effects(shape=cell.shape, size=(cell.n_runs, size, WORDINGS), sd=sd, rng=rng)
            for sd in (ASKED.wording, ASKED.residual)
        ]
        groups.append((own, cut_off(shape=cell.shape, values=centre + own + rest[0] + rest[1])))
    (own, values), (_, neutral) = groups
    many = draw_effects(shape=cell.shape, size=(1_000_000,), sd=ASKED.circumstance, rng=rng)
    reference = expected_ratings(shape=cell.shape, centres=centre + many, unknown_sd=unknown).mean()
    truth = expected_ratings(shape=cell.shape, centres=centre + own[..., 0], unknown_sd=unknown) - reference
    against = mean_statistic(cluster_means=neutral.mean(axis=2))
    spread = values.var(axis=2, ddof=1).mean(axis=1) / WORDINGS
    variance = spread + against.stderr**2
    df = variance**2 / (spread**2 / (n * (WORDINGS - 1)) + against.stderr**4 / against.df)
    statistic = TStatistic(value=against.value, stderr=np.sqrt(variance), df=np.asarray(df))
    half = t_half_width(statistic=statistic, level=cell.level)
    inside = np.abs(values.mean(axis=2) - against.value[:, None] - truth) <= half[:, None]
    width = float(np.median(2 * half))
    return (cell_of(cell, "one cluster minus 14 others", inside.mean(axis=1), np.full(cell.n_runs, True), width, 2),)


def _share_cells(cell: Simulation, sources: _Sources, draws: ShareDraws, rng: np.random.Generator) -> list[Cell]:
    few = ShareDraws(between=draws.between[:2], within=draws.within[:2])
    truth = _shares(cell.shape, 1, 200_000, sources, few, cell.level, rng).points[:, 0]
    tables = [
        _shares(cell.shape, n_runs, cell.n_clusters, sources, draws, cell.level, rng)
        for n_runs in _batches(cell.n_runs)
    ]
    # No interval where nothing varies (the point is NaN) or one cluster carries all.
    given = np.concatenate([(table.df > 0) & np.isfinite(table.points).all(axis=0) for table in tables])
    lows, highs = (
        np.where(given, np.concatenate(bounds, axis=1), np.nan)
        for bounds in ([table.low for table in tables], [table.high for table in tables])
    )
    fewest = predicted_shares.FEWEST_CLUSTERS
    return [
        # A share that is 0 or 1 by design differs from it by rounding in the large sample.
        interval_cell(cell, f"{what}, {sources.name}", lows[k] - 1e-3, highs[k] + 1e-3, float(truth[k]), fewest)
        for k, what in enumerate(("covariate", "measures", "rest"))
    ]


def _shares(
    shape: Shape,
    n_runs: int,
    n_clusters: int,
    sources: _Sources,
    draws: ShareDraws,
    level: float,
    rng: np.random.Generator,
) -> ShareTable:
    """Simulate outcome, covariate and two measures, and split the variance of the outcome."""
    size, texts = (n_runs, n_clusters, 1), (n_runs, n_clusters, WORDINGS)
    covariate = 0.5 * rng.standard_normal(size) + 0.85 * rng.standard_normal(texts)

    def effect(where: tuple[int, ...], sd: float) -> FloatArray:
        return draw_effects(shape=shape, size=where, sd=sd, rng=rng)

    # In all mood the rating follows the words; elsewhere the mood of the circumstance as a whole.
    followed = covariate if sources.wording == 0 else covariate.mean(axis=2, keepdims=True)
    common = sources.mood * followed / np.sqrt(0.25 + 0.85**2 / WORDINGS) + effect(size, sources.shared)
    common = common + effect(texts, sources.wording)
    beside, second = effect(size, sources.others), effect(size, sources.second)
    spread = Spread(circumstance=sources.mood, wording=sources.shared, residual=float(np.hypot(sources.own, 0.42)))
    rated = [
        cut_off(shape=shape, values=location_of(shape=shape, spread=spread) + part + effect(texts, sources.residual))
        for part in (common + effect(size, sources.own), common + beside, common + beside + second)
    ]
    return share_table(
        outcome=rated[0], covariate=covariate, measures=np.stack(rated[1:], axis=-1), draws=draws, level=level
    )


def _levels(
    shape: Shape, n_runs: int, n_clusters: int, means: Sequence[float], sds: Sequence[float], rng: np.random.Generator
) -> FloatArray:
    """Simulate ratings of the same clusters at several levels, shape (n_runs, n_clusters, n_levels)."""
    size = (n_runs, n_clusters, len(means))
    spread = Spread(circumstance=0.8, wording=float(np.sqrt(np.mean(np.square(sds)))), residual=NOISE)
    moved = draw_effects(shape=shape, size=size, sd=1.0, rng=rng) * np.array(sds) + np.array(means)
    own = draw_effects(shape=shape, size=(n_runs, n_clusters, 1), sd=spread.circumstance, rng=rng)
    noise = draw_effects(shape=shape, size=size, sd=NOISE, rng=rng)
    return cut_off(shape=shape, values=location_of(shape=shape, spread=spread) + own + moved + noise)


def _batches(n_runs: int) -> list[int]:
    return [min(BATCH, n_runs - start) for start in range(0, n_runs, BATCH)]
