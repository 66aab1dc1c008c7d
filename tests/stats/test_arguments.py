import numpy as np
import pytest

from goodheart.errors import InternalError
from goodheart.stats.arguments import finite_array, is_constant, positive_count, probability, same_length


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_missing_or_infinite_value_is_refused_with_its_count(bad: float) -> None:
    with pytest.raises(InternalError, match="1 of 3") as caught:
        finite_array([1.0, bad, 2.0], what="values")
    assert "Leave those observations out" in str(caught.value)


@pytest.mark.parametrize("bad", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_probability_lies_strictly_between_0_and_1(bad: float) -> None:
    with pytest.raises(InternalError, match="`level` needs"):
        probability(bad, what="level")


def test_columns_of_different_lengths_do_not_belong_together() -> None:
    with pytest.raises(InternalError, match="got 2 and 1"):
        same_length([1.0, 2.0], ["a"], what="`values` and `clusters`")


def test_a_count_is_at_least_one() -> None:
    assert positive_count(1, what="n") == 1
    with pytest.raises(InternalError, match="got 0"):
        positive_count(0, what="n")


def test_rounding_is_no_variation() -> None:
    gaps = np.array([0.1 + 0.2, 0.3]) - 0.3
    assert gaps[0] != gaps[1]
    assert is_constant(gaps, scale=0.3)
    assert not is_constant(np.array([0.0, 1e-6]), scale=0.3)
