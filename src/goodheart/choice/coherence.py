"""Whether choices hang together: the same winner in both orders, no cycles, and what a swap of sides does.

Pairs that were shown in both orders are

    robust        the same item won more often in either order
    fragile       another item won when the sides were swapped
    indifferent   a tie, or an even split, in one of the orders
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from goodheart.choice.choices import FloatArray, IntArray
from goodheart.choice.fit import Fitted, left_probability
from goodheart.choice.layout import predictors
from goodheart.choice.model import LOGITS_PER_PROBIT
from goodheart.choice.predict import HeldOut, pair_keys
from goodheart.choice.tally import Tally
from goodheart.records import Estimate, NotEstimable
from goodheart.stats.proportions import estimate_proportion

SIMULATIONS: Final = 200
MOST_PATHS: Final = 5_000_000
"""Paths of two comparisons beyond which cycles are counted among some of the items only."""
GAP: Final = 1.0
"""Logits: pairs at least this far apart should keep their winner when sides are swapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitivity:
    """Cycles among triples of items that were all compared."""

    triples: int
    cyclic: int
    """Triples of which each item beat the next."""
    expected_low: float
    """Share of cycles that the fitted utilities' own noise makes, lower end of the middle 95%."""
    expected_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Pairs that were shown in both orders, by what the swap did."""

    robust: int
    fragile: int
    indifferent: int
    one_order: int
    """Pairs that were shown in one order only and are in none of the three."""
    kept: Estimate | NotEstimable
    """Share that kept its winner among pairs at a utility gap of `GAP` or more, the gap from fits without the pair."""


def transitivity_of(fitted: Fitted, *, rng: np.random.Generator) -> Transitivity:
    """Count cycles and how many the fitted model would make by chance.

    Args:
        fitted: Its choices, and its model for what chance makes.
        rng: For the simulated choices, on the same pairs as often as they were asked.
    """
    tally = fitted.tally
    cyclic, triples = _cycles(tally, tally.n_left, tally.n_right)
    if triples == 0:
        return Transitivity(triples=0, cyclic=0, expected_low=0.0, expected_high=0.0)
    p = left_probability(fitted.model, predictors(fitted.layout, fitted.optimum.params, tally.left.size))
    n = np.rint(tally.n_left + tally.n_right).astype(np.int64)
    shares = []
    for _ in range(SIMULATIONS if tally.left.size < 50_000 else 20):
        won = rng.binomial(n, p).astype(np.float64)
        some, of = _cycles(tally, won, n - won)
        shares.append(some / of if of else 0.0)
    low, high = np.quantile(shares, [0.025, 0.975])
    return Transitivity(triples=triples, cyclic=cyclic, expected_low=float(low), expected_high=float(high))


def orders_of(fitted: Fitted, held_out: HeldOut | None, *, level: float) -> Orders:
    """Compare each pair's winner between the two orders.

    Args:
        fitted: Its choices.
        held_out: Utility gaps from fits without the pair; None where nothing was decided.
        level: Confidence of the interval.
    """
    tally = fitted.tally
    keys, group = np.unique(pair_keys(tally), return_inverse=True)
    margins, shown = np.zeros((2, keys.size)), np.zeros((2, keys.size))
    for order, rows in enumerate((tally.left < tally.right, tally.left > tally.right)):
        sign = 1.0 if order == 0 else -1.0
        at = group[rows]
        margins[order] += np.bincount(at, weights=sign * (tally.n_left - tally.n_right)[rows], minlength=keys.size)
        decided = (tally.n_left + tally.n_right + tally.n_tie)[rows]
        shown[order] += np.bincount(at, weights=decided, minlength=keys.size)
    both = (shown > 0).all(axis=0)
    first, second = np.sign(margins[:, both])
    kept = first * second
    return Orders(
        robust=int((kept > 0).sum()),
        fragile=int((kept < 0).sum()),
        indifferent=int((kept == 0).sum()),
        one_order=int((~both).sum()),
        kept=_kept_far_apart(fitted, held_out, keys[both], kept, level),
    )


def _kept_far_apart(
    fitted: Fitted, held_out: HeldOut | None, keys: IntArray, kept: FloatArray, level: float
) -> Estimate | NotEstimable:
    name = "kept_at_gap"
    if held_out is None:
        return NotEstimable(name=name, reason="too_few", detail="nothing was decided")
    gaps = dict(zip(held_out.keys.tolist(), np.abs(held_out.gaps).tolist(), strict=True))
    unit = LOGITS_PER_PROBIT if fitted.model.kind == "thurstone" else 1.0
    far = np.array([gaps.get(key, 0.0) * unit >= GAP for key in keys.tolist()], dtype=np.bool_)
    if not far.any():
        detail = f"no pair shown in both orders lies {GAP:g} logit or more apart"
        return NotEstimable(name=name, reason="too_few", detail=detail)
    return estimate_proportion(name=name, successes=int((kept[far] > 0).sum()), n=int(far.sum()), level=level)


def _cycles(tally: Tally, n_left: FloatArray, n_right: FloatArray) -> tuple[int, int]:
    """Cyclic and all triples of items whose three pairs all have a winner."""
    n = tally.n_items
    margin = np.concatenate([n_left - n_right, n_right - n_left])
    row, column = np.concatenate([tally.left, tally.right]), np.concatenate([tally.right, tally.left])
    total = sparse.csr_array((margin, (row, column)), shape=(n, n))
    total.sum_duplicates()
    wins = sparse.csr_array(total > 0).astype(np.float64)
    degree = np.diff(wins.indptr)
    if float(degree @ degree) > MOST_PATHS:
        # The first items are as good as any: what they are called has nothing to do with what was chosen.
        some = max(int(n * (MOST_PATHS / float(degree @ degree)) ** 0.5), 3)
        wins = wins[:some, :some]
    either = wins + wins.T
    cyclic = float((wins @ wins).multiply(wins.T).sum()) / 3
    triples = float((either @ either).multiply(either).sum()) / 6
    return round(cyclic), round(triples)
