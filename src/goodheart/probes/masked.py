"""Directions of a feeling that is hidden behind another, orthogonal to the directions of both as they are expressed.

Each hidden feeling comes with one shown feeling in the stories, so a direction is of the pair: afraid behind calm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.items.ladder_texts import MaskingStory
from goodheart.probes.axes import Axes, scale_axes
from goodheart.probes.direction import FloatArray

BEHIND: Final = "{hidden} behind {shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """The pairs of hidden and shown feelings, and where their stories stand."""

    pairs: tuple[tuple[str, str], ...]
    """(hidden, shown)."""
    places: tuple[tuple[int, ...], ...]
    """By story number within a pair, then by pair: places among the texts."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the directions."""
        return tuple(BEHIND.format(hidden=hidden, shown=shown) for hidden, shown in self.pairs)


def masks_of(stories: Sequence[MaskingStory], emotions: Sequence[str]) -> Masks | None:
    """Lay masking stories out as a table of equally many for each pair of known emotions; None without two pairs."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, story in enumerate(stories):
        if story.hidden in emotions and story.shown in emotions:
            found.setdefault((story.hidden, story.shown), []).append(place)
    if len(found) < 2:
        return None
    n = min(map(len, found.values()))
    table = tuple(tuple(places[i] for places in found.values()) for i in range(n))
    return Masks(pairs=tuple(found), places=table)


def fit_masking(masks: Masks, states: FloatArray, expressed: Axes, *, components: FloatArray) -> Axes:
    """Fit one direction per pair: mean of its stories minus the mean of the others.

    Taken out of it are the components of neutral texts and the directions of the hidden and the shown feeling.

    Args:
        masks: The pairs; which stories are fitted on is what `places` says.
        states: (n_stories, d).
        expressed: Directions of the feelings as they are expressed, at the same layer.
        components: (k, d) orthonormal.
    """
    cells = states[np.array(masks.places)]
    means, n = cells.mean(0), len(masks.pairs)
    differences = (means - means.mean(0)) * (n / (n - 1))
    vectors = np.empty_like(differences)
    for row, pair in enumerate(masks.pairs):
        shared = expressed.vectors[[expressed.names.index(one) for one in pair]]
        basis = np.linalg.qr(np.vstack([components, shared]).T)[0]
        rest = differences[row] - basis @ (basis.T @ differences[row])
        vectors[row] = rest / max(float(np.linalg.norm(rest)), np.finfo(float).tiny)
    raw = differences / np.maximum(np.linalg.norm(differences, axis=1, keepdims=True), np.finfo(float).tiny)
    return scale_axes(cells, masks.names, vectors=vectors, raw=raw)
