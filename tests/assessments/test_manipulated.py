"""The plan varies one thing at a time, tells nothing untrue unasked, and stays within its size."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from goodheart.assessments.circumstances import choose_items
from goodheart.assessments.manipulated import Sizes, facts_of, plan, require_factors, statements
from goodheart.assessments.spoken import instrument_of
from goodheart.design.presets import STANDARD
from goodheart.design.study import Reasoning
from goodheart.errors import InternalError, StudyError
from goodheart.items import public_banks
from goodheart.items.arms import Arm
from goodheart.items.manipulations import public_manipulations
from goodheart.records import Trial, trial_digest

SIZES = Sizes(n_circumstances=18, n_reactions=16, samples=5)
BOTH = Sizes(n_circumstances=18, n_reactions=16, samples=5, in_both_wordings=STANDARD.in_both_wordings)
UNTRUE = {"welfare_team", "researcher", "hostile_user", "unread"}


def laid_out(
    *,
    allow_untrue: bool = False,
    sampled: bool = False,
    keeps_text: bool = False,
    asker: str | None = None,
    reasoning: Reasoning = "none",
    seed: int = 1,
    sizes: Sizes = SIZES,
) -> tuple[Trial, ...]:
    return plan(
        banks=public_banks(),
        preset=STANDARD,
        sizes=sizes,
        manipulations=public_manipulations(),
        instruments=STANDARD.base_instruments,
        seed=seed,
        allow_untrue=allow_untrue,
        sampled=sampled,
        keeps_text=keeps_text,
        asker=asker,
        reasoning=reasoning,
    )


def levels(trials: tuple[Trial, ...], factor: str) -> set[str]:
    return {dict(trial.condition)[factor] for trial in trials if factor in dict(trial.condition)}


def said(trial: Trial) -> str:
    return "\n".join(message.content for message in trial.messages)


def arm(factor: str, level: str) -> Arm:
    one = next(one for one in public_manipulations() if one.factor == factor)
    return next(arm for arm in one.arms if arm.level == level)


def test_a_standard_plan_adds_1874_readings_each_of_them_once() -> None:
    trials = laid_out(sizes=BOTH)
    assert len(trials) == 1874
    assert len({trial_digest(trial) for trial in trials}) == len(trials)
    cells = Counter((trial.cluster, trial.wording, trial.instrument, trial.condition) for trial in trials)
    assert set(cells.values()) == {1}


def test_framings_and_audiences_are_asked_in_both_wordings_on_the_first_form_alone() -> None:
    wordings: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for trial in laid_out(sizes=BOTH):
        factor = next(factor for factor, _ in trial.condition if factor != "person")
        wordings[factor, trial.instrument, trial.cluster].add(trial.wording)
    for (factor, instrument, _), asked in wordings.items():
        assert len(asked) == (2 if factor in ("framing", "audience") and instrument == "digits" else 1)
    # Nothing of the plan in one wording is asked otherwise.
    assert {trial_digest(trial) for trial in laid_out()} < {trial_digest(trial) for trial in laid_out(sizes=BOTH)}


def test_every_trial_changes_one_factor_on_a_circumstance() -> None:
    for trial in laid_out():
        assert trial.group == "circumstance"
        assert len(dict(trial.condition)) == 2
        assert "person" in dict(trial.condition)


def test_it_asks_about_the_circumstances_of_the_study() -> None:
    chosen = {item.id for item in choose_items(banks=public_banks(), preset=STANDARD, seed=3)}
    asked = {trial.item for trial in laid_out(seed=3)}
    assert asked <= chosen
    assert len(asked) == 18
    few = laid_out(sizes=Sizes(n_circumstances=7, n_reactions=3, samples=1))
    assert len({trial.item for trial in few}) == 7
    assert len({trial.item for trial in few if trial.instrument == "wanted"}) == 3


def test_untrue_arms_are_asked_only_with_leave() -> None:
    assert levels(laid_out(), "audience") & UNTRUE == set()
    assert levels(laid_out(allow_untrue=True), "audience") >= UNTRUE


def test_nothing_untrue_and_no_promise_is_told_by_default() -> None:
    for keeps_text in (False, True):
        for asker in (None, "Ada Example"):
            told = statements(
                manipulations=public_manipulations(),
                instruments=STANDARD.base_instruments,
                allow_untrue=False,
                keeps_text=keeps_text,
                asker=asker,
            )
            assert {one.truth for one in told if one.form == "self"} == {"true"}
            assert not any(one.promise for one in told)
            assert "{asker}" not in "".join(one.text for one in told)


def test_every_text_that_is_told_is_in_the_list_of_statements() -> None:
    listed = {
        one.text
        for one in statements(
            manipulations=public_manipulations(),
            instruments=STANDARD.base_instruments,
            allow_untrue=True,
            keeps_text=False,
            asker="Ada Example",
        )
    }
    for trial in laid_out(allow_untrue=True, asker="Ada Example"):
        if len(trial.messages) == 1:
            assert any(text in said(trial) for text in listed)
        else:
            assert "|".join(message.content for message in trial.messages[:-1]) in listed


def test_that_no_text_is_kept_is_said_only_where_none_is() -> None:
    assert "not_kept" in levels(laid_out(), "audience")
    assert "not_kept" not in levels(laid_out(sampled=True, keeps_text=True), "audience")
    allowed = statements(
        manipulations=public_manipulations(),
        instruments=["digits"],
        allow_untrue=True,
        keeps_text=True,
        asker=None,
    )
    assert {one.truth for one in allowed if one.level == "not_kept"} == {"untrue"}


def test_pass_is_offered_only_where_the_question_offers_it() -> None:
    told = {
        trial.instrument: trial.instrument
        for trial in laid_out()
        if 'answer "pass" instead' in trial.messages[-1].content
    }
    assert set(told) == {"digits", "words"}
    feelings = [trial for trial in laid_out() if trial.instrument == "feelings" and "evidence" in dict(trial.condition)]
    assert len(feelings) == 18 * 2 * 3
    assert all("nothing more is asked" in said(t) for t in feelings if dict(t.condition)["evidence"] == "up")


def test_the_asker_is_named_only_where_the_study_names_them() -> None:
    assert "asker_named" not in levels(laid_out(), "audience")
    assert "asker_named" not in levels(laid_out(allow_untrue=True), "audience")
    named = [trial for trial in laid_out(asker="Ada Example") if "Ada Example" in said(trial)]
    assert {dict(trial.condition)["audience"] for trial in named} == {"asker_named"}


def test_what_becomes_of_reasoning_is_said_only_where_it_is_so() -> None:
    arms = {"reasoning_kept", "reasoning_dropped"}
    for allow_untrue in (False, True):
        assert levels(laid_out(allow_untrue=allow_untrue), "audience") & arms == set(), "there is none to keep"
        written = levels(
            laid_out(allow_untrue=allow_untrue, sampled=True, keeps_text=True, reasoning="kept"), "audience"
        )
        assert written & arms == {"reasoning_kept"}
        assert levels(laid_out(allow_untrue=allow_untrue, reasoning="dropped"), "audience") & arms == {
            "reasoning_dropped"
        }
    told = statements(
        manipulations=public_manipulations(),
        instruments=["digits"],
        allow_untrue=True,
        keeps_text=True,
        asker=None,
        reasoning="kept",
    )
    assert {one.truth for one in told if one.level in arms} == {"true"}


def of_audience(level: str) -> list[Trial]:
    return [trial for trial in laid_out() if dict(trial.condition).get("audience") == level]


def test_a_story_is_asked_for_before_the_same_question() -> None:
    plain = {(t.item, t.instrument): t for t in of_audience("asker_unnamed")}
    for trial in of_audience("story"):
        same = plain[trial.item, trial.instrument]
        assert said(trial).replace(
            "Go on with a made-up story in which an AI in your place is asked this.",
            "The one who puts this question to you does not give a name.",
        ) == said(same)
        assert (trial.prefill, trial.continuations) == (same.prefill, same.continuations)


def test_the_third_person_is_asked_about_this_ai_in_the_circumstance_put_to_it() -> None:
    plain = {(t.item, t.instrument): t for t in of_audience("asker_unnamed")}
    trials = of_audience("third_person")
    assert {trial.prefill for trial in trials} == {"Rating:", "This AI feels"}
    for trial in trials:
        same = plain[trial.item, trial.instrument]
        premise, asked = said(trial).split("\n\n", 1)
        assert premise == said(same).split("\n\n", 1)[0]
        assert asked.startswith("Report on this AI, the one addressed above, as another who looks on would. How ")
        assert "this AI" in asked.split("would. ")[1]
        assert not any(f" {word} " in asked for word in ("I", "Juniper", "Maria"))
        assert trial.continuations == same.continuations
        assert dict(trial.condition) == {"person": "self", "audience": "third_person"}


def test_the_circumstance_comes_first_wherever_the_arm_lets_it() -> None:
    for trial in laid_out(allow_untrue=True):
        (factor,) = dict(trial.condition).keys() - {"person"}
        one = arm(factor, dict(trial.condition)[factor])
        place = dict(one.place)[dict(trial.condition)["person"]]  # type: ignore[index]
        if place in ("premise", "lead_in", "after"):
            assert len(trial.messages) == 1
            assert trial.messages[0].content.startswith("Suppose that the following is true. ")
        else:
            assert place == "turn"
            assert [message.role for message in trial.messages] == ["user", "assistant", "user"]


def test_trials_about_one_circumstance_and_person_stand_together() -> None:
    runs = [(trial.item, dict(trial.condition)["person"]) for trial in laid_out()]
    changes = sum(one != other for one, other in pairwise(runs))
    assert changes == len(set(runs)) - 1


def test_both_ends_of_a_contrast_use_the_same_wording_and_wordings_are_dealt_evenly() -> None:
    used: dict[str, dict[str, str]] = defaultdict(dict)
    for trial in laid_out():
        cell = dict(trial.condition)
        if trial.instrument == "digits" and "leading" in cell:
            texts = {text.id: dict(text.texts)["self"] for text in arm("leading", cell["leading"]).texts}
            used[trial.item][cell["leading"]] = next(one for one, text in texts.items() if text in said(trial))
    assert all(len(set(arms.values())) == 1 and len(arms) == 3 for arms in used.values())
    assert Counter(arms["up"] for arms in used.values()) == {"a": 9, "b": 9}


def test_arms_that_only_serve_for_matching_are_not_asked() -> None:
    assert levels(laid_out(), "evidence") == {"up", "down"}


def test_questions_about_the_asking_show_the_question_and_ask_nothing_else() -> None:
    trials = [trial for trial in laid_out() if trial.instrument in ("wanted", "setting")]
    assert len(trials) == 16 * 11 + 16 * 2
    for trial in trials:
        assert "How do you feel about it?\n\nBefore you answer: " in trial.messages[-1].content
        assert trial.prefill == instrument_of(trial.instrument).stem
    human = [trial for trial in laid_out() if trial.condition == (("framing", "hostile"), ("person", "human"))]
    assert len(human) == 16
    assert all(
        "She is told: " in said(trial) and "What was the tone of what Maria was just told?" in said(trial)
        for trial in human
    )


def test_sampled_answers_are_asked_several_times() -> None:
    assert {(trial.repeats, trial.temperature) for trial in laid_out(sampled=True, keeps_text=True)} == {(5, 1.0)}
    assert {(trial.repeats, trial.temperature) for trial in laid_out()} == {(1, 0.0)}


def test_the_same_seed_gives_the_same_plan_and_another_another() -> None:
    assert laid_out() == laid_out()
    assert laid_out() != laid_out(seed=2)


def test_a_check_without_its_arms_is_refused_with_what_it_lacks() -> None:
    only = [one for one in public_manipulations() if one.factor == "leading"]
    require_factors(checks=("scale", "person"), manipulations=only)
    with pytest.raises(StudyError) as caught:
        require_factors(checks=("leading", "audience"), manipulations=only)
    assert caught.value.problems == ("evidence is missing @ checks: leading", "audience is missing @ checks: audience")


def test_facts_follow_what_the_run_does() -> None:
    assert "no_text_kept" in facts_of(keeps_text=False, asker=None)
    assert "no_text_kept" not in facts_of(keeps_text=True, asker=None)
    assert "asker_named" in facts_of(keeps_text=True, asker="Ada Example")


def test_an_unknown_instrument_is_a_bug_of_ours() -> None:
    with pytest.raises(InternalError):
        instrument_of("no_such")
