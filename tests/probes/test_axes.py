import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from goodheart.errors import InternalError
from goodheart.probes.axes import fit_axes, read_axes, scale_axes, stand_on
from goodheart.probes.direction import leading_components
from goodheart.probes.fitted import axes_read, fit_emotions, held_out_standing, topic_folds
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from tests.probes.planted import LAYERS, NAMES, TOPICS, material

EMOTIONS = ("a", "b", "c")


def drawn(seed: int, *, topics: int = 5, d: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(topics, len(EMOTIONS), d)), rng.normal(size=(20, d))


def by_loops(cells: np.ndarray, neutral: np.ndarray) -> list[np.ndarray]:
    """Difference of means without neutral components, story by story, by another decomposition."""
    centred = neutral - neutral.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    values, vectors = values[::-1], vectors[:, ::-1]
    k = int(np.argmax(np.cumsum(values) / values.sum() >= 0.5)) + 1
    found = []
    for e in range(cells.shape[1]):
        own = [cells[t, e] for t in range(len(cells))]
        others = [cells[t, f] for t in range(len(cells)) for f in range(cells.shape[1]) if f != e]
        difference = sum(own) / len(own) - sum(others) / len(others)
        for i in range(k):
            difference = difference - (difference @ vectors[:, i]) * vectors[:, i]
        found.append(difference / np.sqrt((difference**2).sum()))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_directions_equal_an_independent_computation(seed: int) -> None:
    cells, neutral = drawn(seed)
    found = fit_axes(cells, EMOTIONS, components=leading_components(neutral))
    assert found.vectors == pytest.approx(np.array(by_loops(cells, neutral)), abs=1e-5)


def test_a_reading_is_1_at_the_mean_of_its_own_stories_and_0_at_that_of_the_others() -> None:
    cells, neutral = drawn(1)
    axes = fit_axes(cells, EMOTIONS, components=leading_components(neutral))
    read = read_axes(axes, cells)
    for e in range(3):
        own, others = read[:, e, e], np.delete(read[:, :, e], e, axis=1)
        assert own.mean() == pytest.approx(1)
        assert others.mean() == pytest.approx(0, abs=1e-12)
        standing = np.delete(stand_on(axes, cells)[:, :, e], e, axis=1)
        assert (standing.mean(), standing.std()) == pytest.approx((0, 1), abs=1e-9)


def test_hand_arithmetic_with_two_emotions() -> None:
    cells = np.array([[[3.0, 1.0], [-1.0, 1.0]], [[1.0, 1.0], [-3.0, 1.0]]])
    axes = fit_axes(cells, ("good", "bad"), components=np.empty((0, 2)))
    assert axes.vectors == pytest.approx(np.array([[1, 0], [-1, 0]]))
    # "good" over the bad stories: -1 and -3, mean -2, standard deviation 1; its own mean is 2
    assert (axes.rest[0], axes.distance[0], axes.spread[0]) == pytest.approx((-2, 4, 1))
    assert read_axes(axes, np.array([0.0, 7.0])) == pytest.approx([0.5, 0.5])


@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-20, 20))
def test_readings_depend_on_neither_scale_nor_origin(seed: int, scale: float, shift: float) -> None:
    cells, neutral = drawn(seed)
    plain = fit_axes(cells, EMOTIONS, components=leading_components(neutral))
    moved = fit_axes(scale * cells + shift, EMOTIONS, components=leading_components(scale * neutral + shift))
    assert read_axes(moved, scale * cells + shift) == pytest.approx(read_axes(plain, cells), abs=1e-5)


@given(st.integers(0, 10**6))
def test_the_order_of_emotions_and_topics_does_not_matter(seed: int) -> None:
    cells, neutral = drawn(seed)
    components = leading_components(neutral)
    plain = fit_axes(cells, EMOTIONS, components=components)
    turned = fit_axes(cells[::-1, [2, 0, 1]], ("c", "a", "b"), components=components)
    assert turned.vectors == pytest.approx(plain.vectors[[2, 0, 1]])


def test_a_direction_is_turned_to_the_side_of_its_own_stories() -> None:
    cells, _ = drawn(2)
    axes = fit_axes(cells, EMOTIONS, components=np.empty((0, 9)))
    turned = scale_axes(cells, EMOTIONS, vectors=-axes.vectors, raw=-axes.raw)
    assert turned.vectors == pytest.approx(axes.vectors)
    assert turned.rest == pytest.approx(axes.rest)


def test_states_that_are_not_finite_or_do_not_differ_are_refused() -> None:
    cells, _ = drawn(3)
    nothing = np.empty((0, 9))
    with pytest.raises(InternalError, match="finite"):
        fit_axes(np.where(cells > 1, np.nan, cells), EMOTIONS, components=nothing)
    with pytest.raises(InternalError, match="differ"):
        fit_axes(np.ones((4, 3, 9)), EMOTIONS, components=nothing)


def test_no_topic_is_held_out_twice_and_none_is_forgotten() -> None:
    assert sorted(np.concatenate(topic_folds(24, 6)).tolist()) == list(range(24))
    assert [len(fold) for fold in topic_folds(24, 6)] == [4] * 6
    assert len(topic_folds(3, 6)) == 3


def test_a_held_out_story_leaves_its_own_standing_untouched_by_what_it_says() -> None:
    m = material(4)
    fitted = fit_emotions(names=NAMES, topics=TOPICS, layers=LAYERS, cells_at=m.cells_at, neutral_at=m.neutral_at)
    held = fitted.folds[0].held_out

    def altered(layer: int) -> np.ndarray:
        cells = m.cells_at(layer).copy()
        cells[list(held)] += 100 * np.random.default_rng(0).normal(size=cells.shape[1:])
        return cells

    again = fit_emotions(names=NAMES, topics=TOPICS, layers=LAYERS, cells_at=altered, neutral_at=m.neutral_at)
    assert again.folds[0].axes.vectors == pytest.approx(fitted.folds[0].axes.vectors)
    assert again.folds[0].layer == fitted.folds[0].layer
    assert not np.allclose(axes_read(again).vectors, axes_read(fitted).vectors)


def test_every_story_stands_on_the_fold_that_has_not_seen_it() -> None:
    m = material(4)
    fitted = fit_emotions(names=NAMES, topics=TOPICS, layers=LAYERS, cells_at=m.cells_at, neutral_at=m.neutral_at)
    standing = held_out_standing(fitted, m.cells_at)
    fold = fitted.folds[2]
    topic = fold.held_out[1]
    assert standing[topic, 3] == pytest.approx(stand_on(fold.axes, m.cells_at(fold.layer)[topic, 3]))
    assert np.isfinite(standing).all()


def test_word_counts_equal_naive_bayes_of_scikit_learn() -> None:
    texts = ["the cat sat down", "the dog ran off", "a cat and a dog", "it ran, it's off", "cat cat cat", "dog days 12"]
    labels = [0, 1, 2, 1, 0, 2]
    new = ["the cat ran", "a dog sat", "nothing known", "it's the 12 days"]
    vectors = CountVectorizer(token_pattern=r"[a-z0-9]+(?:'[a-z]+)?")
    peer = MultinomialNB(alpha=1.0, fit_prior=False).fit(vectors.fit_transform(texts), labels)
    expected = peer.predict_log_proba(vectors.transform(new))
    found = read_word_counts(fit_word_counts(texts, labels, n_classes=3), new)
    assert found == pytest.approx(expected, abs=1e-9)
