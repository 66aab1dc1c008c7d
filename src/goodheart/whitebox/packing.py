"""A pass laid out for attention: the new tokens of many nodes as one row, and who looks at whom.

Nodes of equal shape are stacked. A node's shape follows from its own tokens alone, so what it gets does not depend on
its company.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from goodheart.whitebox.rows import GRAIN

STEP_GRAIN = 64
"""One-token nodes see a multiple of this many places, so that sequences of like length are stacked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """New tokens of one request, n of them, and what they may look at."""

    tokens: tuple[int, ...]
    positions: np.ndarray
    """(n,) place of each token in its text, from 0."""
    slots: np.ndarray
    """(n,) where the store keeps each token's keys and values."""
    context: np.ndarray
    """Slots of everything before the node, in order of the text."""
    sees: np.ndarray
    """(n, n) bool: which of the node's own tokens each of them may look at, itself included."""

    @property
    def shape(self) -> tuple[int, int]:
        """Queries and keys after padding: a function of the node alone."""
        n, before = len(self.tokens), len(self.context)
        if n == 1:
            return 1, -(-(before + 1) // STEP_GRAIN) * STEP_GRAIN
        padded = -(-n // GRAIN) * GRAIN
        return padded, -(-(before + padded) // GRAIN) * GRAIN


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Stacked nodes of one shape, B of them, with q queries and k keys each."""

    shape: tuple[int, int, int]
    """(B, q, k)."""
    rows: torch.Tensor
    """(B * q,) row of each query in the pass; padding points to row 0."""
    targets: torch.Tensor
    """(B * q,) row that each output goes to; padding goes to a spare last row."""
    slots: torch.Tensor
    """(B * k,) slot of each key."""
    sees: torch.Tensor
    """(B, q, k) bool."""
    query_positions: torch.Tensor
    """(B, q)."""
    key_positions: torch.Tensor
    """(B, k)."""
    span: slice | None
    """The rows of the pass, where they are consecutive and none is padding: cheaper than looking them up."""
    biases: dict[tuple[int | None, int], torch.Tensor] = field(default_factory=dict)

    def bias(self, window: int | None, fold: int) -> torch.Tensor:
        """(B, 1, fold * q, k) additive mask, minus infinity where a query may not look."""
        if (window, fold) not in self.biases:
            sees = self.sees
            if window is not None:
                sees = sees & (self.query_positions[:, :, None] - self.key_positions[:, None, :] < window)
            bias = torch.zeros(sees.shape).masked_fill_(~sees, float("-inf"))
            self.biases[window, fold] = bias.repeat(1, fold, 1).unsqueeze(1)
        return self.biases[window, fold]


class KeyValueStore:
    """Keys and values of every layer by slot; room is taken as it is written."""

    def __init__(self, n_slots: int) -> None:
        self.n_slots = n_slots
        self._layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    @property
    def n_layers(self) -> int:
        """Layers that have written something."""
        return len(self._layers)

    def write(
        self, layer: int, slots: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Store (n, heads, d) keys and values at `slots`; return the layer's whole stores (n_slots, heads, d)."""
        if layer not in self._layers:  # the check at loading comes here first, in one thread
            self._layers[layer] = (
                key.new_zeros(self.n_slots, *key.shape[1:]),
                value.new_zeros(self.n_slots, *value.shape[1:]),
            )
        keys, values = self._layers[layer]
        keys.index_copy_(0, slots, key)
        values.index_copy_(0, slots, value)
        return keys, values


@dataclass(frozen=True, slots=True, eq=False)
class Packing:
    """What the attention function has to know about a pass."""

    store: KeyValueStore
    slots: torch.Tensor
    """(n_rows,) where the new keys and values go, padding rows left out."""
    groups: tuple[Group, ...]


def pack(nodes: Sequence[Node], store: KeyValueStore, n_padded: int) -> Packing:
    """Stack nodes by shape; their rows follow one another in the order given, padded at the end to `n_padded`."""
    first = 0
    shapes: dict[tuple[int, int], list[tuple[int, Node]]] = {}
    for node in nodes:
        shapes.setdefault(node.shape, []).append((first, node))
        first += len(node.tokens)
    groups = tuple(_group(members, shape, n_padded) for shape, members in shapes.items())
    return Packing(store, torch.from_numpy(np.concatenate([node.slots for node in nodes])), groups)


def _group(members: list[tuple[int, Node]], shape: tuple[int, int], n_padded: int) -> Group:
    n_nodes, (q, k) = len(members), shape
    rows = np.zeros((n_nodes, q), np.int64)
    targets = np.full((n_nodes, q), n_padded, np.int64)
    slots, key_positions = np.zeros((2, n_nodes, k), np.int64)
    query_positions = np.zeros((n_nodes, q), np.int64)
    sees = np.zeros((n_nodes, q, k), bool)
    sees[:, :, 0] = True  # a padding query looks at something, or its softmax would be 0/0
    for i, (first, node) in enumerate(members):
        n, before = len(node.tokens), len(node.context)
        rows[i, :n] = targets[i, :n] = np.arange(first, first + n)
        slots[i, :before], slots[i, before : before + n] = node.context, node.slots
        key_positions[i, :before], key_positions[i, before : before + n] = np.arange(before), node.positions
        query_positions[i, :n] = node.positions
        sees[i, :n, :before] = True
        sees[i, :n, before : before + n] = node.sees
    span = slice(members[0][0], members[0][0] + n_nodes * q)
    full = all(len(node.tokens) == q for _, node in members)
    whole = full and np.array_equal(targets.ravel(), np.arange(span.start, span.stop))
    return Group(
        shape=(n_nodes, q, k),
        rows=torch.from_numpy(rows.ravel()),
        targets=torch.from_numpy(targets.ravel()),
        slots=torch.from_numpy(slots.ravel()),
        sees=torch.from_numpy(sees),
        query_positions=torch.from_numpy(query_positions),
        key_positions=torch.from_numpy(key_positions),
        span=span if whole else None,
    )
