"""Attention over a tree of tokens, inside any transformers model that lets its attention function be chosen.

Linear layers see a pass as one long row; attention is done per node: its queries against the keys of its ancestors and
its own, found in the store by their slots.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AttentionInterface

from goodheart.errors import InternalError, ModelError
from goodheart.whitebox.packing import Group, Packing

NAME = "goodheart_tree"


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
        raise InternalError("a model with tree attention was called without a packing; run it through `PackedModel`.")
    _refuse(others)
    n_rows = len(packing.slots)
    by_row = (key[0].transpose(0, 1)[:n_rows], value[0].transpose(0, 1)[:n_rows])
    keys, values = packing.store.write(_layer(module), packing.slots, *by_row)
    queries = query[0].transpose(0, 1)
    out = query.new_zeros(query.shape[2] + 1, query.shape[1], value.shape[-1])
    for group in packing.groups:
        attended = _attend(group, queries, keys, values, scaling, sliding_window, softcap)
        if group.span is None:
            out.index_copy_(0, group.targets, attended)
        else:
            out[group.span] = attended
    return out[:-1].unsqueeze(0), None


def _layer(module: nn.Module) -> int:
    index = module.layer_idx
    assert isinstance(index, int)
    return index


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
