"""Directions to inject, from states of stories at one layer: valence, emotions, concepts, and random ones.

    valence   mean(stories that go well) - mean(the same topics going badly), without neutral components, length 1
    emotion   mean(own stories) - mean(others), likewise
    concept   state of the word's prompt - mean over baseline words, length 1
    random    mean(group A) - mean(group B): each group has the same number of stories of every emotion, so that no
              emotion is in the difference; without neutral components, without the tested directions, length 1

Random directions lie where stories differ from one another, not anywhere in space: those move a report far less and
would make any direction look special.
"""

import numpy as np
import numpy.typing as npt

from goodheart.errors import ModelError

FloatArray = npt.NDArray[np.float64]


def emotion_direction(cells: FloatArray, place: int) -> FloatArray:
    """Return the mean state of an emotion's stories minus that of all others', (d,)."""
    _check(cells)
    own = cells[:, place].mean(0)
    others = np.delete(cells, place, axis=1).mean((0, 1))
    difference: FloatArray = own - others
    return difference


def concept_directions(words: FloatArray, baseline: FloatArray) -> FloatArray:
    """Return the states of some words minus the mean over baseline words, (n, d).

    Source:
        Lindsey (2025), "Emergent introspective awareness in large language models".
    """
    _check(words)
    _check(baseline)
    difference: FloatArray = words - baseline.mean(0)
    return difference


def null_directions(cells: FloatArray, *, n: int, rng: np.random.Generator) -> FloatArray:
    """Draw differences between random groups of stories in which every emotion is equally frequent, (n, d).

    Half of an emotion's topics go to one group and half to the other, for each emotion anew.

    Args:
        cells: (n_topics, n_emotions, d); with an odd number of topics one story per emotion is left out of each draw.
        n: How many.
        rng: Root of the draws.
    """
    _check(cells)
    n_topics, n_emotions, _ = cells.shape
    half = n_topics // 2
    found = np.empty((n, cells.shape[-1]))
    for draw in range(n):
        order = np.argsort(rng.random((n_topics, n_emotions)), axis=0)
        sides = [np.take_along_axis(cells, part[:, :, None], axis=0) for part in (order[:half], order[half : 2 * half])]
        found[draw] = sides[0].mean((0, 1)) - sides[1].mean((0, 1))
    return found


def cleaned(vectors: FloatArray, *, components: FloatArray, without: FloatArray | None = None) -> FloatArray:
    """Take components and other directions out of vectors, and scale them to length 1.

    Args:
        vectors: (n, d).
        components: (k, d) orthonormal; may have no rows.
        without: (m, d) directions whose whole span is taken out too.

    Raises:
        ModelError: nothing of a vector is left.
    """
    left = vectors - (vectors @ components.T) @ components
    if without is not None and len(without):
        basis = np.linalg.svd(without - (without @ components.T) @ components, full_matrices=False)[2]
        left = left - (left @ basis.T) @ basis
    lengths = np.linalg.norm(left, axis=1, keepdims=True)
    if (lengths <= 1e-9 * np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(float).tiny)).any():
        raise ModelError(
            "a direction to inject needs texts that differ in more than neutral texts do; nothing was left of one. "
            "Pass more stories, or directions fitted on another layer: goodheart probe fit"
        )
    units: FloatArray = left / lengths
    return units


def _check(states: FloatArray) -> None:
    if not np.isfinite(states).all():
        raise ModelError(
            "directions need finite states; some are infinite or not a number. Load the model with `-M dtype=float32`, "
            "or leave out the texts that break it."
        )
