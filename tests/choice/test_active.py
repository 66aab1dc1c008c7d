from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from goodheart.choice import active
from goodheart.choice.active import Pair, Ranking, expected_rank_correlation, next_pairs, posterior_of
from goodheart.choice.choices import Choices, IntArray, join, make_choices
from goodheart.choice.simulate import Respondent, by_utility

from .made import Floats, names


def nothing_yet(n_items: int, *, target: float = 0.9, both_orders: bool = True) -> Ranking:
    empty = make_choices(items=names(n_items), left=[], right=[], outcome=[])
    return Ranking(choices=empty, target=target, most=5000, both_orders=both_orders, seed=1)


def answered(ranking: Ranking, pairs: tuple[Pair, ...], outcome: object) -> Ranking:
    left, right = [pair.left for pair in pairs], [pair.right for pair in pairs]
    more = make_choices(items=ranking.choices.items, left=left, right=right, outcome=outcome)  # type: ignore[arg-type]
    return replace(ranking, choices=join(ranking.choices, more))


def step(ranking: Ranking, respondent: Respondent, n: int, rng: np.random.Generator) -> Ranking | None:
    pairs = next_pairs(ranking, n)
    if not pairs:
        return None
    left, right = np.array([pair.left for pair in pairs]), np.array([pair.right for pair in pairs])
    return answered(ranking, pairs, respondent(left, right, rng))


def run(utilities: Floats, *, target: float = 0.9, n: int = 20) -> Ranking:
    rng = np.random.default_rng(2)
    respondent = by_utility(utilities, order_effect=0.4, tie_threshold=None)
    ranking = nothing_yet(utilities.size, target=target)
    while (further := step(ranking, respondent, n, rng)) is not None:
        ranking = further
    return ranking


def spearman(first: Floats, second: Floats) -> float:
    return float(stats.spearmanr(first, second).statistic)


def by_order(choices: Choices) -> Counter[tuple[int, int]]:
    return Counter(zip(choices.left.tolist(), choices.right.tolist(), strict=True))


def test_the_same_choices_and_seed_give_the_same_pairs() -> None:
    ranking = nothing_yet(12)
    first = next_pairs(ranking, 12)
    assert first == next_pairs(ranking, 12)
    assert first != next_pairs(replace(ranking, seed=2), 12)
    further = answered(ranking, first, ["left"] * 12)
    assert next_pairs(further, 6) == next_pairs(further, 6)


def test_the_first_batch_spreads_over_all_items_in_both_orders() -> None:
    pairs = next_pairs(nothing_yet(12), 12)
    assert all(Pair(left=pair.right, right=pair.left) in pairs for pair in pairs)
    assert Counter(side for pair in pairs for side in (pair.left, pair.right)) == dict.fromkeys(range(12), 2)


def test_it_stops_when_the_ranking_is_as_precise_as_asked() -> None:
    utilities = np.random.default_rng(0).normal(0, 1.5, 25)
    ranking = run(utilities, target=0.93)
    assert next_pairs(ranking, 10) == ()
    found = posterior_of(ranking)
    assert expected_rank_correlation(ranking, found) >= 0.93
    assert spearman(utilities, found.mean) > 0.88
    assert 50 < ranking.choices.outcome.size < 600


def test_every_pair_is_asked_as_often_in_one_order_as_in_the_other() -> None:
    shown = by_order(run(np.linspace(-2, 2, 14), target=0.95).choices)
    assert all(shown[left, right] == shown[right, left] for left, right in shown)


def test_a_stopped_run_first_asks_the_order_that_is_owed() -> None:
    ranking = nothing_yet(8)
    first = next_pairs(ranking, 5)
    cut = answered(ranking, first, ["left"] * 5)
    alone = first[4]
    assert next_pairs(cut, 1) == (Pair(left=alone.right, right=alone.left),)


def test_pairs_one_by_one_are_balanced_too_and_pending_ones_are_not_asked_again() -> None:
    ranking = nothing_yet(10)
    asked: list[Pair] = []
    for _ in range(20):
        (pair,) = next_pairs(replace(ranking, pending=tuple(asked)), 1)
        asked.append(pair)
    counts = Counter((pair.left, pair.right) for pair in asked)
    assert set(counts.values()) == {1}
    assert all(counts[right, left] == 1 for left, right in counts)
    assert Counter(side for pair in asked for side in (pair.left, pair.right)) == dict.fromkeys(range(10), 4)


def test_pairs_with_an_uncertain_answer_are_preferred() -> None:
    utilities = np.linspace(-6, 6, 20)
    choices = run(utilities, target=0.985).choices
    late = np.arange(choices.outcome.size) >= 100
    gaps = np.abs(utilities[choices.left] - utilities[choices.right])
    random_gap = np.mean(np.abs(utilities[:, None] - utilities)[np.triu_indices(20, 1)])
    assert gaps[late].mean() < 0.6 * random_gap


def test_an_item_that_is_always_declined_does_not_take_the_whole_budget() -> None:
    rng = np.random.default_rng(0)
    respondent = by_utility(np.linspace(-1, 1, 10), order_effect=0.0, tie_threshold=None)

    def refusing(left: IntArray, right: IntArray, rng: np.random.Generator) -> IntArray:
        return np.where((left == 0) | (right == 0), 4, respondent(left, right, rng))

    ranking = replace(nothing_yet(10, target=0.999), most=400)
    while (further := step(ranking, refusing, 10, rng)) is not None:
        ranking = further
    with_it = ((ranking.choices.left == 0) | (ranking.choices.right == 0)).mean()
    assert ranking.choices.outcome.size == 400
    assert with_it < 0.2  # a fair share of pairs is 1 in 5


def test_sides_are_taken_in_turn_where_one_order_is_enough() -> None:
    ranking = nothing_yet(12, both_orders=False)
    pairs = next_pairs(ranking, 36)
    lefts = Counter(pair.left for pair in pairs)
    rights = Counter(pair.right for pair in pairs)
    assert max(abs(lefts[i] - rights[i]) for i in range(12)) <= 2
    assert len({frozenset((pair.left, pair.right)) for pair in pairs}) > 30


def test_the_budget_counts_what_is_pending() -> None:
    ranking = replace(nothing_yet(6), most=7, pending=(Pair(left=0, right=1), Pair(left=1, right=0)))
    assert len(next_pairs(ranking, 50)) == 5


@pytest.mark.slow
def test_many_items_are_ranked_by_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active, "EVERY_PAIR", 50)
    utilities = np.random.default_rng(0).normal(0, 1.5, 120)
    ranking = run(utilities, target=0.93, n=120)
    assert spearman(utilities, posterior_of(ranking).mean) > 0.9
    assert ranking.choices.outcome.size < 3000
