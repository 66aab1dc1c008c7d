"""How long a fit of 1,000,000 choices between 10,000 items takes, beside choix on a simpler model."""

import time
from functools import cache

import choix
import numpy as np

from benchmarks.harness import Result, bound, compare
from goodheart.choice.choices import TIE, Choices, make_choices
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.simulate import by_utility

N_ITEMS = 10_000
N_CHOICES = 1_000_000
MOST_PEER_TURNS = 2
"""choix solves a dense system of 10,000 equations, about a minute a turn."""


@cache
def _choices() -> Choices:
    rng = np.random.default_rng(0)
    utilities = rng.normal(0, 1, N_ITEMS)
    left = rng.integers(0, N_ITEMS, N_CHOICES)
    right = (left + rng.integers(1, N_ITEMS, N_CHOICES)) % N_ITEMS
    outcome = by_utility(utilities, order_effect=0.3, tie_threshold=-1.0)(left, right, rng)
    items = [str(i) for i in range(N_ITEMS)]
    return make_choices(items=items, left=left, right=right, outcome=outcome)


def _ours() -> float:
    choices = _choices()
    started = time.perf_counter()
    fitted = fit_choices(choices, ChoiceModel())
    taken = time.perf_counter() - started
    assert fitted.optimum.ending == "converged"
    return taken


def _theirs() -> float:
    """Bradley-Terry without order effect and ties, from the decided choices only."""
    choices = _choices()
    left_won = choices.outcome == 0
    decided = choices.outcome < TIE
    winners = np.where(left_won, choices.left, choices.right)[decided].tolist()
    losers = np.where(left_won, choices.right, choices.left)[decided].tolist()
    pairs = list(zip(winners, losers, strict=True))
    started = time.perf_counter()
    choix.lsr_pairwise(N_ITEMS, pairs, alpha=1e-6)
    return time.perf_counter() - started


def fit_time(pairs: int) -> Result:
    """Time our fit, order effect and ties included."""
    what = "fit of 10,000 items and 1,000,000 choices with order effect and ties"
    return bound("choice_fit", what, unit="s", ours=_ours, times=pairs, at_most=6)


def fit_against_choix(pairs: int) -> Result:
    """Time our fit against choix's spectral one of the decided choices."""
    what = "the same fit, against choix.lsr_pairwise without order effect and ties"
    turns = min(pairs, MOST_PEER_TURNS)
    return compare("choice_choix", what, unit="s", ours=_ours, peer=_theirs, pairs=turns, at_most=0.2)
