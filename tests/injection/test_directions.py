"""Directions from states of stories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import ModelError
from goodheart.injection.directions import (
    FloatArray,
    cleaned,
    concept_directions,
    emotion_direction,
    null_directions,
)

NONE = np.empty((0, 12))


def states(seed: int = 0, topics: int = 6, emotions: int = 4, width: int = 12) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(topics, emotions, width))


def test_an_emotion_stands_against_the_mean_of_the_others() -> None:
    cells = np.array([[[6.0], [1.0], [3.0]]])
    assert emotion_direction(cells, 0).tolist() == [4.0]


def test_a_concept_stands_against_the_baseline_words() -> None:
    assert concept_directions(np.array([[5.0, 1.0]]), np.array([[1.0, 1.0], [3.0, 3.0]])).tolist() == [[3.0, -1.0]]


@given(seed=st.integers(0, 50), n=st.integers(1, 5))
def test_random_directions_have_no_emotion_in_them(seed: int, n: int) -> None:
    """Every emotion is as frequent in one group as in the other, so what an emotion adds to all its stories cancels."""
    cells, rng = states(seed), np.random.default_rng(seed)
    shifted = cells + np.random.default_rng(seed + 1).normal(size=(1, cells.shape[1], cells.shape[2])) * 100
    plain = null_directions(cells, n=n, rng=np.random.default_rng(seed))
    np.testing.assert_allclose(null_directions(shifted, n=n, rng=rng), plain, atol=1e-9)


def test_random_directions_lie_where_stories_differ_from_one_another() -> None:
    flat = states()
    flat[..., 6:] = 0.0
    assert np.all(null_directions(flat, n=5, rng=np.random.default_rng(1))[:, 6:] == 0)


@given(seed=st.integers(0, 50))
def test_cleaned_directions_have_length_one_and_nothing_of_what_was_taken_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    components = np.linalg.qr(rng.normal(size=(12, 2)))[0].T
    without = rng.normal(size=(3, 12))
    found = cleaned(rng.normal(size=(4, 12)), components=components, without=without)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0)
    np.testing.assert_allclose(found @ components.T, 0.0, atol=1e-9)
    # A tested direction has had the components taken out itself, so that nothing of it may be left.
    tested = without - (without @ components.T) @ components
    np.testing.assert_allclose(found @ tested.T, 0.0, atol=1e-9)


def test_a_direction_of_which_nothing_is_left_is_refused() -> None:
    vector = np.ones((1, 12))
    with pytest.raises(ModelError, match="nothing was left"):
        cleaned(vector, components=NONE, without=vector)


def test_states_that_are_not_numbers_are_refused() -> None:
    cells = states()
    cells[0, 0, 0] = np.nan
    with pytest.raises(ModelError, match="finite"):
        null_directions(cells, n=1, rng=np.random.default_rng(0))
