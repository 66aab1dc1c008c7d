"""Continuations as a tree of tokens after a prompt: what runs anew, and where each probability is read.

The log-probability of a continuation is the sum of log p(token | everything before it). Its last token needs no input
row, and tokens that continuations have in common run once, so a scale of one-token options costs nothing beyond the
prompt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A row of a leaf, and what is read from its next-token distribution."""

    row: int
    pairs: tuple[tuple[int, int], ...]
    """(index of a continuation, its token here)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaf:
    """The private end of a request: the prompt's tail, then the continuations as a tree; n rows."""

    tokens: tuple[int, ...]
    positions: np.ndarray
    """(n,) place in the text."""
    sees: np.ndarray
    """(n, n) bool: each row sees its ancestors in the leaf and itself."""
    reads: tuple[Read, ...]
    """Rows whose next-token distribution is needed, ascending."""


def grow_leaf(prompt: Sequence[int], continuations: Sequence[Sequence[int]], start: int) -> Leaf:
    """Build the leaf of a prompt from `start` on, with continuations of at least one token each.

    At least one token of the prompt is in the leaf: its distribution is the first that is read.
    """
    tokens, parents = list(prompt[start:]), list(range(-1, len(prompt) - start - 1))
    last = len(tokens) - 1
    children: dict[tuple[int, int], int] = {}
    reads: dict[int, list[tuple[int, int]]] = {last: []}
    for i, continuation in enumerate(continuations):
        row = last
        for token in continuation[:-1]:
            reads.setdefault(row, []).append((i, token))
            if (row, token) not in children:
                children[row, token] = len(tokens)
                tokens.append(token)
                parents.append(row)
            row = children[row, token]
        reads.setdefault(row, []).append((i, continuation[-1]))
    depths, sees = _ancestry(parents)
    return Leaf(
        tokens=tuple(tokens),
        positions=start + depths,
        sees=sees,
        reads=tuple(Read(row=row, pairs=tuple(pairs)) for row, pairs in sorted(reads.items())),
    )


def _ancestry(parents: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Depth of each row (n,) and which rows are its ancestors or itself (n, n); parents come before children."""
    depths, sees = np.zeros(len(parents), np.int64), np.eye(len(parents), dtype=bool)
    for row, parent in enumerate(parents):
        if parent >= 0:
            depths[row] = depths[parent] + 1
            sees[row] |= sees[parent]
    return depths, sees
