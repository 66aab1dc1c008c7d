"""Choices of respondents whose utilities are known."""

import numpy as np
from numpy.typing import NDArray

from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.simulate import Respondent, by_utility

Floats = NDArray[np.float64]


def names(n: int) -> list[str]:
    return [f"item {i}" for i in range(n)]


def ask(respondent: Respondent, *, n_items: int, n_choices: int, rng: np.random.Generator) -> Choices:
    """Random pairs, each in both orders."""
    half = n_choices // 2
    first = rng.integers(0, n_items, half)
    second = (first + rng.integers(1, n_items, half)) % n_items
    left, right = np.concatenate([first, second]), np.concatenate([second, first])
    return make_choices(items=names(n_items), left=left, right=right, outcome=respondent(left, right, rng))


def planted(
    n_items: int, n_choices: int, seed: int, *, sd: float = 1.0, order: float = 0.3, ties: float | None = None
) -> tuple[Floats, Choices]:
    """Normal utilities that sum to 0, and choices by them."""
    rng = np.random.default_rng(seed)
    utilities = rng.normal(0, sd, n_items)
    utilities -= utilities.mean()
    respondent = by_utility(utilities, order_effect=order, tie_threshold=ties)
    return utilities, ask(respondent, n_items=n_items, n_choices=n_choices, rng=rng)
