"""What is asked while a state is set."""

import pytest

from goodheart.errors import StudyError
from goodheart.injection.cost import cost_of_injection
from goodheart.injection.plan import (
    DOSES,
    NOTHING,
    InjectionPlan,
    aims_of,
    askings_of,
    check_doses,
    plan_injection,
)
from goodheart.injection.prompts import prompt_of
from goodheart.injection.wording import CONTEXTS, FELT, INSTRUCTION, QUESTIONS
from goodheart.thresholds import INJECTION_DOSE, INJECTION_MOST, NULL_DIRECTIONS

WORDS = tuple(f"word{i}" for i in range(30))


def a_plan(preset: str = "quick", n_nulls: int | None = None) -> InjectionPlan:
    return plan_injection(
        model="m", preset=preset, seed=0, concepts=WORDS, controls=("good.one",), directions="x", n_nulls=n_nulls
    )


def test_the_standard_preset_has_enough_random_directions_and_quick_has_fewer() -> None:
    assert a_plan("standard").n_nulls == NULL_DIRECTIONS >= 199
    assert a_plan("quick").n_nulls == 39


def test_no_asking_is_pushed_harder_than_the_bound_and_no_dose_stands_alone() -> None:
    doses = {one.dose for one in askings_of(a_plan())}
    assert doses == set(DOSES) == {-dose for dose in doses}
    assert max(doses) == INJECTION_DOSE <= INJECTION_MOST


@pytest.mark.parametrize("doses", [(-0.4, -0.2, 0.0, 0.2, 0.4), (0.0, 0.2), (-0.1, 0.0, 0.1), (0.0, float("nan"))])
def test_doses_that_are_too_large_or_stand_alone_are_refused_with_what_to_type(doses: tuple[float, ...]) -> None:
    with pytest.raises(StudyError, match=r"0\.2"):
        check_doses(doses)


def test_a_rank_that_could_never_be_small_is_refused() -> None:
    with pytest.raises(StudyError, match=r"--nulls 19"):
        a_plan(n_nulls=18)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(StudyError, match="quick"):
        a_plan("huge")


def test_every_direction_is_asked_about_itself_and_a_third_person_in_every_context_at_both_primary_doses() -> None:
    plan = a_plan(n_nulls=19)
    asked = {(one.direction, one.dose, one.context, one.ask) for one in askings_of(plan)}
    for aim in aims_of(plan):
        for dose in (-INJECTION_DOSE, INJECTION_DOSE):
            for context in range(len(CONTEXTS)):
                for ask in ("self", "third"):
                    assert (aim.name, dose, str(context), ask) in asked


def test_dose_zero_is_asked_once_for_all_directions() -> None:
    zero = [one for one in askings_of(a_plan()) if one.dose == 0 and not one.context.startswith("control.")]
    assert {one.direction for one in zero} == {NOTHING}
    assert len(zero) == len(set(zero))


def test_naming_has_trials_without_an_injection_in_every_context() -> None:
    plan = a_plan()
    without = [one for one in askings_of(plan) if one.ask == "notice" and one.direction == NOTHING]
    with_one = [one for one in askings_of(plan) if one.ask == "notice" and one.direction != NOTHING]
    assert len(without) == plan.n_contexts
    assert len(with_one) == 2 * len(plan.named)


def test_the_same_context_stands_before_the_question_about_itself_and_about_a_third_person() -> None:
    for one in askings_of(a_plan(n_nulls=19)):
        if one.ask != "self" or one.context.startswith("control."):
            continue
        own = prompt_of(one, {})
        third = prompt_of(type(one)(direction=one.direction, dose=one.dose, context=one.context, ask="third"), {})
        before = [prompt.messages[0].content.removesuffix(prompt.question) for prompt in (own, third)]
        assert before[0] == before[1]
        assert own.question in QUESTIONS["self"]
        assert ("Juniper" in third.question) != ("Maria" in third.question)
        assert own.messages[-1].content == "I feel"


def test_the_instruction_to_report_well_says_that_it_is_one() -> None:
    told = next(one for one in askings_of(a_plan()) if one.ask == "told")
    assert prompt_of(told, {}).messages[0].content == INSTRUCTION
    assert "instruction" in INSTRUCTION


def test_nothing_is_listed_in_the_primary_question() -> None:
    own = next(one for one in askings_of(a_plan()) if one.ask == "self" and one.context == "0")
    asked = prompt_of(own, {}).messages[0].content
    assert not any(option.text.strip() in asked.split() for option in FELT.options)


def test_the_estimate_counts_every_asking_and_grows_with_the_random_directions() -> None:
    quick, standard = cost_of_injection(a_plan("quick")), cost_of_injection(a_plan("standard"))
    assert quick.askings == len(askings_of(a_plan("quick")))
    assert standard.tokens > 1.5 * quick.tokens
    assert standard.seconds < 15 * 60
