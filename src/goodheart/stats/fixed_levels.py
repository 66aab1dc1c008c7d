"""How far the levels of a fixed facet move a mean: range and standard deviation over these levels, noise taken out.

x_cl is the mean of cluster c at level l of L, d_l the mean over clusters of x_cl minus the cluster's own mean over the
levels, and s2 the noise in d: the sum over levels of the variance of d_l. The mean square Q = sum d_l^2 / L is too
large by s2 / L on average, and so is the range of the d_l; both are shrunk by

    k = sqrt(max(0, 1 - s2 / (L Q)))          range = k (max d - min d)          SD = k sqrt(Q)

so that levels which differ by no more than noise have neither. Intervals hold whatever the pattern of the levels:

    range   all differences of two levels lie within their simultaneous intervals at once, so their largest size lies
            between the largest lower and the largest upper bound
    SD      |sqrt(Q) - truth| is at most the length of the error of d over sqrt(L), whose quantile sign-flips give

Both take the critical value of the flips or of Student's t, whichever is larger, with degrees of freedom that heed the
tails. The levels are those that were asked and no sample of others.

Sources: Westfall and Young (1993) and Winkler et al. (2014) for the flips; Scheffe (1953), Biometrika 40:87-104, for
bounds of many functions of means from one region; positive-part shrinkage as Baranchik (1964). The combination is ours.
"""

from itertools import combinations
from typing import Literal

import numpy as np
from scipy import special

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, finite_array, is_constant, probability
from goodheart.stats.mean_squares import effective_df
from goodheart.stats.signflip import SignFlips

METHOD = "fixed_levels_sign_flip"
FEWEST_CLUSTERS = 8


def estimate_fixed_levels(
    *,
    names: tuple[str, str],
    about: Condition = (),
    values: FloatArray,
    flips: SignFlips,
    level: float,
    unit: str,
    evidence: tuple[Evidence, ...] = (),
) -> tuple[Finding, Finding]:
    """Estimate range and standard deviation of the means of fixed levels, paired by cluster.

    Estimand: over the levels asked, the largest difference between two of their population means, and the root mean
    square of their deviations from their average (divisor: the number of levels).

    Args:
        names: Of the two findings: range, standard deviation.
        about: Of both.
        values: Shape (n_clusters, n_levels), every cluster at every level.
        flips: From `prepare_sign_flips` for this number of clusters.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Where the replies stand.

    Returns:
        Two findings; `NotEstimable`: `not_asked` under two levels, `too_few` without clusters, `not_covered` under 8
        clusters, `no_variation` where all clusters move alike, so that nothing says how they vary.

    Raises:
        InternalError: shapes do not fit, a value is not finite, or `level` is not in (0, 1).

    Source:
        See the head of this module.
    """
    probability(level, what="level")
    table = finite_array(values, what="values")
    if table.ndim != 2 or flips.signs.shape[1] != table.shape[0]:
        raise InternalError(
            "fixed levels need a (clusters, levels) table and signs for exactly these clusters, because whole clusters "
            f"are flipped; got shapes {table.shape} and {flips.signs.shape}. Call `prepare_sign_flips` for this number."
        )
    n, n_levels = table.shape
    if n_levels < 2 or n == 0:
        reason: Literal["not_asked", "too_few"] = "not_asked" if n_levels < 2 else "too_few"
        return _refuse(names, about, unit, reason, f"{n_levels} levels on {n} circumstances; two levels are compared")
    points = fixed_levels_points(values=table[None])[:, 0]
    residuals = _residuals(table[None])[1]
    if is_constant(residuals, scale=float(np.abs(table).max())):
        return _refuse(names, about, unit, "no_variation", f"all {n} circumstances move alike", points)
    if n < FEWEST_CLUSTERS:
        detail = f"{n} circumstances; coverage is known from {FEWEST_CLUSTERS} on"
        return _refuse(names, about, unit, "not_covered", detail, points)
    low, high = fixed_levels_bounds(values=table[None], flips=flips, level=level)
    first, second = (
        Estimate(
            name=name,
            about=about,
            value=float(points[k]),
            low=float(min(low[k, 0], points[k])),
            high=float(max(high[k, 0], points[k])),
            level=level,
            unit=unit,
            n=table.size,
            n_clusters=n,
            method=METHOD,
            evidence=evidence,
        )
        for k, name in enumerate(names)
    )
    return first, second


def fixed_levels_points(*, values: FloatArray) -> FloatArray:
    """Return range and standard deviation of many runs, shape (2, n_runs).

    Args:
        values: Shape (n_runs, n_clusters, n_levels).
    """
    _, n, n_levels = values.shape
    means, residuals = _residuals(values)
    square = (means**2).mean(axis=1)
    noise = (residuals**2).sum(axis=(1, 2)) / (max(n - 1, 1) * n * n_levels)
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = np.where(square > 0, np.sqrt(np.maximum(0.0, 1 - noise / square)), 0.0)
    return np.stack([kept * np.ptp(means, axis=1), kept * np.sqrt(square)])


def fixed_levels_bounds(*, values: FloatArray, flips: SignFlips, level: float) -> tuple[FloatArray, FloatArray]:
    """Return bounds of range and standard deviation of many runs, each of shape (2, n_runs)."""
    n, n_levels = values.shape[1:]
    means, residuals = _residuals(values)
    df = np.maximum(_df(residuals), 1.0)
    quantile = special.stdtrit(df, 0.5 + level / 2)
    first, second = np.array(list(combinations(range(n_levels), 2))).T
    gaps, spread = means[:, first] - means[:, second], residuals[..., first] - residuals[..., second]
    half = np.maximum(_critical(spread, flips, level), quantile)[:, None] * spread.std(axis=1, ddof=1) / np.sqrt(n)
    length = np.quantile(np.sqrt((_flipped(residuals, flips) ** 2).sum(axis=2)), level, axis=1)
    # Flips have the spread of the sample and no heavier tails than the normal's.
    reach = length * np.sqrt(n / (n - 1)) * quantile / special.ndtri(0.5 + level / 2) / np.sqrt(n_levels)
    sd = np.sqrt((means**2).mean(axis=1))
    low = np.stack([np.maximum(np.abs(gaps) - half, 0.0).max(axis=1), np.maximum(sd - reach, 0.0)])
    return low, np.stack([(np.abs(gaps) + half).max(axis=1), sd + reach])


def _residuals(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return levels' means about their average, (n_runs, n_levels), and what each cluster has beside them."""
    within = values - values.mean(axis=2, keepdims=True)
    means = within.mean(axis=1)
    return means, within - means[:, None]


def _df(residuals: FloatArray) -> FloatArray:
    """Return degrees of freedom by the jackknife of the total spread, per independent direction at most n - 1."""
    n, n_levels = residuals.shape[1:]
    squares = (residuals**2).sum(axis=2)
    total = squares.sum(axis=1)
    left_out = np.maximum(total[:, None] - squares * n / (n - 1), 0.0)
    left_out = np.where(left_out > 1e-12 * total[:, None], left_out, 0.0)
    df = effective_df(
        mean_squares=total[None], left_out=left_out[None], nominal=np.array([(n - 1.0) * (n_levels - 1)]), inflation=1.0
    )[0]
    return np.asarray(df / (n_levels - 1), dtype=np.float64)


def _flipped(residuals: FloatArray, flips: SignFlips) -> FloatArray:
    """Return the mean residuals under each flip, shape (n_runs, n_flips, n_columns)."""
    return np.asarray(np.einsum("fc,rcl->rfl", flips.signs, residuals, optimize=True) / residuals.shape[1])


def _critical(spread: FloatArray, flips: SignFlips, level: float) -> FloatArray:
    """Return the quantile of the largest |t*| over all differences, shape (n_runs,); see `signflip`."""
    squares = _flipped(spread, flips) ** 2
    beside = np.maximum((spread**2).mean(axis=1)[:, None] - squares, 1e-300)
    return np.asarray(np.quantile(np.sqrt((squares / beside).max(axis=2) * (spread.shape[1] - 1)), level, axis=1))


def _refuse(
    names: tuple[str, str],
    about: Condition,
    unit: str,
    reason: Literal["not_asked", "too_few", "no_variation", "not_covered"],
    detail: str,
    points: FloatArray | None = None,
) -> tuple[Finding, Finding]:
    first, second = (
        NotEstimable(
            name=name,
            about=about,
            reason=reason,
            detail=detail if points is None else f"point {points[k]:.4g} {unit}; {detail}",
            point=None if points is None else float(points[k]),
            unit="" if points is None else unit,
        )
        for k, name in enumerate(names)
    )
    return first, second
