import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from goodheart.errors import InternalError
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_correlation
from goodheart.stats.arguments import FloatArray
from goodheart.stats.correlation import Kind, correlation_z, ranks
from tests.stats.cases import LEVEL, SCALES, SEEDS, SHIFTS


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def pair(seed: int, n: int = 18) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    return x, x + rng.standard_normal(n)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=12))
def test_ranks_agree_with_scipy(values: list[int]) -> None:
    assert ranks(values=np.array(values, dtype=float)) == pytest.approx(stats.rankdata(values))


def test_values_agree_with_scipy() -> None:
    x, y = pair(1)
    spearman = known(estimate_correlation(name="r", x=x, y=y, kind="spearman", level=LEVEL))
    pearson = known(estimate_correlation(name="r", x=x, y=y, kind="pearson", level=LEVEL))
    assert spearman.value == pytest.approx(stats.spearmanr(x, y).statistic)
    assert pearson.value == pytest.approx(stats.pearsonr(x, y).statistic)


def test_spearmans_interval_by_hand() -> None:
    # r from scipy; z = atanh(r), stderr = sqrt((1 + r^2 / 2) / 15), 1.959964 of them either way.
    x, y = pair(2)
    r = stats.spearmanr(x, y).statistic
    half = 1.959964 * np.sqrt((1 + r**2 / 2) / 15)
    found = known(estimate_correlation(name="r", x=x, y=y, kind="spearman", level=LEVEL))
    assert (found.low, found.high) == pytest.approx((np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)))


def test_pearsons_interval_is_fishers_where_the_jackknife_asks_for_no_more() -> None:
    # Evenly spread points about a line, none of which matters much: stderr = 1 / sqrt(n - 3).
    x = np.arange(24.0)
    y = x + np.tile([9.0, -9.0, -9.0, 9.0], 6)
    expected = stats.pearsonr(x, y).confidence_interval(LEVEL)
    found = known(estimate_correlation(name="r", x=x, y=y, kind="pearson", level=LEVEL))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_the_jackknife_is_leaving_each_cluster_out() -> None:
    x, y = pair(3, n=9)
    z = [np.arctanh(stats.pearsonr(np.delete(x, k), np.delete(y, k)).statistic) for k in range(9)]
    jackknife = np.sqrt(8 / 9 * np.sum((np.array(z) - np.mean(z)) ** 2))
    _, stderr = correlation_z(x=x, y=y, kind="pearson")
    assert stderr == pytest.approx(max(jackknife, 1 / np.sqrt(6)))


@given(seed=SEEDS, shift=SHIFTS, scale=SCALES)
def test_shifting_and_scaling_a_measure_changes_nothing_and_negating_it_mirrors(
    seed: int, shift: float, scale: float
) -> None:
    x, y = pair(seed, n=10)
    kinds: tuple[Kind, ...] = ("pearson", "spearman")
    for kind in kinds:
        plain = known(estimate_correlation(name="r", x=x, y=y, kind=kind, level=LEVEL))
        moved = known(estimate_correlation(name="r", x=scale * x + shift, y=y, kind=kind, level=LEVEL))
        mirrored = known(estimate_correlation(name="r", x=x, y=-y, kind=kind, level=LEVEL))
        assert (moved.value, moved.low, moved.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-6)
        assert (mirrored.value, mirrored.low, mirrored.high) == pytest.approx((-plain.value, -plain.high, -plain.low))


def test_a_perfect_order_is_half_an_exchange_short_of_one_and_its_interval_has_a_width() -> None:
    # n = 18: 1 - 6 / (18 * 323) = .998968.
    x = np.arange(18.0)
    found = known(estimate_correlation(name="r", x=x, y=np.exp(x / 5), kind="spearman", level=LEVEL))
    assert found.value == pytest.approx(0.998968, abs=1e-6)
    assert 0.99 < found.low < found.value < found.high < 1


@pytest.mark.parametrize(
    ("x", "y", "kind", "reason"),
    [
        ([], [], "pearson", "too_few"),
        ([1, 2, 3], [1, 2, 4], "pearson", "not_covered"),
        ([1.1] * 9, list(range(9)), "spearman", "no_variation"),
        (list(range(9)), [2 * k + 1 for k in range(9)], "pearson", "no_variation"),
        ([0] * 8 + [1], [0] * 7 + [1, 5], "pearson", "no_variation"),
    ],
)
def test_data_without_a_correlation_give_a_reason(x: list[float], y: list[float], kind: Kind, reason: str) -> None:
    found = estimate_correlation(name="r", x=x, y=y, kind=kind, level=LEVEL)
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


def test_unequal_lengths_are_misuse() -> None:
    with pytest.raises(InternalError, match="got 2 and 3"):
        estimate_correlation(name="r", x=[1, 2], y=[1, 2, 3], kind="pearson", level=LEVEL)
