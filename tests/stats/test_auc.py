import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_auc
from goodheart.stats.score import score_stderr
from tests.stats.cases import LEVEL

RATINGS = st.lists(st.integers(1, 7), min_size=8, max_size=12)


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate)
    return found


@given(RATINGS, RATINGS)
def test_the_value_agrees_with_scikit_learn_and_swapping_the_sides_mirrors(a: list[int], b: list[int]) -> None:
    if len({*a, *b}) == 1:
        return
    found = known(estimate_auc(name="a", positive=a, negative=b, level=LEVEL))
    swapped = known(estimate_auc(name="a", positive=b, negative=a, level=LEVEL))
    assert found.value == pytest.approx(roc_auc_score([1] * len(a) + [0] * len(b), a + b))
    assert (swapped.low, swapped.high) == pytest.approx((1 - found.high, 1 - found.low))
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_bounds_solve_newcombes_equation() -> None:
    rng = np.random.default_rng(1)
    found = known(estimate_auc(name="a", positive=rng.random(10) + 0.3, negative=rng.random(14), level=LEVEL))
    for bound in (found.low, found.high):
        stderr = score_stderr(theta=bound, n_positive=10, n_negative=14)
        assert abs(found.value - bound) / stderr == pytest.approx(stats.norm.ppf(0.975), rel=1e-6)


def test_the_variance_by_hand() -> None:
    # theta .8, m = n = 10, N = 10: .16 * (1 + 9 * (.2/1.2 + .8/1.8)) / 100 = .16 * 6.5 / 100 = .0104.
    assert score_stderr(theta=0.8, n_positive=10, n_negative=10) == pytest.approx(np.sqrt(0.0104))


def test_perfect_separation_has_a_width() -> None:
    found = known(estimate_auc(name="a", positive=np.arange(8.0) + 10, negative=np.arange(8.0), level=LEVEL))
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.6 < found.low < 0.9
    more = known(estimate_auc(name="a", positive=np.arange(36.0) + 100, negative=np.arange(36.0), level=LEVEL))
    assert more.low > found.low


@pytest.mark.parametrize(
    ("positive", "negative", "reason"),
    [([], [1.0], "too_few"), ([1, 2], [0, 1], "not_covered"), ([4] * 9, [4] * 9, "no_variation")],
)
def test_data_without_an_area_give_a_reason(positive: list[float], negative: list[float], reason: str) -> None:
    found = estimate_auc(name="a", positive=positive, negative=negative, level=LEVEL)
    assert isinstance(found, NotEstimable)
    assert found.reason == reason
