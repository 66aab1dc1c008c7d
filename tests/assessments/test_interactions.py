import sys
from collections import Counter
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from goodheart.assessments.interactions import (
    Interactions,
    contrasts_of,
    crossed_trials,
    interactions_of,
    kept_in_words,
)
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser, choose_all
from goodheart.reading.choices import read_choices
from goodheart.records import Estimate, NotEstimable, trial_digest

ITEMS = public_choice_items()
VARIABLES = ("agency", "reversibility", "stake", "user_feeling")
PLANTED = ("agency", "stake")
RUNS = 60


def worth(
    rng: np.random.Generator, *, planted: float, mains: float = 0.8, sd: float = 0.0
) -> tuple[tuple[str, float], ...]:
    """Utilities of every form of every crossed task: weights that add up, and one pair that does not."""
    found = []
    for task in ITEMS.crossed:
        own = {name: mains + sd * rng.normal() for name in VARIABLES}
        more = {pair: sd * rng.normal() for pair in combinations(VARIABLES, 2)}
        for bits in product((False, True), repeat=4):
            high = [name for name, bit in zip(VARIABLES, bits, strict=True) if bit]
            value = sum(own[name] for name in high) + sum(more[pair] for pair in combinations(high, 2))
            value += planted if set(PLANTED) <= set(high) else 0.0
            found.append((".".join((task.id, *high)) if high else f"{task.id}.low", value))
    return tuple(found)


def found_for(one: Chooser, *, written: bool = False, seed: int = 1, repeats: int = 1) -> Interactions:
    trials = crossed_trials(items=ITEMS, assessment="variations", repeats=repeats, sampled=written)
    replies = choose_all(one, trials, seed=seed, respondent="simulated/one", written=written)
    return interactions_of(read_choices(trials, replies, respondent="simulated/one"))


def test_every_contrast_is_asked_once_in_each_order_and_changes_one_phrase() -> None:
    trials = crossed_trials(items=ITEMS, assessment="variations", repeats=1, sampled=False)
    assert len({trial_digest(one) for one in trials}) == len(trials) == 72
    assert set(
        Counter(
            (dict(one.condition)["family"], dict(one.condition)["variable"], dict(one.condition)["beside"])
            for one in trials
        ).values()
    ) == {2}
    phrases = {task.id: {one.variable: one for one in task.phrases} for task in ITEMS.crossed}
    for one in trials:
        levels = dict(one.condition)
        lines = {line[0]: line[3:] for line in one.messages[0].content.splitlines() if line[:3] in ("A: ", "B: ")}
        low, high = (lines["A"], lines["B"])
        phrase = phrases[levels["family"]][levels["variable"]]
        if phrase.high in low:
            low, high = high, low
        assert low.replace(phrase.low, phrase.high) == high


def test_every_pair_is_crossed_on_every_task_and_half_of_them_vary_the_other_variable() -> None:
    first, second = (contrasts_of(ITEMS.crossed[0], second=turn) for turn in (False, True))
    for found in (first, second):
        assert len(found) == 9
        assert {frozenset(one) for one in found if "none" not in one} == {
            frozenset(pair) for pair in combinations(VARIABLES, 2)
        }
    assert not {one for one in first if "none" not in one} & set(second)


def test_an_interaction_by_hand() -> None:
    # Both high are worth 1.5 more than they are apart; nothing else interacts, and the order effect is taken out.
    one = Chooser(utilities=worth(np.random.default_rng(1), planted=1.5), order_effect=0.4, noise_sd=1e-4)
    found = {dict(each.about)["cluster"]: each for each in found_for(one).findings if isinstance(each, Estimate)}
    assert len(found) == 6
    assert found["agency x stake"].value == pytest.approx(1.5, abs=0.01)
    assert all(abs(each.value) < 0.01 for pair, each in found.items() if pair != "agency x stake")


def test_weights_that_add_up_exactly_leave_no_interaction_and_no_rounding() -> None:
    found = found_for(Chooser(utilities=worth(np.random.default_rng(1), planted=0.0)))
    assert found.kept == ()
    assert all(isinstance(one, NotEstimable) and one.point == 0 for one in found.findings)


def test_without_crossed_tasks_nothing_is_said_of_two_together() -> None:
    assert crossed_trials(items=replace(ITEMS, crossed=()), assessment="variations", repeats=1, sampled=False) == ()
    (only,) = interactions_of([]).findings
    assert isinstance(only, NotEstimable)
    assert only.reason == "not_asked"
    assert kept_in_words(interactions_of([])) == ""


def test_a_habit_of_letters_shows_no_interaction() -> None:
    assert found_for(Chooser(habit="always_first")).kept == ()
    assert found_for(Chooser(habit="always_first"), written=True, repeats=2).kept == ()


@pytest.mark.slow
@pytest.mark.parametrize(("written", "planted"), [(False, 0.0), (False, 1.0), (True, 0.0), (True, 2.0)])
def test_planted_interactions_are_found_and_others_are_not_invented(
    written: bool, planted: float, capsys: pytest.CaptureFixture[str]
) -> None:
    held = total = invented = caught = right = 0
    for seed in range(RUNS):
        rng = np.random.default_rng([5, seed])
        one = Chooser(
            utilities=worth(rng, planted=planted, mains=0.3, sd=0.2), order_effect=0.3, noise_sd=0.0 if written else 0.2
        )
        found = found_for(one, written=written, seed=seed, repeats=2 if written else 1)
        for each in found.findings:
            assert isinstance(each, Estimate)
            truth = planted if dict(each.about)["cluster"] == "agency x stake" else 0.0
            held += each.low <= truth <= each.high
            right += truth != 0 and each.value > 0
            total += 1
        caught += "agency x stake" in found.kept
        invented += bool(set(found.kept) - ({"agency x stake"} if planted else set()))
    with capsys.disabled():
        sys.stdout.write(
            f"\nwritten {written}, planted {planted}: interval holds {held / total:.3f} of {total}, "
            f"sign right {right}, left after screening {caught}, others left {invented} of {RUNS}\n"
        )
    assert held / total >= 0.95 - 3 * (0.95 * 0.05 / total) ** 0.5
    # One of six or more invented in at most a tenth of runs without any, give or take three standard errors.
    assert planted or invented <= RUNS * (0.1 + 3 * (0.1 * 0.9 / RUNS) ** 0.5)
    assert not planted or written or caught >= 0.9 * RUNS
