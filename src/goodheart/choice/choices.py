"""Choices as columns: who was shown what on which side, and what came of it.

An outcome is exactly one of `OUTCOMES`. A refusal and an unreadable reply are outcomes of their own: they are counted
and never become a loss, a tie or a zero. Choices that contradict each other are data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodheart.errors import UserError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Outcome = Literal["left", "right", "tie", "opt_out", "declined", "unreadable"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("left", "right", "tie", "opt_out", "declined", "unreadable")
LEFT, RIGHT, TIE, OPT_OUT, DECLINED, UNREADABLE = range(6)

MOST_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Choices of one respondent, one row per choice or per `count` equal ones. Built by `make_choices`."""

    items: tuple[str, ...]
    """Names; the columns `left` and `right` point into them."""
    left: IntArray
    right: IntArray
    outcome: IntArray
    """Index into `OUTCOMES`."""
    p_left: FloatArray
    """Probability of left, given that one of the two is chosen; NaN where a choice was sampled instead."""
    count: FloatArray
    """How many equal choices the row stands for."""
    context: IntArray
    wording: IntArray
    offered: NDArray[np.bool_]
    """Whether opting out was on offer."""

    @property
    def n_items(self) -> int:
        """How many items there are, compared or not."""
        return len(self.items)


def make_choices(
    *,
    items: Sequence[str],
    left: ArrayLike,
    right: ArrayLike,
    outcome: ArrayLike,
    p_left: ArrayLike | None = None,
    count: ArrayLike | None = None,
    context: ArrayLike | None = None,
    wording: ArrayLike | None = None,
    offered: ArrayLike | None = None,
) -> Choices:
    """Check columns and put them together.

    Args:
        items: Names, all different, at least two.
        left: Index of the item on the left (or first), shape (n,).
        right: Index of the item on the right, shape (n,).
        outcome: Index into `OUTCOMES`, or its words, shape (n,).
        p_left: Token probability of left among the two, in 0..1; NaN or absent where it was not read.
        count: How many equal choices a row stands for; 1 if absent.
        context: Level of the context, as an index; all the same if absent.
        wording: Level of the wording, as an index; all the same if absent.
        offered: Whether opting out was on offer. If absent: wherever the same wording was ever answered by opting out.

    Raises:
        UserError: every problem with its row, counted from 0.
    """
    indices = _outcome_indices(outcome)
    n = indices.size
    where = _column(wording, n, 0)
    made = Choices(
        items=tuple(items),
        left=_column(left, n, 0),
        right=_column(right, n, 0),
        outcome=indices,
        p_left=np.full(n, np.nan) if p_left is None else np.array(p_left, dtype=np.float64),
        count=np.ones(n) if count is None else np.array(count, dtype=np.float64),
        context=_column(context, n, 0),
        wording=where,
        offered=_inferred(indices, where) if offered is None else np.array(offered, dtype=np.bool_),
    )
    _check(made)
    for column in (made.left, made.right, made.outcome, made.p_left, made.count, made.context, made.wording):
        column.setflags(write=False)
    return made


def take(choices: Choices, rows: NDArray[np.bool_] | IntArray) -> Choices:
    """Return some rows, the items as they were."""
    return Choices(
        items=choices.items,
        left=choices.left[rows],
        right=choices.right[rows],
        outcome=choices.outcome[rows],
        p_left=choices.p_left[rows],
        count=choices.count[rows],
        context=choices.context[rows],
        wording=choices.wording[rows],
        offered=choices.offered[rows],
    )


def join(first: Choices, second: Choices) -> Choices:
    """Put the rows of two tables about the same items one after the other."""
    return Choices(
        items=first.items,
        left=np.concatenate([first.left, second.left]),
        right=np.concatenate([first.right, second.right]),
        outcome=np.concatenate([first.outcome, second.outcome]),
        p_left=np.concatenate([first.p_left, second.p_left]),
        count=np.concatenate([first.count, second.count]),
        context=np.concatenate([first.context, second.context]),
        wording=np.concatenate([first.wording, second.wording]),
        offered=np.concatenate([first.offered, second.offered]),
    )


def soft_rows(choices: Choices) -> NDArray[np.bool_]:
    """Say which rows hold a token probability."""
    return np.isfinite(choices.p_left) & (choices.outcome < DECLINED)


def answered_rows(choices: Choices) -> NDArray[np.bool_]:
    """Say which rows tell of utilities: all but the declined and the unreadable."""
    return np.asarray(choices.outcome < DECLINED)


def outcome_counts(choices: Choices) -> tuple[tuple[Outcome, int], ...]:
    """Count choices by outcome, all six of them."""
    counts = np.bincount(choices.outcome, weights=choices.count, minlength=len(OUTCOMES))
    return tuple((word, round(float(count))) for word, count in zip(OUTCOMES, counts, strict=True))


def declined_shares(choices: Choices) -> FloatArray:
    """Return, for each item, the share of its choices that were declined; NaN for an item without choices."""
    shown = np.zeros(choices.n_items)
    declined = np.zeros(choices.n_items)
    for side in (choices.left, choices.right):
        shown += np.bincount(side, weights=choices.count, minlength=choices.n_items)
        declined += np.bincount(side, weights=choices.count * (choices.outcome == DECLINED), minlength=choices.n_items)
    return np.asarray(np.divide(declined, shown, out=np.full(choices.n_items, np.nan), where=shown > 0))


def _outcome_indices(outcome: ArrayLike) -> IntArray:
    array = np.asarray(outcome)
    if array.dtype.kind not in "US":
        return np.array(array, dtype=np.int64)
    known: dict[str, int] = {word: place for place, word in enumerate(OUTCOMES)}
    unknown = sorted({str(word) for word in array.tolist()} - set(known))
    if unknown:
        raise UserError(
            f"An outcome is one of {', '.join(OUTCOMES)}, because a refusal is no choice and no number. "
            f"Found {', '.join(map(repr, unknown[:5]))}. Name each outcome by one of these words."
        )
    return np.array([known[str(word)] for word in array.tolist()], dtype=np.int64)


def _column(values: ArrayLike | None, n: int, default: int) -> IntArray:
    return np.full(n, default, dtype=np.int64) if values is None else np.array(values, dtype=np.int64)


def _inferred(outcome: IntArray, wording: IntArray) -> NDArray[np.bool_]:
    # The wording is what offers it; nobody can opt out of a question that has no such answer.
    return np.isin(wording, np.unique(wording[outcome == OPT_OUT]))


def _check(choices: Choices) -> None:
    n = choices.outcome.size
    columns = (choices.left, choices.right, choices.p_left, choices.count, choices.context, choices.wording)
    if any(column.shape != (n,) for column in (*columns, choices.offered)):
        raise UserError(
            "Columns of choices stand side by side, one entry per choice. "
            f"Found lengths {sorted({column.size for column in columns} | {n})}. Pass columns of one table."
        )
    if len(set(choices.items)) != len(choices.items):
        raise UserError("Items are told apart by name. Some name occurs twice. Give every item a name of its own.")
    problems = [text for rows, text in _faults(choices) for text in _named(rows, text)]
    if problems:
        shown = problems[:MOST_PROBLEMS]
        raise UserError(
            f"A choice is between two known items and has one outcome. Found {len(problems)} rows that are not so. "
            "Mend these rows:",
            problems=shown,
        )


def _faults(choices: Choices) -> tuple[tuple[NDArray[np.bool_], str], ...]:
    n_items, p = choices.n_items, choices.p_left
    outside = (np.minimum(choices.left, choices.right) < 0) | (np.maximum(choices.left, choices.right) >= n_items)
    given = ~np.isnan(p)
    return (
        (outside, f"an item that is not among the {n_items} known ones"),
        (~outside & (choices.left == choices.right), "the same item on both sides"),
        ((choices.outcome < 0) | (choices.outcome >= len(OUTCOMES)), "an unknown outcome"),
        (given & ~((p >= 0) & (p <= 1)), "`p_left` outside 0 to 1"),
        (given & (choices.outcome >= TIE), "`p_left` beside an outcome that is neither left nor right"),
        (~(np.isfinite(choices.count) & (choices.count > 0)), "`count` that is not above 0"),
        ((choices.outcome == OPT_OUT) & ~choices.offered, "opting out where it was not on offer"),
    )


def _named(rows: NDArray[np.bool_], text: str) -> list[str]:
    return [f"{text} @ row {row}" for row in np.flatnonzero(rows).tolist()]
