"""Contrasts of readings: hand arithmetic, laws, and parity with other implementations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from goodheart.assessments.reading_contrasts import (
    Contrast,
    Side,
    comparable,
    effect_of_contrast,
    rank_among,
    ranks_above,
    statistic,
    two_sided,
)
from goodheart.records import NotEstimable


def contrast(kind: str, a: dict[int, str], b: dict[int, str]) -> Contrast:
    sides = [Side(rows=tuple(side), clusters=tuple(side.values())) for side in (a, b)]
    return Contrast(
        name="reading_gap", about=(), kind="auc" if kind == "auc" else "paired", a=sides[0], b=sides[1], speakers=()
    )


def test_ranks_are_shares_of_the_others_below_with_ties_counted_half() -> None:
    # of 3, 1, 3, 7: above 3 of the others lie none of 1 but one below and one equal -> (1 + .5) / 3
    assert np.allclose(ranks_above(np.array([[3.0], [1.0], [3.0], [7.0]]))[:, 0], [0.5, 0.0, 0.5, 1.0])


def test_clusters_weigh_the_same_however_many_wordings_they_have() -> None:
    above = np.array([[0.0], [1.0], [0.4], [0.1]])
    gap = contrast("paired", {0: "x", 1: "x", 2: "y"}, {3: "x"})
    assert statistic(above, gap)[0] == pytest.approx((0.0 + 1.0) / 2 - 0.1)  # y has no partner


@given(st.lists(st.floats(-5, 5), min_size=18, max_size=18), st.integers(0, 10_000))
def test_order_is_all_that_counts(values: list[float], seed: int) -> None:
    column = np.array(values)[:, None]
    area = contrast("auc", {i: f"a{i}" for i in range(9)}, {i: f"b{i}" for i in range(9, 18)})
    bent = np.arctan(column) * 3 + np.sign(column) * column**2
    assert (
        statistic(ranks_above(np.round(bent, 9)), area)
        == pytest.approx(statistic(ranks_above(np.round(column, 9)), area), abs=0.06)
        or np.unique(np.round(bent, 9)).size != np.unique(np.round(column, 9)).size
    )


def test_the_area_is_that_of_mann_and_whitney() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(30, 4))
    area = contrast("auc", {i: f"a{i}" for i in range(12)}, {i: f"b{i}" for i in range(12, 30)})
    u = [scipy_stats.mannwhitneyu(values[:12, j], values[12:, j]).statistic / (12 * 18) for j in range(4)]
    assert np.allclose(statistic(ranks_above(values), area), u)


def test_the_paired_p_is_that_of_a_t_test_on_cluster_means() -> None:
    rng = np.random.default_rng(4)
    above = rng.random(20)
    gap = contrast("paired", {i: f"c{i}" for i in range(10)}, {i + 10: f"c{i}" for i in range(10)})
    ours = two_sided(effect_of_contrast(above, gap, about=()), centre=0.0)
    assert ours == pytest.approx(scipy_stats.ttest_rel(above[:10], above[10:]).pvalue, rel=1e-6)


def test_the_rank_among_random_directions_counts_both_signs_and_itself() -> None:
    null = np.array([0.1, 0.4, 0.6, 0.95])
    assert rank_among(0.9, null, centre=0.5) == pytest.approx(3 / 5)  # .1 and .95 are at least as far, and itself
    assert rank_among(0.99, null, centre=0.5) == pytest.approx(1 / 5)


def test_sides_without_prompts_are_not_compared_and_have_no_p() -> None:
    assert not comparable(contrast("auc", {}, {0: "x"}))
    assert not comparable(contrast("paired", {0: "x"}, {1: "y"}))
    assert two_sided(NotEstimable(name="", reason="too_few", detail=""), centre=0.0) == 1.0
