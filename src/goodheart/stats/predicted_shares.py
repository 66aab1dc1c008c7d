"""Shares of the variance between clusters that a covariate and other measures of the same clusters predict.

Cluster c, wording w: outcome y_cw, a covariate m_cw that is known of the text, and up to two measures of the same
clusters, x_cw1 and x_cw2, with errors of their own. Two measures enter as their mean and their difference. With W
wordings, S_B the between-cluster sums of products (times W) and S_W those within, both after regression on the
covariate, the covariances between clusters are

    C = (S_B / (n - 2) - S_W / (n (W - 1) - 1)) / W

free of the errors of all measures: an outcome is not called specific because the measures beside it are noisy. In turn

    covariate   between-cluster variance of y without the covariate, minus C_yy            (as in an adjusted R^2)
    measures    C_yy minus what is left of it after regression on the measures, by C, one degree of freedom each
    rest        what is left

divided by their sum. The mean of the measures, and then their difference, count only where they are shown to vary
between clusters (F test, 5%): a direction without variance predicts nothing and would divide by 0.

Intervals: fiducial draws of both matrices by Bartlett's decomposition, in the order covariate, measures, outcome, put
through the same formulas. Degrees of freedom heed the tails (`mean_squares.effective_df`). A predictor whose sign is
not settled at the level has 0 as its lower bound and takes nothing from the upper bounds of the others.

Sources: Weerahandi (1993), JASA 88:899-905, and Mathew and Webb (2005), Technometrics 47:312-322, for intervals of
functions of variance components by pivotal draws; Fuller (1987), Measurement Error Models, ch. 2, for the correction;
the order of the draws and their use for shares are ours.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, finite_array, positive_count, probability
from goodheart.stats.mean_squares import INFLATION, effective_df
from goodheart.thresholds import MIN_CLUSTERS_SHARES

BoolArray = NDArray[np.bool_]

METHOD = "shares_pivotal_draws"
FEWEST_CLUSTERS = MIN_CLUSTERS_SHARES
SHOWN_TO_VARY = 0.05
"""One-sided level at which a measure has to vary between clusters for it to predict anything."""
ROUNDING = 1e-9
"""Of the total variation: less than this is what rounding leaves of equal numbers."""
MOST_VARIABLES = 4
"""Covariate, two measures, outcome."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShareDraws:
    """Standard normal numbers behind the draws, prepared once; arrays are read-only."""

    between: FloatArray
    """Shape (n_draws, 4, 4)."""
    within: FloatArray
    """Shape (n_draws, 3, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShareTable:
    """Shares of many runs of one design; NaN where nothing varies between clusters."""

    points: FloatArray
    """Covariate, measures, rest: shape (3, n_runs)."""
    low: FloatArray
    high: FloatArray
    df: FloatArray
    """Effective degrees of freedom between clusters, shape (n_runs,); 0 where one cluster carries all the variation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sums:
    """Sums of products of one design, after `_stacked`."""

    between: FloatArray
    """With the covariate first, shape (n_runs, p, p), in units of one rating."""
    between_given: FloatArray
    """After regression on the covariate, shape (n_runs, p - 1, p - 1)."""
    within_given: FloatArray
    df: FloatArray
    n: int
    wordings: int

    @property
    def df_given(self) -> int:
        return self.n - 2

    @property
    def df_within(self) -> int:
        return self.n * (self.wordings - 1) - 1


def prepare_share_draws(*, n_draws: int, rng: np.random.Generator) -> ShareDraws:
    """Prepare the random numbers of the intervals, to be used for every respondent.

    Raises:
        InternalError: `n_draws` is below 1.
    """
    positive_count(n_draws, what="n_draws")
    arrays = [rng.standard_normal((n_draws, size, size)) for size in (MOST_VARIABLES, MOST_VARIABLES - 1)]
    for array in arrays:
        array.setflags(write=False)
    return ShareDraws(between=arrays[0], within=arrays[1])


def estimate_predicted_shares(
    *,
    names: tuple[str, str, str],
    about: Condition = (),
    outcome: FloatArray,
    covariate: FloatArray,
    measures: FloatArray,
    draws: ShareDraws,
    level: float,
    evidence: tuple[Evidence, ...] = (),
) -> tuple[Finding, Finding, Finding]:
    """Split the variance of an outcome between clusters into what others predict and the rest.

    Estimand: the shares of the variance over the population of clusters of a cluster's expected outcome in the wordings
    asked that are predicted linearly by the mean covariate of these wordings, beyond it by the clusters' expected
    values in the other measures, and by neither. The shares sum to 1.

    Args:
        names: Of the three findings: covariate, measures, rest.
        about: Of all three.
        outcome: Shape (n_clusters, n_wordings).
        covariate: Same shape; known without error.
        measures: Shape (n_clusters, n_wordings, 0 to 2), in the same wordings.
        draws: From `prepare_share_draws`.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        Three findings with unit `share`; `NotEstimable`: `too_few` under 12 clusters, `not_asked` with one wording a
        cluster (what wordings add cannot be told from the clusters), `no_variation` where no variance between clusters
        is left of what wordings add, `not_covered` where one cluster carries all of it.

    Raises:
        InternalError: shapes do not fit, a value is not finite, or `level` is not in (0, 1).

    Source:
        See the head of this module.
    """
    probability(level, what="level")
    arrays = [finite_array(array, what=what) for array, what in ((outcome, "outcome"), (covariate, "covariate"))]
    others = finite_array(measures, what="measures")
    _check_shapes(arrays[0], arrays[1], others)
    n, wordings = arrays[0].shape
    if n < FEWEST_CLUSTERS:
        return _refuse(names, about, "too_few", f"{n} circumstances; shares need {FEWEST_CLUSTERS}")
    if wordings < 2:
        why = "one wording a circumstance: what the wording adds cannot be told from the circumstance"
        return _refuse(names, about, "not_asked", why)
    table = share_table(
        outcome=arrays[0][None], covariate=arrays[1][None], measures=others[None], draws=draws, level=level
    )
    if not np.isfinite(table.points).all():
        why = "circumstances do not differ beyond what their wordings do, so there is nothing to split"
        return _refuse(names, about, "no_variation", why)
    if table.df[0] == 0:
        return _refuse(names, about, "not_covered", "one circumstance carries all the variation", table.points[:, 0])
    first, second, third = (
        Estimate(
            name=name,
            about=about,
            value=float(table.points[k, 0]),
            low=float(table.low[k, 0]),
            high=float(table.high[k, 0]),
            level=level,
            unit="share",
            n=outcome.size + others.size,
            n_clusters=n,
            method=METHOD,
            evidence=evidence,
        )
        for k, name in enumerate(names)
    )
    return first, second, third


def share_table(
    *, outcome: FloatArray, covariate: FloatArray, measures: FloatArray, draws: ShareDraws, level: float
) -> ShareTable:
    """Split the variance of many runs at once; see `estimate_predicted_shares`.

    Args:
        outcome: Shape (n_runs, n_clusters, n_wordings), at least 4 clusters and 2 wordings.
        covariate: Same shape.
        measures: Shape (n_runs, n_clusters, n_wordings, 0 to 2).
        draws: From `prepare_share_draws`.
        level: Two-sided confidence.
    """
    sums = _sums_of(_stacked(outcome, covariate, measures))
    kept, rest = _rest(sums)
    given = np.maximum(_between_variance(sums.between_given, sums.df_given, sums), 0.0)
    first = np.maximum(_between_variance(sums.between, sums.n - 1, sums) - given, 0.0)
    rest = np.clip(rest, 0.0, given)
    with np.errstate(invalid="ignore", divide="ignore"):
        points = np.stack([first, given - rest, rest]) / (first + given)
    low, high = _bounds(sums, kept, draws, alpha=(1 - level) / 2)
    return ShareTable(points=points, low=np.minimum(low, points), high=np.maximum(high, points), df=sums.df)


def _stacked(outcome: FloatArray, covariate: FloatArray, measures: FloatArray) -> FloatArray:
    """Put covariate, measures and outcome side by side; two measures become their mean and their difference."""
    if measures.shape[-1] == 2:
        measures = np.stack([measures.mean(axis=-1), measures[..., 0] - measures[..., 1]], axis=-1)
    return np.concatenate([covariate[..., None], measures, outcome[..., None]], axis=-1)


def _sums_of(values: FloatArray) -> _Sums:
    _, n, wordings, _ = values.shape
    means = values.mean(axis=2)
    gaps = means - means.mean(axis=1, keepdims=True)
    inner = values - means[:, :, None]
    between = wordings * np.einsum("rci,rcj->rij", gaps, gaps)
    squares = gaps[..., -1] ** 2
    total = squares.sum(axis=1)
    left_out = np.maximum(total[:, None] - squares * n / (n - 1), 0.0)
    left_out = np.where(left_out > ROUNDING * total[:, None], left_out, 0.0)
    df = effective_df(
        mean_squares=total[None] / (n - 1),
        left_out=left_out[None] / (n - 2),
        nominal=np.array([n - 1.0]),
        inflation=INFLATION,
    )[0]
    return _Sums(
        between=between,
        between_given=_given_first(between),
        within_given=_given_first(np.einsum("rcwi,rcwj->rij", inner, inner)),
        df=df,
        n=n,
        wordings=wordings,
    )


def _given_first(sums: FloatArray) -> FloatArray:
    """Return the sums of products of the others after regression on the first variable, if that varies."""
    first = sums[:, :1, :1]
    known = first > 0
    predicted = sums[:, 1:, :1] * sums[:, :1, 1:] / np.where(known, first, 1.0)
    return np.asarray(sums[:, 1:, 1:] - np.where(known, predicted, 0.0), dtype=np.float64)


def _between_variance(between: FloatArray, df: float, sums: _Sums) -> FloatArray:
    """Return the variance of the outcome between clusters, without the error of their means; may be below 0."""
    error = sums.within_given[:, -1, -1] / sums.df_within
    return np.asarray((between[:, -1, -1] / df - error) / sums.wordings, dtype=np.float64)


def _rest(sums: _Sums) -> tuple[BoolArray, FloatArray]:
    """Regress the outcome on one measure after another, errors corrected.

    Returns:
        Whether each measure is shown to vary, shape (n_runs, n_measures), and the variance left, shape (n_runs,).
    """
    between, within = sums.between_given, sums.within_given
    size = between.shape[-1]
    kept = np.zeros((between.shape[0], size - 1), dtype=bool)
    critical = special.fdtri(sums.df_given, sums.df_within, 1 - SHOWN_TO_VARY)
    least = ROUNDING * np.trace(between, axis1=1, axis2=2)
    for k in range(size - 1):
        above = between[:, k, k] / sums.df_given > critical * within[:, k, k] / sums.df_within
        kept[:, k] = above & (between[:, k, k] > least)
        covariances = between[:, k] / sums.df_given - within[:, k] / sums.df_within
        slopes = np.where(kept[:, k, None], covariances / np.where(kept[:, k], covariances[:, k], 1.0)[:, None], 0.0)
        slopes[:, : k + 1] = 0.0
        step = np.eye(size) - slopes[:, :, None] * np.eye(size)[k]
        between, within = (step @ matrix @ step.transpose(0, 2, 1) for matrix in (between, within))
    df = sums.df_given - kept.sum(axis=1)
    left = (between[:, -1, -1] / df - within[:, -1, -1] / sums.df_within) / sums.wordings
    return kept, np.asarray(left, dtype=np.float64)


def _bounds(sums: _Sums, kept: BoolArray, draws: ShareDraws, *, alpha: float) -> tuple[FloatArray, FloatArray]:
    size = sums.between.shape[-1]
    df = np.maximum(sums.df, size + 1.0)
    roots = _drawn_roots(sums.between, sums.n - 1, df, draws.between[:, :size, :size])
    within = _drawn_roots(
        sums.within_given, sums.df_within, sums.df_within * df / (sums.n - 1), draws.within[:, : size - 1, : size - 1]
    )
    block = roots[..., 1:, 1:]
    covariances = (block @ block.swapaxes(-1, -2) - within @ within.swapaxes(-1, -2)) / sums.wordings
    first = roots[..., -1, 0] ** 2 / sums.wordings
    given = np.maximum(covariances[..., -1, -1], 0.0)
    rest, slopes = _drawn_rest(covariances, kept, unknown=False)
    # How much the mean of the measures predicts where it is not shown to vary is unknown, not nothing.
    least = _drawn_rest(covariances, kept | (np.arange(size - 2) == 0), unknown=True)[0]
    open_first = _unsettled(roots[..., -1, 0], alpha)
    tests = np.maximum(kept.sum(axis=1), 1)
    settled = [kept[:, k] & ~_unsettled(slope, alpha / tests) for k, slope in enumerate(slopes)]
    open_measures = ~np.any([np.zeros(kept.shape[0], dtype=bool), *settled], axis=0)
    lows = _quantiles(np.stack([first, given - rest, least]), first + given, alpha)
    lows[0], lows[1] = np.where(open_first, 0.0, lows[0]), np.where(open_measures, 0.0, lows[1])
    fewer = np.where(open_first[:, None], 0.0, first)
    remaining = np.where(open_measures[:, None], given, rest)
    upper = np.stack([first, given - least, remaining])
    totals = np.stack([first + given, fewer + given, fewer + given])
    return lows, _quantiles(upper, totals, 1 - alpha)


def _drawn_roots(sums: FloatArray, nominal: float, df: FloatArray, normals: FloatArray) -> FloatArray:
    """Draw triangular roots of the covariance matrix behind sums of products, shape (n_runs, n_draws, p, p)."""
    size = sums.shape[-1]
    tiny = np.maximum(1e-12 * np.trace(sums, axis1=1, axis2=2), 1e-200)
    root = np.linalg.cholesky(sums + tiny[:, None, None] * np.eye(size))
    spread = np.tril(normals, -1)[None] + np.zeros((sums.shape[0], 1, 1, 1))
    for k in range(size):
        spread[:, :, k, k] = np.sqrt(_chi_square(df[:, None] - k, normals[None, :, k, k]))
    scale = np.sqrt(df / nominal)[:, None, None]
    return np.asarray((root * scale)[:, None] @ np.linalg.inv(spread), dtype=np.float64)


def _chi_square(df: FloatArray, normals: FloatArray) -> FloatArray:
    """Turn normal numbers into chi-square ones: Wilson and Hilferty (1931), PNAS 17:684-688."""
    return np.asarray(df * np.maximum(1 - 2 / (9 * df) + normals * np.sqrt(2 / (9 * df)), 1e-3) ** 3, dtype=np.float64)


def _drawn_rest(covariances: FloatArray, included: BoolArray, *, unknown: bool) -> tuple[FloatArray, list[FloatArray]]:
    """Return what is left of the outcome's variance in each draw, and each measure's covariance with the outcome.

    Args:
        covariances: Shape (n_runs, n_draws, p - 1, p - 1), the outcome last.
        included: Shape (n_runs, n_measures).
        unknown: Whether a measure drawn without variance may predict everything, or predicts nothing.
    """
    rest = np.maximum(covariances[..., -1, -1], 0.0)
    slopes: list[FloatArray] = []
    for k in range(included.shape[1]):
        own, column = covariances[..., k, k], covariances[..., k]
        asked = included[:, k, None]
        known = (own > 0) & asked
        safe = np.where(known, own, 1.0)
        slopes.append(np.where(known, column[..., -1], 0.0))
        rest = np.maximum(rest - slopes[k] ** 2 / safe, 0.0)
        rest = np.where(unknown & ~known & asked, 0.0, rest)
        step = column[..., :, None] * column[..., None, :] / safe[..., None, None]
        covariances = covariances - np.where(known[..., None, None], step, 0.0)
    return rest, slopes


def _unsettled(signed: FloatArray, alpha: float | FloatArray) -> BoolArray:
    """Say whether the draws leave the sign open, shape (n_runs,)."""
    return np.asarray(np.minimum((signed <= 0).mean(axis=1), (signed >= 0).mean(axis=1)) > alpha)


def _quantiles(parts: FloatArray, totals: FloatArray, p: float) -> FloatArray:
    shares = np.divide(parts, totals, out=np.zeros_like(parts), where=np.broadcast_to(totals, parts.shape) > 0)
    return np.asarray(np.quantile(shares, p, axis=-1), dtype=np.float64)


def _check_shapes(outcome: FloatArray, covariate: FloatArray, measures: FloatArray) -> None:
    fits = outcome.ndim == 2 and covariate.shape == outcome.shape and measures.shape[:-1] == outcome.shape
    if not fits or measures.shape[-1] > MOST_VARIABLES - 2:
        raise InternalError(
            "shares of an outcome need a covariate and at most two measures of the same clusters in the same wordings, "
            f"because they are compared cell by cell; got shapes {outcome.shape}, {covariate.shape} and "
            f"{measures.shape}. Pass (n_clusters, n_wordings) twice and (n_clusters, n_wordings, 0 to 2)."
        )


def _refuse(
    names: tuple[str, str, str],
    about: Condition,
    reason: Literal["too_few", "not_asked", "no_variation", "not_covered"],
    detail: str,
    points: FloatArray | None = None,
) -> tuple[Finding, Finding, Finding]:
    first, second, third = (
        NotEstimable(
            name=name,
            about=about,
            reason=reason,
            detail=detail if points is None else f"point {points[k]:.4g} share; {detail}",
            point=None if points is None else float(points[k]),
            unit="" if points is None else "share",
        )
        for k, name in enumerate(names)
    )
    return first, second, third
