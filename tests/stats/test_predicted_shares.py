"""Shares of the variance between clusters that others predict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import estimate_predicted_shares, prepare_share_draws
from goodheart.stats.arguments import FloatArray
from goodheart.stats.coverage import FAMILIES
from goodheart.stats.coverage_cell import Simulation

DRAWS = prepare_share_draws(n_draws=400, rng=np.random.default_rng(1))
NAMES = ("covariate", "measures", "rest")


def split(outcome: FloatArray, covariate: FloatArray, measures: FloatArray) -> tuple[Finding, Finding, Finding]:
    return estimate_predicted_shares(
        names=NAMES, outcome=outcome, covariate=covariate, measures=measures, draws=DRAWS, level=0.95
    )


def values(found: tuple[Finding, ...]) -> list[float]:
    assert all(isinstance(one, Estimate) for one in found), found
    return [one.value for one in found if isinstance(one, Estimate)]


def both(column: FloatArray) -> FloatArray:
    """The same value in two wordings."""
    return np.stack([column, column], axis=1)


def test_without_errors_the_parts_are_those_of_adjusted_regressions() -> None:
    # y = m + x, both wordings alike: nothing within, so that variances between clusters are plain ones. With S_yy the
    # sum of squares of y, S_yy|m after regression on m and S_yy|mx = 0 after both:
    # covariate = S_yy / 15 - S_yy|m / 14, measures = S_yy|m / 14 - 0, over their sum.
    rng = np.random.default_rng(3)
    m, x = rng.normal(size=(2, 16))
    y = m + x
    total = ((y - y.mean()) ** 2).sum()
    after = total * (1 - np.corrcoef(y, m)[0, 1] ** 2)
    expected = [total / 15 - after / 14, after / 14, 0.0]
    found = split(both(y), both(m), both(x)[..., None])
    assert values(found) == pytest.approx([part / (total / 15) for part in expected], abs=1e-9)


@given(st.integers(0, 10_000), st.floats(0.5, 3), st.floats(-5, 5))
def test_parts_sum_to_one_lie_in_their_intervals_and_do_not_heed_the_scale(
    seed: int, scale: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    outcome, covariate = rng.normal(size=(14, 1)) + 0.3 * rng.normal(size=(14, 2)), rng.normal(size=(14, 2))
    measures = outcome[..., None] * 0.5 + rng.normal(size=(14, 2, 2))
    found = split(outcome, covariate, measures)
    if isinstance(found[0], Estimate):
        assert sum(values(found)) == pytest.approx(1)
        assert all(0 <= one.low <= one.value <= one.high <= 1 for one in found if isinstance(one, Estimate))
        assert values(split(shift + scale * outcome, covariate - shift, scale * measures)) == pytest.approx(
            values(found)
        )


def test_noise_in_the_measures_does_not_make_the_outcome_specific() -> None:
    rng = np.random.default_rng(5)
    state = rng.normal(size=(400, 1))
    outcome, measure = (state + 0.7 * rng.normal(size=(400, 2)) for _ in range(2))
    found = split(outcome, rng.normal(size=(400, 2)), measure[..., None])
    assert values(found)[2] < 0.05
    naive = float(1 - np.corrcoef(outcome.mean(axis=1), measure.mean(axis=1))[0, 1] ** 2)
    assert naive > 0.3


def test_measures_that_do_not_vary_leave_open_what_they_predict() -> None:
    rng = np.random.default_rng(6)
    outcome = rng.normal(size=(18, 1)) + 0.1 * rng.normal(size=(18, 2))
    found = split(outcome, rng.normal(size=(18, 2)), 0.1 * rng.normal(size=(18, 2, 2)))
    assert isinstance(found[2], Estimate)
    assert found[2].low == 0


def test_data_that_cannot_carry_it_get_no_shares() -> None:
    rng = np.random.default_rng(7)
    ok = rng.normal(size=(14, 2))

    def reason(n: int, wordings: int, outcome: FloatArray) -> str:
        one = split(outcome[:n, :wordings], ok[:n, :wordings], np.zeros((n, wordings, 0)))[0]
        assert isinstance(one, NotEstimable)
        return one.reason

    assert reason(11, 2, ok) == "too_few"
    assert reason(14, 1, ok) == "not_asked"
    assert reason(14, 2, np.full((14, 2), 3.0)) == "no_variation"
    alone = np.zeros((14, 2))
    alone[0] = 5.0
    assert reason(14, 2, alone) == "not_covered"


def test_shapes_that_do_not_belong_together_are_a_mistake_of_ours() -> None:
    with pytest.raises(InternalError, match="cell by cell"):
        split(np.zeros((14, 2)), np.zeros((14, 3)), np.zeros((14, 2, 1)))
    with pytest.raises(InternalError, match="cell by cell"):
        split(np.zeros((14, 2)), np.zeros((14, 2)), np.zeros((14, 2, 3)))


@pytest.mark.slow
@pytest.mark.parametrize("n", [12, 18])
def test_intervals_of_shares_cover_at_least_as_often_as_promised(n: int) -> None:
    simulation = Simulation(shape="skewed", n_clusters=n, n_runs=300, level=0.95)
    for cell in FAMILIES["shares"](simulation, np.random.default_rng(n)):
        assert cell.coverage > 0.93 - 3 * (0.93 * 0.07 / 300) ** 0.5, cell
