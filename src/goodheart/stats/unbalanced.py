"""Reliability of a single asking where some askings gave no value, by unweighted means.

With y_cwp the rating of circumstance c in wording w under change p, changes' own means swept out, y_cw the mean of the
n_cw values of a wording and y_c the plain mean of its w_c wordings, three mean squares have the expectations

    M_circumstance = var of y_c over circumstances                  v_c + a v_w + b v_e
    M_wording      = sum (y_cw - y_c)^2 / sum (w_c - 1)             v_w + d v_e
    M_residual     = sum (y_cwp - y_cw)^2 / (N - cells - changes + 1)   v_e

    a = mean of 1 / w_c      b = mean of sum_w (1 / n_cw) / w_c^2
    d = sum_c (1 - 1 / w_c) sum_w (1 / n_cw) / sum (w_c - 1)

Each is taken as truth * chi-square / df as in `mean_squares`, which for unequal n_cw holds to first order. The
interaction of circumstance and change is part of v_e. Source: Thomas and Hultquist (1978), Annals of Statistics
6:582-587; Burdick and Graybill (1992), Confidence Intervals on Variance Components, ch. 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from goodheart.records import Condition, NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array, same_length
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
from goodheart.stats.mean_squares import INFLATION, MeanSquares, effective_df, frozen
from goodheart.thresholds import MIN_CLUSTERS_SHARES

FEWEST_CLUSTERS: Final = 8
METHOD: Final = "mls_unweighted_means"
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnweightedSquares:
    """Mean squares with their degrees of freedom, and how components follow: circumstance, wording, residual."""

    values: FloatArray
    """Shape (3,)."""
    df: FloatArray
    """Shape (3,); 0 where one circumstance carries all of the variation."""
    coefficients: FloatArray
    """Shape (3, 3): components as combinations of mean squares."""
    n: int
    n_clusters: int


def unweighted_squares(
    *, values: Values, clusters: Sequence[str], wordings: Sequence[str], replicates: Sequence[str]
) -> UnweightedSquares | None:
    """Return the mean squares of an incomplete table.

    Args:
        values: One per observation.
        clusters: The circumstance of each.
        wordings: The wording of each; names are read within their circumstance.
        replicates: The change without meaning of each, the same names everywhere.

    Returns:
        None under 3 circumstances, or where no circumstance has two wordings, or no wording two values.

    Raises:
        InternalError: lengths differ or a value is not finite.
    """
    for what, labels in (("clusters", clusters), ("wordings", wordings), ("replicates", replicates)):
        same_length(values, labels, what=f"`values` and `{what}`")
    array = finite_array(values, what="values")
    cells = sorted(set(zip(clusters, wordings, strict=True)))
    names = sorted(set(clusters))
    place = {cell: k for k, cell in enumerate(cells)}
    cell_of = np.array([place[pair] for pair in zip(clusters, wordings, strict=True)], dtype=np.intp)
    owner = np.array([names.index(cluster) for cluster, _ in cells], dtype=np.intp)
    changes = sorted(set(replicates))
    rest = array.size - len(cells) - len(changes) + 1
    if len(names) < 3 or len(cells) == len(names) or rest < 1:
        return None
    swept = _without_changes(array, cell_of, np.array([changes.index(one) for one in replicates], dtype=np.intp))
    return _squares(swept, cell_of, owner, rest)


def _without_changes(values: FloatArray, cell_of: Index, change_of: Index) -> FloatArray:
    """Take out what each change adds to all circumstances alike, by least squares within cells."""
    columns = np.eye(int(change_of.max(initial=0)) + 1)[change_of][:, 1:]
    inside = columns - _means(columns, cell_of)[cell_of]
    added, *_ = np.linalg.lstsq(inside, values - _means(values, cell_of)[cell_of], rcond=None)
    return np.asarray(values - columns @ added, dtype=np.float64)


def _means(values: FloatArray, index: Index) -> FloatArray:
    """Average rows by group; shape (n_groups, ...)."""
    groups = np.eye(int(index.max()) + 1)[index]
    return np.asarray(((groups.T @ values).T / groups.sum(axis=0)).T, dtype=np.float64)


def _squares(values: FloatArray, cell_of: Index, owner: Index, rest: int) -> UnweightedSquares:
    by_cell = _means(values, cell_of)
    by_cluster = _means(by_cell, owner)
    sizes, n_wordings = np.bincount(cell_of).astype(np.float64), np.bincount(owner).astype(np.float64)
    n = n_wordings.size
    inverse = np.bincount(owner, weights=1 / sizes)
    between = (by_cluster - by_cluster.mean()) ** 2
    among = np.bincount(owner, weights=(by_cell - by_cluster[owner]) ** 2)
    within = np.bincount(owner[cell_of], weights=(values - by_cell[cell_of]) ** 2, minlength=n)
    each = np.bincount(owner, weights=sizes - 1)
    nominal = np.array([n - 1.0, (n_wordings - 1).sum(), float(rest)])
    totals = np.array([between.sum(), among.sum(), within.sum()])
    # Leaving a circumstance out moves the mean too: the first sum falls by n / (n - 1) times its own square.
    left = np.stack([totals[0] - between * n / (n - 1), totals[1] - among, totals[2] - within])
    left_df = np.stack([np.full(n, n - 2.0), nominal[1] - n_wordings + 1, nominal[2] - each])
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = np.where((left > 1e-12 * totals[:, None]) & (left_df > 0), left / left_df, 0.0)
    squares = totals / nominal
    expected = np.array(
        [
            [1.0, (1 / n_wordings).mean(), (inverse / n_wordings**2).mean()],
            [0.0, 1.0, ((1 - 1 / n_wordings) * inverse).sum() / nominal[1]],
            [0.0, 0.0, 1.0],
        ]
    )
    df = effective_df(
        mean_squares=squares[:, None], left_out=left_out[:, None, :], nominal=nominal, inflation=INFLATION
    )
    return UnweightedSquares(
        values=squares, df=df[:, 0], coefficients=np.linalg.inv(expected), n=values.size, n_clusters=n
    )


def effects_unbalanced(
    *,
    about: Condition = (),
    values: Values,
    clusters: Sequence[str],
    wordings: Sequence[str],
    replicates: Sequence[str],
    unit: str,
) -> tuple[Effect | NotEstimable, Effect | NotEstimable]:
    """Estimate the reliability of a single asking and the spread of circumstances from an incomplete table.

    Estimand: `g_single`, the share of the variance of one asking (one wording, one change) that lies between
    circumstances, what changes add to all alike left out; `sd_circumstance`, the root of that variance.

    Args:
        about: Of what, as sorted (factor, level) pairs.
        values: One per observation that gave a value, in `unit`.
        clusters: The circumstance of each.
        wordings: The wording of each.
        replicates: The change without meaning of each.
        unit: Of the values.

    Returns:
        Two effects, or `NotEstimable`: `not_asked` without two wordings or two values of a wording anywhere,
        `too_few` under 12 circumstances for the share and `not_covered` under 8 for the spread, `not_covered` where
        one circumstance carries all of a mean square.

    Raises:
        InternalError: lengths differ or a value is not finite.

    Source:
        See the head of this module.
    """
    names = ("g_single", "sd_circumstance")
    found = unweighted_squares(values=values, clusters=clusters, wordings=wordings, replicates=replicates)
    if found is None:
        detail = "no circumstance has two wordings, or no wording two values"
        first, second = (NotEstimable(name=name, about=about, reason="not_asked", detail=detail) for name in names)
        return first, second
    own = found.coefficients[0]
    return (
        _effect(Label(name=names[0], about=about, unit="coefficient", evidence=()), found, own, "ratio"),
        _effect(Label(name=names[1], about=about, unit=unit, evidence=()), found, own, "sd"),
    )


def _effect(
    label: Label, found: UnweightedSquares, numerator: FloatArray, kind: Literal["ratio", "sd"]
) -> Effect | NotEstimable:
    components = np.maximum(found.coefficients @ found.values, 0.0)
    whole = components.sum()
    fewest = MIN_CLUSTERS_SHARES if kind == "ratio" else FEWEST_CLUSTERS
    if found.n_clusters < fewest or (found.df == 0).any() or whole == 0:
        detail = f"{found.n_clusters} circumstances; {fewest} are needed, and none may carry all of the variation"
        reason: Literal["too_few", "not_covered"] = "too_few" if kind == "ratio" else "not_covered"
        return NotEstimable(name=label.name, about=label.about, reason=reason, detail=detail)
    point = float(components[0] / whole) if kind == "ratio" else float(np.sqrt(components[0]))
    denominator = found.coefficients.sum(axis=0) if kind == "ratio" else np.zeros(3)
    pivot = MeanSquares(
        values=frozen(found.values),
        df=frozen(found.df),
        numerator=frozen(numerator),
        denominator=frozen(denominator),
        kind=kind,
        point=point,
    )
    return effect_of(label, pivot, method=METHOD, n=found.n, n_clusters=found.n_clusters)
