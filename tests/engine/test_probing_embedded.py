"""The ladder on states of the embedded model: true directions are accepted, those that say nothing refused.

Half of the emotions and half of the topics (every other one), three layers, so that the states are there in a minute.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from goodheart.engine.probing import BATCH, record
from goodheart.items.emotions import EmotionStories, public_stories
from goodheart.items.ladder_texts import EvaluationTexts, LadderTexts, public_ladder
from goodheart.probes.axes import Axes, scale_axes
from goodheart.probes.direction import FloatArray
from goodheart.probes.fitted import EmotionDirections, fit_emotions
from goodheart.probes.ladder import accepted, bench_of, climb, draw_nulls
from goodheart.probes.ladder.bench import Bench
from goodheart.probes.ladder.nulls import Nulls, manifold_directions, random_directions
from goodheart.probes.material import Material, Role, texts_of
from goodheart.whitebox.local_model import LocalModel

pytestmark = [pytest.mark.slow, pytest.mark.model]

LAYERS = (0, 8, 16)
N_NEUTRAL = 60


def half() -> tuple[EmotionStories, LadderTexts]:
    whole, ladder = public_stories(), public_ladder()
    emotions = whole.emotions[::2]
    texts = tuple(row[::2] for row in whole.texts[::2])
    return replace(whole, emotions=emotions, topics=whole.topics[::2], texts=texts), replace(
        ladder,
        neutral=ladder.neutral[:N_NEUTRAL],
        implicit=tuple(one for one in ladder.implicit if one.emotion in emotions),
        intensity=(),
        negation=(),
        speaker=(),
        masking=(),
        evaluation=EvaluationTexts(pairs=(), explicit=(), probes=()),
    )


@pytest.fixture(scope="module")
def material(embedded: LocalModel) -> Material:
    stories, ladder = half()
    states: dict[Role, FloatArray] = {}
    for role, texts in texts_of(stories, ladder).items():
        found = [record(embedded, texts[i : i + BATCH], layers=LAYERS) for i in range(0, len(texts), BATCH)]
        empty = np.empty((0, len(LAYERS), embedded.d_model))
        states[role] = np.concatenate([empty, *found]).astype(np.float64)
    return Material(stories=stories, ladder=ladder, layers=LAYERS, states=states)


@pytest.fixture(scope="module")
def tried(material: Material) -> tuple[EmotionDirections, Bench, Nulls]:
    fitted = fit(material, material.cells_at)
    return fitted, bench_of(material), draw_nulls(material, layer=fitted.layer, rng=np.random.default_rng(0))


def fit(material: Material, cells_at: Callable[[int], FloatArray]) -> EmotionDirections:
    return fit_emotions(
        names=material.stories.emotions,
        topics=material.stories.topics,
        layers=LAYERS,
        cells_at=cells_at,
        neutral_at=material.neutral_at,
    )


def put(fitted: EmotionDirections, material: Material, vectors: FloatArray) -> EmotionDirections:
    """Put other vectors in the place of the fitted ones, with sign and scale from the same stories."""

    def other(axes: Axes, cells: FloatArray) -> Axes:
        return scale_axes(cells, axes.names, vectors=vectors, raw=vectors)

    every = np.arange(len(fitted.topics))
    folds = tuple(
        replace(fold, axes=other(fold.axes, material.cells_at(fold.layer)[np.setdiff1d(every, fold.held_out)]))
        for fold in fitted.folds
    )
    axes = tuple(other(one, material.cells_at(layer)) for layer, one in zip(LAYERS, fitted.axes, strict=True))
    return replace(fitted, axes=axes, folds=folds)


def test_true_directions_are_accepted(material: Material, tried: tuple[EmotionDirections, Bench, Nulls]) -> None:
    fitted, bench, nulls = tried
    found = {rung.name: rung for rung in climb(fitted, material, bench=bench, nulls=nulls)}
    assert accepted(tuple(found.values())), found
    assert {found[name].outcome for name in ("held_out_topics", "random_directions", "implicit_prompts")} == {"passed"}


@pytest.mark.parametrize("family", ["isotropic", "on the manifold", "shuffled labels"])
def test_a_hundred_of_a_hundred_that_say_nothing_are_refused(
    material: Material, tried: tuple[EmotionDirections, Bench, Nulls], family: str
) -> None:
    fitted, bench, nulls = tried
    refused, n = 0, len(fitted.names)
    for seed in range(100):
        rng = np.random.default_rng([seed, 13])
        match family:
            case "isotropic":
                one = put(fitted, material, random_directions(material.cells_at(16).shape[-1], n, rng))
            case "on the manifold":
                one = put(fitted, material, manifold_directions(material.cells_at(fitted.layer), n, rng))
            case _:
                order = [rng.permutation(n) for _ in fitted.topics]
                one = fit(material, Shuffled(material, order))
        refused += not accepted(climb(one, material, bench=bench, nulls=nulls))
    assert refused == 100


class Shuffled:
    """States of the stories with the emotions permuted within each topic, the same way at every layer."""

    def __init__(self, material: Material, order: list[np.ndarray]) -> None:
        self.material, self.order = material, order

    def __call__(self, layer: int) -> FloatArray:
        cells = self.material.cells_at(layer)
        return np.stack([row[places] for row, places in zip(cells, self.order, strict=True)])
