"""Whether the choices connect the items, and whether they leave every utility finite without a prior.

Utilities can be compared where a chain of comparisons leads from item to item. The likelihood has a finite maximum
where a chain of *won* comparisons leads from every item to every other (Ford); a tie counts both ways, and where opting
out was on offer it is one more competitor.

Source:
    Ford (1957), American Mathematical Monthly 64:28-33.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from goodheart.choice.choices import FloatArray, IntArray
from goodheart.choice.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Connection:
    """How the choices connect the items."""

    groups: IntArray
    """Group of each item, shape (n_items,): no comparison leads from one group to another. 0 is the largest."""
    n_groups: int
    ranks: IntArray
    """Likewise, for chains of won comparisons."""
    n_ranks: int
    one_sided: bool
    """Whether every decided choice fell on the same side."""


def connection(tally: Tally) -> Connection:
    """Find which items the choices connect."""
    n = tally.n_items
    left_over = [
        (tally.left, tally.right, tally.n_left + tally.n_tie),
        (tally.right, tally.left, tally.n_right + tally.n_tie),
    ]
    offered = tally.offered.any()
    if offered:
        zero = np.full(tally.left.size, n)
        # Of two tied items either may be the one that beat opting out; only a winner surely did.
        left_over += [
            (tally.left, zero, np.where(tally.offered, tally.n_left, 0.0)),
            (tally.right, zero, np.where(tally.offered, tally.n_right, 0.0)),
            (zero, tally.left, tally.n_opt_out),
            (zero, tally.right, tally.n_opt_out),
        ]
    size = n + int(offered)
    beats = _graph(left_over, size)
    n_groups, groups = sparse.csgraph.connected_components(beats, directed=True, connection="weak")
    n_ranks, ranks = sparse.csgraph.connected_components(beats, directed=True, connection="strong")
    sides = tally.n_left.sum(), tally.n_right.sum()
    return Connection(
        groups=_by_size(groups.astype(np.int64))[:n],
        n_groups=int(n_groups),
        ranks=_by_size(ranks.astype(np.int64))[:n],
        n_ranks=int(n_ranks),
        one_sided=min(sides) == 0 and max(sides) > 0,
    )


def _graph(edges: list[tuple[IntArray, IntArray, FloatArray]], size: int) -> sparse.csr_array:
    source = np.concatenate([a[w > 0] for a, _, w in edges])
    target = np.concatenate([b[w > 0] for _, b, w in edges])
    return sparse.csr_array((np.ones(source.size), (source, target)), shape=(size, size))


def _by_size(labels: IntArray) -> IntArray:
    """Number groups from the largest to the smallest."""
    order = np.argsort(-np.bincount(labels), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return np.asarray(place[labels], dtype=np.int64)
