"""Equal choices counted together: what the likelihood sees."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goodheart.choice.choices import (
    LEFT,
    OPT_OUT,
    RIGHT,
    TIE,
    Choices,
    FloatArray,
    IntArray,
    answered_rows,
    soft_rows,
    take,
)

MOSTLY_DIFFERENT: Final = 0.9
"""Share of different rows above which counting equal ones together saves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """Counts of outcomes for each pair in each order, context and wording, shape (n_rows,) each."""

    n_items: int
    left: IntArray
    right: IntArray
    context: IntArray
    wording: IntArray
    offered: NDArray[np.bool_]
    """Whether opting out was on offer."""
    decisive: NDArray[np.bool_]
    """Whether the counts are of left against right only, as they are where token probabilities were read."""
    n_left: FloatArray
    n_right: FloatArray
    n_tie: FloatArray
    n_opt_out: FloatArray
    squares: FloatArray
    """Sum of squared token probabilities, weighted as they are in `n_left`."""


def tally_choices(choices: Choices, *, soft_weight: float) -> Tally:
    """Count equal choices together.

    Args:
        choices: Declined and unreadable ones are left out.
        soft_weight: How many sampled choices a token probability is worth.
    """
    used = take(choices, answered_rows(choices))
    soft = soft_rows(used)
    hard = np.where(soft, 0.0, used.count)
    shares = np.where(soft, used.count * soft_weight, 0.0)
    p = np.where(soft, used.p_left, 0.0)
    columns = (used.left, used.right, used.context, used.wording, used.offered & ~soft, soft)
    rows, group = _groups(columns, used.n_items)

    def total(weights: FloatArray) -> FloatArray:
        if group is None:
            return weights
        return np.bincount(group, weights=weights, minlength=rows.size).astype(np.float64)

    return Tally(
        n_items=used.n_items,
        left=used.left[rows],
        right=used.right[rows],
        context=used.context[rows],
        wording=used.wording[rows],
        offered=columns[4][rows],
        decisive=soft[rows],
        n_left=total(hard * (used.outcome == LEFT) + shares * p),
        n_right=total(hard * (used.outcome == RIGHT) + shares * (1 - p)),
        n_tie=total(hard * (used.outcome == TIE)),
        n_opt_out=total(hard * (used.outcome == OPT_OUT)),
        squares=total(shares * p * p),
    )


def rows_of(tally: Tally, block: slice) -> Tally:
    """Return some of the rows, without copying them."""
    return Tally(
        n_items=tally.n_items,
        left=tally.left[block],
        right=tally.right[block],
        context=tally.context[block],
        wording=tally.wording[block],
        offered=tally.offered[block],
        decisive=tally.decisive[block],
        n_left=tally.n_left[block],
        n_right=tally.n_right[block],
        n_tie=tally.n_tie[block],
        n_opt_out=tally.n_opt_out[block],
        squares=tally.squares[block],
    )


def _groups(columns: tuple[NDArray[Any], ...], n_items: int) -> tuple[IntArray, IntArray | None]:
    """First row of each group of equal rows and the group of each row; no groups where few rows are equal."""
    left, right, context, wording, offered, soft = columns
    key = left * n_items + right
    for column in (context, wording, offered, soft):
        values = column.astype(np.int64)
        if values.size and values.any():
            key = key * (int(values.max()) + 1) + values
    in_order = np.sort(key)  # much quicker than finding the groups, which often are not wanted
    if 1 + np.count_nonzero(np.diff(in_order)) > MOSTLY_DIFFERENT * key.size:
        return np.arange(key.size), None
    _, rows, group = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray(rows, dtype=np.int64), np.asarray(group, dtype=np.int64)
