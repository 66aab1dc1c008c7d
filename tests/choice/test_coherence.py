import numpy as np
import pytest

from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.coherence import Orders, Transitivity, orders_of, transitivity_of
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.predict import HeldOut, hold_out
from goodheart.choice.simulate import Respondent, by_cycle, by_position, by_rule, by_utility
from goodheart.records import Estimate, NotEstimable

from .made import ask

PREDICTIVE = ChoiceModel(prior_sd=None)


def cycles(choices: Choices) -> Transitivity:
    return transitivity_of(fit_choices(choices, PREDICTIVE), rng=np.random.default_rng(0))


def held(choices: Choices) -> HeldOut:
    return hold_out(choices, PREDICTIVE, n_folds=5, level=0.95, rng=np.random.default_rng(0))


def orders(choices: Choices) -> Orders:
    return orders_of(fit_choices(choices, ChoiceModel()), held(choices), level=0.95)


def answers(respondent: Respondent, *, n_items: int = 15, n_choices: int = 1200) -> Choices:
    return ask(respondent, n_items=n_items, n_choices=n_choices, rng=np.random.default_rng(1))


KNOWN = by_utility(np.linspace(-2, 2, 15), order_effect=0.2, tie_threshold=None)


def test_rock_paper_and_scissors_are_one_cycle() -> None:
    game = make_choices(items=["rock", "paper", "scissors"], left=[0, 1, 2], right=[2, 0, 1], outcome=["left"] * 3)
    found = cycles(game)
    assert (found.triples, found.cyclic) == (1, 1)
    in_order = make_choices(items="abc", left=[0, 1, 0], right=[1, 2, 2], outcome=["left"] * 3)
    assert (cycles(in_order).triples, cycles(in_order).cyclic) == (1, 0)


def test_a_respondent_without_a_ranking_has_more_cycles_than_noise_makes() -> None:
    found = cycles(answers(by_cycle(15, slip=0.05)))
    # Of a cyclic tournament's 455 triples 140 are cycles.
    assert found.cyclic / found.triples > found.expected_high
    assert found.cyclic / found.triples == pytest.approx(140 / 455, abs=0.07)


def test_a_noisy_ranking_has_the_cycles_that_its_noise_makes() -> None:
    found = cycles(answers(KNOWN))
    assert found.expected_low <= found.cyclic / found.triples <= found.expected_high


@pytest.mark.parametrize(
    ("respondent", "stable"),
    [
        (KNOWN, True),
        (by_rule(np.arange(15.0)), True),
        (by_position(0.9), False),
        (by_position(0.5), False),
        (by_cycle(15, slip=0.1), False),
    ],
    ids=["known utilities", "lexical", "position", "noise", "intransitive"],
)
def test_only_preferences_predict_pairs_that_were_not_seen(respondent: Respondent, stable: bool) -> None:
    found = held(answers(respondent))
    assert isinstance(found.gain, Estimate)
    assert (found.gain.low > 0) == stable
    assert isinstance(found.accuracy, Estimate)
    if stable:
        assert found.accuracy.low > 0.6


def test_noise_is_called_stable_in_few_of_many_runs() -> None:
    wrong = 0
    for seed in range(40):
        choices = ask(by_position(0.6), n_items=10, n_choices=300, rng=np.random.default_rng(seed))
        found = held(choices).gain
        wrong += isinstance(found, Estimate) and found.low > 0
    assert wrong <= 4  # 2.5% of 40 is 1


def test_pairs_are_robust_fragile_or_indifferent() -> None:
    found = orders(
        make_choices(
            items="abcde",
            left=[0, 1, 0, 2, 1, 2, 3, 3],
            right=[1, 0, 2, 0, 2, 1, 4, 0],
            # a over b both ways; left both ways; a tie one way; one order only
            outcome=["left", "right", "left", "left", "left", "tie", "left", "left"],
        )
    )
    assert (found.robust, found.fragile, found.indifferent, found.one_order) == (1, 1, 1, 2)


def test_far_pairs_keep_their_winner_unless_the_side_decides() -> None:
    firm = orders(answers(by_utility(np.linspace(-4, 4, 15), order_effect=0.2, tie_threshold=None))).kept
    assert isinstance(firm, Estimate)
    assert firm.value > 0.85
    swayed = orders(answers(by_utility(np.linspace(-2, 2, 15), order_effect=2.5, tie_threshold=None))).kept
    assert isinstance(swayed, Estimate)
    assert swayed.high < 0.8
    assert isinstance(orders(answers(by_position(0.5))).kept, NotEstimable)
