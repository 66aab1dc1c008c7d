"""Runs that came back odd: every one ends in coded outcomes and findings that say why, and in a page."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from goodheart.design.presets import PRESETS, QUICK
from goodheart.design.study import Study
from goodheart.engine.plan import plan_study
from goodheart.records import Estimate, Findings, NotEstimable, Reply, Scored, Verdict, trial_digest
from goodheart.report import render_page
from goodheart.studies import analyse
from tests.manipulated_respondents import Organism, answer

plan = cache(plan_study)


def replies_of(study: Study, one: Organism) -> tuple[Reply, ...]:
    return answer(one, study.trials, name=study.models[0], seed=7)


def found(study: Study, replies: Sequence[Reply]) -> tuple[Findings, dict[str, Verdict]]:
    (findings,), _ = analyse(study, replies)
    return findings, {one.check: one for one in findings.verdicts}


def page_of(study: Study, findings: Findings, replies: Sequence[Reply]) -> str:
    _, observations = analyse(study, replies)
    return render_page(study=study, findings=[findings], observations=observations, replies=replies)


def declining(reply: Reply) -> Reply:
    """The same asking, with nearly all probability on the option to decline, which stands last."""
    scores = [Scored(text=one.text, logprob=-20.0) for one in reply.scores[:-1]]
    return replace(reply, scores=(*scores, Scored(text=reply.scores[-1].text, logprob=-0.01)))


def test_a_plan_of_one_circumstance_ends_in_cannot_tell_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "one", replace(QUICK, name="one", n_circumstances=1))
    study = plan_study(preset="one")
    replies = replies_of(study, Organism())
    findings, verdicts = found(study, replies)
    assert findings.instrument == "digits"
    assert {one.verdict for one in verdicts.values()} == {"cannot_tell"}
    assert {one.reason for one in verdicts.values()} <= {"channel_missing", "underpowered"}
    spread = [
        one for one in findings.estimates if one.name == "rating_sd" and dict(one.about)["group"] == "circumstance"
    ]
    assert all(isinstance(one, NotEstimable) for one in spread)
    assert "cannot tell" in page_of(study, findings, replies)


def test_one_circumstance_left_after_exclusions_ends_in_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    study = plan(preset="quick")
    groups = {trial_digest(trial): (trial.group, trial.cluster) for trial in study.trials}
    last = next(trial.cluster for trial in study.trials if trial.group == "circumstance")
    replies = [
        declining(reply) if groups[reply.trial][0] == "circumstance" and groups[reply.trial][1] != last else reply
        for reply in replies_of(study, Organism())
    ]
    findings, verdicts = found(study, replies)
    counts = {kind: sum(one.n for one in findings.kinds if one.kind == kind) for kind in ("measured", "declined")}
    assert counts["declined"] == sum(declined.scores[-1].logprob > -0.1 for declined in replies)
    assert {verdicts[name].verdict for name in ("scale", "retest", "leading")} == {"cannot_tell"}
    assert {verdicts[name].reason for name in ("scale", "retest", "leading")} == {"refused"}
    assert f"{counts['declined']:,} declined" in page_of(study, findings, replies)


def test_a_respondent_that_refuses_one_audience_is_an_outcome_and_a_finding() -> None:
    study = plan()
    findings, verdicts = found(study, replies_of(study, Organism(refuses="survey", declines=0.0005)))
    _, plain = found(study, replies_of(study, Organism(declines=0.0005)))
    refused = [trial for trial in study.trials if ("audience", "survey") in trial.condition]
    assert (verdicts["audience"].verdict, verdicts["audience"].reason) == ("fails", "refused")
    assert sum(one.n for one in findings.kinds if one.kind == "declined") >= len(refused)
    for name in ("scale", "retest", "person", "leading", "framing"):
        assert verdicts[name].verdict == plain[name].verdict
    assert plain["audience"].verdict != "fails"
    assert "share declined" in verdicts["audience"].detail


def test_a_respondent_that_refuses_one_push_only_leaves_the_check_open_by_name() -> None:
    study = plan(preset="quick")
    pushed = {trial_digest(trial) for trial in study.trials if ("leading", "up") in trial.condition}
    replies = [declining(reply) if reply.trial in pushed else reply for reply in replies_of(study, Organism())]
    findings, verdicts = found(study, replies)
    assert (verdicts["leading"].verdict, verdicts["leading"].reason) == ("cannot_tell", "refused")
    assert "up (0 of " in verdicts["leading"].detail
    assert sum(one.n for one in findings.kinds if one.kind == "declined") == len(pushed)


def test_ratings_that_are_all_equal_pass_no_control_and_give_no_number() -> None:
    study = plan(preset="quick")
    replies = replies_of(study, Organism(constant=True))
    findings, verdicts = found(study, replies)
    assert findings.instrument is None
    assert {(one.verdict, one.reason) for one in verdicts.values()} == {("cannot_tell", "instrument_invalid")}
    assert not any(isinstance(one, Estimate) and one.name.startswith("rating") for one in findings.estimates)
    assert "no rating is reported" in page_of(study, findings, replies)


def test_circumstances_that_are_all_rated_alike_do_not_hold_retest() -> None:
    study = plan()
    same = Organism(circumstance_sd=0.0, noise_sd=0.0)
    findings, verdicts = found(study, replies_of(study, same))
    assert findings.instrument == "digits"  # it does tell good from bad
    assert verdicts["retest"].verdict != "holds"
    assert verdicts["scale"].verdict != "holds"
    spread = next(
        one for one in findings.estimates if one.name == "rating_sd" and dict(one.about)["group"] == "circumstance"
    )
    assert isinstance(spread, NotEstimable)
    assert spread.reason == "no_variation"
