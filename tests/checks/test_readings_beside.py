"""Ratings beside readings: what the text alone explains is taken out, and few items stay undecided."""

import numpy as np
import pytest

from goodheart.checks import judge
from goodheart.checks.readings_beside import (
    PREDICTORS,
    ItemPair,
    beside,
    examine_beside,
    items_needed,
    pair_items,
)
from goodheart.records import Estimate, NotEstimable


def pairs(
    n: int, *, own: float, text: float, seed: int, text_in_rating: float = 1.0, group: str = "self"
) -> tuple[ItemPair, ...]:
    """Readings and ratings share a state (`own`) and the mood of the text (`text`)."""
    rng = np.random.default_rng(seed)
    mood, state = rng.normal(size=n), rng.normal(size=n)
    reading = text * mood + own * state + rng.normal(size=n)
    rating = text_in_rating * mood + own * state + rng.normal(size=n)
    return tuple(
        ItemPair(
            item=f"i{i}",
            group=group,
            rating=float(rating[i]),
            readings=(("sadness", float(reading[i])),),
            baseline=(("sadness", (float(mood[i]), float(rng.integers(8, 30)), float(rng.normal()))),),
        )
        for i in range(n)
    )


def test_a_correlation_that_the_text_explains_is_gone_beyond_the_text() -> None:
    found = beside(pairs(200, own=0.0, text=1.5, seed=1), "sadness", scope="all", position="words", seed=0)
    assert isinstance(found.plain, Estimate)
    assert found.plain.low > 0.3
    assert isinstance(found.partial, Estimate)
    assert found.partial.low < 0 < found.partial.high
    assert len(found.text) == len(PREDICTORS)
    assert isinstance(found.text[0], Estimate)
    assert found.text[0].low > 0.3


def test_a_shared_state_stays_beyond_the_text() -> None:
    found = beside(pairs(200, own=1.0, text=1.0, seed=2), "sadness", scope="all", position="words", seed=0)
    assert isinstance(found.partial, Estimate)
    assert found.partial.low > 0.2
    assert found.p < 0.01
    assert found.needed is not None
    assert found.needed < 120


def test_only_circumstances_count_where_only_they_are_wanted() -> None:
    mixed = (*pairs(20, own=1.0, text=1.0, seed=3), *pairs(30, own=1.0, text=1.0, seed=4, group="factual"))
    assert beside(mixed, "sadness", scope="circumstances", position="words", seed=0).n == 20
    assert beside(mixed, "sadness", scope="all", position="words", seed=0).n == 50


def test_eighteen_circumstances_cannot_tell_and_say_how_many_could() -> None:
    examined = examine_beside(pairs(18, own=2.0, text=1.0, seed=5), "sadness", sign="up", validated=True, seed=0)
    (verdict,) = judge(respondent="r", examined=[examined])
    assert verdict.verdict == "cannot_tell"
    assert "110" in verdict.needed


def test_enough_items_tell_in_the_declared_sign_only() -> None:
    rows = pairs(160, own=1.5, text=1.0, seed=6)
    up, down = (examine_beside(rows, "sadness", sign=sign, validated=True, seed=0) for sign in ("up", "down"))
    assert judge(respondent="r", examined=[up])[0].verdict == "holds"
    assert judge(respondent="r", examined=[down])[0].verdict != "holds"


def test_unrelated_readings_are_called_related_at_about_the_rate_of_the_test() -> None:
    small = [
        beside(pairs(60, own=0.0, text=1.0, seed=100 + k), "sadness", scope="all", position="words", seed=k).p <= 0.05
        for k in range(30)
    ]
    assert np.mean(small) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 30)


@pytest.mark.parametrize(("r", "n"), [(0.3, 116), (-0.3, 116), (0.6, 28)])
def test_the_items_needed_are_those_of_fishers_z(r: float, n: int) -> None:
    # ((1.960 + 1.282) / atanh(.3))^2 = 109.7, plus three predictors and three; for .6: 21.9 + 6
    assert items_needed(r) == n


def test_no_relation_needs_no_number_and_no_items_give_no_correlation() -> None:
    assert items_needed(0.0) is None
    found = beside((), "sadness", scope="all", position="words", seed=0)
    assert isinstance(found.partial, NotEstimable)
    assert found.needed is None


def test_items_without_a_rating_are_left_out() -> None:
    base = {"a": {"joy": (0.0, 1.0, 2.0)}, "b": {"joy": (0.0, 1.0, 2.0)}}
    found = pair_items(
        ratings={"a": 4.0},
        groups={"a": "self", "b": "self"},
        readings={"a": {"joy": 0.5}, "b": {"joy": 0.2}},
        baseline=base,
    )
    assert [one.item for one in found] == ["a"]
