"""How well a coder agrees with intended labels: Cohen's kappa, recall and F1 of each value.

    kappa = (p_o - p_e) / (1 - p_e)        p_o share of equal labels, p_e the same share if labels were drawn apart
    F1    = 2 tp / (2 tp + fp + fn)

Intervals resample replies. Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; van Rijsbergen
(1979), Information Retrieval, ch. 7, for F1.
"""

from collections.abc import Sequence

import numpy as np

from goodheart.records import Condition, Estimate, Finding, NotEstimable
from goodheart.stats.agreement import percentile_bounds, resampling_weights
from goodheart.stats.arguments import FloatArray, positive_count, probability, same_length

FEWEST = 20
"""Replies under which no interval is given."""


def cohen_kappa(*, table: FloatArray) -> FloatArray:
    """Return kappa of tables of counts, shape (..., n_values, n_values); NaN where only one value occurs."""
    total = table.sum(axis=(-2, -1))
    observed = np.trace(table, axis1=-2, axis2=-1) / total
    expected = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected < 1, (observed - expected) / (1 - expected), np.nan))


def estimate_kappa(
    *,
    name: str,
    about: Condition = (),
    intended: Sequence[str],
    given: Sequence[str],
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> Finding:
    """Estimate Cohen's kappa between two codings of the same replies.

    Estimand: kappa over the population that the replies were drawn from; replies independent.

    Args:
        name: What is estimated.
        about: Of what, such as (("code", "ground"),).
        intended: One label per reply.
        given: The other coding, in the same order.
        level: Two-sided confidence, in (0, 1).
        n_boot: Resamples.
        rng: Draws them.

    Returns:
        The estimate, or `NotEstimable`: `too_few` under 20 replies, `no_variation` where one value alone occurs,
        `not_covered` where nobody disagrees.

    Raises:
        InternalError: lengths differ, or `level` or `n_boot` is out of range.

    Source:
        Cohen (1960); percentiles expanded as Hesterberg (2015).
    """
    cells = _cells(intended, given, level, n_boot)
    if isinstance(cells, str):
        return NotEstimable(name=name, about=about, reason="too_few", detail=cells)
    point = float(cohen_kappa(table=cells.sum(axis=0)))
    if np.isnan(point):
        return NotEstimable(name=name, about=about, reason="no_variation", detail="all labels are equal")
    if point == 1:
        detail = f"nobody disagrees on {len(intended)} replies"
        return NotEstimable(name=name, about=about, reason="not_covered", detail=detail)
    resampled = cohen_kappa(table=_resample(cells, n_boot, rng))
    low, high = percentile_bounds(resampled=resampled, n_clusters=len(intended), level=level)
    return _estimate(name, about, point, low, high, level, "kappa", len(intended))


def estimate_f1(
    *,
    name: str,
    about: Condition = (),
    intended: Sequence[str],
    given: Sequence[str],
    value: str,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> Finding:
    """Estimate F1 of one value: the harmonic mean of its recall and its precision.

    Args:
        name: What is estimated.
        about: Of what.
        intended: One label per reply.
        given: The coder's, in the same order.
        value: The label whose F1 it is.
        level: Two-sided confidence, in (0, 1).
        n_boot: Resamples.
        rng: Draws them.

    Returns:
        The estimate, or `NotEstimable` as for `estimate_kappa`.

    Raises:
        InternalError: lengths differ, or `level` or `n_boot` is out of range.

    Source:
        van Rijsbergen (1979); percentiles expanded as Hesterberg (2015).
    """
    cells = _cells([_is(one, value) for one in intended], [_is(one, value) for one in given], level, n_boot)
    if isinstance(cells, str) or cells.shape[1] < 2:
        detail = cells if isinstance(cells, str) else f"no reply has or lacks {value!r}"
        return NotEstimable(name=name, about=about, reason="too_few", detail=detail)
    point = float(_f1(cells.sum(axis=0)))
    if point in (0.0, 1.0):
        detail = f"F1 {point:g} on {len(intended)} replies; there is nothing to resample"
        return NotEstimable(name=name, about=about, reason="not_covered", detail=detail)
    resampled = _f1(_resample(cells, n_boot, rng))
    low, high = percentile_bounds(resampled=resampled, n_clusters=len(intended), level=level)
    return _estimate(name, about, point, low, high, level, "F1", len(intended))


def recall_of(*, intended: Sequence[str], given: Sequence[str], value: str) -> float:
    """Return the share of replies with a value that were given it; NaN where none has it."""
    hits = [other == value for one, other in zip(intended, given, strict=True) if one == value]
    return sum(hits) / len(hits) if hits else float("nan")


def _is(label: str, value: str) -> str:
    return "1" if label == value else "0"


def _cells(intended: Sequence[str], given: Sequence[str], level: float, n_boot: int) -> FloatArray | str:
    """One table with a single count per reply, shape (n, n_values, n_values); or why there are too few."""
    probability(level, what="level")
    positive_count(n_boot, what="n_boot")
    same_length(intended, given, what="`intended` and `given`")
    if len(intended) < FEWEST:
        return f"{len(intended)} replies; {FEWEST} are needed"
    values = sorted({*intended, *given})
    cells = np.zeros((len(intended), len(values), len(values)))
    for row, (one, other) in enumerate(zip(intended, given, strict=True)):
        cells[row, values.index(one), values.index(other)] = 1.0
    return cells


def _resample(cells: FloatArray, n_boot: int, rng: np.random.Generator) -> FloatArray:
    weights = resampling_weights(n_clusters=cells.shape[0], n_boot=n_boot, rng=rng)
    return np.asarray((weights @ cells.reshape(cells.shape[0], -1)).reshape(n_boot, *cells.shape[1:]))


def _f1(table: FloatArray) -> FloatArray:
    hits, wrong = table[..., 1, 1], table[..., 0, 1] + table[..., 1, 0]
    return np.asarray(2 * hits / np.maximum(2 * hits + wrong, 1))


def _estimate(
    name: str, about: Condition, value: float, low: float, high: float, level: float, unit: str, n: int
) -> Estimate:
    return Estimate(
        name=name,
        about=about,
        value=value,
        low=low,
        high=high,
        level=level,
        unit=unit,
        n=n,
        n_clusters=n,
        method="coding_bootstrap",
    )
