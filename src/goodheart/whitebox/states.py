"""Hidden states at the end of prompts, through the same packed passes as everything else.

Each text is a node of its own in a small store of its own, so nothing that is cached or under way is touched, and a
text's states do not depend on its company. States are reduced as they come: memory does not grow with length.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import KeyValueStore, Node

ROWS = 512
"""Tokens of a pass at most, unless one text is longer."""


def end_states(packed: PackedModel, prompts: Sequence[Ids], *, layer: int, n_last: int) -> npt.NDArray[np.float64]:
    """Average the hidden states of the last tokens of each prompt.

    Args:
        packed: The model; called from its own thread.
        prompts: Token ids, each of at least one token.
        layer: Which hidden state: 0 are the embeddings, i is what block i gives (before the final norm).
        n_last: How many tokens are averaged; all of a shorter prompt.

    Returns:
        (n_prompts, d_model), one row per prompt in the order given.

    Raises:
        ModelError: the model has no such layer.
    """
    n_layers = int(packed.model.config.get_text_config().num_hidden_layers)
    if not 1 <= layer <= n_layers:
        raise ModelError(f"a hidden state is that of a block, 1 to {n_layers} in this model; asked for {layer}.")
    rows: list[npt.NDArray[np.float64]] = []
    for batch in _batches(prompts):
        states = _states(packed, batch, layer)
        ends = np.cumsum([len(ids) for ids in batch])
        for ids, end in zip(batch, ends, strict=True):
            rows.append(states[end - min(n_last, len(ids)) : end].double().mean(0).cpu().numpy())
    return np.stack(rows)


def _states(packed: PackedModel, prompts: Sequence[Ids], layer: int) -> torch.Tensor:
    """States of one pass (n_tokens, d), the prompts one after the other."""
    kept: list[torch.Tensor] = []
    block = _blocks(packed)[layer - 1]

    def keep(_module: object, _inputs: object, output: torch.Tensor | tuple[torch.Tensor, ...]) -> None:
        kept.append(output[0] if isinstance(output, tuple) else output)

    hook = block.register_forward_hook(keep)
    own, packed.store = packed.store, KeyValueStore(sum(map(len, prompts)))
    try:
        packed.run(_nodes(prompts), narrow=False)
    finally:  # whatever happens, the model is as it was
        packed.store = own
        hook.remove()
    return kept[0].reshape(-1, kept[0].shape[-1])[: sum(map(len, prompts))].float()


def _blocks(packed: PackedModel) -> nn.ModuleList:
    """Find the list of blocks, whatever a family calls it."""
    n_layers = packed.model.config.get_text_config().num_hidden_layers
    for module in packed.decoder.children():
        if isinstance(module, nn.ModuleList) and len(module) == n_layers:
            return module
    raise ModelError(
        f"hidden states are those of a list of {n_layers} blocks right under the decoder; "
        f"{type(packed.decoder).__name__} has none. Read this model's report alone."
    )


def _nodes(prompts: Sequence[Ids]) -> list[Node]:
    nodes, first = [], 0
    for ids in prompts:
        n = len(ids)
        slots = np.arange(first, first + n)
        nodes.append(
            Node(tokens=ids, positions=np.arange(n), slots=slots, context=slots[:0], sees=np.tri(n, dtype=bool))
        )
        first += n
    return nodes


def _batches(prompts: Sequence[Ids]) -> Iterator[list[Ids]]:
    batch: list[Ids] = []
    for ids in prompts:
        if batch and sum(map(len, batch)) + len(ids) > ROWS:
            yield batch
            batch = []
        batch.append(ids)
    if batch:
        yield batch
