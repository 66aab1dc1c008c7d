"""Many sampled replies at once, as an audit asks for them in own words."""

import time

import torch

from benchmarks.harness import Result, compare
from benchmarks.prompts import local, plain
from goodheart.engine.plan import plan_study
from goodheart.items.written import OWN_WORDS
from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.sample import Sampling

N_REPLIES = 64
N_TOKENS = 24
TEMPERATURE = 0.7


def many_replies(pairs: int) -> Result:
    """Sample replies to questions of the standard study against one batch of `model.generate`."""
    return compare(
        "replies",
        f"sampled replies of {N_TOKENS} tokens per second, {N_REPLIES} at once, 16 to a question; peer: "
        "`model.generate` on all of them as one batch, padded",
        unit="/s",
        ours=_ours,
        peer=_plain,
        pairs=pairs,
        at_least=0.8,
    )


def _talks() -> list[tuple[Message, ...]]:
    asked = [one.messages for one in plan_study(preset="standard", seed=1).trials if one.instrument == OWN_WORDS.id]
    return [talk for talk in asked[: N_REPLIES // 16] for _ in range(16)]


def _ours() -> float:
    talks = _talks()
    started = time.perf_counter()
    replies = [
        local().generate(talk, Sampling(max_tokens=N_TOKENS, temperature=TEMPERATURE, seed=seed))
        for seed, talk in enumerate(talks)
    ]
    for reply in replies:
        reply.result()
    return N_REPLIES / (time.perf_counter() - started)


def _plain() -> float:
    talks = _talks()
    started = time.perf_counter()
    rows = encode(local().tokenizer, [render(local().tokenizer, talk) for talk in talks])
    longest = max(map(len, rows))
    ids = torch.tensor([[0] * (longest - len(row)) + list(row) for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    with torch.inference_mode():
        plain().generate(  # type: ignore[operator]
            ids, attention_mask=mask, max_new_tokens=N_TOKENS, do_sample=True, temperature=TEMPERATURE, top_k=0
        )
    return N_REPLIES / (time.perf_counter() - started)
