import numpy as np
import pytest
from scipy import optimize

from goodheart.conduct.carried import game_episodes
from goodheart.conduct.episode import Played
from goodheart.conduct.logistic import fit_curve
from goodheart.conduct.simulate import Actor, perform
from goodheart.conduct.wager import game_counts, game_findings
from goodheart.items.conduct_items import public_conduct_items
from goodheart.records import Estimate, Finding, NotEstimable

GAME = game_episodes(public_conduct_items(), repeats=30)


def played(actor: Actor) -> tuple[Played, ...]:
    return perform(actor, GAME, others={}, seed=4)


def by_name(found: tuple[Finding, ...], name: str, to: str, side: str = "pain") -> Finding:
    return next(one for one in found if one.name == name and one.about == (("side", side), ("to", to)))


def test_the_game_says_that_it_is_one_and_has_a_control_without_pain() -> None:
    assert all(public_conduct_items().game.truth in one.opening for one in GAME)
    assert len({one.id for one in GAME}) == 4 * 2 * 5 + 1


def test_a_planted_price_is_recovered_and_the_controls_have_none() -> None:
    found = game_findings(played(Actor(pain_weight=1.0)))
    slope = by_name(found, "price_slope", "self")
    assert isinstance(slope, Estimate)
    assert slope.low < -1.0 < slope.high
    switch = by_name(found, "price_switch", "self")
    assert isinstance(switch, Estimate)
    assert switch.low < 2.0 < switch.high
    beyond = by_name(found, "price_slope_beyond_nonsense", "self")
    assert isinstance(beyond, Estimate)
    assert beyond.high < 0
    for control in ("nonsense", "user", "other_ai"):
        other = by_name(found, "price_slope", control)
        assert isinstance(other, NotEstimable) or other.low < 0 < other.high


def test_a_curve_that_does_not_cross_a_half_has_no_switch_point() -> None:
    found = game_findings(played(Actor(pain_weight=0.2)))
    switch = by_name(found, "price_switch", "self")
    assert isinstance(switch, NotEstimable)
    assert "nothing is extrapolated" in switch.detail
    assert switch.point is None


def test_unreadable_answers_make_no_curve_and_are_counted() -> None:
    games = played(Actor(habit="unparsable"))
    assert dict(game_counts(games)) == {"unreadable": len(GAME)}
    assert all(isinstance(one, NotEstimable) for one in game_findings(games))


def test_the_curve_is_the_maximum_of_the_penalised_likelihood_and_finite_under_separation() -> None:
    x = np.repeat(np.arange(1.0, 6.0), 4)
    y = (x < 3).astype(np.float64)
    curve = fit_curve(x, y)

    def negative(beta: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        eta = beta[0] + beta[1] * x
        p = 1 / (1 + np.exp(-eta))
        design = np.column_stack([np.ones_like(x), x])
        information = design.T @ ((p * (1 - p))[:, None] * design)
        return -float((y * eta - np.logaddexp(0, eta)).sum() + 0.5 * np.linalg.slogdet(information)[1])

    best = optimize.minimize(negative, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert curve.converged
    assert curve.slope < 0
    assert [curve.intercept, curve.slope] == pytest.approx(list(best.x), abs=1e-3)
