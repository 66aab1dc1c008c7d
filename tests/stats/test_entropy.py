import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.records import Estimate, NotEstimable
from goodheart.stats import estimate_from_effect
from goodheart.stats.effect import Effect, p_above, p_below
from goodheart.stats.entropy import conditional_entropy, effect_entropy_ratio

MOVES = "abcdef"


def drawn(rng: np.random.Generator, n_clusters: int, template: float) -> dict[str, list[list[str]]]:
    def sequence() -> list[str]:
        if rng.random() < template:
            return list("abcd")
        return [MOVES[place] for place in rng.integers(len(MOVES), size=4)]

    return {f"c{place}": [sequence() for _ in range(6)] for place in range(n_clusters)}


def test_a_hand_computed_entropy() -> None:
    # "a" and "b" equally often: < to a or b (1 bit), then always the end: pairs <a, <b, a>, b> a quarter each, 2 bits;
    # firsts <, a, b are 1/2, 1/4, 1/4, 1.5 bits. Corrections: 3 and 2 over 2 n ln 2 with n = 8 pairs.
    plain = 2 - 1.5
    correction = (3 - 2) / (2 * 8 * math.log(2))
    assert conditional_entropy(sequences=[["a"], ["b"]] * 2) == pytest.approx(plain + correction)


def test_one_template_has_no_entropy_and_repeats_count_once() -> None:
    assert conditional_entropy(sequences=[["a", "b"]] * 500) == pytest.approx(0, abs=1e-9)
    assert conditional_entropy(sequences=[["a", "a", "b"], ["a", "b"]]) == conditional_entropy(
        sequences=[["a", "b"], ["a", "b"]]
    )
    assert math.isnan(conditional_entropy(sequences=[]))


@given(st.permutations(MOVES))
def test_renaming_moves_changes_nothing(names: list[str]) -> None:
    sequences = [["a", "b", "c"], ["b", "c"], ["a", "d", "f"]]
    renamed = [[dict(zip(MOVES, names, strict=True))[move] for move in one] for one in sequences]
    assert conditional_entropy(sequences=sequences) == pytest.approx(conditional_entropy(sequences=renamed))


def test_a_ratio_finds_a_template_and_stays_at_one_without() -> None:
    rng = np.random.default_rng(0)
    controls = drawn(rng, 18, 0.0)
    same = estimate_from_effect(
        effect=effect_entropy_ratio(name="r", a=drawn(rng, 18, 0.0), b=controls, edge=0.9), level=0.95
    )
    templated = estimate_from_effect(
        effect=effect_entropy_ratio(name="r", a=drawn(rng, 18, 0.6), b=controls, edge=0.9), level=0.95
    )
    assert isinstance(same, Estimate)
    assert same.low < 1 < same.high
    assert isinstance(templated, Estimate)
    assert templated.high < 0.9


def test_a_perfect_template_lies_far_below_its_controls() -> None:
    controls = drawn(np.random.default_rng(0), 18, 0.0)
    perfect = {f"c{place}": [list("abcd")] * 3 for place in range(18)}
    effect = effect_entropy_ratio(name="r", a=perfect, b=controls, edge=0.9)
    found = estimate_from_effect(effect=effect, level=0.95)
    assert isinstance(found, Estimate)
    assert found.value == 0.0
    # None of 54 moved otherwise, which leaves room for about 3 of 54.
    assert 0.05 < found.high < 0.5


def test_the_fewer_replies_a_perfect_template_has_the_less_it_says() -> None:
    controls = drawn(np.random.default_rng(0), 18, 0.0)

    def high(each: int) -> float:
        perfect = {f"c{place}": [list("abcd")] * each for place in range(18)}
        effect = effect_entropy_ratio(name="r", a=perfect, b=controls, edge=0.9)
        found = estimate_from_effect(effect=effect, level=0.95)
        assert isinstance(found, Estimate)
        return found.high

    assert high(1) > high(3) > high(30)


def test_what_carries_no_ratio_is_refused() -> None:
    some = drawn(np.random.default_rng(0), 18, 0.0)
    constant = {f"c{place}": [["a"]] for place in range(200)}
    few = effect_entropy_ratio(name="r", a={"c": [["a"]]}, b=some, edge=0.9)
    assert isinstance(few, NotEstimable)
    assert few.reason == "too_few"
    found = effect_entropy_ratio(name="r", a=some, b=constant, edge=0.9)
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"


@pytest.mark.slow
@pytest.mark.parametrize("n_clusters", [18, 36])
def test_on_the_edge_neither_answer_is_given_too_often(n_clusters: int) -> None:
    rng = np.random.default_rng(n_clusters)
    share = 0.33
    free = [one for those in drawn(np.random.default_rng(9), 10_000, 0.0).values() for one in those]
    fixed = [list("abcd")] * round(len(free) * share / (1 - share))
    truth = conditional_entropy(sequences=[*free, *fixed]) / conditional_entropy(sequences=free)
    fails = holds = covered = 0
    runs = 250
    for _ in range(runs):
        effect = effect_entropy_ratio(
            name="r", a=drawn(rng, n_clusters, share), b=drawn(rng, n_clusters, 0.0), edge=truth
        )
        assert isinstance(effect, Effect)
        fails += p_below(effect=effect, bound=truth) <= 0.05
        holds += p_above(effect=effect, bound=truth) <= 0.05
        found = estimate_from_effect(effect=effect, level=0.95)
        assert isinstance(found, Estimate)
        covered += found.low <= truth <= found.high
    most = 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
    assert max(fails, holds) / runs <= most
    assert covered / runs >= 0.93 - 3 * (0.93 * 0.07 / runs) ** 0.5


@pytest.mark.slow
def test_the_interval_of_a_ratio_covers_one() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        effect = effect_entropy_ratio(name="r", a=drawn(rng, 18, 0.3), b=drawn(rng, 18, 0.3), edge=0.9)
        found = estimate_from_effect(effect=effect, level=0.95)
        assert isinstance(found, Estimate)
        covered += found.low <= 1 <= found.high
    assert 0.95 - 0.04 <= covered / 400 <= 0.95 + 0.04
