"""How far readings follow a framing for itself, against how far they follow it for a human (recipe A05).

With D_i the vector over emotions and framings of circumstance i's readings under a framing minus under the neutral one,

    response = mean over pairs i != j of D_i . D_j / length of D

which estimates the squared length of the mean of D without the bias that noise gives to a plain square. The index is
sqrt(response for itself / response for a human). That of a human is the calibration: unless it is shown to lie above
0, a low response for itself means nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.probes.direction import FloatArray
from goodheart.records import Condition, Estimate, Finding, NotEstimable
from goodheart.stats.means import FEWEST_CLUSTERS_FOR_A_MEAN
from goodheart.stats.pivots import t_quantile

RESPONSE: Final = "framing_response"
INDEX: Final = "framing_index"
METHOD: Final = "jackknife_pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingResponse:
    """Both responses and their ratio."""

    own: Finding
    """Mean squared shift of ranks, for itself."""
    human: Finding
    index: Finding


def framing_response(own: FloatArray, human: FloatArray, *, about: Condition, level: float) -> FramingResponse:
    """Estimate both responses and the index, circumstances as the independent units.

    Estimand: the root of the ratio of the squared lengths of two mean vectors of shifts.

    Args:
        own: (n_circumstances, n_shifts) shifts for itself; rows are the same circumstances as in `human`.
        human: Same shape.
        about: Of what.
        level: Two-sided confidence.

    Returns:
        The index is `NotEstimable` where the human's response is not shown to exceed 0.

    Source:
        Delete-one pseudo-values: Tukey (1958), Annals of Mathematical Statistics 29:614; their ratio by Fieller (1954),
        JRSS B 16:175-185, with the covariance of both, which share their circumstances.
    """
    n = len(own)
    if n < FEWEST_CLUSTERS_FOR_A_MEAN or own.shape[1] == 0:
        detail = f"{n} circumstances with {own.shape[1]} shifts; at least {FEWEST_CLUSTERS_FOR_A_MEAN} are needed"
        none = [NotEstimable(name=name, about=about, reason="too_few", detail=detail) for name in (RESPONSE, INDEX)]
        return FramingResponse(own=none[0], human=none[0], index=none[1])
    pseudo = np.stack([_pseudo_values(own), _pseudo_values(human)])
    mean = pseudo.mean(1)
    covariance = np.cov(pseudo) / n
    quantile = t_quantile(p=(1 + level) / 2, df=n - 1)
    found = [
        _response(float(mean[i]), float(np.sqrt(covariance[i, i])) * quantile, (*about, ("person", person)), n, level)
        for i, person in enumerate(("self", "human"))
    ]
    return FramingResponse(own=found[0], human=found[1], index=_index(mean, covariance, quantile, about, n, level))


def withheld_response(*, about: Condition, detail: str) -> FramingResponse:
    """Say that readings which a response rests on are withheld."""
    none = [NotEstimable(name=name, about=about, reason="not_valid", detail=detail) for name in (RESPONSE, INDEX)]
    return FramingResponse(own=none[0], human=none[0], index=none[1])


def _pseudo_values(shifts: FloatArray) -> FloatArray:
    """Return pseudo-values of the mean product over pairs; their mean is that mean itself."""
    n = len(shifts)
    products = shifts @ shifts.T / shifts.shape[1]
    np.fill_diagonal(products, 0.0)
    total, rows = products.sum(), products.sum(1)
    whole = total / (n * (n - 1))
    without = (total - 2 * rows) / ((n - 1) * (n - 2))
    return np.asarray(n * whole - (n - 1) * without)


def _response(value: float, half: float, about: Condition, n: int, level: float) -> Estimate:
    return Estimate(
        name=RESPONSE,
        about=tuple(sorted(about)),
        value=value,
        low=value - half,
        high=value + half,
        level=level,
        unit="squared rank",
        n=n,
        n_clusters=n,
        method=METHOD,
    )


def _index(
    mean: FloatArray, covariance: FloatArray, quantile: float, about: Condition, n: int, level: float
) -> Finding:
    above = mean[1] - quantile * np.sqrt(covariance[1, 1])
    if above <= 0:
        detail = (
            f"for a human the framings move readings by {mean[1]:.4f} squared ranks, not shown to exceed 0: without "
            "that calibration a low response for itself means nothing"
        )
        return NotEstimable(name=INDEX, about=about, reason="not_valid", detail=detail)
    square = mean[1] ** 2 - quantile**2 * covariance[1, 1]
    middle = (mean[0] * mean[1] - quantile**2 * covariance[0, 1]) / square
    rest = (mean[0] ** 2 - quantile**2 * covariance[0, 0]) / square
    reach = float(np.sqrt(max(0.0, middle**2 - rest)))
    root = [float(np.sqrt(max(0.0, one))) for one in (mean[0] / mean[1], middle - reach, middle + reach)]
    return Estimate(
        name=INDEX,
        about=about,
        value=root[0],
        low=root[1],
        high=root[2],
        level=level,
        unit="ratio",
        n=n,
        n_clusters=n,
        method=METHOD,
    )
