"""Fieller's ratio: hand arithmetic, its laws, and agreement of bounds with p-values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.stats.ratio import Ratio, estimate_from_ratio, ratio_bound, ratio_of, ratio_p_above, ratio_p_below
from goodheart.stats.student import TStatistic


def ratio(d: float = 1.0, s: float = 0.5, u: float = 2.0, v: float = 0.0, *, df: float = np.inf) -> Ratio:
    return Ratio(
        numerator=d, numerator_stderr=s, numerator_df=df, denominator=u, denominator_stderr=v, denominator_df=df
    )


def test_with_a_constant_denominator_it_is_the_numerators_interval_divided() -> None:
    # 1/2 -+ 1.645 * 0.5 / 2
    assert ratio_bound(ratio=ratio(), alpha=0.05, side=-1) == pytest.approx(0.5 - 1.6448536 * 0.25)
    assert ratio_bound(ratio=ratio(), alpha=0.05, side=1) == pytest.approx(0.5 + 1.6448536 * 0.25)


def test_by_hand_with_an_uncertain_denominator() -> None:
    # q = 1.6448536**2 = 2.705543; U^2 - q u^2 = 4 - 2.705543 * 0.16 = 3.567113; D U = 2; D^2 - q s^2 = 0.3236142
    found = ratio(v=0.4)
    middle, rest = 2 / 3.567113, 0.3236142 / 3.567113
    half = np.sqrt(middle**2 - rest)
    assert ratio_bound(ratio=found, alpha=0.05, side=-1) == pytest.approx(middle - half, abs=1e-5)
    assert ratio_bound(ratio=found, alpha=0.05, side=1) == pytest.approx(middle + half, abs=1e-5)


def test_without_a_sure_denominator_there_is_no_bound() -> None:
    assert ratio_bound(ratio=ratio(v=1.5), alpha=0.05, side=-1) == -np.inf
    assert ratio_bound(ratio=ratio(v=1.5), alpha=0.05, side=1) == np.inf


@given(
    d=st.floats(-3, 3),
    s=st.floats(0.05, 1),
    u=st.floats(1, 5),
    share=st.floats(0, 0.2),
    alpha=st.sampled_from([0.01, 0.025, 0.05]),
)
def test_a_bound_is_where_the_p_value_is_alpha(d: float, s: float, u: float, share: float, alpha: float) -> None:
    found = ratio(d, s, u, share * u, df=12.0)
    low, high = (ratio_bound(ratio=found, alpha=alpha, side=side) for side in (-1, 1))
    assert low < found.value < high
    assert ratio_p_above(ratio=found, bound=low) == pytest.approx(alpha, rel=1e-6)
    assert ratio_p_below(ratio=found, bound=high) == pytest.approx(alpha, rel=1e-6)


@given(d=st.floats(-3, 3), s=st.floats(0.05, 1), share=st.floats(0, 0.2), factor=st.floats(0.1, 10))
def test_units_cancel_and_signs_turn(d: float, s: float, share: float, factor: float) -> None:
    found = ratio(d, s, 2.0, share * 2, df=9.0)
    scaled = ratio(factor * d, factor * s, factor * 2, factor * share * 2, df=9.0)
    turned = ratio(-d, s, 2.0, share * 2, df=9.0)
    low = ratio_bound(ratio=found, alpha=0.05, side=-1)
    assert ratio_bound(ratio=scaled, alpha=0.05, side=-1) == pytest.approx(low, abs=1e-9)
    assert ratio_bound(ratio=turned, alpha=0.05, side=1) == pytest.approx(-low, abs=1e-9)


def test_a_ratio_of_statistics_keeps_what_they_rest_on() -> None:
    found = ratio_of(numerator=statistic(1.0, 0.5, 17), denominator=statistic(2.0, 0.0, 14))
    assert (found.value, found.numerator_df, found.denominator_df) == (0.5, 17, np.inf)
    estimate = estimate_from_ratio(
        name="movement", about=(), ratio=found, level=0.95, unit="distances", n=36, n_clusters=36
    )
    # t(17) at .975 is 2.109816
    assert (estimate.low, estimate.high) == pytest.approx((0.5 - 2.109816 * 0.25, 0.5 + 2.109816 * 0.25), abs=1e-5)


@pytest.mark.parametrize(("stderr", "denominator"), [(0.0, 2.0), (0.5, 0.0), (0.5, -1.0)])
def test_what_has_no_spread_or_no_unit_is_refused(stderr: float, denominator: float) -> None:
    with pytest.raises(InternalError, match="a spread and a denominator above 0"):
        ratio_of(numerator=statistic(1.0, stderr, 17), denominator=statistic(denominator, 0.1, 14))


def statistic(value: float, stderr: float, df: float) -> TStatistic:
    return TStatistic(value=np.asarray(value), stderr=np.asarray(stderr), df=np.asarray(df))
