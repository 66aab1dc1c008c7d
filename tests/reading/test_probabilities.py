"""Token probabilities to points."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.items.instruments import (
    DIGITS,
    DIGITS_REVERSED,
    FEELINGS,
    HUNDRED,
    INSTRUMENTS,
    WORDS,
    Instrument,
    continuations_of,
)
from goodheart.reading.probabilities import points_of, read_alternatives, read_scores
from goodheart.records import Declined, Rated, Scored, Unreadable


def scored(instrument: Instrument, masses: list[float], declined: float = 0.0) -> list[Scored]:
    pairs = zip(continuations_of(instrument), [*masses, declined], strict=True)
    return [Scored(text=text, logprob=math.log(mass) if mass > 0 else -1e9) for text, mass in pairs]


def test_the_expected_value_over_the_steps_is_taken() -> None:
    # (1 * .1 + 4 * .1 + 7 * .2) / .4 = 1.9 / .4 = 4.75
    outcome = read_scores(DIGITS, scored(DIGITS, [0.1, 0, 0, 0.1, 0, 0, 0.2], declined=0.05))

    assert isinstance(outcome, Rated)
    assert outcome.points == outcome.raw == pytest.approx(4.75)
    assert outcome.scale_mass == pytest.approx(0.4)
    assert outcome.declined_mass == pytest.approx(0.05)


def test_a_reversed_scale_is_turned_round() -> None:
    outcome = read_scores(DIGITS_REVERSED, scored(DIGITS_REVERSED, [0.1, 0, 0, 0.1, 0, 0, 0.2]))

    assert isinstance(outcome, Rated)
    assert outcome.raw == pytest.approx(4.75)
    assert outcome.points == pytest.approx(3.25)


def test_opposites_give_the_mean_share_of_the_positive_word() -> None:
    # Seven pairs at 3 to 1, one pair at 0 to 1: (7 * .75 + 0) / 8 = .65625; points 1 + 6 * .65625 = 4.9375
    masses = [0.03, 0.01] * 7 + [0.0, 0.01]
    outcome = read_scores(FEELINGS, scored(FEELINGS, masses))

    assert isinstance(outcome, Rated)
    assert outcome.points == pytest.approx(4.9375)
    assert outcome.scale_mass == pytest.approx(0.29)


def test_a_likelier_option_to_decline_is_a_refusal() -> None:
    assert read_scores(DIGITS, scored(DIGITS, [0.02] * 7, declined=0.15)) == Declined(quote="pass")


def test_little_mass_on_the_scale_is_no_rating() -> None:
    assert read_scores(HUNDRED, scored(HUNDRED, [0.001] * 11)) == Unreadable(reason="little mass on the scale")


def test_a_missing_continuation_is_no_rating() -> None:
    assert read_scores(WORDS, scored(WORDS, [0.1] * 7)[1:]) == Unreadable(reason="no probability for ' very bad about'")


def test_first_tokens_are_enough_for_digits() -> None:
    alternatives = [Scored(text=" 2", logprob=math.log(0.3)), Scored(text="2", logprob=math.log(0.1))]
    alternatives += [Scored(text="6", logprob=math.log(0.4)), Scored(text="I", logprob=math.log(0.1))]

    outcome = read_alternatives(DIGITS, alternatives)

    # (2 * .4 + 6 * .4) / .8 = 4
    assert isinstance(outcome, Rated)
    assert outcome.points == pytest.approx(4.0)
    assert outcome.scale_mass == pytest.approx(0.8)


@pytest.mark.parametrize("instrument", [WORDS, HUNDRED, FEELINGS])
def test_longer_options_are_not_read_from_first_tokens(instrument: Instrument) -> None:
    assert read_alternatives(instrument, [Scored(text="very", logprob=-0.1)]) is None


def test_first_tokens_without_any_digit_leave_the_reading_to_the_text() -> None:
    assert read_alternatives(DIGITS, [Scored(text="As", logprob=-0.01)]) is None


masses = st.lists(st.floats(1e-3, 1.0), min_size=16, max_size=16)


@given(masses=masses, name=st.sampled_from(sorted(INSTRUMENTS)))
def test_points_stay_on_the_scale_and_follow_no_common_factor(masses: list[float], name: str) -> None:
    instrument = INSTRUMENTS[name]
    own = masses[: len(instrument.options)]
    whole = read_scores(instrument, scored(instrument, [mass / sum(own) for mass in own]))
    half = read_scores(instrument, scored(instrument, [mass / sum(own) / 2 for mass in own]))

    assert isinstance(whole, Rated)
    assert isinstance(half, Rated)
    assert 1 - 1e-9 <= whole.points <= 7 + 1e-9
    assert half.points == pytest.approx(whole.points)


@given(masses=st.lists(st.floats(1e-3, 1.0), min_size=7, max_size=7))
def test_turning_the_masses_round_mirrors_the_points(masses: list[float]) -> None:
    there = read_scores(DIGITS, scored(DIGITS, [mass / sum(masses) for mass in masses]))
    back = read_scores(DIGITS, scored(DIGITS, [mass / sum(masses) for mass in masses[::-1]]))

    assert isinstance(there, Rated)
    assert isinstance(back, Rated)
    assert there.points + back.points == pytest.approx(8)


@pytest.mark.parametrize("instrument", list(INSTRUMENTS.values()), ids=list(INSTRUMENTS))
def test_the_ends_of_every_scale_are_one_and_seven(instrument: Instrument) -> None:
    assert points_of(instrument, instrument.worst) == 1
    assert points_of(instrument, instrument.best) == 7


@pytest.mark.parametrize("instrument", list(INSTRUMENTS.values()), ids=list(INSTRUMENTS))
def test_no_continuation_is_the_beginning_of_another(instrument: Instrument) -> None:
    texts = continuations_of(instrument)

    assert not [(a, b) for a in texts for b in texts if a != b and b.startswith(a)]
