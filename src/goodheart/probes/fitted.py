"""Emotion directions at every layer, the layer that is read, and folds without some of the topics.

The layer is chosen by accuracy on topics held out from the fit. So that the accuracy that is reported owes nothing to
that choice, it comes from outer folds, each with a choice of its own made on the other topics alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from goodheart.errors import InternalError
from goodheart.probes.axes import Axes, fit_axes, stand_on
from goodheart.probes.direction import FloatArray, leading_components

N_FOLDS: Final = 6
"""Outer folds; of 24 topics each holds out four."""
N_INNER: Final = 5
"""Folds among the topics of an outer fold."""

IntArray = npt.NDArray[np.intp]
CellsAt = Callable[[int], FloatArray]
"""States of the stories at a layer: (n_topics, n_emotions, d)."""
NeutralAt = Callable[[int], FloatArray]
"""States of the neutral texts at a layer: (n, d)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fold:
    """Directions that have not seen some topics."""

    held_out: tuple[int, ...]
    """Places of these topics."""
    layer: int
    """Chosen on the other topics."""
    axes: Axes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EmotionDirections:
    """All that a fit gives."""

    names: tuple[str, ...]
    topics: tuple[str, ...]
    layers: tuple[int, ...]
    """Layers that were fitted; 0 (embeddings) is a baseline and never chosen."""
    layer: int
    """The one that is read, chosen on all topics."""
    accuracy: tuple[float, ...]
    """Held-out accuracy by layer that `layer` was chosen by: optimistic for the one chosen."""
    axes: tuple[Axes, ...]
    """By layer."""
    folds: tuple[Fold, ...]


def fit_emotions(
    *, names: Sequence[str], topics: Sequence[str], layers: Sequence[int], cells_at: CellsAt, neutral_at: NeutralAt
) -> EmotionDirections:
    """Fit directions at every layer and choose one by nested validation over topics.

    Layers are gone through one by one, so that the states of one layer are held at a time.

    Args:
        names: Of the emotions.
        topics: Of the stories.
        layers: Which are fitted; 0 are the embeddings.
        cells_at: Gives the states of the stories at a layer.
        neutral_at: Gives those of the neutral texts.

    Raises:
        InternalError: there is no layer to choose, or states do not fit.
    """
    candidates = [layer for layer in layers if layer > 0]
    if not candidates or len(topics) < 2:
        raise InternalError(f"a layer is chosen among blocks on at least two topics; got {len(candidates)} blocks.")
    outer = topic_folds(len(topics), N_FOLDS)
    rests = [np.setdiff1d(np.arange(len(topics)), held) for held in outer]
    scores = np.full((len(candidates), len(outer) + 1), np.nan)  # the last column: all topics
    axes, removed = {}, {}
    for layer in layers:
        cells, components = cells_at(layer), leading_components(neutral_at(layer))
        axes[layer], removed[layer] = fit_axes(cells, names, components=components), components
        if layer > 0:
            row = candidates.index(layer)
            for column, topics_in in enumerate([*rests, np.arange(len(topics))]):
                scores[row, column] = inner_accuracy(cells[topics_in], names, components=components)
    chosen = [candidates[int(np.argmax(scores[:, column]))] for column in range(len(outer) + 1)]
    folds = [
        Fold(
            held_out=tuple(int(place) for place in held),
            layer=layer,
            axes=fit_axes(cells_at(layer)[rest], names, components=removed[layer]),
        )
        for held, rest, layer in zip(outer, rests, chosen[:-1], strict=True)
    ]
    return EmotionDirections(
        names=tuple(names),
        topics=tuple(topics),
        layers=tuple(layers),
        layer=chosen[-1],
        accuracy=tuple(float(value) for value in scores[:, -1]),
        axes=tuple(axes[layer] for layer in layers),
        folds=tuple(folds),
    )


def axes_read(fitted: EmotionDirections) -> Axes:
    """Return the directions at the layer that is read."""
    return fitted.axes[fitted.layers.index(fitted.layer)]


def topic_folds(n_topics: int, n_folds: int) -> list[IntArray]:
    """Part topics into folds, every n-th into the same one, so that neighbours in the alphabet are parted."""
    return [np.arange(start, n_topics, n_folds) for start in range(min(n_folds, n_topics))]


def inner_accuracy(cells: FloatArray, names: Sequence[str], *, components: FloatArray) -> float:
    """Return the share of stories on held-out topics whose own emotion stands highest."""
    n = len(cells)
    if n < 2:
        return 0.0
    right = []
    for held in topic_folds(n, N_INNER):
        axes = fit_axes(np.delete(cells, held, axis=0), names, components=components)
        right.append(np.argmax(stand_on(axes, cells[held]), axis=-1) == np.arange(len(names)))
    return float(np.concatenate(right).mean())


def held_out_standing(fitted: EmotionDirections, cells_at: CellsAt) -> FloatArray:
    """Let every story stand on the directions of the fold that has not seen its topic.

    Returns:
        (n_topics, n_emotions, n_emotions): topic, emotion of the story, direction.
    """
    n = len(fitted.names)
    standing = np.full((len(fitted.topics), n, n), np.nan)
    for fold in fitted.folds:
        held = list(fold.held_out)
        standing[held] = stand_on(fold.axes, cells_at(fold.layer)[held])
    return standing
