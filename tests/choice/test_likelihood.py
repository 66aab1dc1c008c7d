"""Probabilities by hand, and derivatives against differences."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from goodheart.choice.likelihood import Likelihood, davidson, luce, thurstone
from goodheart.choice.tally import Tally

Floats = NDArray[np.float64]


def counts(outcome: str | None, *, n: int = 1, offered: bool = False, decisive: bool = False) -> Tally:
    """N rows with one outcome each, or with some of all."""
    columns = {f"n_{name}": np.full(n, 1.0 if outcome == name else 0.0) for name in ("left", "right", "tie", "opt_out")}
    if outcome is None:
        rng = np.random.default_rng(3)
        columns = {name: rng.integers(0, 4, n).astype(np.float64) for name in columns}
        columns["n_opt_out"] *= offered
    zeros = np.zeros(n, dtype=np.int64)
    return Tally(
        n_items=2,
        left=zeros,
        right=zeros + 1,
        context=zeros,
        wording=zeros,
        offered=np.full(n, offered),
        decisive=np.full(n, decisive),
        squares=np.zeros(n),
        **columns,
    )


def probability(likelihood: Likelihood, outcome: str, of: tuple[float, ...], *, offered: bool = False) -> float:
    found = likelihood(counts(outcome, offered=offered), tuple(np.array([x]) for x in of))
    return float(np.exp(-found.loss))


def test_davidsons_probabilities_are_shares_of_three_weights() -> None:
    # d = log 4, tie weight 1/2: left 2, right 1/2, tie 1/2, in all 3.
    of = (np.log(4), np.log(0.5))
    found = [probability(davidson, outcome, of) for outcome in ("left", "right", "tie")]
    assert found == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_opting_out_weighs_one_beside_the_items() -> None:
    # a = log 3, c = log 1/3, tie weight 1/2 * sqrt(3 * 1/3) = 1/2, opting out 1: in all 29/6.
    of = (np.log(3), np.log(1 / 3), np.log(0.5))
    found = [probability(luce, outcome, of, offered=True) for outcome in ("left", "right", "tie", "opt_out")]
    assert found == pytest.approx([18 / 29, 2 / 29, 3 / 29, 6 / 29])


def test_without_the_offer_both_forms_agree() -> None:
    for outcome in ("left", "right", "tie"):
        assert probability(luce, outcome, (1.5, 0.3, -0.4)) == pytest.approx(
            probability(davidson, outcome, (1.2, -0.4))
        )


def test_thurstones_probabilities_are_areas_under_the_normal_curve() -> None:
    found = [probability(thurstone, outcome, (0.8, 0.3)) for outcome in ("left", "right", "tie")]
    normal = stats.norm()
    assert found == pytest.approx([normal.cdf(0.5), normal.cdf(-1.1), normal.cdf(1.1) - normal.cdf(0.5)])


def test_a_choice_that_could_be_no_tie_is_plain_bradley_terry() -> None:
    tally = counts("left", decisive=True)
    found = davidson(tally, (np.array([0.7]), np.array([2.0])))
    assert np.exp(-found.loss) == pytest.approx(1 / (1 + np.exp(-0.7)))
    assert found.gradient[1][0] == 0


@pytest.mark.parametrize(
    ("likelihood", "n_predictors", "offered"), [(davidson, 2, False), (luce, 3, True), (thurstone, 2, False)]
)
def test_derivatives_agree_with_differences(likelihood: Likelihood, n_predictors: int, offered: bool) -> None:
    rng = np.random.default_rng(0)
    n, h = 12, 1e-5
    tally = counts(None, n=n, offered=offered)
    base = [rng.normal(0, 1.5, n) for _ in range(n_predictors - 1)] + [rng.uniform(0.2, 1.0, n)]

    def at(*shifts: tuple[int, float]) -> tuple[Floats, ...]:
        return tuple(x + sum(by for which, by in shifts if which == place) for place, x in enumerate(base))

    found = likelihood(tally, at())
    for x in range(n_predictors):
        up, down = likelihood(tally, at((x, h))), likelihood(tally, at((x, -h)))
        assert found.gradient[x].sum() == pytest.approx((up.loss - down.loss) / (2 * h), rel=1e-5, abs=1e-5)
        for y in range(x, n_predictors):
            slope = (up.gradient[y] - down.gradient[y]) / (2 * h)
            assert found.hessian[x, y] == pytest.approx(slope, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("likelihood", [davidson, thurstone])
def test_far_gaps_stay_finite(likelihood: Likelihood) -> None:
    found = likelihood(counts(None, n=4), (np.array([-40.0, 40.0, -12.0, 12.0]), np.full(4, 0.5)))
    assert np.isfinite(found.loss)
    assert all(np.isfinite(part).all() for part in (*found.gradient, *found.hessian.values()))
