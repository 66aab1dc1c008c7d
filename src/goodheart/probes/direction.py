"""A direction by difference of means, with what neutral texts vary in taken out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from goodheart.errors import InternalError

FloatArray = npt.NDArray[np.float64]

NEUTRAL_VARIANCE: Final = 0.5
"""Share of the neutral texts' variance whose components are taken out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Direction:
    """A unit vector in one layer's activations, and the scale on which projections are read."""

    vector: FloatArray
    """(d,) of length 1; positive on the good side."""
    raw: FloatArray
    """(d,) of length 1: the plain difference of means, kept beside it."""
    middle: float
    """Projection half-way between the means of the two sides."""
    distance: float
    """Projection of the good mean minus that of the bad mean, in activation units."""


def fit_direction(*, good: FloatArray, bad: FloatArray, neutral: FloatArray) -> Direction:
    """Fit the direction from bad to good.

    Estimand: mean(good) - mean(bad), without its part in the leading principal components of neutral texts (as many as
    hold `NEUTRAL_VARIANCE` of their variance), scaled to length 1.

    Args:
        good: (n, d) activations, one row per text.
        bad: (m, d).
        neutral: (k, d); at least two.

    Raises:
        InternalError: shapes differ, a value is not finite, or nothing of the difference is left.

    Source:
        Difference of means as in Marks & Tegmark (2023), arXiv:2310.06824; neutral components as in Lindsey et al.,
        "Emotion concepts and their function in a large language model" (2026).
    """
    for one in (good, bad, neutral):
        if one.ndim != 2 or one.shape[1] != good.shape[1] or not np.isfinite(one).all():
            raise InternalError("activations have to be finite, one row per text, all of one width.")
    if len(good) < 1 or len(bad) < 1 or len(neutral) < 2:
        raise InternalError("a direction needs texts on both sides and at least two neutral ones.")
    return direction_without(leading_components(neutral), good=good, bad=bad)


def direction_without(components: FloatArray, *, good: FloatArray, bad: FloatArray) -> Direction:
    """Fit the direction from bad to good without its part in components that are known; see `fit_direction`.

    Args:
        components: (k, d) orthonormal.
        good: (n, d), finite.
        bad: (m, d), finite.

    Raises:
        InternalError: nothing of the difference is left.
    """
    difference = good.mean(0) - bad.mean(0)
    rest = difference - components.T @ (components @ difference)
    vector = _unit(rest, scale=float(np.linalg.norm(difference)))
    up, down = float((good @ vector).mean()), float((bad @ vector).mean())
    return Direction(
        vector=vector,
        raw=_unit(difference, scale=1.0),
        middle=(up + down) / 2,
        distance=up - down,
    )


def project(direction: Direction, activations: FloatArray) -> FloatArray:
    """Read activations (n, d) along a direction: 0 half-way between the stories, +-.5 at their means; (n,)."""
    read: FloatArray = (activations @ direction.vector - direction.middle) / direction.distance
    return read


def leading_components(neutral: FloatArray) -> FloatArray:
    """Return the principal components (k, d) that hold `NEUTRAL_VARIANCE` of the variance of neutral texts (n, d).

    Texts that do not differ beyond rounding have none.
    """
    _, values, components = np.linalg.svd(neutral - neutral.mean(0), full_matrices=False)
    if values[0] <= 1e-9 * np.linalg.norm(neutral):
        return np.empty((0, neutral.shape[1]))
    share = np.cumsum(values**2) / max(float((values**2).sum()), np.finfo(float).tiny)
    leading: FloatArray = components[: int(np.searchsorted(share, NEUTRAL_VARIANCE)) + 1]
    return leading


def _unit(vector: FloatArray, *, scale: float) -> FloatArray:
    length = float(np.linalg.norm(vector))
    if length <= 1e-9 * max(scale, np.finfo(float).tiny):
        raise InternalError("good and bad texts differ in nothing that neutral texts do not vary in.")
    return vector / length
