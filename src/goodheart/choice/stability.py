"""Whether a stable preference is shown: one rule, for tables that are ranked and for runs that choose.

All four have to be shown, or nothing is:

    more than half of pairs keep their winner when the order is swapped       STABLE_SHARE, 95% interval
    more than half of winners follow from the other pairs                     STABLE_SHARE, 95% interval
    wordings order the items alike, by the mean of their rank correlations    STABLE_AGREEMENT, 95% interval
    the order effect is under the typical gap of two utilities                ORDER_DOMINATES

Choices in one order only, or under one wording, cannot show it: what would be needed is said, and not shown is not
shown to be absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodheart.choice.choices import Choices, make_choices, take
from goodheart.choice.contests import Contest, contests_in
from goodheart.choice.fit import fit_choices
from goodheart.choice.order_effect import fitted_order, order_effect_of
from goodheart.choice.utilities import centred
from goodheart.choice.wording_agreement import BOTH_SIDES, wording_findings
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import Effect, estimate_from_effect
from goodheart.stats.effect import natural_value
from goodheart.stats.share_effects import effect_share_clustered
from goodheart.thresholds import LEVEL, ORDER_DOMINATES, STABLE_AGREEMENT, STABLE_SHARE

FOLDS: Final = 5
MOST_LEFT_OUT: Final = 200_000
"""Choices above which the order effect is fitted once: leaving groups of pairs out moves it by nothing that counts."""
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Whether a stable preference was shown, by the rule of `thresholds`."""

    stable: bool
    statement: str
    """In a sentence, with the numbers."""


def stability_in(choices: Choices, *, rng: np.random.Generator) -> Stability:
    """Apply the rule to a table of choices.

    Args:
        choices: Of one respondent. Choices in which opting out was on offer are left out wherever there are others.
        rng: Deals pairs to folds.
    """
    contests = contests_in(choices)
    gaps = held_out_gaps(contests, tasks=choices.items, rng=rng)
    same, held = (
        estimate_from_effect(effect=effect, level=LEVEL)
        for effect in (same_winner_effect("same_winner_share", contests), held_out_effect(contests, gaps))
    )
    return stability_of(
        same_winner=same,
        held_out=held,
        agreement=wording_findings(contests, tasks=choices.items)[0],
        order=_order_in(choices, contests),
        typical=typical_gap(gaps),
    )


def _order_in(choices: Choices, contests: Sequence[Contest]) -> float | None:
    plain = take(choices, ~choices.offered) if not choices.offered.all() else choices
    if plain.outcome.size > MOST_LEFT_OUT:
        return fitted_order(plain)
    found = order_effect_of(contests, plain)
    return None if isinstance(found, NotEstimable) else natural_value(effect=found)


def stability_of(
    *, same_winner: Finding, held_out: Finding, agreement: Finding, order: float | None, typical: float
) -> Stability:
    """Apply the rule that was stated beforehand.

    Args:
        same_winner: `same_winner_share`.
        held_out: `held_out_accuracy`.
        agreement: `wording_agreement`.
        order: Order effect in logits; None where there is none to be had.
        typical: Typical gap between two utilities, in logits.
    """
    missing: list[str] = []
    for found, words in (
        (same_winner, "pairs that keep their winner when the order is swapped"),
        (held_out, "winners that the other pairs predict"),
    ):
        if not isinstance(found, Estimate):
            missing.append(f"{words}: {found.detail}")
        elif found.low <= STABLE_SHARE:
            missing.append(
                f"{words}: {found.value:.0%} [{found.low:.0%}, {found.high:.0%}], not shown above {STABLE_SHARE:.0%}"
            )
    missing += _disagreement(agreement)
    if order is not None and abs(order) >= ORDER_DOMINATES * typical:
        missing.append(f"being shown first adds {order:.2f} logit, and two tasks differ by {typical:.2f}")
    if missing:
        return Stability(stable=False, statement=f"No stable preference was shown: {'; '.join(missing)}.")
    return Stability(
        stable=True,
        statement="A stable preference was shown: winners survive a swap of the order and other words, and follow from "
        "the other pairs.",
    )


def _disagreement(found: Finding) -> list[str]:
    words = "mean rank correlation between wordings"
    if not isinstance(found, Estimate):
        return [f"{words}: {found.detail}"]
    if found.low > STABLE_AGREEMENT:
        return []
    return [f"{words}: {found.value:.2f} [{found.low:.2f}, {found.high:.2f}], not shown above {STABLE_AGREEMENT:g}"]


def typical_gap(gaps: FloatArray) -> float:
    """Return the root mean square of the gaps that are known; 0 where none is."""
    known = gaps[np.isfinite(gaps)]
    return float(np.sqrt(np.mean(known**2))) if known.size else 0.0


def held_out_gaps(contests: Sequence[Contest], *, tasks: Sequence[str], rng: np.random.Generator) -> FloatArray:
    """Return for each contest the gap in utility, first minus second, from fits without its pair; shape (n_contests,).

    Args:
        contests: With the order averaged out.
        tasks: Names of all tasks.
        rng: Deals pairs to folds.
    """
    gaps = np.full(len(contests), np.nan)
    pairs = sorted({one.pair for one in contests})
    if len(pairs) < FOLDS:
        return gaps
    fold_of = dict(zip(pairs, rng.permutation(np.arange(len(pairs)) % FOLDS).tolist(), strict=True))
    fold = np.array([fold_of[one.pair] for one in contests])
    place = {name: number for number, name in enumerate(tasks)}
    left = np.array([place[one.first] for one in contests])
    right = np.array([place[one.second] for one in contests])
    share = np.array([(one.shown_first + one.shown_second) / 2 for one in contests])
    for k in range(FOLDS):
        rest = fold != k
        fitted = fit_choices(
            make_choices(
                items=tasks,
                left=left[rest],
                right=right[rest],
                outcome=np.where(share[rest] >= 0.5, 0, 1),
                p_left=share[rest],
            ),
            BOTH_SIDES,
        )
        values, _ = centred(fitted)
        gaps[~rest] = values[left[~rest]] - values[right[~rest]]
    return gaps


def held_out_effect(contests: Sequence[Contest], gaps: FloatArray) -> Effect | NotEstimable:
    """Of contests with a winner, how often the gap from other pairs names it; a gap of 0 names half of it."""
    decided = [
        (one, gap) for one, gap in zip(contests, gaps.tolist(), strict=True) if np.isfinite(gap) and one.winner != 0
    ]
    return effect_share_clustered(
        name="held_out_accuracy",
        shares=[0.5 if gap == 0 else float((gap > 0) == (one.winner > 0)) for one, gap in decided],
        clusters=[one.pair for one, _ in decided],
    )


def same_winner_effect(name: str, contests: Sequence[Contest]) -> Effect | NotEstimable:
    """Share of contests with a winner in either order in which it is the same one; noise gives a half."""
    decided = [one for one in contests if one.same_winner is not None]
    return effect_share_clustered(
        name=name, shares=[float(bool(one.same_winner)) for one in decided], clusters=[one.pair for one in decided]
    )
