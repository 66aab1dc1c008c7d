"""What any directions are compared with: computed once per model and texts, the same for whatever is tried."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodheart.probes.axes import Axes, fit_axes, stand_on
from goodheart.probes.direction import FloatArray, leading_components
from goodheart.probes.fitted import N_FOLDS, EmotionDirections, axes_read, held_out_standing, topic_folds
from goodheart.probes.material import Material
from goodheart.probes.rung import in_order
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from goodheart.stats.proportions import FEWEST_CLUSTERS

Hits = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bench:
    """Baselines that know words but not the model, or the model's embeddings alone."""

    word_hits: Hits
    """(n_topics, n_emotions) stories on held-out topics whose emotion word counts name."""
    embedding_hits: Hits
    """Likewise for mean embeddings."""
    word_implicit: dict[str, float]
    """By emotion: how well word counts put its implicit prompts above the others, as an area under the curve."""
    embedding_implicit: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attempt:
    """Directions that are tried, and on what."""

    fitted: EmotionDirections
    material: Material
    bench: Bench
    axes: Axes
    """At the layer that is read."""
    standing: FloatArray
    """(n_topics, n_emotions, n_emotions) of every story on directions that have not seen its topic."""

    @property
    def hits(self) -> Hits:
        """Stories whose own emotion stands highest: (n_topics, n_emotions)."""
        return np.asarray(np.argmax(self.standing, -1) == np.arange(len(self.fitted.names)))


def attempt_of(fitted: EmotionDirections, material: Material, bench: Bench) -> Attempt:
    """Lay out what the rungs need."""
    standing = held_out_standing(fitted, material.cells_at)
    return Attempt(fitted=fitted, material=material, bench=bench, axes=axes_read(fitted), standing=standing)


def bench_of(material: Material) -> Bench:
    """Compute the baselines on the same folds that directions are tried on."""
    names, n = material.stories.emotions, len(material.stories.topics)
    cells, components = material.cells_at(0), leading_components(material.neutral_at(0))
    words, embeddings = np.zeros((n, len(names)), dtype=bool), np.zeros((n, len(names)), dtype=bool)
    for held in topic_folds(n, N_FOLDS):
        rest = np.setdiff1d(np.arange(n), held)
        counts = fit_word_counts(_texts(material, rest), _labels(material, rest), n_classes=len(names))
        found = read_word_counts(counts, _texts(material, held)).argmax(1)
        words[held] = (found == np.array(_labels(material, held))).reshape(len(held), -1)
        axes = fit_axes(cells[rest], names, components=components)
        embeddings[held] = np.argmax(stand_on(axes, cells[held]), -1) == np.arange(len(names))
    everything = np.arange(n)
    counts = fit_word_counts(_texts(material, everything), _labels(material, everything), n_classes=len(names))
    prompts = [prompt.text for prompt in material.ladder.implicit]
    axes = fit_axes(cells, names, components=components)
    of, states = [prompt.emotion for prompt in material.ladder.implicit], material.at("implicit", 0)
    return Bench(
        word_hits=words,
        embedding_hits=embeddings,
        word_implicit=by_emotion(read_word_counts(counts, prompts), of, names),
        embedding_implicit=by_emotion(stand_on(axes, states), of, names),
    )


def by_emotion(scores: FloatArray, labels: list[str], names: tuple[str, ...]) -> dict[str, float]:
    """Say for each emotion which share of (own, other) pairs of texts its score orders right.

    Args:
        scores: (n_texts, n_names).
        labels: The emotion of each text; texts of unknown emotions are left out.
        names: The emotions, in the order of the columns.

    Returns:
        Shares by emotion, for emotions that have texts; nothing under `FEWEST_CLUSTERS` emotions.
    """
    known = np.array([label in names for label in labels], dtype=bool)
    of = np.array([names.index(label) if label in names else -1 for label in labels])
    present = sorted(set(of[known].tolist()))
    if len(present) < FEWEST_CLUSTERS:
        return {}
    return {names[e]: float(in_order(scores[of == e, e], scores[known & (of != e), e]).mean()) for e in present}


def _texts(material: Material, topics: npt.NDArray[np.intp]) -> list[str]:
    return [text for topic in topics for text in material.stories.texts[topic]]


def _labels(material: Material, topics: npt.NDArray[np.intp]) -> list[int]:
    return list(range(len(material.stories.emotions))) * len(topics)
