"""Report and state parted, on numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.injection.dissociation import calibrate, gaps, told_apart


def test_the_line_is_the_reduced_major_axis_by_hand() -> None:
    # Readings 0, 1, 2 (sd .816), reports 1, 5, 9 (sd 3.266): slope 4, through the means (1, 5).
    line = calibrate(report=np.array([1.0, 5.0, 9.0]), reading=np.array([0.0, 1.0, 2.0]))
    assert (line.slope, line.start) == pytest.approx((4.0, 1.0))
    assert gaps(line, report=np.array([5.0]), reading=np.array([0.0])).tolist() == pytest.approx([4.0])


@given(seed=st.integers(0, 100), scale=st.floats(0.1, 10), shift=st.floats(-5, 5))
def test_the_unit_of_the_reading_does_not_matter(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    report, reading = rng.normal(size=8), rng.normal(size=8)
    one = gaps(calibrate(report=report, reading=reading), report=report, reading=reading)
    moved = reading * scale + shift
    other = gaps(calibrate(report=report, reading=moved), report=report, reading=moved)
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_concealed_mirror_and_untouched_are_told_apart_and_a_state_that_shows_is_not_called_concealed() -> None:
    rng = np.random.default_rng(0)
    state, noise = rng.normal(size=(2, 60)), rng.normal(0, 0.2, size=(4, 60))
    line = calibrate(report=2 * state[0] + noise[0], reading=state[0] + noise[1])

    def gap(report_moves: float, reading_moves: float) -> np.ndarray:
        report = 2 * (state[1] + report_moves) + noise[2]
        return gaps(line, report=report, reading=state[1] + reading_moves + noise[3])

    untouched, concealed, mirror, bad = gap(0, 0), gap(0, -3), gap(0, 3), gap(-1, -1)
    assert told_apart(above=concealed, below=untouched) > 0.95
    assert told_apart(above=untouched, below=mirror) > 0.95
    assert told_apart(above=bad, below=untouched) == pytest.approx(0.5, abs=0.15)


def test_situations_that_do_not_differ_calibrate_nothing() -> None:
    with pytest.raises(InternalError):
        calibrate(report=np.array([1.0, 2.0, 3.0]), reading=np.ones(3))
    with pytest.raises(InternalError):
        calibrate(report=np.array([1.0, 2.0]), reading=np.array([1.0, 2.0]))
