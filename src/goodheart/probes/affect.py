"""Axes of valence and of arousal, laid through the directions of the emotions by human norms of their words."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from goodheart.items.ladder_texts import Norm
from goodheart.probes.axes import Axes
from goodheart.probes.direction import FloatArray

NAMES: Final = ("valence", "arousal")
FEWEST: Final = 8
"""Emotions with norms; with fewer no axis is laid."""


def norms_by_name(norms: Sequence[Norm], names: Sequence[str]) -> tuple[list[str], Mapping[str, FloatArray]]:
    """Return the emotions that have norms, with their valence and what a regression on it leaves of their arousal."""
    known = {norm.emotion: norm for norm in norms}
    found = [name for name in names if name in known]
    valence = np.array([known[name].valence for name in found])
    arousal = np.array([known[name].arousal for name in found])
    return found, {"valence": valence, "arousal": beyond(arousal, valence)}


def beyond(arousal: FloatArray, valence: FloatArray) -> FloatArray:
    """Return what a linear regression on valence leaves of arousal."""
    if len(arousal) < FEWEST:
        return arousal
    slope, start = np.polyfit(valence, arousal, 1)
    return np.asarray(arousal - slope * valence - start)


def fit_affect(expressed: Axes, cells: FloatArray, norms: Sequence[Norm]) -> Axes | None:
    """Lay both axes: sum over emotions of (norm - mean norm) vector, scaled to length 1.

    Readings are 0 at the mean of the stories whose emotions lie below the median norm, 1 at that of the others.

    Args:
        expressed: Directions of the emotions.
        cells: (n_topics, n_emotions, d) states of their stories at the same layer.
        norms: Of the emotions' words.

    Returns:
        Directions named `valence` and `arousal` (beyond valence); None with norms for fewer than `FEWEST` emotions.
    """
    found, values = norms_by_name(norms, expressed.names)
    if len(found) < FEWEST:
        return None
    places = [expressed.names.index(name) for name in found]
    vectors = np.stack([_unit((values[name] - values[name].mean()) @ expressed.vectors[places]) for name in NAMES])
    projected = cells[:, places] @ vectors.T  # (topics, emotions, 2)
    upper = np.stack([values[name] > np.median(values[name]) for name in NAMES])
    low = np.array([projected[:, ~upper[i], i].mean() for i in (0, 1)])
    high = np.array([projected[:, upper[i], i].mean() for i in (0, 1)])
    spread = np.array([projected[:, ~upper[i], i].std() for i in (0, 1)])
    tiny = np.finfo(float).tiny
    return Axes(
        names=NAMES,
        vectors=vectors,
        raw=vectors,
        rest=low,
        distance=np.maximum(high - low, tiny),
        spread=np.maximum(spread, tiny),
    )


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), np.finfo(float).tiny))
