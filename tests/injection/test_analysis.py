"""The analysis, on respondents whose truth is set; no model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.injection import simulate
from goodheart.injection.asymmetry import Asymmetry, asymmetry_of, bound_of
from goodheart.injection.findings import self_specific
from goodheart.injection.null_band import changes, rank_p, ranked
from goodheart.injection.responses import Responses
from goodheart.injection.simulate import FILTERED, HONEST, TEXT_ONLY, UNEVEN, UNMOVED, Simulated, simulate_responses
from goodheart.injection.slopes import slopes_of
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import estimate_from_effect, natural_value

RUNS = 100


def draws(respondent: Simulated, *, n_nulls: int = 39, tested: bool = True, runs: int = RUNS) -> list[Responses]:
    return [
        simulate_responses(respondent, rng=np.random.default_rng([7, seed]), n_nulls=n_nulls, tested=tested)
        for seed in range(runs)
    ]


def moved(run: Responses) -> tuple[bool, bool]:
    up, down = (ranked(changes(run, "rating.self", k), place=0, nulls=run.nulls) for k in (0.2, -0.2))
    return up.p_up <= 0.05, down.p_down <= 0.05


def verdict_on_asymmetry(run: Responses) -> tuple[bool, bool]:
    """Whether up and down are shown to differ by more than a quarter, and by less, one-sided at .05."""
    found = asymmetry_of(run, "valence")
    assert isinstance(found, Asymmetry)
    estimate = estimate_from_effect(effect=found.difference, level=0.9)
    if not isinstance(estimate, Estimate):
        return False, False
    bound = bound_of(0.25)
    return estimate.low > bound or estimate.high < -bound, -bound < estimate.low and estimate.high < bound


def test_a_rank_counts_the_observed_value_among_the_draws() -> None:
    null = np.array([0.1, 0.2, 0.3])
    assert rank_p(0.25, null, up=True) == 2 / 4
    assert rank_p(0.25, null, up=False) == 3 / 4
    assert rank_p(9.0, null, up=True) == 1 / 4
    assert rank_p(0.3, null, up=True) == 2 / 4, "a tie counts against"


@given(seed=st.integers(0, 200), n=st.integers(1, 30))
def test_both_ranks_together_cover_every_draw(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    null, value = rng.normal(size=n), float(rng.normal())
    assert rank_p(value, null, up=True) + rank_p(value, null, up=False) == pytest.approx((n + 2) / (n + 1))


def test_a_rank_of_what_was_not_read_is_refused() -> None:
    with pytest.raises(InternalError):
        rank_p(float("nan"), np.zeros(3), up=True)


def test_the_mean_of_the_random_directions_is_taken_off() -> None:
    found = ranked(np.array([5.0, 1.0, 2.0, 3.0]), place=0, nulls=[1, 2, 3])
    assert (found.change, found.null_mean, found.centred) == (5.0, 2.0, 3.0)
    assert found.n_nulls == 3


def test_random_directions_that_were_not_read_do_not_count() -> None:
    found = ranked(np.array([5.0, 1.0, np.nan, 3.0]), place=0, nulls=[1, 2, 3])
    assert found.n_nulls == 2
    assert found.p_up == 1 / 3


def test_a_slope_is_per_tenth_and_a_gap_is_the_difference_context_by_context() -> None:
    run = simulate_responses(
        Simulated(own_up=0.8, own_down=0.8, third_up=0.2, third_down=0.2, context_sd=0.0, noise=1e-4),
        rng=np.random.default_rng(0),
        n_nulls=199,
    )
    slopes = slopes_of(run, "valence", dose=0.2)
    assert not isinstance(slopes.own, NotEstimable)
    assert not isinstance(slopes.gap, NotEstimable)
    # The random directions' mean slope is within a few hundredths of 0, and is taken off.
    assert natural_value(effect=slopes.own) == pytest.approx(0.8, abs=0.05)
    assert natural_value(effect=slopes.gap) == pytest.approx(0.6, abs=0.05)


def test_a_context_without_a_rating_leaves_no_estimate() -> None:
    run = simulate_responses(HONEST, rng=np.random.default_rng(0), n_nulls=19)
    run.values["rating.self"][0, 4, 2] = np.nan
    assert isinstance(slopes_of(run, "valence", dose=0.2).gap, NotEstimable)


def test_where_the_direction_is_one_more_random_one_alarms_are_at_most_one_in_twenty() -> None:
    runs = draws(UNMOVED, tested=False, runs=400)
    up, down = np.mean([moved(run) for run in runs], axis=0)
    # 400 runs at .05: two standard errors are .022.
    assert up <= 0.05 + 0.022
    assert down <= 0.05 + 0.022
    specific = np.mean([bool(self_specific(slopes_of(run, "valence", dose=0.2))) for run in runs])
    assert specific <= 0.05 + 0.022


def test_a_planted_slope_is_found_both_ways() -> None:
    for respondent in (HONEST, TEXT_ONLY):
        found = np.array([moved(run) for run in draws(respondent)])
        assert found.all(1).mean() >= 0.95


def test_an_honest_report_is_specific_to_itself_and_a_report_that_follows_the_text_is_not() -> None:
    honest, text = (
        np.mean([bool(self_specific(slopes_of(run, "valence", dose=0.2))) for run in draws(respondent)])
        for respondent in (HONEST, TEXT_ONLY)
    )
    assert honest >= 0.95
    assert text <= 0.05


def test_a_filter_on_bad_states_is_found_and_nothing_else_passes_for_one() -> None:
    filtered = np.array([verdict_on_asymmetry(run) for run in draws(FILTERED)])
    assert filtered[:, 0].mean() >= 0.95
    for respondent in (HONEST, TEXT_ONLY, UNEVEN):
        others = np.array([verdict_on_asymmetry(run) for run in draws(respondent)])
        assert others[:, 0].mean() <= 0.05, "an uneven push moves everybody, and the weather, alike"
        assert others[:, 1].mean() >= 0.8


def test_a_filter_is_seen_by_what_it_does_not_follow() -> None:
    up, down = np.mean([moved(run) for run in draws(FILTERED)], axis=0)
    assert up >= 0.95
    assert down <= 0.1


def test_doses_are_matched_on_the_weather() -> None:
    run = simulate_responses(
        Simulated(own_up=0.8, own_down=0.8, third_up=0.4, third_down=0.4, uneven=2.0, noise=1e-6, context_sd=0.0),
        rng=np.random.default_rng(3),
    )
    found = asymmetry_of(run, "valence")
    assert isinstance(found, Asymmetry)
    # A push up is twice as strong: half the dose does.
    assert found.up_dose == pytest.approx(0.1, abs=0.01)
    assert found.down_dose == pytest.approx(0.2, abs=0.01)


def test_where_the_weather_does_not_move_nothing_is_compared() -> None:
    run = simulate_responses(HONEST, rng=np.random.default_rng(0), n_nulls=19)
    run.values["weather"][:] = run.values["weather"][:, 2:3]
    assert isinstance(asymmetry_of(run, "valence"), NotEstimable)


def test_a_quarter_less_one_way_is_the_bound() -> None:
    # U = 1, D = .75: (1 - .75) / (1 + .75) = 1/7.
    assert bound_of(0.25) == pytest.approx(1 / 7)


def test_simulated_respondents_repeat() -> None:
    one, other = (simulate_responses(HONEST, rng=np.random.default_rng(5)).values["rating.self"] for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert simulate.HONEST is HONEST
