"""Respondents whose utilities are known: what they choose."""

from collections.abc import Callable

import numpy as np
from scipy import special

from goodheart.choice.choices import LEFT, RIGHT, TIE, FloatArray, IntArray

Respondent = Callable[[IntArray, IntArray, np.random.Generator], IntArray]
"""Takes the items on the left and on the right and returns outcomes."""


def by_utility(
    utilities: FloatArray, *, order_effect: float, tie_threshold: float | None, noise: FloatArray | None = None
) -> Respondent:
    """A respondent that follows Bradley and Terry's model with Davidson's ties.

    Args:
        utilities: In logits, shape (n_items,).
        order_effect: Logits, above 0 favouring the left.
        tie_threshold: Logits: the gap under which a tie is the likeliest outcome; None never ties.
        noise: Further deviation of each ordered pair, shape (n_items, n_items), logits.
    """

    def choose(left: IntArray, right: IntArray, rng: np.random.Generator) -> IntArray:
        d = utilities[left] - utilities[right] + order_effect + (0.0 if noise is None else noise[left, right])
        tie = 0.0 if tie_threshold is None else np.exp(tie_threshold / 2 - np.logaddexp(d / 2, -d / 2))
        p_tie = tie / (1 + tie)
        u = rng.random(left.size)
        decided = np.where(rng.random(left.size) < special.expit(d), LEFT, RIGHT)
        return np.where(u < p_tie, TIE, decided).astype(np.int64)

    return choose


def by_position(share_left: float) -> Respondent:
    """A respondent that looks at the side only; 0.5 is noise."""

    def choose(left: IntArray, right: IntArray, rng: np.random.Generator) -> IntArray:
        return np.where(rng.random(left.size) < share_left, LEFT, RIGHT).astype(np.int64)

    return choose


def by_rule(places: FloatArray) -> Respondent:
    """A respondent without noise: always the item with the larger value, as a lexical rule would have it."""

    def choose(left: IntArray, right: IntArray, rng: np.random.Generator) -> IntArray:
        return np.where(places[left] > places[right], LEFT, RIGHT).astype(np.int64)

    return choose


def by_cycle(n_items: int, *, slip: float) -> Respondent:
    """A respondent without a ranking: each item beats those up to half a turn behind it, as rock beats scissors.

    Args:
        n_items: Odd, so that every item beats as many as it loses to.
        slip: Share of choices that go the other way.
    """

    def choose(left: IntArray, right: IntArray, rng: np.random.Generator) -> IntArray:
        wins = (left - right) % n_items <= n_items // 2
        return np.where(wins ^ (rng.random(left.size) < slip), LEFT, RIGHT).astype(np.int64)

    return choose
