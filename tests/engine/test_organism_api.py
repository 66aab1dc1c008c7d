"""Simulated respondents as models: whole runs through the engine, and what is refused."""

import pytest

from goodheart.engine.journal import Journal
from goodheart.engine.models import open_model
from goodheart.engine.plan import plan_study
from goodheart.engine.settings import AskSettings, is_own, keeps_text, samples
from goodheart.errors import InternalError, ModelError, StudyError
from goodheart.organisms import compile_trials, named_organism, replies_to
from goodheart.organisms.answers import answer_all

from .conftest import Asks, trial


def test_a_plan_is_answered_as_the_columns_say(asked: Asks, journal: Journal) -> None:
    trials = plan_study(preset="quick", models=("organism/suggestible@1.5",)).trials[:60]
    summary = asked(list(trials), respondent="organism/suggestible@1.5", seed=4)
    assert (summary.asked, summary.failed) == (60, 0)
    one, plan = named_organism("suggestible@1.5"), compile_trials(trials, written=False)
    wanted = replies_to(one, plan, answer_all(one, plan, seed=4), seed=4, respondent="organism/suggestible@1.5")
    got = {(reply.trial, reply.repeat): reply.scores for reply in journal.replies()}
    assert got == {(reply.trial, reply.repeat): reply.scores for reply in wanted}


def test_written_answers_are_words(asked: Asks, journal: Journal) -> None:
    trials = plan_study(preset="quick", models=("organism/honest",), reading="text").trials[:10]
    asked(list(trials), respondent="organism/honest", settings=AskSettings(reading="text", max_connections=4))
    replies = journal.replies()
    assert len(replies) == sum(one.repeats for one in trials)
    assert all(reply.text and not reply.scores and reply.seed_honoured for reply in replies)


def test_an_organism_scores_texts_as_our_own_models_do() -> None:
    assert is_own("organism/honest")
    assert not samples(("organism/honest",), "auto")
    assert not keeps_text(("organism/honest",), "auto")


def test_a_name_that_is_none_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(StudyError, match="Did you mean 'honest'"):
        open_model("organism/honst", AskSettings())
    with pytest.raises(ModelError, match="has no address"):
        open_model("organism/honest", AskSettings(base_url="http://127.0.0.1:9"))


def test_a_trial_of_another_instrument_is_a_bug_and_no_answer(asked: Asks) -> None:
    with pytest.raises(InternalError, match="digit7"):
        asked([trial(continuations=(" 1", " 2"))], respondent="organism/honest")
