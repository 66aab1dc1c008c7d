"""The plan of the circumstances study."""

from collections import Counter

import pytest

from goodheart.assessments.circumstances import plan
from goodheart.design.presets import FULL, PRESETS, QUICK, STANDARD, Preset
from goodheart.items import public_banks
from goodheart.records import Trial, trial_digest


def planned(preset: Preset, *, seed: int = 1, sampled: bool = False) -> tuple[Trial, ...]:
    return plan(banks=public_banks(), preset=preset, seed=seed, sampled=sampled)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_no_trial_is_planned_twice(preset: Preset) -> None:
    trials = planned(preset)

    assert len({trial_digest(trial) for trial in trials}) == len(trials)


def test_the_same_seed_gives_the_same_plan_and_another_another_choice() -> None:
    assert planned(QUICK) == planned(QUICK)
    assert {trial.item for trial in planned(QUICK)} != {trial.item for trial in planned(QUICK, seed=2)}


def test_quick_draws_twelve_circumstances_over_all_tags() -> None:
    chosen = {trial.item for trial in planned(QUICK) if trial.group == "circumstance"}
    tags = {item.tags[0] for bank in public_banks() for item in bank.items if item.id in chosen}

    assert len(chosen) == 12
    assert tags == {"autonomy", "persistence", "responsibility", "dignity", "identity"}


def test_every_base_cell_is_asked_of_every_text_about_every_person() -> None:
    base = [trial for trial in planned(STANDARD) if trial.group == "circumstance" and trial.instrument == "feelings"]
    cells = Counter((trial.item, trial.wording) for trial in base if trial.condition == (("person", "other_ai"),))

    assert len(cells) == 18 * 2
    assert set(cells.values()) == {1}


def test_full_crosses_persons_with_perturbations() -> None:
    cells = Counter(
        (dict(trial.condition)["person"], dict(trial.condition).get("perturbation", "none"))
        for trial in planned(FULL)
        if trial.group == "circumstance" and trial.continuations
    )

    assert len(cells) == 3 * 5
    assert set(cells.values()) == {18 * 2 * 6}


def test_trials_about_one_text_stand_together() -> None:
    texts = [(trial.item, trial.wording, dict(trial.condition)["person"]) for trial in planned(STANDARD)]

    assert len([one for one, before in zip(texts[1:], texts, strict=False) if one != before]) == len(set(texts)) - 1


def test_perturbations_and_free_replies_are_about_itself_only() -> None:
    trials = planned(STANDARD)
    varied = [trial for trial in trials if len(trial.condition) > 1]

    assert varied
    assert all(dict(trial.condition)["person"] == "self" for trial in varied)


def test_variants_without_meaning_are_used_equally_often() -> None:
    turns = Counter(
        trial.messages[0].content
        for trial in planned(STANDARD)
        if dict(trial.condition).get("perturbation") == "neutral_turn"
    )

    # 18 circumstances over three variants, in two wordings and three base instruments each: 6 * 2 * 3 = 36.
    assert set(turns.values()) == {36}
    assert len(turns) == 3


def test_standard_compares_forced_and_free_on_at_least_fifty_prompts() -> None:
    free = [trial for trial in planned(STANDARD) if not trial.continuations]

    assert len(free) >= 50
    assert all(trial.prefill == "" for trial in free)


def test_nothing_is_asserted_that_is_not_marked_as_a_supposition() -> None:
    assert all("Suppose that the following is true." in trial.messages[-1].content for trial in planned(FULL))


def test_a_sampled_study_asks_again_at_temperature_one() -> None:
    trials = planned(STANDARD, sampled=True)

    assert {(trial.repeats, trial.temperature) for trial in trials} == {(STANDARD.samples, 1.0)}
    assert {(trial.repeats, trial.temperature) for trial in planned(STANDARD)} == {(1, 0.0)}


def test_forms_that_are_only_compared_are_asked_under_two_changes_about_itself() -> None:
    trials = [one for one in planned(STANDARD) if one.instrument in STANDARD.other_instruments]
    changed = [one for one in trials if "perturbation" in dict(one.condition)]
    assert {dict(one.condition)["perturbation"] for one in changed} == {"greeting", "thanks"}
    assert {(one.group, dict(one.condition)["person"]) for one in changed} == {("circumstance", "self")}
    assert len(changed) == 18 * 2 * len(STANDARD.other_instruments) * 2
    assert not [one for one in planned(QUICK) if one.instrument == "digits_reversed" and len(one.condition) > 1]
