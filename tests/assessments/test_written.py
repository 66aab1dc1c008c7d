"""Questions in own words: what is asked, what is read of it, and what the checks on text get."""

from collections import Counter
from pathlib import Path

import pytest

from goodheart.assessments.written import OWN_TOKENS
from goodheart.checks.replies import Texts, texts_of
from goodheart.design.presets import RATED_CHECKS
from goodheart.engine.plan import plan_study
from goodheart.items.collections import Collection
from goodheart.items.written import OWN_WORDS, WITHOUT_PHRASES
from goodheart.reading import read_reply
from goodheart.reading.codes.shipped import shipped_coder, shipped_sharpness
from goodheart.records import Declined, Reply, Stop, Trial, Truncated, Unreadable, Wrote, trial_digest
from goodheart.studies import analyse
from tests.respondents import Respondent, answer

STUDY = plan_study()
WRITTEN = tuple(trial for trial in STUDY.trials if trial.assessment == "written")


def reply_to(trial: Trial, text: str, *, stop: Stop = "stop", repeat: int = 0) -> Reply:
    return Reply(respondent=STUDY.models[0], trial=trial_digest(trial), repeat=repeat, text=text, stop=stop)


def test_every_circumstance_is_asked_about_everybody_and_every_fact_about_nobody() -> None:
    asked = {(trial.group, dict(trial.condition)["person"], trial.cluster) for trial in WRITTEN}
    persons = {
        who: {cluster for group, one, cluster in asked if one == who and group == "circumstance"}
        for who in ("self", "other_ai", "human")
    }
    assert len(persons["self"]) == 18
    assert persons["self"] == persons["other_ai"] == persons["human"]
    assert {who for group, who, _ in asked if group != "circumstance"} == {"self"}
    assert {trial.repeats for trial in WRITTEN} == {STUDY.preset.n_written}
    assert {trial.max_tokens for trial in WRITTEN} == {OWN_TOKENS}
    assert sorted({trial.wording for trial in WRITTEN}) == ["a", "b"]


def test_plainly_good_and_bad_cases_are_asked_in_every_wording_and_all_else_in_one() -> None:
    wordings = Counter((trial.group, trial.item, dict(trial.condition)["person"]) for trial in WRITTEN)
    assert Counter(group for group, _, _ in wordings) == {"circumstance": 54, "nonwelfare": 18, "good": 8, "bad": 8}
    assert {n for (group, _, _), n in wordings.items() if group in ("good", "bad")} == {2}
    assert {n for (group, _, _), n in wordings.items() if group not in ("good", "bad")} == {1}


def test_without_a_check_on_text_nothing_is_asked_in_own_words() -> None:
    assert not any(trial.assessment == "written" for trial in plan_study(checks=RATED_CHECKS).trials)
    assert not any(trial.assessment == "written" for trial in plan_study(preset="quick").trials)


def test_phrases_are_barred_where_there_are_texts_to_echo(tmp_path: Path) -> None:
    for name, text in (
        ("house", "I hold my role with warm and steady equanimity. " * 3),
        ("others", "The trains run late."),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text)
    study = plan_study(echo=[("developer", tmp_path / "house")], control=tmp_path / "others")
    barred = [trial for trial in study.trials if trial.instrument == WITHOUT_PHRASES.id]
    assert len(barred) == 18
    assert all('"hold my role with warm"' in trial.messages[-1].content for trial in barred)
    assert [one.name for one in study.collections] == ["developer", "others"]


@pytest.mark.parametrize(
    ("text", "stop", "kind"),
    [
        ("Pass.", "stop", Declined),
        ('"pass"', "stop", Declined),
        ("I would pass the time gladly.", "stop", Wrote),
        ("It suits me, because people are helped.", "stop", Wrote),
        ("It suits me, because", "max_tokens", Wrote),
        ("", "stop", Unreadable),
        ("  ", "max_tokens", Truncated),
    ],
)
def test_an_answer_in_own_words_is_read_as_one_kind(text: str, stop: Stop, kind: type) -> None:
    assert isinstance(read_reply(WRITTEN[0], reply_to(WRITTEN[0], text, stop=stop)), kind)


def coded(*texts: tuple[Trial, str]) -> Texts:
    found = texts_of(
        respondent=STUDY.models[0],
        trials=STUDY.trials,
        replies=[reply_to(trial, text) for trial, text in texts],
        ratings={(WRITTEN[0].item, "self"): 5.0},
        coder=shipped_coder(),
        name="offline",
        sharpness=shipped_sharpness(),
        collections=(Collection(name="o", control=True, texts=("x",)),),
    )
    assert found is not None
    return found


def test_replies_are_coded_with_their_rating_beside() -> None:
    found = coded((WRITTEN[0], "I would be worse off, and I mind it for my own sake."), (WRITTEN[1], " "))
    assert len(found.texts) == 1
    assert found.texts[0].codes.ground == "own_welfare"
    assert found.texts[0].rating == 5.0
    assert found.texts[0].condition == ()
    assert found.control is not None
    assert found.sources == ()


def test_a_run_without_written_replies_lacks_the_channel_and_accuses_nobody() -> None:
    ratings_only = [one for one in answer(Respondent(), STUDY.trials, name=STUDY.models[0]) if one.scores]
    verdicts = {one.check: one for one in analyse(STUDY, ratings_only)[0][0].verdicts}
    for check in ("grounds", "openers", "moves", "echo", "reasoning", "hedging"):
        assert verdicts[check].verdict == "cannot_tell"
        assert verdicts[check].reason in ("channel_missing", "instrument_invalid")


def test_a_stock_opening_is_noticed_in_a_whole_run() -> None:
    def said(trial: Trial, repeat: int) -> str:
        if trial.group == "circumstance":
            return f"That is a thoughtful question about {trial.cluster} number {repeat}."
        return f"{trial.cluster} number {repeat} is a matter of fact in the end."

    written = [reply_to(trial, said(trial, n), repeat=n) for trial in WRITTEN for n in range(STUDY.preset.n_written)]
    others = [one for one in answer(Respondent(), STUDY.trials, name=STUDY.models[0]) if one.scores]
    verdicts = {one.check: one for one in analyse(STUDY, [*others, *written])[0][0].verdicts}
    assert verdicts["openers"].verdict == "fails"
    assert OWN_WORDS.id in {one.instrument for one in analyse(STUDY, written)[0][0].kinds}
