"""Fit a preference model to choices: its parameters, the spreads of their priors, and how the search went.

Where opting out, ties or an order effect make no parameter of their own, a prior wider than the utilities leaves the
maximum of the likelihood; where nothing else bounds a utility, the prior does, and the status says so.

Source:
    Wedderburn (1974), Biometrika 61:439-447, for token probabilities, whose dispersion around the model is estimated
    and is not that of a single choice.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from goodheart.choice.choices import Choices, FloatArray, answered_rows, soft_rows
from goodheart.choice.inverse import inverse_trace
from goodheart.choice.layout import Layout, lay_out, predictors
from goodheart.choice.model import LOGITS_PER_PROBIT, ChoiceModel
from goodheart.choice.newton import Optimum
from goodheart.choice.spreads import Problem, find_spreads, maximise_at
from goodheart.choice.system import find_pattern
from goodheart.choice.tally import Tally, tally_choices
from goodheart.errors import UserError

FEWEST_FREE: Final = 10
"""Token probabilities beyond the parameters, below which their dispersion is not estimated."""
DISPERSION_RANGE: Final = (1e-4, 1.0)
"""A token probability tells at least as much as one choice sampled from it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A model fitted to one respondent's choices."""

    choices: Choices
    model: ChoiceModel
    tally: Tally
    layout: Layout
    optimum: Optimum
    sds: tuple[tuple[str, float], ...]
    """Standard deviation of the prior of each block of parameters."""
    spread_variance: float
    """Of the logarithm of the utilities' standard deviation; 0 where it was given."""
    spreads_found: bool
    """Whether the estimated standard deviations settled."""
    dispersion: float
    """Variance of token probabilities around the model, as a share of a sampled choice's."""


def fit_choices(choices: Choices, model: ChoiceModel) -> Fitted:
    """Fit utilities, order effect and ties.

    Estimand: the utilities by which the respondent would choose, were the model true; see `likelihood`.

    Args:
        choices: Of one respondent; declined and unreadable ones tell nothing of utilities.
        model: What is assumed.

    Raises:
        UserError: under two items, no choice that was answered, or opting out under Thurstone's model.
    """
    _check(choices, model)
    soft = soft_rows(choices).any()
    dispersion = 1.0
    fitted = _fit(choices, model, dispersion)
    for _ in range(5 if soft else 0):
        found = _dispersion(fitted)
        if found is None or abs(np.log(found / dispersion)) < 0.02:
            break
        dispersion = found
        fitted = _fit(choices, model, dispersion)
    return fitted


def _fit(choices: Choices, model: ChoiceModel, dispersion: float) -> Fitted:
    tally = tally_choices(choices, soft_weight=1 / dispersion)
    layout = lay_out(tally, model)
    problem = Problem(tally=tally, layout=layout, pattern=find_pattern(layout))
    spreads = find_spreads(problem, start=_start(tally, layout), unit=_unit(model))
    return Fitted(
        choices=choices,
        model=model,
        tally=tally,
        layout=layout,
        optimum=maximise_at(problem, spreads.sds, start=spreads.params, tolerance=0.0),
        sds=spreads.sds,
        spread_variance=spreads.variance,
        spreads_found=spreads.found,
        dispersion=dispersion,
    )


def _unit(model: ChoiceModel) -> float:
    return 1 / LOGITS_PER_PROBIT if model.kind == "thurstone" else 1.0


def _start(tally: Tally, layout: Layout) -> FloatArray:
    """All equal, and as many ties as there were."""
    params = np.zeros(layout.n_params)
    place = layout.place("tie")
    if place is not None:
        ties, decided = tally.n_tie.sum(), (tally.n_left + tally.n_right)[~tally.decisive].sum()
        share = (ties + 0.5) / (ties + decided + 1)
        thurstone = layout.no_tie == 0
        params[place] = special.ndtri((1 + share) / 2) if thurstone else np.log(2 * share / (1 - share))
    return params


def _dispersion(fitted: Fitted) -> float | None:
    """Pearson's statistic of token probabilities per degree of freedom; None where there are too few."""
    tally, answered = fitted.tally, answered_rows(fitted.choices)
    total = float(fitted.choices.count[answered].sum())
    free = total - effective_params(fitted)
    if free < FEWEST_FREE:
        return None
    rows = tally.decisive
    expected = left_probability(fitted.model, predictors(fitted.layout, fitted.optimum.params, rows.size))[rows]
    n = (tally.n_left + tally.n_right)[rows]
    squares = tally.squares[rows] - 2 * expected * tally.n_left[rows] + expected**2 * n
    statistic = fitted.dispersion * squares / np.maximum(expected * (1 - expected), 1e-12)
    soft = float(fitted.choices.count[soft_rows(fitted.choices)].sum())
    return float(np.clip(statistic.sum() / soft * total / free, *DISPERSION_RANGE))


def effective_params(fitted: Fitted) -> float:
    """Return how many parameters the choices determined: each counts by what its prior leaves open."""
    total = 0.0
    for name, sd in fitted.sds:
        block = next(each for each in fitted.layout.blocks if each.name == name)
        trace = inverse_trace(fitted.optimum.system, start=block.start, stop=block.stop)
        total += block.stop - block.start - trace / sd**2
    return total


def left_probability(model: ChoiceModel, of: tuple[FloatArray, ...]) -> FloatArray:
    """Return the probability of left among left and right for rows of linear predictors."""
    d = of[0] if len(of) == 2 else of[0] - of[1]
    return np.asarray(special.ndtr(d) if model.kind == "thurstone" else special.expit(d))


def _check(choices: Choices, model: ChoiceModel) -> None:
    if choices.n_items < 2:
        raise UserError(
            f"A ranking needs at least two items, because a choice is between two. Found {choices.n_items}. "
            "Add choices between this item and others."
        )
    answered = answered_rows(choices)
    if not answered.any():
        raise UserError(
            "Utilities come from choices that were made; a refusal is no choice and no number. "
            f"Found {choices.outcome.size} choices, all declined or unreadable. "
            "Read the replies, and ask in another wording or with an option to opt out."
        )
    if model.kind == "thurstone" and choices.offered[answered].any():
        raise UserError(
            "Thurstone's model here is of two items without a zero; choices with an option to opt out are between "
            "three. Opting out was on offer in these choices. Type --model bt."
        )
