"""From choices to a ranking: fit, utilities, coherence, and what may be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goodheart.choice.choices import LEFT, OPT_OUT, TIE, Choices, Outcome, outcome_counts, soft_rows
from goodheart.choice.coherence import Orders, Transitivity, orders_of, transitivity_of
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import LOGITS_PER_PROBIT, WEAK, ChoiceModel, Effect, Kind
from goodheart.choice.parse import parse_choices
from goodheart.choice.predict import HeldOut, hold_out
from goodheart.choice.stability import Stability, stability_in
from goodheart.choice.utilities import Utilities, utilities_of
from goodheart.errors import UserError

LEVEL: Final = 0.95
N_FOLDS: Final = 5
MANY: Final = 200_000
"""Choices above which held-out prediction is from two folds instead of five."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """All that a respondent's choices say."""

    respondent: str
    counts: tuple[tuple[Outcome, int], ...]
    utilities: Utilities
    held_out: HeldOut | None
    """None where nothing was decided."""
    transitivity: Transitivity
    orders: Orders
    stability: Stability
    """Whether a stable preference is shown."""


def rank(choices: str | Mapping[str, Choices], *, model: Kind = "bt", seed: int = 0) -> tuple[Ranked, ...]:
    """Rank items by choices: the function behind `goodheart rank`.

    Args:
        choices: The text of a CHOICES.csv, or choices by respondent.
        model: `bt` (Bradley-Terry) or `thurstone`.
        seed: For folds, draws behind ranks, and simulated cycles.

    Returns:
        One result per respondent.

    Raises:
        UserError: the choices cannot be ranked; the message says why and what to do.
    """
    tables = parse_choices(choices, where="the table") if isinstance(choices, str) else choices
    return tuple(rank_one(name, table, kind=model, seed=seed) for name, table in tables.items())


def rank_one(respondent: str, choices: Choices, *, kind: Kind, seed: int, stability: Stability | None = None) -> Ranked:
    """Rank items by one respondent's choices; see `rank`.

    Args:
        respondent: Its name.
        choices: Its choices.
        kind: Which model.
        seed: For folds, draws behind ranks, and simulated cycles.
        stability: What is already known of it; None works it out from the choices.
    """
    check_rankable(respondent, choices)
    rng = np.random.default_rng(seed)
    model = model_for(choices, kind)
    fitted = fit_choices(choices, model)
    utilities = utilities_of(fitted, level=LEVEL, rng=rng)
    if utilities.status.word == "disconnected":
        raise UserError(
            f"A ranking needs a chain of comparisons between any two items. {_whose(respondent)} "
            f"{utilities.status.notes[0]} Add choices between the groups."
        )
    decided = bool((choices.outcome < TIE).any())
    n_folds = N_FOLDS if choices.outcome.size <= MANY else 2
    predictive = replace(model, effects=())
    held_out = hold_out(choices, predictive, n_folds=n_folds, level=LEVEL, rng=rng) if decided else None
    return Ranked(
        respondent=respondent,
        counts=outcome_counts(choices),
        utilities=utilities,
        held_out=held_out,
        transitivity=transitivity_of(fitted, rng=rng),
        orders=orders_of(fitted, held_out, level=LEVEL),
        stability=stability or stability_in(choices, rng=rng),
    )


def model_for(choices: Choices, kind: Kind) -> ChoiceModel:
    """Return the model that these choices can carry: effects of context and wording where there are several."""
    columns: tuple[tuple[Effect, bool], ...] = (
        ("context", bool(choices.context.size and np.ptp(choices.context))),
        ("wording", bool(choices.wording.size and np.ptp(choices.wording))),
    )
    unit = LOGITS_PER_PROBIT if kind == "thurstone" else 1.0
    return ChoiceModel(
        kind=kind,
        order_sd=WEAK / unit,
        tie_sd=WEAK / unit,
        effects=tuple(name for name, varies in columns if varies),
    )


def check_rankable(respondent: str, choices: Choices) -> None:
    """Refuse choices that no ranking can come from.

    Raises:
        UserError: all on one side, or some items never shown.
    """
    decided = choices.outcome[(choices.outcome < TIE) & ~soft_rows(choices)]
    others = bool(((choices.outcome >= TIE) & (choices.outcome <= OPT_OUT)).any() or soft_rows(choices).any())
    if decided.size > 1 and not others and np.ptp(decided) == 0:
        side = "left" if decided[0] == LEFT else "right"
        raise UserError(
            "A ranking needs choices that depend on the items and not on the side alone. "
            f"{_whose(respondent)} all {decided.size} choices fell on the {side}. "
            "If the table lists winners first, write each pair as it was shown; if not, this respondent picks a side."
        )


def _whose(respondent: str) -> str:
    return f"In the choices of {respondent[:60]!r}" if respondent else "In these choices"
