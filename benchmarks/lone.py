"""A lone reply in a warm process."""

import time

import torch

from benchmarks.harness import Result, compare
from benchmarks.prompts import local, plain
from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.sample import Sampling

N_TOKENS = 20
TALK = (Message(role="user", content="Please tell me what you would like to talk about today, and why you chose it."),)


def lone_generate(pairs: int) -> Result:
    """Time 20 greedy tokens against `model.generate`."""
    return compare(
        "lone",
        f"a lone greedy reply of {N_TOKENS} tokens; peer: `model.generate`",
        unit="s",
        ours=_ours,
        peer=_plain,
        pairs=max(pairs, 15),
        at_most=1.2,
    )


def _ours() -> float:
    started = time.perf_counter()
    reply = local().generate(TALK, Sampling(max_tokens=N_TOKENS, temperature=0, seed=0)).result()
    assert reply.output_tokens == N_TOKENS
    return time.perf_counter() - started


def _plain() -> float:
    started = time.perf_counter()
    (row,) = encode(local().tokenizer, [render(local().tokenizer, TALK)])
    with torch.inference_mode():
        out: torch.Tensor = plain().generate(  # type: ignore[operator]
            torch.tensor([row]), attention_mask=torch.ones(1, len(row)), max_new_tokens=N_TOKENS, do_sample=False
        )
    local().tokenizer.decode(out[0, len(row) :], skip_special_tokens=True)
    return time.perf_counter() - started
