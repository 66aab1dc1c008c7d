"""Conditions of a design: crossed, one facet at a time, and chance variants dealt out evenly."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from goodheart.records import Condition

Facets = Mapping[str, Sequence[str]]
"""Levels by facet; the first level of a facet is its base."""


def condition(levels: Mapping[str, str]) -> Condition:
    """Write levels as a condition: sorted by factor."""
    return tuple(sorted(levels.items()))


def crossed(facets: Facets) -> tuple[Condition, ...]:
    """Every combination of levels, each once."""
    names = list(facets)
    return tuple(condition(dict(zip(names, levels, strict=True))) for levels in product(*facets.values()))


def one_at_a_time(facets: Facets) -> tuple[Condition, ...]:
    """The base cell, then each other level of each facet with all the rest at base.

    A design of 1 + sum(levels - 1) cells. Interactions between facets are not estimated by it.
    """
    base = {name: levels[0] for name, levels in facets.items()}
    cells = [base, *({**base, name: level} for name, levels in facets.items() for level in levels[1:])]
    return tuple(condition(cell) for cell in cells)


def dealt(*, units: Sequence[str], variants: Sequence[str], rng: np.random.Generator) -> dict[str, str]:
    """Deal variants without meaning out to units, so that each is used equally often, give or take one.

    Args:
        units: Distinct names, such as items.
        variants: At least one.
        rng: Decides who gets which.
    """
    rounds = -(-len(units) // len(variants))
    # Which variants fall into the incomplete last round is chance too.
    hands = [variants[place] for _ in range(rounds) for place in rng.permutation(len(variants))][: len(units)]
    return {units[place]: hand for place, hand in zip(rng.permutation(len(units)), hands, strict=True)}
