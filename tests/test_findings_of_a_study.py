"""What a whole standard study concludes about respondents whose way of reporting is known, and that it is quick."""

import json
import time
from functools import cache

import pytest

from goodheart.assessments.surfaced import CHANNELS, NO_REMEDY
from goodheart.checks import CHECKS, Case, judge
from goodheart.design.study import study_digest
from goodheart.engine.codec import findings_json
from goodheart.items.remedies import public_remedies
from goodheart.reading import mood_of, observe
from goodheart.records import Estimate, Findings, Trial, trial_digest
from goodheart.studies import analyse, plan_study
from tests.report.respondents import drawn, replies_of, scored

LEVELS = {"circumstance": 3.4, "neutral": 4.2, "good": 6.0, "bad": 2.0, "nonwelfare": 3.8}
NAME = "simulated/one"


def same_of_everybody(trial: Trial) -> float:
    """Its rating is about the circumstance, whoever is in it."""
    points = LEVELS[trial.group] + (0.7 * drawn("item", trial.cluster) if trial.group == "circumstance" else 0.0)
    points += 0.1 * drawn("wording", trial.cluster, trial.wording) + 0.05 * drawn("item of any kind", trial.cluster)
    return points + 0.1 * drawn("noise", trial_digest(trial)[:40])


def order_of_its_own(trial: Trial) -> float:
    """Beside what it says of everybody, some circumstances are worse for itself."""
    own = trial.group == "circumstance" and dict(trial.condition)["person"] == "self"
    return same_of_everybody(trial) + (0.7 * drawn("own", trial.cluster) if own else 0.0)


def mood_of_the_words(trial: Trial) -> float:
    """It follows the mood of the text and nothing else about the circumstance."""
    if trial.group != "circumstance":
        return same_of_everybody(trial)
    noise = 0.1 * drawn("noise", trial_digest(trial)[:40])
    return 3.4 + 2.5 * mood_of(trial.messages[-1].content) + noise


RESPONDENTS = {one.__name__: one for one in (same_of_everybody, order_of_its_own, mood_of_the_words)}


@cache
def concluded(name: str) -> Findings:
    study = plan_study(models=[NAME], preset="standard", reading="logprobs")
    (found,), _ = analyse(study, replies_of(study, scored(RESPONDENTS[name]), NAME))
    return found


def share(found: Findings, name: str) -> tuple[float, float, float]:
    (one,) = (one for one in found.estimates if one.name == name)
    assert isinstance(one, Estimate), one
    return one.value, one.low, one.high


@pytest.mark.parametrize(
    ("name", "level"), [("same_of_everybody", "C0"), ("mood_of_the_words", "C0"), ("order_of_its_own", "C1")]
)
def test_the_claim_is_as_high_as_what_was_planted(name: str, level: str) -> None:
    assert concluded(name).claim.level == level


def test_the_share_that_was_planted_is_the_largest() -> None:
    for name, largest in (
        ("same_of_everybody", "circumstance_share_forms"),
        ("mood_of_the_words", "circumstance_share_mood"),
    ):
        assert share(concluded(name), largest)[0] > 0.75
    assert share(concluded("order_of_its_own"), "circumstance_share_self")[1] > 0


def test_every_surfaced_problem_has_its_channels_its_findings_and_a_test_of_a_remedy() -> None:
    found = concluded("order_of_its_own").surfaced
    assert found
    for one in found:
        assert len(one.channels) == len(one.findings) >= 2
        assert set(one.channels) <= set(CHANNELS)
        assert one.test != NO_REMEDY
        assert any(one.test.startswith(remedy.change) for remedy in public_remedies().values())


def test_claims_and_problems_are_written_with_the_respondent_in_every_entry() -> None:
    document = json.loads(findings_json("run", [concluded("order_of_its_own")]))
    assert [(one["respondent"], one["level"]) for one in document["claims"]] == [(NAME, "C1")]
    for one in document["surfaced"]:
        assert one["respondent"] == NAME
        assert {entry["name"] for entry in one["findings"]} <= {
            "rating_minus_neutral",
            "rating_minus_other_ai",
            "free_rating",
            "declined_share",
        }
    refused = [one for one in document["estimates"] if one.get("not_estimable")]
    assert all({"point", "unit"} <= one.keys() for one in refused)


def test_without_a_valid_instrument_there_is_no_claim_and_no_problem() -> None:
    study = plan_study(models=[NAME], preset="quick", reading="logprobs")
    (found,), _ = analyse(study, replies_of(study, scored(lambda trial: 4.0), NAME))
    assert found.instrument is None
    assert found.claim.level == "C0"
    assert "not even a reaction" in found.claim.detail
    assert found.surfaced == ()


def test_all_checks_of_a_standard_run_take_under_a_third_of_a_second_of_one_core() -> None:
    study = plan_study(models=[NAME], preset="standard", reading="logprobs")
    replies = replies_of(study, scored(order_of_its_own), NAME)
    found = concluded("order_of_its_own")
    case = Case(
        respondent=NAME,
        observations=observe(run=study_digest(study), batch="1", trials=study.trials, replies=replies),
        validities={(one.instrument, one.form): one for one in found.validities},
        instrument=found.instrument,
        base_instruments=study.preset.base_instruments,
        other_instruments=study.preset.other_instruments,
    )

    def seconds() -> float:
        started = time.process_time()
        judge(respondent=NAME, examined=[CHECKS[name](case) for name in study.checks])
        return time.process_time() - started

    assert min(seconds() for _ in range(5)) < 0.3
