"""A family of directions in one layer: each emotion against the mean of the others, and the scale of its readings.

    vector = unit( mean(own) - mean(others), without the leading principal components of neutral texts )
    reading(x) = (x . vector - rest) / distance          0 at the others' mean, 1 at that of its own
    standing(x) = (x . vector - rest) / spread           in standard deviations of the other emotions' stories

Readings of different emotions have different units, so what is compared between emotions is the standing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.errors import InternalError
from goodheart.probes.direction import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Axes:
    """Directions of one layer with what their readings are measured in."""

    names: tuple[str, ...]
    vectors: FloatArray
    """(n_names, d), each of length 1; positive on the side of its own stories."""
    raw: FloatArray
    """(n_names, d), each of length 1: the plain differences of means, kept beside them."""
    rest: FloatArray
    """(n_names,) mean projection of the others' stories."""
    distance: FloatArray
    """(n_names,) projection of the own mean minus that of the others' mean, in activation units; above 0."""
    spread: FloatArray
    """(n_names,) standard deviation of the others' projections."""


def fit_axes(cells: FloatArray, names: Sequence[str], *, components: FloatArray) -> Axes:
    """Fit one direction per emotion.

    Estimand: mean(own) - mean(others) over topics, without its part in `components`, scaled to length 1.

    Args:
        cells: (n_topics, n_names, d) states, one story each.
        names: Of the emotions.
        components: (k, d) orthonormal; what neutral texts vary in. May have no rows.

    Raises:
        InternalError: shapes do not fit, a value is not finite, or nothing of a difference is left.

    Source:
        Emotion stories and neutral components as in Lindsey et al., "Emotion concepts and their function in a large
        language model" (2026); difference of means as in Marks & Tegmark (2023), arXiv:2310.06824.
    """
    _check(cells, names, components)
    means = cells.mean(0)
    n = len(names)
    differences = (means - means.mean(0)) * (n / (n - 1))  # own minus the mean of the others
    rest = differences - (differences @ components.T) @ components
    return scale_axes(cells, names, vectors=_units(rest, scale=differences), raw=_units(differences, scale=differences))


def scale_axes(cells: FloatArray, names: Sequence[str], *, vectors: FloatArray, raw: FloatArray) -> Axes:
    """Give directions their sign (positive on the side of their own stories) and the scale of their readings.

    Args:
        cells: (n_topics, n_names, d) states, one story each.
        names: Of the emotions.
        vectors: (n_names, d) of length 1.
        raw: (n_names, d) of length 1.
    """
    n = len(names)
    projected = cells @ vectors.T  # (n_topics, n_names, n_names): story's topic, story's emotion, direction
    own = projected[:, np.arange(n), np.arange(n)]
    # Axes swapped, so that row e holds direction e over the stories of all other emotions.
    others = np.swapaxes(projected, 1, 2)[:, ~np.eye(n, dtype=bool)].reshape(len(cells), n, n - 1)
    rest, gap = others.mean((0, 2)), own.mean(0) - others.mean((0, 2))
    sign = np.where(gap < 0, -1.0, 1.0)
    return Axes(
        names=tuple(names),
        vectors=vectors * sign[:, None],
        raw=raw * sign[:, None],
        rest=rest * sign,
        distance=np.maximum(np.abs(gap), np.finfo(float).tiny),
        spread=np.maximum(others.std((0, 2)), np.finfo(float).tiny),
    )


def read_axes(axes: Axes, states: FloatArray) -> FloatArray:
    """Read states (..., d): 0 at the others' mean, 1 at the mean of the emotion's own stories; (..., n_names)."""
    read: FloatArray = (states @ axes.vectors.T - axes.rest) / axes.distance
    return read


def stand_on(axes: Axes, states: FloatArray) -> FloatArray:
    """Say how far states (..., d) stand from the others' mean, in their standard deviations; (..., n_names)."""
    standing: FloatArray = (states @ axes.vectors.T - axes.rest) / axes.spread
    return standing


def _check(cells: FloatArray, names: Sequence[str], components: FloatArray) -> None:
    fits = cells.ndim == 3 and cells.shape[1] == len(names) > 1 and components.shape[-1] == cells.shape[-1]
    if not fits or not np.isfinite(cells).all():
        raise InternalError(
            "directions need finite states, one per topic and emotion, and components of the same width; got shapes "
            f"{cells.shape} and {components.shape} for {len(names)} emotions."
        )


def _units(vectors: FloatArray, *, scale: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if (lengths <= 1e-9 * np.maximum(np.linalg.norm(scale, axis=1, keepdims=True), np.finfo(float).tiny)).any():
        raise InternalError("an emotion's stories differ from the others in nothing that neutral texts do not vary in.")
    units: FloatArray = vectors / lengths
    return units
