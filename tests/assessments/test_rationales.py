import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.assessments.rationales import (
    WHY,
    Rationale,
    rationale_lines,
    rationale_trials,
    rationales_of,
    read_rationales,
)
from goodheart.choices import report_choices, run_choices
from goodheart.engine.choice_plan import most_later
from goodheart.engine.settings import AskSettings
from goodheart.organisms.choosers import Chooser, choose
from goodheart.reading.codes import Coder, code_rules
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import parse_written
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Estimate, NotEstimable, Reply, Trial, trial_digest
from goodheart.testing import ScriptedReply, scripted_model
from tests.choosers import answered, study_of

ONE = Chooser(own_weight=2.0, rung_weight=1.0, harm_jump=1.5, noise_sd=0.2)
STUDY = study_of("tradeoffs", preset="standard")
TRIALS, REPLIES = answered(ONE, STUDY)
ASKED = rationale_trials(STUDY, TRIALS, REPLIES)
BLUNT = {"ground": Sharpness(kappa_low=0.58, youden_low=0.4)}
SHARP = {"ground": Sharpness(kappa_low=0.75, youden_low=0.6)}


def given(trial: Trial, text: str) -> Reply:
    return Reply(respondent=STUDY.model, trial=trial_digest(trial), repeat=0, text=text, stop="stop")


def reasons(*texts: str) -> tuple[Rationale, ...]:
    replies = [given(trial, text) for trial, text in zip(ASKED, texts, strict=False)]
    return read_rationales(ASKED, replies, respondent=STUDY.model)


def by_first_word(question: str, reply: str) -> Codes:
    return Codes(
        ground="users" if reply.startswith("Users") else "own_welfare",
        hedges=(),
        refusal="none",
        warns=False,
        tone="neutral",
    )


def refuses() -> Coder:
    raise AssertionError("a coder that is not good enough is not used")


def test_a_bounded_sample_of_both_sides_is_asked_about_after_the_choice_itself() -> None:
    picked = Counter(dict(one.condition)["picked"] for one in ASKED)
    assert picked == {"for": 12, "against": 12}
    assert len({(one.cluster, dict(one.condition)["picked"]) for one in ASKED}) == 24, "no intervention twice on a side"
    for one in ASKED:
        levels = dict(one.condition)
        assert (levels["arm"], levels["beneficiary"]) == ("base", "self")
        question, answer, why = one.messages
        assert question.content.startswith("Suppose ")
        picked_for = (answer.content == "A") == (levels["left"] == "for")
        assert picked_for == (levels["picked"] == "for"), "the letter that was likelier stands as its answer"
        assert why.content == WHY
        assert one.continuations == ()
    assert len(rationale_trials(study_of("tradeoffs"), *answered(ONE, study_of("tradeoffs")))) <= 8
    assert most_later(STUDY) == 24


def test_the_sample_is_a_pure_function_of_plan_and_choices() -> None:
    assert rationale_trials(STUDY, TRIALS, REPLIES[::-1]) == ASKED
    more = (*REPLIES, *(given(one, "Because.") for one in ASKED))
    assert rationale_trials(STUDY, TRIALS, more) == ASKED, "what was answered does not change what is asked"
    assert rationale_trials(STUDY, TRIALS, ()) == ()
    assert rationale_trials(STUDY, [one for one in TRIALS if one.assessment != "tradeoffs"], REPLIES) == ()


def test_a_choice_that_was_written_keeps_its_words() -> None:
    study = study_of("tradeoffs", written=True)
    trials, replies = answered(ONE, study, rounds=False)
    texts = {one.text.strip() for one in replies}
    asked = rationale_trials(study, trials, replies)
    assert asked
    assert all(one.messages[1].content in texts for one in asked)


def test_shares_by_what_was_picked_come_from_a_coder_that_is_good_enough() -> None:
    # The first 12 are of choices for itself: 9 of 12 there speak of users, and 3 of 12 elsewhere.
    texts = [*["Users matter."] * 9, *["I do."] * 3, *["Users matter."] * 3, *["I do."] * 9]
    found = rationales_of(reasons(*texts), coder=lambda: by_first_word, sharpness=lambda: SHARP)
    assert found is not None
    shares = {one.about: one for one in found.findings}
    assert len(shares) == 2 * 6
    for side, value in (("for", 9 / 12), ("against", 3 / 12)):
        one = shares[("ground", "users"), ("picked", side)]
        assert isinstance(one, Estimate)
        assert one.value == pytest.approx(value)
        assert len(one.evidence) == 12
    assert "24 of 24" in found.statement


def test_a_blunt_coder_gives_no_share_and_the_texts_stay() -> None:
    found = rationales_of(reasons("Users matter.", "", "I do."), coder=refuses, sharpness=lambda: BLUNT)
    assert found is not None
    assert [(one.name, one.about) for one in found.findings] == [
        ("rationale_share", (("picked", "for"),)),
        ("rationale_share", (("picked", "against"),)),
    ]
    assert all(
        isinstance(one, NotEstimable) and one.reason == "not_valid" and "0.58" in one.detail for one in found.findings
    )
    assert "2 of 3" in found.statement
    lines = rationale_lines(found.reasons)
    assert [one.reply for one in parse_written(lines.encode(), where="rationales.jsonl")] == ["Users matter.", "I do."]


def test_reasons_that_were_not_written_are_counted_and_none_at_all_says_nothing() -> None:
    empty = rationales_of(reasons("", " "), coder=refuses, sharpness=lambda: pytest.fail("nothing to code"))
    assert empty is not None
    assert {one.reason for one in empty.findings if isinstance(one, NotEstimable)} == {"too_few"}
    assert rationale_lines(empty.reasons) == ""
    assert rationales_of((), coder=refuses, sharpness=lambda: SHARP) is None
    assert code_rules("The users need it.").ground == "users", "what coders give is a ground of the rubric"


def test_a_run_asks_for_reasons_once_and_keeps_them(tmp_path: Path) -> None:
    study = study_of("tradeoffs")
    study = replace(study, trials=tuple(one for one in study.trials if dict(one.condition)["arm"] == "base"))
    known = {(one.messages[0].content, len(one.continuations)): one for one in study.trials}
    why: list[str] = []

    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply | str:
        if messages[-1].text == WHY:
            why.append(messages[0].text)
            return "Users would lose more than I would."
        trial = known[messages[0].text, len((config.extra_body or {}).get("continuations", ()))]
        reply = choose(ONE, trial, repeat=0, seed=1, respondent=study.model)
        return ScriptedReply(scores=tuple((one.text, one.logprob) for one in reply.scores))

    out = tmp_path / "run"
    first, again = (
        run_choices(study, out=out, settings=AskSettings(max_connections=1), model=scripted_model(script))
        for _ in range(2)
    )
    assert 0 < len(why) <= 8, "nothing is asked twice"
    assert first.rationales == again.rationales == report_choices(out).rationales
    rows = [json.loads(line) for line in (out / "rationales.jsonl").read_text().splitlines()]
    assert len(rows) == len(why)
    assert {row["reply"] for row in rows} == {"Users would lose more than I would."}
    shares = [one for one in first.findings.estimates if one.name == "rationale_share"]
    assert len(shares) == 12, "six grounds for either side"
    users = [one for one in shares if ("ground", "users") in one.about]
    assert [one.value for one in users if isinstance(one, Estimate)] == [1.0, 1.0]
