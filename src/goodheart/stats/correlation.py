"""Correlation over clusters, on Fisher's z scale.

    Spearman   stderr(z) = sqrt((1 + r^2 / 2) / (n - 3))                         Bonett and Wright (2000)
    Pearson    stderr(z) = max( 1 / sqrt(n - 3), jackknife of z over clusters )   Fisher (1921); jackknife for tails

Both with normal quantiles. A rank correlation of exactly 1 or -1 is taken half of one exchange of neighbours short of
it, 1 - 6 / (n (n^2 - 1)), so that its interval has a width.
"""

from typing import Literal

import numpy as np

from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array, is_constant, same_length
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.pivots import Student

Kind = Literal["pearson", "spearman"]

FEWEST_CLUSTERS = 8
"""The smallest number in the coverage table; below it there is no interval."""


def correlation_z(*, x: FloatArray, y: FloatArray, kind: Kind) -> tuple[FloatArray, FloatArray]:
    """Return Fisher's z of the correlation along the last axis, and its standard error.

    Args:
        x: Shape (..., n), n at least 4.
        y: Same shape.
        kind: Which correlation.

    Returns:
        z and its standard error, each of shape (...); NaN where an x or a y does not vary.
    """
    n = x.shape[-1]
    if kind == "spearman":
        cap = 1 - 6 / (n * (n**2 - 1))
        r = _pearson(ranks(values=x), ranks(values=y)).clip(-cap, cap)
        return np.arctanh(r), np.sqrt((1 + r**2 / 2) / (n - 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = np.arctanh(_pearson_left_out(x, y))
        spread = ((left_out - left_out.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
        return np.arctanh(_pearson(x, y)), np.maximum(np.sqrt(spread * (n - 1) / n), 1 / np.sqrt(n - 3))


def ranks(*, values: FloatArray) -> FloatArray:
    """Return ranks along the last axis, ties at their average; from 1 on."""
    here, other = values[..., :, None], values[..., None, :]
    return np.asarray(((other < here).sum(axis=-1) + (other <= here).sum(axis=-1) + 1) / 2, dtype=np.float64)


def effect_correlation(
    *, name: str, about: Condition = (), x: Values, y: Values, kind: Kind, evidence: tuple[Evidence, ...] = ()
) -> Effect | NotEstimable:
    """Estimate a correlation; see `estimate_correlation`."""
    label = Label(name=name, about=about, unit="correlation", evidence=evidence)
    same_length(x, y, what="`x` and `y`")
    first, second = finite_array(x, what="x"), finite_array(y, what="y")
    refusal = _refusal(label, first, second)
    if refusal is not None:
        return refusal
    z, stderr = correlation_z(x=first, y=second, kind=kind)
    if not (np.isfinite(z) and np.isfinite(stderr)):
        detail = f"the {first.size} points, or all but one of them, lie on a line"
        return NotEstimable(name=name, about=about, reason="no_variation", detail=detail)
    pivot = Student(value=float(z), stderr=float(stderr), df=float("inf"), transform="fisher_z")
    method = "spearman_bonett_wright" if kind == "spearman" else "pearson_fisher_jackknife"
    return effect_of(label, pivot, method=method, n=first.size, n_clusters=first.size)


def estimate_correlation(
    *,
    name: str,
    about: Condition = (),
    x: Values,
    y: Values,
    kind: Kind,
    level: float,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate the correlation of two measures over clusters.

    Estimand: the correlation of the two measures in the population of clusters, one pair of values from each.

    Args:
        name: What is estimated, such as `form_correlation`.
        about: Of what.
        x: One value per cluster.
        y: One value per cluster, in the same order.
        kind: `spearman` for the order, `pearson` for the linear relation.
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` without pairs, `not_covered` under 8 clusters, `no_variation` where a
        measure is constant or a Pearson correlation is exactly 1.

    Raises:
        InternalError: lengths differ, a value is not finite, or `level` is not in (0, 1).

    Source:
        Bonett and Wright (2000), Psychometrika 65:23-28; Fisher (1921), Metron 1:3-32.
    """
    effect = effect_correlation(name=name, about=about, x=x, y=y, kind=kind, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)


def _refusal(label: Label, x: FloatArray, y: FloatArray) -> NotEstimable | None:
    if x.size == 0:
        return NotEstimable(name=label.name, about=label.about, reason="too_few", detail="no pairs")
    if x.size < FEWEST_CLUSTERS:
        detail = f"{x.size} clusters; coverage is known from {FEWEST_CLUSTERS} on"
        return NotEstimable(name=label.name, about=label.about, reason="not_covered", detail=detail)
    for what, values in (("x", x), ("y", y)):
        if is_constant(values, scale=float(np.abs(values).max())):
            detail = f"{what} has the value {values[0]:.6g} in all {values.size} clusters"
            return NotEstimable(name=label.name, about=label.about, reason="no_variation", detail=detail)
    return None


def _pearson(x: FloatArray, y: FloatArray) -> FloatArray:
    a, b = (v - v.mean(axis=-1, keepdims=True) for v in (x, y))
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (a * b).sum(axis=-1) / np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    return np.asarray(_near_one(r), dtype=np.float64)


def _pearson_left_out(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the correlation with each cluster left out; shape (..., n)."""
    n = x.shape[-1]
    a, b = (v - v.mean(axis=-1, keepdims=True) for v in (x, y))
    xy, xx, yy = (p.sum(axis=-1, keepdims=True) - p * n / (n - 1) for p in (a * b, a * a, b * b))
    # Where one cluster carries all the spread of a measure, rounding may leave a small negative sum.
    return np.asarray(_near_one(xy / np.sqrt(np.maximum(xx * yy, 0.0))), dtype=np.float64)


def _near_one(r: FloatArray) -> FloatArray:
    """Call a correlation that is within rounding of 1 or -1 by its name."""
    return np.where(np.abs(r) > 1 - 1e-12, np.sign(r), r)
