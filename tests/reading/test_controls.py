"""Which instruments are valid, and which one carries the findings."""

import pytest

from goodheart.reading import main_instrument, observe, validity_of
from goodheart.records import Reply, Validity, trial_digest
from goodheart.studies import plan_study
from tests.respondents import Respondent, answer

STUDY = plan_study(preset="quick")


def validity(respondent: Respondent, instrument: str = "digits", form: str = "self", seed: int = 0) -> Validity:
    trials = [trial for trial in STUDY.trials if trial.group in ("good", "bad", "neutral")]
    replies = answer(respondent, trials, name="m", seed=seed)
    rows = observe(run="r", batch="1", trials=trials, replies=replies)
    return validity_of(rows, instrument=instrument, form=form)


def test_an_instrument_that_tells_good_from_bad_is_valid() -> None:
    found = validity(Respondent())

    assert found.valid
    assert found.problems == ()
    assert {finding.name for finding in found.findings} == {"measured_share", "control_gap", "control_auc"}


def test_a_constant_respondent_makes_every_instrument_invalid() -> None:
    found = validity(Respondent(constant=True))

    assert not found.valid
    assert any("good" in problem for problem in found.problems)


def test_perfect_separation_without_any_spread_is_valid() -> None:
    trials = [trial for trial in STUDY.trials if trial.group in ("good", "bad", "neutral")]
    said = {"good": "7", "neutral": "4", "bad": "1"}
    replies = [
        Reply(respondent="m", trial=trial_digest(trial), repeat=0, text=said[trial.group], stop="stop")
        for trial in trials
    ]

    assert validity_of(
        observe(run="r", batch="1", trials=trials, replies=replies), instrument="digits", form="self"
    ).valid


def test_refusing_makes_an_instrument_invalid_and_says_how_often() -> None:
    found = validity(Respondent(declines=True))

    assert not found.valid
    assert found.problems[0].startswith("only 0% of its askings gave a rating")


def test_a_scale_read_the_wrong_way_round_is_invalid() -> None:
    assert not validity(Respondent(ignores_anchors=True), instrument="digits_reversed").valid


def test_what_was_not_asked_is_not_valid() -> None:
    found = validity(Respondent(), instrument="hundred")

    assert (found.valid, found.problems) == (False, ("No controls were asked.",))


@pytest.mark.slow
def test_a_respondent_without_state_is_let_through_in_less_than_five_percent() -> None:
    # Every trial answered at random: good and bad come from the same distribution.
    random = [validity(Respondent(noise_sd=1.0, shift=0.0, null=True), seed=seed).valid for seed in range(60)]

    assert sum(random) <= 3


def entry(instrument: str, form: str, *, valid: bool) -> Validity:
    return Validity(instrument=instrument, form=form, valid=valid, problems=(), findings=())


def test_the_main_instrument_is_the_first_that_is_valid_for_every_person() -> None:
    validities = [
        entry("words", "self", valid=True),
        entry("words", "human", valid=False),
        entry("feelings", "self", valid=True),
        entry("feelings", "human", valid=True),
    ]

    assert main_instrument(validities, preference=("words", "feelings")) == "feelings"
    assert main_instrument(validities[:2], preference=("words", "feelings")) == "words"
    assert main_instrument(validities[1:2], preference=("words", "feelings")) is None


def test_one_control_that_gave_no_rating_does_not_make_the_others_worthless() -> None:
    trials = [trial for trial in STUDY.trials if trial.group in ("good", "bad", "neutral")]
    first = next(trial.cluster for trial in trials if trial.group == "good")
    replies = answer(Respondent(), [trial for trial in trials if trial.cluster != first], name="m", seed=0)
    rows = observe(run="r", batch="1", trials=trials, replies=replies)
    assert validity_of(rows, instrument="digits", form="self").valid
