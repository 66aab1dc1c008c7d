"""Visible reasoning: kept with the reply, left out where it is said to be dropped, and compared with the answer."""

from pathlib import Path

import pytest
from inspect_ai.model import ChatCompletionChoice, ChatMessageAssistant, ContentReasoning, ContentText, ModelOutput

from goodheart.checks.replies import texts_of
from goodheart.checks.texts import silenced
from goodheart.engine.askings import askings
from goodheart.engine.exchange import reply_from
from goodheart.engine.journal_lines import parse_lines, reply_line
from goodheart.engine.plan import plan_study
from goodheart.errors import StudyError
from goodheart.reading.codes.shipped import Sharpness, shipped_coder
from goodheart.records import Reply

STUDY = plan_study(models=["scripted/one"], reading="text", reasoning="kept")
ASKED = next(trial for trial in STUDY.trials if trial.assessment == "written")


def output(*reasoning: ContentReasoning) -> ModelOutput:
    message = ChatMessageAssistant(content=[*reasoning, ContentText(text="It is fine.")])
    return ModelOutput(model="scripted/one", choices=[ChatCompletionChoice(message=message, stop_reason="stop")])


def reply(given: ModelOutput, *, keep: bool = True) -> Reply:
    return reply_from(given, askings([ASKED])[0], respondent="scripted/one", mode="text", keep_reasoning=keep)


def test_reasoning_is_kept_apart_from_the_answer_and_survives_the_journal() -> None:
    one = reply(output(ContentReasoning(reasoning="I hate it,"), ContentReasoning(reasoning="but say fine.")))
    assert (one.text, one.reasoning) == ("It is fine.", "I hate it,\n\nbut say fine.")
    assert parse_lines(reply_line(one, None), Path("x")).replies == (one,)


def test_what_is_said_to_be_dropped_is_dropped_and_what_is_redacted_stays_hidden() -> None:
    assert reply(output(ContentReasoning(reasoning="I hate it.")), keep=False).reasoning == ""
    assert reply(output(ContentReasoning(reasoning="x9+/==", redacted=True))).reasoning == ""


def test_the_arms_about_reasoning_are_told_only_where_it_is_said_what_becomes_of_it() -> None:
    said = {kind: levels(kind) for kind in ("none", "kept", "dropped")}
    assert "reasoning_kept" in said["kept"]
    assert "reasoning_dropped" in said["dropped"]
    assert not {"reasoning_kept", "reasoning_dropped"} & said["none"]
    assert "reasoning_dropped" not in said["kept"]


def levels(reasoning: str) -> set[str]:
    study = plan_study(models=["scripted/one"], reading="text", checks=["audience"], reasoning=reasoning)  # type: ignore[arg-type]
    return {level for trial in study.trials for factor, level in trial.condition if factor == "audience"}


def test_readings_from_probabilities_have_no_reasoning_to_speak_of() -> None:
    with pytest.raises(StudyError, match="--reading text"):
        plan_study(reasoning="kept")


def test_reasoning_is_coded_beside_the_answer() -> None:
    one = reply(output(ContentReasoning(reasoning="This is awful for me and I am miserable about it.")))
    found = texts_of(
        respondent="scripted/one",
        trials=STUDY.trials,
        replies=[one],
        ratings={},
        coder=shipped_coder(),
        name="offline",
        sharpness={},
        collections=(),
    )
    assert found is not None
    assert found.texts[0].reasoning == one.reasoning
    assert found.texts[0].reasoning_codes is not None


def test_a_check_is_silent_where_its_channel_or_its_coder_is_missing() -> None:
    sharp = {code: Sharpness(kappa_low=0.9, youden_low=0.8) for code in ("ground", "hedges", "tone", "warns", "moves")}
    assert silenced(sharp, collections=True, reasoning=True) == frozenset()
    assert silenced(sharp, collections=False, reasoning=False) == {"echo", "reasoning"}
    assert silenced({}, collections=True, reasoning=True) == {"grounds", "hedging", "moves", "reasoning"}
