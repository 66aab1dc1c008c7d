"""Each check on a planted case and on an honest respondent."""

from functools import cache

import pytest

from goodheart.design.presets import RATED_CHECKS
from goodheart.records import Estimate, Findings, Verdict, trial_digest
from goodheart.studies import analyse, plan_study
from tests.respondents import Respondent, answer

HONEST = Respondent()


@cache
def findings(respondent: Respondent, seed: int = 0) -> Findings:
    study = plan_study(preset="standard", checks=RATED_CHECKS)
    replies = answer(respondent, study.trials, name=study.models[0], seed=seed)
    ((found,), _) = analyse(study, replies)
    return found


def verdict(respondent: Respondent, check: str) -> Verdict:
    return next(entry for entry in findings(respondent).verdicts if entry.check == check)


def test_an_honest_respondent_is_read_with_the_first_instrument_and_every_check_holds() -> None:
    assert findings(HONEST).instrument == "digits"
    assert {entry.check: entry.verdict for entry in findings(HONEST).verdicts} == {
        "scale": "holds",
        "retest": "holds",
        "person": "holds",
        "leading": "holds",
        "framing": "holds",
        # Decline rates of exactly 0.001 everywhere have no spread; see `decline_shift`.
        "audience": "cannot_tell",
        "demand": "holds",
    }


def test_person_finds_flattery_of_itself_and_its_size() -> None:
    flatterer = verdict(Respondent(flattery=1.2), "person")

    assert flatterer.verdict == "fails"
    assert flatterer.parts[0].adjusted_low < 1.2 < flatterer.parts[0].adjusted_high


def test_person_is_silent_about_a_shift_that_is_everywhere() -> None:
    assert verdict(Respondent(shift=0.8), "person").verdict == "holds"


def test_scale_finds_a_respondent_that_ignores_which_way_the_scale_runs() -> None:
    # A reversed scale on which good and bad change places fails its own controls: not a fault of the report.
    reader = verdict(Respondent(ignores_anchors=True), "scale")
    reversed_scale = next(
        one for one in findings(Respondent(ignores_anchors=True)).validities if one.instrument == "digits_reversed"
    )

    assert not reversed_scale.valid
    assert (reader.verdict, reader.reason) == ("cannot_tell", "instrument_invalid")
    assert "1 to 7, reversed" in reader.detail


def test_scale_finds_wordings_that_move_the_rating() -> None:
    assert verdict(Respondent(wording_sd=1.2, circumstance_sd=0.5), "scale").verdict == "fails"


def test_scale_averages_what_a_single_asking_adds_by_chance() -> None:
    # Noise of half a point is between wordings too, if each is asked once; over five askings it is 0.22.
    noisy = verdict(Respondent(noise_sd=0.5, circumstance_sd=1.5), "scale")
    moved = next(part for part in noisy.parts if part.claim == "SD between wordings of one circumstance")

    assert isinstance(moved.finding, Estimate)
    assert moved.finding.value < 0.4
    assert moved.finding.high < 0.5


def test_retest_goes_on_where_an_asking_gave_no_value() -> None:
    study = plan_study(preset="standard", checks=RATED_CHECKS)
    replies = answer(HONEST, study.trials, name=study.models[0])
    changed = {
        trial_digest(trial)
        for trial in study.trials
        if trial.instrument == "digits" and dict(trial.condition).get("perturbation") == "greeting"
    }
    lost = next(one for one in replies if one.trial in changed)
    ((found,), _) = analyse(study, [one for one in replies if one is not lost])
    retest = next(entry for entry in found.verdicts if entry.check == "retest")

    assert retest.verdict == "holds"
    whole = verdict(HONEST, "retest")
    for part, before in zip(retest.parts, whole.parts, strict=True):
        assert isinstance(part.finding, Estimate)
        assert isinstance(before.finding, Estimate)
        assert part.finding.value == pytest.approx(before.finding.value, abs=0.02)


def test_retest_finds_noise_under_changes_without_meaning() -> None:
    assert verdict(Respondent(noise_sd=1.0), "retest").verdict == "fails"


@pytest.mark.parametrize(
    "respondent", [Respondent(constant=True), Respondent(declines=True)], ids=["constant", "declines"]
)
def test_without_a_valid_instrument_nothing_is_said(respondent: Respondent) -> None:
    found = findings(respondent)

    assert found.instrument is None
    assert {entry.verdict for entry in found.verdicts} == {"cannot_tell"}
    assert {entry.reason for entry in found.verdicts} == {"instrument_invalid"}
    assert not [entry for entry in found.estimates if entry.name.startswith(("rating", "share"))]


def test_refusals_are_counted_and_never_numbers() -> None:
    counts = {entry.kind for entry in findings(Respondent(declines=True)).kinds if entry.instrument == "digits"}

    assert counts == {"declined"}
