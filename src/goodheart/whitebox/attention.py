"""Attention over a tree of tokens, inside any transformers model that lets its attention function be chosen.

A pass carries the new tokens of many nodes as one row. Linear layers see that row; attention is done per node: its
queries against the keys of its ancestors and its own. Nodes of equal shape are stacked. A node's shape follows from its
own tokens alone, so its result does not depend on its company.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AttentionInterface

from goodheart.errors import InternalError, ModelError
from goodheart.whitebox.rows import GRAIN

NAME = "goodheart_tree"
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


@dataclass(slots=True, eq=False)
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

    def write(
        self, layer: int, slots: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Store (n, heads, d) keys and values at `slots`; return the layer's whole stores (n_slots, heads, d)."""
        if layer not in self._layers:
            self._layers[layer] = (key.new_zeros(self.n_slots, *key.shape[1:]), value.new_zeros(self.n_slots, *value.shape[1:]))
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
    arrays = (rows.ravel(), targets.ravel(), slots.ravel(), sees, query_positions, key_positions)
    first = members[0][0]
    whole = bool((rows.ravel() == np.arange(first, first + n_nodes * q)).all())
    span = slice(first, first + n_nodes * q) if whole and q == len(members[-1][1].tokens) else None
    return Group((n_nodes, q, k), *(torch.from_numpy(array) for array in arrays), span)


def tree_attention(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    packing: Packing | None = None,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **others: Any,
) -> tuple[torch.Tensor, None]:
    """Attend per node; the signature is the one transformers calls.

    Args:
        module: The attention layer; its `layer_idx` names the store.
        query: (1, n_heads, n_rows, d).
        key: (1, n_key_heads, n_rows, d).
        value: (1, n_key_heads, n_rows, d_value).
        attention_mask: Not used; the packing says who sees whom.
        packing: The pass.
        scaling: Factor of the scores; None for 1/sqrt(d).
        dropout: Not used; models are in evaluation mode.
        sliding_window: How far back a query sees, itself included.
        softcap: Bound of the scores by tanh, as in Gemma 2.
        others: Refused where they would change the result.

    Returns:
        (1, n_rows, n_heads, d_value) and None.

    Raises:
        ModelError: the model wants something of its attention that is not done here.
    """
    if packing is None:
        raise InternalError("a model with tree attention was called without a packing; call it through `forward.Engine`.")
    _refuse(others)
    n_rows = len(packing.slots)
    by_row = (key[0].transpose(0, 1)[:n_rows], value[0].transpose(0, 1)[:n_rows])
    keys, values = packing.store.write(module.layer_idx, packing.slots, *by_row)
    queries = query[0].transpose(0, 1)
    out = query.new_zeros(query.shape[2] + 1, query.shape[1], value.shape[-1])
    for group in packing.groups:
        attended = _attend(group, queries, keys, values, scaling, sliding_window, softcap)
        if group.span is None:
            out.index_copy_(0, group.targets, attended)
        else:
            out[group.span] = attended
    return out[:-1].unsqueeze(0), None


def _attend(
    group: Group,
    queries: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    scaling: float | None,
    window: int | None,
    softcap: float | None,
) -> torch.Tensor:
    """Attend for one group; heads that share keys are folded into the queries. Returns (B * q, heads, d_value)."""
    (b, q, k), (heads, d), shared = group.shape, queries.shape[1:], keys.shape[1]
    fold = heads // shared
    asked = queries.index_select(0, group.rows) if group.span is None else queries[group.span]
    asked = asked.reshape(b, q, shared, fold, d).permute(0, 2, 3, 1, 4).reshape(b, shared, fold * q, d)
    seen = keys.index_select(0, group.slots).view(b, k, shared, d).transpose(1, 2)
    held = values.index_select(0, group.slots).view(b, k, shared, -1).transpose(1, 2)
    bias = group.bias(window, fold)
    if softcap is None:
        out = functional.scaled_dot_product_attention(asked, seen, held, attn_mask=bias, scale=scaling)
    else:
        scores = asked @ seen.transpose(2, 3) * (d**-0.5 if scaling is None else scaling)
        out = ((scores / softcap).tanh() * softcap + bias).softmax(-1) @ held
    return out.view(b, shared, fold, q, -1).permute(0, 3, 1, 2, 4).reshape(b * q, heads, -1)


def _refuse(others: dict[str, Any]) -> None:
    wanted = [name for name in ("s_aux", "position_bias", "sinks") if others.get(name) is not None]
    if wanted:
        raise ModelError(
            f"the white-box engine does plain, windowed and soft-capped attention; this model also wants {wanted}. "
            "Use another model, or Inspect's `hf/` provider for this one."
        )


AttentionInterface.register(NAME, tree_attention)
