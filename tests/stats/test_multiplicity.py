import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from goodheart.errors import InternalError
from goodheart.stats import adjusted_level_for, benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=20)


def test_holm_by_hand() -> None:
    # Sorted .01, .03, .04 times 3, 2, 1 gives .03, .06, .04; never falling: .03, .06, .06.
    assert holm(p_values=[0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_benjamini_hochberg_by_hand() -> None:
    # Sorted .01, .03, .04 times 3/1, 3/2, 3/3 gives .03, .045, .04; from the top never rising: .03, .04, .04.
    assert benjamini_hochberg(p_values=[0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])


@settings(max_examples=25)
@given(P_VALUES)
def test_both_agree_with_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values=p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert benjamini_hochberg(p_values=p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_adjusted_levels_by_hand() -> None:
    # .001 is tested at .05/3 and claimed, .03 at .05/2 and not: it and the rest stay there.
    assert adjusted_level_for(p_values=[0.2, 0.001, 0.03], alpha=0.05) == pytest.approx([0.025, 0.05 / 3, 0.025])


@given(P_VALUES, st.floats(min_value=0.001, max_value=0.5))
def test_the_adjusted_level_claims_exactly_what_holm_claims(p_values: list[float], alpha: float) -> None:
    adjusted = holm(p_values=p_values)
    levels = adjusted_level_for(p_values=p_values, alpha=alpha)
    clear = np.abs(adjusted - alpha) > 1e-12
    assert ((np.array(p_values) <= levels) == (adjusted <= alpha))[clear].all()
    assert ((levels >= alpha / len(p_values) - 1e-15) & (levels <= alpha)).all()


def test_an_empty_family_is_empty() -> None:
    assert holm(p_values=[]).size == 0
    assert adjusted_level_for(p_values=[], alpha=0.05).size == 0


def test_a_test_statistic_is_no_p_value() -> None:
    with pytest.raises(InternalError, match="not test statistics"):
        holm(p_values=[0.2, 2.3])
