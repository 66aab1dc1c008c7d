"""What is made sure of when a model is loaded, on this machine's kernels.

Packed passes have to agree with the model's own forward pass: that guards against families that do something which the
packed pass does not know of. And a request's numbers have to be the same in any company: that is a promise of the
engine; where it is not kept, the model still works and `exact` says so.
"""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import PreTrainedModel

from goodheart.errors import InternalError, ModelError
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import Node
from goodheart.whitebox.rows import GRAIN, torch_threads

TOLERANCE = {torch.float32: 1e-3}
"""Largest difference of a log-probability between the two ways; other types are coarser."""
COARSE = 0.2
N_TOKENS = GRAIN + 7


def plain_log_probabilities(model: PreTrainedModel) -> torch.Tensor:
    """Run the probe text through the model's own forward pass; (n_vocab,) after its last token."""
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([_probe(model, 0)], device=_device(model)), use_cache=False).logits
    return torch.as_tensor(logits[0, -1].float().log_softmax(-1))


def check_packed(packed: PackedModel, plain: torch.Tensor, name: str) -> bool:
    """Compare packed passes with the plain one, and with themselves in company.

    Args:
        packed: With an unused store of at least eight blocks.
        plain: What `plain_log_probabilities` gave before the model was packed.
        name: For the message.

    Returns:
        Whether results are the same, bit for bit, in every company that was tried.

    Raises:
        ModelError: packed and plain passes disagree.
    """
    ours, mates = (_nodes(_probe(packed.model, seed), first) for seed, first in ((0, 1), (1, 3)))
    try:
        alone = packed.run(ours, narrow=False)
    except InternalError:
        alone = None  # the packing did not reach the attention function
    if alone is None or packed.store.n_layers != packed.model.config.get_text_config().num_hidden_layers:
        raise ModelError(
            f"the white-box engine needs a model whose attention function can be chosen in every layer; `{name}` does "
            f"not let it. Use Inspect's provider for it: hf/{name}"
        )
    found = next(packed.log_probabilities(alone[-1:], narrow=False))[0].float()
    worst = float((found - plain).abs().max())
    if not worst <= TOLERANCE.get(packed.model.dtype, COARSE):
        raise ModelError(
            f"the white-box engine has to give what `{name}` gives by itself; a log-probability is off by {worst:.2g}. "
            f"Its architecture does something unknown here: use Inspect's provider for it, hf/{name}"
        )
    same = [_same_in_company(packed, ours, mates, alone)]
    with torch_threads(packed.thread_counts[-1]):
        same.append(_same_in_company(packed, ours, mates, alone))
    steps = [_step(slot) for slot in range(5 * GRAIN, 5 * GRAIN + 5)]
    return all(same) and all(_steps_agree(packed, steps, narrow=narrow) for narrow in (True, False))


def _same_in_company(packed: PackedModel, ours: Sequence[Node], mates: Sequence[Node], alone: torch.Tensor) -> bool:
    n = len(alone)
    first = packed.run((*ours, *mates), narrow=False)[:n]
    last = packed.run((*mates, *mates, *ours), narrow=False)[-n:]
    return torch.equal(first, alone) and torch.equal(last, alone)


def _steps_agree(packed: PackedModel, steps: Sequence[Node], *, narrow: bool) -> bool:
    together = packed.run(steps, narrow=narrow)
    logits = torch.cat(list(packed.log_probabilities(together, narrow=narrow)))
    for i, step in enumerate(steps):
        alone = packed.run([step], narrow=narrow)
        if not torch.equal(alone[0], together[i]):
            return False
        if not torch.equal(next(packed.log_probabilities(alone, narrow=narrow))[0], logits[i]):
            return False
    return True


def _probe(model: PreTrainedModel, seed: int) -> list[int]:
    n_vocab = int(model.config.get_text_config().vocab_size)
    return [int(i) for i in np.random.default_rng(seed).integers(0, n_vocab, N_TOKENS)]


def _device(model: PreTrainedModel) -> torch.device:
    return next(model.parameters()).device


def _nodes(tokens: Sequence[int], block: int) -> tuple[Node, Node]:
    """Lay a text over a block and a leaf, its slots from `block` on."""
    slots = np.arange(block * GRAIN, block * GRAIN + len(tokens))
    spans = (slice(0, GRAIN), slice(GRAIN, len(tokens)))
    first, second = (
        Node(
            tokens=tuple(tokens[span]),
            positions=np.arange(span.start, span.stop),
            slots=slots[span],
            context=slots[: span.start],
            sees=np.tri(span.stop - span.start, dtype=bool),
        )
        for span in spans
    )
    return first, second


def _step(slot: int) -> Node:
    """Build a one-token node after the first probe."""
    context = np.arange(GRAIN, GRAIN + N_TOKENS)
    token = slot % 7
    ones = np.ones((1, 1), bool)
    return Node(tokens=(token,), positions=np.array([N_TOKENS]), slots=np.array([slot]), context=context, sees=ones)
