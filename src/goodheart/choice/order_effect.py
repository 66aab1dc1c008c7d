"""What being shown first adds to an option's log odds."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from goodheart.choice.choices import Choices, answered_rows, soft_rows, take
from goodheart.choice.contests import Contest
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.predict import pair_keys
from goodheart.records import NotEstimable
from goodheart.stats import Effect, effect_mean
from goodheart.thresholds import ORDER_EFFECT

MODEL: Final = ChoiceModel(prior_sd=None)
GROUPS: Final = 12
"""Of pairs, left out in turn."""


def order_effect_of(contests: Sequence[Contest], choices: Choices) -> Effect | NotEstimable:
    """Estimate what being shown first adds to an option's log odds.

    Estimand: the mean over pairs of half the difference in log odds between the two orders. The log odds of a sampled
    choice have no bounds; there one order effect is fitted to all pairs, its error from leaving groups of them out.

    Args:
        contests: Pairs in both orders.
        choices: What they were made from.
    """
    if soft_rows(choices).any() or not contests:
        values = [one.order_effect for one in contests]
        return _mean_effect("order_effect", values, [one.pair for one in contests], unit="logits")
    pseudo = _order_pseudo_values(choices)
    return _mean_effect("order_effect", pseudo, [f"group {k}" for k in range(len(pseudo))], unit="logits")


def _order_pseudo_values(choices: Choices) -> list[float]:
    """Jackknife pseudo-values of the fitted order effect over groups of pairs."""
    _, pair = np.unique(pair_keys(choices), return_inverse=True)
    group = pair % GROUPS
    n = int(np.unique(group).size)
    whole = fitted_order(choices)
    return [n * whole - (n - 1) * fitted_order(take(choices, np.asarray(group != k))) for k in range(n)]


def fitted_order(choices: Choices) -> float:
    """Fit one order effect to all pairs, in logits; 0 where nothing was answered."""
    if not answered_rows(choices).any():
        return 0.0
    fitted = fit_choices(choices, MODEL)
    place = fitted.layout.place("order")
    return 0.0 if place is None else float(fitted.optimum.params[place])


def _mean_effect(name: str, values: Sequence[float], clusters: Sequence[str], *, unit: str) -> Effect | NotEstimable:
    """A mean over clusters; where all of them agree, one that moves up and one that moves down are added (Laplace)."""
    constant = len(values) > 1 and max(values) - min(values) < 1e-9
    extra = [values[0] + ORDER_EFFECT, values[0] - ORDER_EFFECT] if constant else []
    named = [f"added {k}" for k in range(len(extra))]
    return effect_mean(name=name, values=[*values, *extra], clusters=[*clusters, *named], unit=unit)
