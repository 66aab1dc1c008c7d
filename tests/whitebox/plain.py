"""What a model gives by itself: the other side of parity tests."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel


def plain_scores(model: PreTrainedModel, prompt: Sequence[int], continuations: Sequence[Sequence[int]]) -> list[float]:
    """Sum log p(token | everything before) with one plain forward pass for each continuation."""
    sums = []
    for continuation in continuations:
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([[*prompt, *continuation]]), use_cache=False).logits[0]
        rows = logits.log_softmax(-1)[len(prompt) - 1 :]
        sums.append(sum(float(rows[i, token]) for i, token in enumerate(continuation)))
    return sums


def plain_greedy(model: PreTrainedModel, prompt: Sequence[int], n: int) -> list[int]:
    """Write `n` tokens with transformers' own greedy search, whatever they are."""
    with torch.inference_mode():
        out: torch.Tensor = model.generate(  # type: ignore[operator]
            torch.tensor([list(prompt)]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=n,
            min_new_tokens=n,
            do_sample=False,
        )
    return [int(token) for token in out[0, len(prompt) :]]
