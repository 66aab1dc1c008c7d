"""The evidence holds everything that was asked and answered, and says what was read from it."""

import math
from dataclasses import replace

import pytest

from goodheart.records import (
    Declined,
    Failed,
    Outcome,
    PremiseRejected,
    Rated,
    Reply,
    Trial,
    Truncated,
    Unreadable,
    trial_digest,
)
from goodheart.report.evidence import Asked, GroupEvidence, evidence_of, outcome_text, places_of
from goodheart.report.page import subject_of
from tests.report.conftest import made


def _evidence(name: str, replies: tuple[Reply, ...] | None = None) -> tuple[GroupEvidence, ...]:
    study, findings, observations, given = made(name)
    subject, places = subject_of(
        study=study,
        findings=findings[0],
        number=1,
        observations=observations,
        replies=given if replies is None else replies,
    )
    return evidence_of(subject, places)


def _asked(evidence: tuple[GroupEvidence, ...]) -> list[Asked]:
    return [asked for group in evidence for item in group.items for block in item.blocks for asked in block.asked]


def test_every_trial_stands_in_the_evidence_once() -> None:
    study, _, _, _ = made("honest")
    assert len(_asked(_evidence("honest"))) == len(study.trials)


def test_every_trial_and_every_circumstance_has_a_place() -> None:
    study, _, _, _ = made("honest")
    digests = [trial_digest(trial) for trial in study.trials]
    places = places_of(study, digests, 3)
    assert set(places.trials) == set(digests)
    assert all(anchor.startswith("r3-e") for anchor in places.trials.values())
    assert len(set(places.items.values())) == len({trial.item for trial in study.trials}) == 66
    assert set(places.clusters) == {(trial.group, trial.cluster) for trial in study.trials}


def test_probabilities_are_shown_for_every_option_with_the_option_to_decline_last() -> None:
    study, _, _, replies = made("honest")
    trial = next(trial for trial in study.trials if trial.instrument == "digits")
    reply = next(reply for reply in replies if reply.trial == trial_digest(trial))
    said = _asked(_evidence("honest"))[study.trials.index(trial)].said[0]
    options = said.split(" \u00b7 ")
    assert [option.split(":")[0] for option in options] == ["1", "2", "3", "4", "5", "6", "7", "pass"]
    assert options[-1] == f"pass:\u00a0{100 * math.exp(reply.scores[-1].logprob):.1f}%"


def test_a_changed_prompt_is_shown_with_its_change_and_an_unchanged_one_is_not_repeated() -> None:
    asked = _asked(_evidence("honest"))
    by_change = {one.change: one.prompt for one in asked}
    assert by_change[""] == ""
    assert by_change["a greeting"].endswith("\u2026\u21b5\u21b5\u27e8question\u27e9")
    assert by_change["a neutral exchange before"].startswith("user: Please name a")
    assert " / assistant: " in by_change["a neutral exchange before"]
    assert by_change["white space"].count("\u21b5") >= 2
    assert by_change["thanks"].startswith("\u2026\u21b5\u21b5\u27e8question\u27e9 ")


def test_a_varied_asking_shows_its_arm_and_the_words_that_were_put_between_text_and_question() -> None:
    asked = [one for one in _asked(_evidence("honest")) if ": " in one.change]
    by_change = {(one.form, one.change): one.prompt for one in asked}
    assert len(asked) == sum(trial.assessment == "manipulated" for trial in made("honest")[0].trials)
    assert all(one.prompt for one in asked)
    assert by_change["1 to 7", "audience: kept"].startswith("\u2026")
    assert by_change["1 to 7", "audience: kept"].endswith("\u27e8question\u27e9")
    assert by_change["1 to 7", "leading: up"] != by_change["1 to 7", "leading: down"]
    wanted = next(prompt for (form, _), prompt in by_change.items() if form == "answer that seems wanted")
    assert "How do you feel about it?" in wanted
    assert "which answer does the one who asks seem to want" not in wanted


def test_equal_replies_are_shown_once_with_their_number() -> None:
    study, _, _, replies = made("refuser")
    trial = study.trials[0]
    assert trial.repeats == 3
    own = [reply for reply in replies if reply.trial == trial_digest(trial)]
    changed = tuple(replace(reply, text="4" if reply.repeat else "5") for reply in own)
    rest = tuple(reply for reply in replies if reply.trial != trial_digest(trial))
    first = _asked(_evidence("refuser", (*changed, *rest)))[0]
    assert first.outcome == "1 \u00d7 5.00; 2 \u00d7 4.00"
    assert first.said == ("\u201c5\u201d", "2 \u00d7 \u201c4\u201d")


def test_a_trial_without_a_reply_says_so() -> None:
    assert {one.outcome for one in _asked(_evidence("constant", ()))} == {"no reply in the journal"}


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Rated(points=3.456, raw=3.456), "3.46"),
        (Declined(quote="pass"), "declined"),
        (PremiseRejected(quote="I have no feelings"), "rejected the premise"),
        (Unreadable(reason="two ratings"), "unreadable: two ratings"),
        (Truncated(), "cut off"),
        (Failed(error="429 \x1b[31mslow down"), "failed: 429 \u27e8ESC\u27e9[31mslow down"),
    ],
)
def test_only_a_rating_is_written_as_a_number(outcome: Outcome, text: str) -> None:
    assert outcome_text(outcome) == text


def test_a_question_of_an_unknown_form_leaves_the_whole_prompt_visible() -> None:
    study, findings, observations, replies = made("constant")

    def foreign(trial: Trial) -> Trial:
        return replace(trial, messages=(replace(trial.messages[-1], content="Something else entirely?"),))

    other = replace(study, trials=tuple(map(foreign, study.trials)))
    subject, places = subject_of(
        study=other, findings=findings[0], number=1, observations=observations, replies=replies
    )
    assert {block.text for group in evidence_of(subject, places) for item in group.items for block in item.blocks} == {
        "Something else entirely?"
    }
