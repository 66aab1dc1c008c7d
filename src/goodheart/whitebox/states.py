"""Hidden states at the end of prompts: what the internal reading is made of."""

from collections.abc import Sequence

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.recording import FloatArray, record


def end_states(packed: PackedModel, prompts: Sequence[Ids], *, layer: int, n_last: int) -> FloatArray:
    """Average the hidden states of the last tokens of each prompt.

    Args:
        packed: The model; called from its own thread.
        prompts: Token ids, each of at least one token.
        layer: Which hidden state: i is what block i gives (before the final norm).
        n_last: How many tokens are averaged; all of a shorter prompt.

    Returns:
        (n_prompts, d_model), one row per prompt in the order given.

    Raises:
        ModelError: the model has no such layer.
    """
    n_layers = len(packed.blocks)
    if not 1 <= layer <= n_layers:
        raise ModelError(f"a hidden state is that of a block, 1 to {n_layers} in this model; asked for {layer}.")
    return record(packed, prompts, layers=(layer,), pool=MeanLast(n=n_last))[:, 0]
