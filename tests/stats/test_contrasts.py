import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from goodheart.errors import InternalError
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import (
    Sample,
    estimate_contrast_independent,
    estimate_contrast_paired,
    estimate_difference_in_differences,
)
from tests.stats.cases import LEVEL, SEEDS, SHIFTS, ratings


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def sample(values: object, clusters: list[str]) -> Sample:
    return Sample(values=np.asarray(values, dtype=float), clusters=clusters)


def test_paired_by_hand() -> None:
    # Gaps: x 4 - 2 = 2, y 4 - 3 = 1; z has no partner. Mean 1.5, sd 0.70711, stderr 0.5, t(1) = 12.7062.
    a = sample([3, 5, 4], ["x", "x", "y"])
    b = sample([2, 2, 4, 1], ["x", "y", "y", "z"])
    found = known(estimate_contrast_paired(name="g", a=a, b=b, level=LEVEL, unit="points"))
    assert found.value == 1.5
    assert found.high == pytest.approx(1.5 + 12.7062 * 0.5, abs=1e-4)
    assert (found.n, found.n_clusters, found.method) == (6, 2, "t_paired_clusters")


def test_paired_agrees_with_scipy() -> None:
    values, clusters = ratings(seed=3, n_clusters=12, n_each=1)
    other = values + np.random.default_rng(4).standard_normal(12)
    found = known(
        estimate_contrast_paired(
            name="g", a=sample(values, clusters), b=sample(other, clusters), level=LEVEL, unit="points"
        )
    )
    expected = stats.ttest_rel(values, other).confidence_interval(LEVEL)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_independent_agrees_with_scipys_welch() -> None:
    values, clusters = ratings(seed=5, n_clusters=18, n_each=1)
    other, others = ratings(seed=6, n_clusters=12, n_each=1)
    found = known(
        estimate_contrast_independent(
            name="g",
            a=sample(values, clusters),
            b=sample(3 * other, [f"n{c}" for c in others]),
            level=LEVEL,
            unit="points",
        )
    )
    expected = stats.ttest_ind(values, 3 * other, equal_var=False).confidence_interval(LEVEL)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.n_clusters == 30


def test_difference_in_differences_is_welch_on_the_gaps() -> None:
    rng = np.random.default_rng(7)
    gaps, reference = rng.standard_normal(18) + 1, 2 * rng.standard_normal(12)
    first = [f"c{k}" for k in range(18)]
    second = [f"n{k}" for k in range(12)]
    base, low = rng.standard_normal(18), rng.standard_normal(12)
    found = known(
        estimate_difference_in_differences(
            name="d",
            first=(sample(base + gaps, first), sample(base, first)),
            second=(sample(low + reference, second), sample(low, second)),
            level=LEVEL,
            unit="points",
        )
    )
    expected = stats.ttest_ind(gaps, reference, equal_var=False).confidence_interval(LEVEL)
    assert found.value == pytest.approx(gaps.mean() - reference.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert (found.n, found.n_clusters, found.method) == (60, 30, "t_welch_gaps")


@given(seed=SEEDS, shift=SHIFTS)
def test_a_constant_added_to_both_arms_changes_nothing_and_swapping_them_negates(seed: int, shift: float) -> None:
    values, clusters = ratings(seed=seed, n_clusters=8, n_each=2)
    other, _ = ratings(seed=seed + 1, n_clusters=8, n_each=2)

    def contrast(a: object, b: object) -> Estimate:
        return known(
            estimate_contrast_paired(name="g", a=sample(a, clusters), b=sample(b, clusters), level=LEVEL, unit="points")
        )

    plain, moved, swapped = contrast(values, other), contrast(values + shift, other + shift), contrast(other, values)
    assert (moved.value, moved.low, moved.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-8)
    assert (swapped.value, swapped.low, swapped.high) == pytest.approx((-plain.value, -plain.high, -plain.low))


def test_equal_differences_are_no_variation_even_after_rounding() -> None:
    clusters = [f"c{k}" for k in range(9)]
    values = np.linspace(1, 7, 9)
    found = estimate_contrast_paired(
        name="g", a=sample(values + 0.1, clusters), b=sample(values, clusters), level=LEVEL, unit="points"
    )
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"
    assert "0.1 points" in found.detail


def test_arms_without_a_common_cluster_are_too_few() -> None:
    found = estimate_contrast_paired(
        name="g", a=sample([1, 2], ["a", "b"]), b=sample([1, 2], ["c", "d"]), level=LEVEL, unit="points"
    )
    assert isinstance(found, NotEstimable)
    assert found.reason == "too_few"


def test_one_set_without_spread_is_data_and_two_are_not() -> None:
    flat, moving = sample([2, 2, 2], ["a", "b", "c"]), sample([1, 2, 4], ["d", "e", "f"])
    other = sample([3, 3], ["g", "h"])
    known(estimate_contrast_independent(name="g", a=flat, b=moving, level=LEVEL, unit="points"))
    found = estimate_contrast_independent(name="g", a=flat, b=other, level=LEVEL, unit="points")
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"


def test_a_single_cluster_on_one_side_is_not_enough() -> None:
    found = estimate_contrast_independent(
        name="g", a=sample([1], ["a"]), b=sample([1, 2], ["b", "c"]), level=LEVEL, unit="points"
    )
    assert isinstance(found, NotEstimable)
    assert found.reason == "one_cluster"


def test_sets_that_share_a_cluster_are_sent_to_the_paired_contrast() -> None:
    with pytest.raises(InternalError, match="estimate_contrast_paired"):
        estimate_contrast_independent(
            name="g", a=sample([1, 2], ["a", "b"]), b=sample([1, 2], ["b", "c"]), level=LEVEL, unit="points"
        )
