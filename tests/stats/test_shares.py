from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Effect, Sample, estimate_from_effect
from goodheart.stats.effect import p_above, p_below
from goodheart.stats.pivots import Student
from goodheart.stats.shares import (
    effect_difference_of_shares,
    effect_difference_of_shares_stratified,
    effect_mean_padded,
)

ANSWERS = st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=12)


def difference(a: Sample, b: Sample, *, edge: float = 0.1) -> Effect:
    found = effect_difference_of_shares(name="d", a=a, b=b, low=0.0, high=1.0, edge=edge, unit="share")
    assert isinstance(found, Effect)
    return found


def arm(values: list[float], prefix: str, each: int) -> Sample:
    return Sample(values=values, clusters=[f"{prefix}{place // each}" for place in range(len(values))])


def estimate(effect: Effect) -> Estimate:
    found = estimate_from_effect(effect=effect, level=0.9)
    assert isinstance(found, Estimate)
    return found


def test_a_hand_computed_floor() -> None:
    # Nothing varies: 10 zeros with a 0 and a 1 added have mean 1/12 and variance 11/144; over 12 replies 11/1728.
    # At the edge .1 against 0: .1 * .9 / 10 = .009, which is less than 2 * 11/1728 = .0127.
    found = estimate(difference(arm([0.0] * 10, "a", 2), arm([0.0] * 10, "b", 2)))
    assert found.value == 0.0
    # Welch's degrees of freedom of equal arms with 5 clusters are 8, and t(.95; 8) is 1.860.
    assert found.high == pytest.approx(1.860 * (2 * 11 / 1728) ** 0.5, rel=1e-3)


def test_replies_that_all_agree_within_clusters_count_as_clusters() -> None:
    rng = np.random.default_rng(0)
    whole = np.repeat(rng.random(20) < 0.5, 10).astype(float).tolist()
    single = (rng.random(200) < np.mean(whole)).astype(float).tolist()
    zeros = arm([0.0] * 200, "b", 10)
    wide, narrow = (estimate(difference(arm(values, "a", 10), zeros)) for values in (whole, single))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


@given(
    st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=12),
    st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=12),
)
def test_a_difference_against_itself_is_nothing_and_swapped_arms_negate(a: list[float], b: list[float]) -> None:
    same = estimate(difference(arm(a, "a", 3), arm(a, "a", 3)))
    assert same.value == 0
    assert same.low == pytest.approx(-same.high)
    there, back = (
        estimate(difference(*pair)) for pair in ((arm(a, "a", 3), arm(b, "b", 3)), (arm(b, "b", 3), arm(a, "a", 3)))
    )
    assert there.value == pytest.approx(-back.value)


def test_empty_and_single_clusters_are_refused() -> None:
    ok, one, none = arm([0.0, 1.0], "a", 1), arm([1.0], "b", 1), Sample(values=[], clusters=[])
    reasons = [
        effect_difference_of_shares(name="d", a=a, b=ok, low=0, high=1, edge=0.1, unit="share") for a in (none, one)
    ]
    assert [one.reason for one in reasons if isinstance(one, NotEstimable)] == ["too_few", "one_cluster"]
    single = effect_mean_padded(name="m", sample=one, low=0, high=1, edge=0.1, unit="share")
    assert isinstance(single, NotEstimable)
    assert single.reason == "one_cluster"


def stratified(*strata: tuple[Sample, Sample]) -> Effect | NotEstimable:
    return effect_difference_of_shares_stratified(name="d", strata=strata, low=0.0, high=1.0, edge=0.1, unit="share")


@given(ANSWERS, ANSWERS, st.booleans())
def test_one_stratum_is_the_difference_itself(a: list[float], b: list[float], shared: bool) -> None:
    arms = arm(a, "a", 3), arm(b, "a" if shared else "b", 3)
    assert stratified(arms) == difference(*arms)


def test_strata_are_weighed_as_by_mantel_and_haenszel() -> None:
    # Differences 1/2 - 1/4 of 8 and 8 replies, 1 - 1/2 of 4 and 12: weights 8 * 8 / 16 = 4 and 4 * 12 / 16 = 3.
    even = arm([1.0, 0.0] * 4, "a", 2), arm([1.0, 0.0, 0.0, 0.0] * 2, "b", 2)
    uneven = arm([1.0] * 4, "c", 2), arm([1.0, 0.0] * 6, "d", 3)
    found = stratified(even, uneven)
    assert isinstance(found, Effect)
    assert estimate(found).value == pytest.approx((4 * 0.25 + 3 * 0.5) / 7)


def test_variances_of_strata_add_with_the_squares_of_their_weights() -> None:
    # All of a cluster agrees and means are a half: what was seen is more than at the edge and more than the floor.
    even = arm([1.0, 1.0, 0.0, 0.0] * 4, "a", 2), arm([1.0, 1.0, 0.0, 0.0] * 4, "b", 2)
    uneven = arm([1.0] * 4 + [0.0] * 4, "c", 2), arm([1.0, 1.0, 0.0, 0.0] * 6, "d", 2)
    effects = stratified(even, uneven), difference(*even), difference(*uneven)
    pivots = [one.pivot for one in effects if isinstance(one, Effect)]
    errors = [one.stderr for one in pivots if isinstance(one, Student)]
    # 16 * 16 / 32 = 8 and 8 * 24 / 32 = 6.
    assert errors[0] == pytest.approx(np.hypot(8 / 14 * errors[1], 6 / 14 * errors[2]))


def test_a_stratum_that_is_hedged_more_and_bad_more_often_makes_no_difference() -> None:
    often = arm([1.0, 1.0, 1.0, 0.0] * 15, "a", 4), arm([1.0, 1.0, 1.0, 0.0] * 2, "b", 4)
    seldom = arm([1.0, 0.0, 0.0, 0.0] * 3, "c", 4), arm([1.0, 0.0, 0.0, 0.0] * 14, "d", 4)
    found = stratified(often, seldom)
    assert isinstance(found, Effect)
    assert estimate(found).value == pytest.approx(0.0)
    thrown_together = difference(
        *(
            Sample(values=[*a.values, *b.values], clusters=[*a.clusters, *b.clusters])
            for a, b in zip(often, seldom, strict=True)
        )
    )
    assert estimate(thrown_together).value > 0.3


def test_a_stratum_without_both_arms_does_not_count() -> None:
    full = arm([1.0, 0.0] * 4, "a", 2), arm([1.0, 0.0] * 4, "b", 2)
    none, single = Sample(values=[], clusters=[]), arm([1.0, 1.0], "e", 2)
    assert stratified(full, (none, arm([1.0] * 4, "c", 2)), (single, arm([0.0] * 4, "d", 2))) == stratified(full)
    found = stratified((none, full[0]), (full[1], single))
    assert isinstance(found, NotEstimable)
    assert found.reason == "too_few"


def test_differences_that_are_all_zero_still_have_an_interval() -> None:
    found = effect_mean_padded(name="m", sample=arm([0.0] * 36, "a", 2), low=-4.0, high=4.0, edge=0.5, unit="points")
    assert isinstance(found, Effect)
    shown = estimate(found)
    assert shown.low < 0 < shown.high < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    ("n", "each", "spread", "own", "other"),
    [(18, 6, 0.1, 0.15, 0.05), (18, 6, 0.1, 0.5, 0.6), (36, 10, 0.1, 0.1, 0.0), (18, 10, 0.3, 0.4, 0.3)],
)
def test_at_the_edge_neither_answer_is_given_too_often(
    n: int, each: int, spread: float, own: float, other: float, shared: bool
) -> None:
    rng = np.random.default_rng(3)

    def once() -> Effect | NotEstimable:
        a, b = (drawn(rng, one, n, each, spread) for one in (own, other))
        return difference(arm(a, "a", each), arm(b, "a" if shared else "b", each))

    never_too_often(once, edge=own - other)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sizes", "spread", "shares"),
    [
        (((8, 32, 8, 32), (8, 12, 3, 10)), 0.02, ((0.2, 0.1), (0.3, 0.2))),
        (((8, 32, 8, 32), (12, 14, 0, 0)), 0.1, ((0.1, 0.2), (0.4, 0.4))),
        (((8, 32, 8, 32), (18, 8, 18, 8)), 0.1, ((0.5, 0.4), (0.25, 0.15))),
    ],
)
def test_at_the_edge_strata_give_neither_answer_too_often(
    sizes: tuple[tuple[int, ...], ...], spread: float, shares: tuple[tuple[float, float], ...]
) -> None:
    rng = np.random.default_rng(11)

    def once() -> Effect | NotEstimable:
        strata = []
        for place, ((n_a, each_a, n_b, each_b), (own, other)) in enumerate(zip(sizes, shares, strict=True)):
            a, b = drawn(rng, own, n_a, each_a, spread), drawn(rng, other, n_b, each_b, spread)
            strata.append((arm(a, f"a{place}", each_a), arm(b, f"b{place}", max(each_b, 1))))
        return stratified(*strata)

    never_too_often(once, edge=shares[0][0] - shares[0][1])


def drawn(rng: np.random.Generator, share: float, n: int, each: int, spread: float) -> list[float]:
    """Draw replies of n clusters whose shares lie around one, with an intraclass correlation."""
    size = 1 / spread - 1
    rates = rng.beta(share * size, (1 - share) * size, n) if 0 < share < 1 else np.full(n, share)
    values: list[float] = (rng.random((n, each)) < rates[:, None]).astype(float).ravel().tolist()
    return values


def never_too_often(once: Callable[[], Effect | NotEstimable], *, edge: float, runs: int = 1000) -> None:
    """Say that at the edge neither `holds` nor `fails` comes in more than 5% of runs."""
    inside = outside = 0
    for _ in range(runs):
        effect = once()
        assert isinstance(effect, Effect)
        low, high = p_below(effect=effect, bound=edge), p_above(effect=effect, bound=edge)
        near, far = (low, high) if edge > 0 else (high, low)
        inside += near <= 0.05
        outside += far <= 0.05
    # Three standard errors of a share of 5% in 1,000 runs, and one point for the skew that sources.py admits.
    assert inside / runs <= 0.05 + 0.0207 + 0.01
    assert outside / runs <= 0.05 + 0.0207 + 0.01
