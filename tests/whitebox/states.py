"""The residual stream as a plain forward pass gives it, by hooks of its own: the other side of parity tests."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from goodheart.whitebox.forest import Shift

LISTS = ("layers", "h")
"""What families call their list of blocks."""

Change = Callable[[int, torch.Tensor], torch.Tensor]
"""Layer and states (n_tokens, d) to states."""


def plain_blocks(model: PreTrainedModel) -> nn.ModuleList:
    """Look the blocks up by the family's own name."""
    decoder = model.get_decoder()  # type: ignore[no-untyped-call]
    (found,) = (getattr(decoder, name) for name in LISTS if hasattr(decoder, name))
    assert isinstance(found, nn.ModuleList)
    return found


def plain_run(
    model: PreTrainedModel, ids: Sequence[int], change: Change = lambda _, states: states
) -> tuple[np.ndarray, torch.Tensor]:
    """Run one text; states (n_layers + 1, n_tokens, d), the last before the final norm, and logits (n_tokens, v)."""
    blocks, kept, handles = plain_blocks(model), {}, []

    def before(_module: nn.Module, args: Any) -> Any:
        kept[0] = change(0, args[0][0])
        return (kept[0][None], *args[1:])

    def after(layer: int) -> Callable[..., Any]:
        def hook(_module: nn.Module, _args: Any, output: Any) -> Any:
            kept[layer] = change(layer, (output[0] if isinstance(output, tuple) else output)[0])
            return (kept[layer][None], *output[1:]) if isinstance(output, tuple) else kept[layer][None]

        return hook

    handles.append(blocks[0].register_forward_pre_hook(before))
    handles += [block.register_forward_hook(after(i)) for i, block in enumerate(blocks, 1)]
    try:
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([list(ids)]), use_cache=False).logits[0]
    finally:
        for handle in handles:
            handle.remove()
    return np.stack([kept[i].double().numpy() for i in range(len(blocks) + 1)]), logits


def changed(shifts: Sequence[Shift]) -> Change:
    """Add shifts by plain slices."""

    def change(layer: int, states: torch.Tensor) -> torch.Tensor:
        out = states.clone()
        for shift in shifts:
            if shift.layer == layer:
                out[shift.start : shift.stop] += torch.from_numpy(shift.vector)
        return out

    return change
