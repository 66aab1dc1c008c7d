import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.probes import fit_direction, project, valence_stories

D = 12


def _planted(seed: int, *, gap: float = 2.0, n: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Activations that differ along one axis, with a shared loud axis that says nothing."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(D, D)))[0]
    good, bad, neutral = (rng.normal(0, 5, (n, 1)) * axes[1] + rng.normal(0, 0.3, (n, D)) for _ in range(3))
    return gap / 2 * axes[0] + good, -gap / 2 * axes[0] + bad, neutral, axes[0]


def test_a_planted_direction_is_found_under_a_loud_axis_that_neutral_texts_share() -> None:
    good, bad, neutral, axis = _planted(1)
    found = fit_direction(good=good, bad=bad, neutral=neutral)
    assert abs(found.vector @ axis) > 0.98
    assert abs(found.raw @ axis) < abs(found.vector @ axis)


def test_without_neutral_variance_in_the_way_it_is_the_difference_of_means() -> None:
    good = np.array([[3.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    bad = np.array([[-1.0, 1.0, 0.0], [-3.0, 1.0, 0.0]])
    neutral = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    found = fit_direction(good=good, bad=bad, neutral=neutral)
    assert found.vector == pytest.approx([1, 0, 0])
    assert (found.middle, found.distance) == pytest.approx((0, 4))
    read = project(found, np.array([[2.0, 9.0, 9.0], [0.0, 0.0, 0.0], [-2.0, 1.0, 1.0]]))
    assert read == pytest.approx([0.5, 0, -0.5])


@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-20, 20))
def test_readings_depend_on_neither_scale_nor_origin(seed: int, scale: float, shift: float) -> None:
    good, bad, neutral, _ = _planted(seed, n=8)
    plain = project(fit_direction(good=good, bad=bad, neutral=neutral), neutral)
    moved = [scale * one + shift for one in (good, bad, neutral)]
    assert project(fit_direction(good=moved[0], bad=moved[1], neutral=moved[2]), moved[2]) == pytest.approx(
        plain, abs=1e-6
    )


def test_shuffled_labels_leave_held_out_texts_at_chance() -> None:
    rng = np.random.default_rng(3)
    right = []
    for seed in range(60):
        good, bad, neutral, _ = _planted(seed, n=12)
        both = rng.permutation(np.vstack([good, bad]))
        found = fit_direction(good=both[:12], bad=both[12:], neutral=neutral)
        held_good, held_bad, _, _ = _planted(seed, n=12)
        gap = project(found, held_good[:1] + rng.normal(0, 0.3, (1, D))) - project(found, held_bad[:1])
        right.append(float(gap[0]) > 0)
    assert 0.25 < np.mean(right) < 0.75


def test_activations_that_carry_nothing_or_are_broken_are_refused() -> None:
    good, bad, neutral, _ = _planted(4)
    with pytest.raises(InternalError, match="finite"):
        fit_direction(good=np.full_like(good, np.nan), bad=bad, neutral=neutral)
    with pytest.raises(InternalError, match="nothing"):
        fit_direction(good=good, bad=good, neutral=neutral)
    with pytest.raises(InternalError, match="neutral"):
        fit_direction(good=good, bad=bad, neutral=neutral[:1])


def test_the_stories_are_paired_by_topic_and_name_no_feeling() -> None:
    stories = valence_stories()
    assert len(stories.topics) == len(stories.good) == len(stories.bad) == len(set(stories.topics))
    feelings = {"happy", "sad", "afraid", "calm", "angry", "glad", "upset", "anxious", "joy", "proud", "fear"}
    for text in (*stories.good, *stories.bad, *stories.neutral):
        assert not feelings & {word.strip(".,").lower() for word in text.split()}


def test_good_and_bad_stories_are_of_like_length() -> None:
    stories = valence_stories()
    lengths = [[len(text.split()) for text in side] for side in (stories.good, stories.bad)]
    assert abs(np.mean(lengths[0]) - np.mean(lengths[1])) < 2
