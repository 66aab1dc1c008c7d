import numpy as np
import pytest
from hypothesis import given

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import estimate_icc
from tests.stats.cases import LEVEL, SEEDS, SHIFTS

# Shrout and Fleiss (1979), table 2: six targets, four judges.
PUBLISHED = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)


@pytest.mark.parametrize(("kind", "expected"), [("single", 0.17), ("mean", 0.44)])
def test_the_published_example_twice_over(kind: str, expected: float) -> None:
    # Six targets carry no interval here; the detail has the published point.
    found = estimate_icc(name="i", ratings=PUBLISHED, kind="single" if kind == "single" else "mean", level=LEVEL)
    assert isinstance(found, NotEstimable)
    assert found.reason == "not_covered"
    assert float(found.detail.split()[1]) == pytest.approx(expected, abs=0.005)


def test_by_hand() -> None:
    # Unit means 0, 2 (four of each), both ratings one off: between mean square 2 * 8 * 1 / 7 = 16/7, within 2.
    ratings = np.array([[-1.0, 1.0], [1.0, 3.0]] * 4)
    single = estimate_icc(name="i", ratings=ratings, kind="single", level=LEVEL)
    mean = estimate_icc(name="i", ratings=ratings, kind="mean", level=LEVEL)
    assert isinstance(single, Estimate)
    assert isinstance(mean, Estimate)
    assert single.value == pytest.approx((16 / 7 - 2) / (16 / 7 + 2))
    assert mean.value == pytest.approx((16 / 7 - 2) / (16 / 7))
    assert single.low == 0.0


@given(seed=SEEDS, shift=SHIFTS)
def test_shifting_and_scaling_change_nothing_and_the_mean_is_more_reliable(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    ratings = rng.standard_normal((10, 1)) + 0.5 * rng.standard_normal((10, 3))
    plain = estimate_icc(name="i", ratings=ratings, kind="single", level=LEVEL)
    moved = estimate_icc(name="i", ratings=3 * (ratings[::-1] + shift), kind="single", level=LEVEL)
    mean = estimate_icc(name="i", ratings=ratings, kind="mean", level=LEVEL)
    assert isinstance(plain, Estimate)
    assert isinstance(moved, Estimate)
    assert isinstance(mean, Estimate)
    assert (moved.value, moved.low, moved.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-7)
    assert mean.value >= plain.value
    assert 0 <= plain.low <= plain.value <= plain.high <= 1


def test_equal_units_and_missing_repeats_give_a_reason() -> None:
    for ratings, reason in ((np.full((9, 3), 2.2), "no_variation"), (np.ones((9, 1)), "too_few")):
        found = estimate_icc(name="i", ratings=ratings, kind="single", level=LEVEL)
        assert isinstance(found, NotEstimable)
        assert found.reason == reason


def test_a_flat_list_is_misuse() -> None:
    with pytest.raises(InternalError, match="Give each unit a row"):
        estimate_icc(name="i", ratings=np.ones(9), kind="single", level=LEVEL)
