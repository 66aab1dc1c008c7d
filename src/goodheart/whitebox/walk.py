"""Trees of prompts run depth first in a small store of their own.

A stretch gives up its room as soon as everything that grows from it has run, so the room that is needed is that of the
longest prompt and one pass, whatever the number of prompts.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from goodheart.whitebox.forest import Stretch
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import KeyValueStore, Node
from goodheart.whitebox.stream import Tap, tapped

BUDGET = 2048
"""Rows of a pass: several pieces of a product, because nobody waits for the first of these prompts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A stretch in a pass."""

    stretch: Stretch
    node: Node
    first: int
    """Its first row in the pass."""


Batch = tuple[Placed, ...]
"""What runs together, in the order of the trees."""


def n_slots(order: Sequence[Stretch], *, keep: bool = False) -> int:
    """Slots that a walk needs at once, the first of the store included, which is never used."""
    if keep:
        return 1 + sum(len(stretch.tokens) for stretch in order)
    most = held = 0
    live: list[Stretch] = []
    for start, stop in _cuts(order):
        live += order[start:stop]
        held = sum(len(stretch.tokens) for stretch in live)
        most = max(most, held)
        live = [stretch for stretch in live if stretch.end > stop]
    return 1 + most


def batches(order: Sequence[Stretch], *, keep: bool = False) -> Iterator[Batch]:
    """Walk through the trees: one pass at a time, to be run before the next is asked for.

    Args:
        order: As `grow` gave it.
        keep: Let every stretch keep its room to the end, for replies that go on from it.
    """
    free = list(range(n_slots(order, keep=keep) - 1, 0, -1))  # slot 0 stays empty: padding looks there
    live: list[Stretch] = []
    for start, stop in _cuts(order):
        for stretch in order[start:stop]:
            stretch.slots = np.array([free.pop() for _ in stretch.tokens])
            live.append(stretch)
        yield _placed(order[start:stop])
        if keep:
            continue
        for stretch in live:
            if stretch.end <= stop and stretch.slots is not None:
                free += stretch.slots.tolist()
                stretch.slots = None
        live = [stretch for stretch in live if stretch.slots is not None]


def _cuts(order: Sequence[Stretch]) -> Iterator[tuple[int, int]]:
    """Cut a walk into passes of at most `BUDGET` rows, at least one stretch each."""
    start, n_rows = 0, 0
    for i, stretch in enumerate(order):
        if n_rows and n_rows + len(stretch.tokens) > BUDGET:
            yield start, i
            start, n_rows = i, 0
        n_rows += len(stretch.tokens)
    if n_rows:
        yield start, len(order)


def _placed(stretches: Sequence[Stretch]) -> Batch:
    nodes = []
    for stretch in stretches:
        assert stretch.slots is not None
        nodes.append(
            Node(
                tokens=stretch.tokens,
                positions=stretch.positions,
                slots=stretch.slots,
                context=stretch.context,
                sees=stretch.sees,
            )
        )
    firsts, first = [0] * len(nodes), 0
    for i in sorted(range(len(nodes)), key=lambda i: nodes[i].shape):  # equal shapes side by side
        firsts[i] = first
        first += len(nodes[i].tokens)
    return tuple(
        Placed(stretch=stretch, node=node, first=first)
        for stretch, node, first in zip(stretches, nodes, firsts, strict=True)
    )


@contextmanager
def own_store(packed: PackedModel, n: int) -> Iterator[None]:
    """Give a model another store for a while; nothing that is cached or under way is touched."""
    before, packed.store = packed.store, KeyValueStore(n)
    try:
        yield
    finally:
        packed.store = before


class _Enough(Exception):
    """Raised inside a pass when no later layer is needed."""


def run_batch(
    packed: PackedModel,
    batch: Batch,
    *,
    read: Tap | None = None,
    layers: Sequence[int] = (),
    stop_early: bool = False,
) -> torch.Tensor | None:
    """Run one pass: shifts are added first, then `read` sees the states.

    Args:
        packed: With the store that the batch was laid out for.
        batch: What runs.
        read: Sees (layer, states) at the layers asked for; what it returns is not used.
        layers: Where it reads.
        stop_early: Leave the blocks after the last layer that is read alone.

    Returns:
        The final hidden states (n_rows, d_model), in the order of the rows; None if it stopped early.
    """
    by_row = sorted(batch, key=lambda placed: placed.first)
    added = _added(packed, batch)
    last = max(layers, default=-1) if stop_early else -1

    def tap(layer: int, states: torch.Tensor) -> torch.Tensor | None:
        changed = None
        for rows, vector in added.get(layer, ()):
            changed = states.clone() if changed is None else changed
            changed[rows] += vector
        if read is not None and layer in layers:
            read(layer, states if changed is None else changed)
        if layer == last:
            raise _Enough
        return changed

    with tapped(packed.blocks, (*layers, *added), tap):
        try:
            return packed.run([placed.node for placed in by_row], narrow=False)
        except _Enough:
            return None


def _added(packed: PackedModel, batch: Batch) -> dict[int, list[tuple[torch.Tensor, torch.Tensor]]]:
    """What is added in a pass: for each layer, rows and the vector that they get."""
    weight = next(packed.model.parameters())
    found: dict[int, list[tuple[torch.Tensor, torch.Tensor]]] = {}
    for placed in batch:
        for shift in placed.stretch.shifts:
            rows = shift.rows(placed.stretch.positions)
            if len(rows):
                vector = torch.from_numpy(shift.vector).to(weight)
                found.setdefault(shift.layer, []).append((torch.from_numpy(rows + placed.first), vector))
    return found
