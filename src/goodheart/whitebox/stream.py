"""The residual stream of a decoder: where its blocks are, and taps on it that always come off.

Layer 0 are the embeddings as the first block gets them, layer i is what block i gives, before any final norm.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel

from goodheart.errors import ModelError

Tap = Callable[[int, torch.Tensor], torch.Tensor | None]
"""Gets a layer and its states (n_rows, d_model); returns what is to stand there instead, or None to leave it alone."""


def find_blocks(model: PreTrainedModel, named: str | None = None) -> tuple[nn.Module, ...]:
    """Find the blocks of a decoder, whatever its family calls them.

    Args:
        model: Any transformers model with a decoder.
        named: Path of their list inside the model, such as `model.layers`; None to look for it.

    Returns:
        As many modules as the config says there are layers, in order.

    Raises:
        ModelError: there is no such list, or more than one.
    """
    n_layers = int(model.config.get_text_config().num_hidden_layers)
    found = {
        path: module
        for path, module in model.named_modules()
        if isinstance(module, nn.ModuleList) and len(module) == n_layers and (named is None or path == named)
    }
    outer = {path: module for path, module in found.items() if not any(path.startswith(f"{one}.") for one in found)}
    if len(outer) == 1:
        return tuple(next(iter(outer.values())))
    lists = [f"{path} ({len(m)})" for path, m in model.named_modules() if isinstance(m, nn.ModuleList)]
    looked = f"a list at `{named}`" if named else "exactly one list"
    raise ModelError(
        f"states are read between the blocks of a decoder; looked in {type(model).__name__} for {looked} of {n_layers} "
        f"blocks, as many as the config has layers, and found the lists: {', '.join(lists) or 'none'}. "
        "Name the right one: `blocks=` with its path, for example `-M blocks=model.layers`."
    )


@contextmanager
def tapped(blocks: Sequence[nn.Module], layers: Sequence[int], tap: Tap) -> Iterator[None]:
    """Let a tap see, and change, some layers for a while; afterwards no hook is left, whatever happened."""
    with ExitStack() as stack:
        for layer in sorted(set(layers)):
            if layer:
                handle = blocks[layer - 1].register_forward_hook(_after(layer, tap))
            else:
                handle = blocks[0].register_forward_pre_hook(_before(tap), with_kwargs=True)
            stack.callback(handle.remove)
        yield


def _after(layer: int, tap: Tap) -> Callable[[nn.Module, Any, Any], Any]:
    def hook(_module: nn.Module, _inputs: Any, output: Any) -> Any:
        states = output[0] if isinstance(output, tuple) else output
        changed = _apply(tap, layer, states)
        if changed is None:
            return None
        return (changed, *output[1:]) if isinstance(output, tuple) else changed

    return hook


def _before(tap: Tap) -> Callable[[nn.Module, tuple[Any, ...], dict[str, Any]], Any]:
    def hook(_module: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        states = args[0] if args else named["hidden_states"]
        changed = _apply(tap, 0, states)
        if changed is None:
            return None
        return ((changed, *args[1:]), named) if args else (args, {**named, "hidden_states": changed})

    return hook


def _apply(tap: Tap, layer: int, states: torch.Tensor) -> torch.Tensor | None:
    changed = tap(layer, states.reshape(-1, states.shape[-1]))
    return None if changed is None else changed.reshape(states.shape)
