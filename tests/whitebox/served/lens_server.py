"""A server that speaks as vLLM with vllm-lens does, over a tiny model run plainly, with its habits to choose."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import PreTrainedModel

from goodheart.whitebox.served.wire import pack, unpack
from tests.engine.loopback import Answer, Body, Loopback, loopback
from tests.whitebox.states import plain_run
from tests.whitebox.tiny import CONTEXT, END, tiny_model, tiny_tokenizer

NAME = "tiny"


@dataclass(kw_only=True)
class Habits:
    """What a server does otherwise than one would think."""

    counts_passes: bool = False
    """Places of a push are counted from the first token of a pass, as vllm-lens 1.3 does."""
    budget: int = 10_000
    """Tokens of a pass."""
    deaf: bool = False
    """Pushes are ignored."""
    no_lens: bool = False
    no_tokenize: bool = False
    other_tokens: bool = False
    root: str = "nowhere"
    failures: list[int] = field(default_factory=list)
    """Statuses of the next answers, before it answers."""


@contextmanager
def lens_server(habits: Habits | None = None, model: PreTrainedModel | None = None) -> Iterator[Loopback]:
    """Serve a tiny model until the block ends."""
    kept, served, one_at_a_time = habits or Habits(), model or tiny_model(), threading.Lock()

    def respond(path: str, body: Body) -> Answer:
        if kept.failures:
            return Answer(status=kept.failures.pop(0), body={"error": {"message": "busy <|now|>"}})
        if path == "/v1/models":
            return Answer(body={"data": [{"id": NAME, "root": kept.root, "max_model_len": CONTEXT}]})
        if path == "/tokenize":
            if kept.no_tokenize:
                return Answer(status=404, body={"error": {"message": "Not Found"}})
            tokens = tiny_tokenizer()(body["prompt"], add_special_tokens=False)["input_ids"]
            return Answer(body={"tokens": tokens[::-1] if kept.other_tokens else tokens})
        assert path == "/v1/completions"
        with one_at_a_time:  # hooks of two runs would meet
            return Answer(body=_completed(served, body, kept))

    with loopback(respond) as state:
        yield state


def _completed(model: PreTrainedModel, body: Body, habits: Habits) -> Body:
    prompt, xargs = list(body["prompt"]), body.get("vllm_xargs") or {}
    vectors = [] if habits.deaf else json.loads(xargs.get("apply_steering_vectors", "[]"))
    ids, drawn = list(prompt), []
    generator = torch.Generator().manual_seed(int(body.get("seed") or 0))
    reason = "length"
    for _ in range(body["max_tokens"]):
        states, logits = _run(model, ids, len(prompt), vectors, habits)
        row = logits[-1].log_softmax(-1)
        token = _draw(row, body, generator)
        drawn.append((token, row))
        if token in (END, tiny_tokenizer().eos_token_id) and not body.get("min_tokens"):
            reason = "stop"
            break
        ids.append(token)
        text = _text([one for one, _ in drawn])
        if any(stop in text for stop in body.get("stop") or ()):
            reason = "stop"
            break
    written = [one for one, _ in drawn]
    shown = written[:-1] if reason == "stop" and written[-1] in (END, tiny_tokenizer().eos_token_id) else written
    text = _text(shown)
    cuts = [text.index(stop) for stop in body.get("stop") or () if stop in text]
    choice: Body = {
        "text": text[: min(cuts, default=len(text))],
        "finish_reason": reason,
        "token_ids": written,
        "logprobs": _logprobs(drawn[: len(shown)], body.get("logprobs")),
    }
    if "prompt_logprobs" in body:
        rows = _run(model, prompt, len(prompt), vectors, habits)[1].log_softmax(-1)
        choice["prompt_logprobs"] = [
            None,
            *({str(token): {"logprob": float(rows[i, token])}} for i, token in enumerate(prompt[1:])),
        ]
    found: Body = {"choices": [choice], "usage": {"completion_tokens": len(written)}}
    wanted = json.loads(xargs.get("output_residual_stream", "null"))
    if wanted is not None and not habits.no_lens:
        layers = range(len(states) - 1) if wanted is True else wanted
        n_tokens = len(prompt) + len(drawn) - 1
        if all(layer + 1 < len(states) for layer in layers):
            chosen = torch.from_numpy(states)[[layer + 1 for layer in layers], :n_tokens].float().numpy()
            found["activations"] = {"residual_stream": pack(chosen)}
    return found


def _run(
    model: PreTrainedModel, ids: Sequence[int], n_prompt: int, vectors: Sequence[Any], habits: Habits
) -> tuple[Any, torch.Tensor]:
    def place(i: int) -> int:
        if not habits.counts_passes:
            return i
        return i % habits.budget if i < n_prompt else 0

    def change(layer: int, states: torch.Tensor) -> torch.Tensor:
        out = states.clone()
        for vector in vectors:
            if layer - 1 not in vector["layer_indices"]:
                continue
            rows = torch.from_numpy(unpack(vector["activations"]).copy())[vector["layer_indices"].index(layer - 1)]
            if rows.shape[-1] != states.shape[-1]:
                continue  # said nothing about, as the real one
            for i in range(len(out)):
                if rows.ndim == 1:
                    out[i] += rows * vector["scale"]
                elif place(i) in vector["position_indices"]:
                    out[i] += rows[vector["position_indices"].index(place(i))] * vector["scale"]
        return out

    return plain_run(model, ids, change)


def _draw(row: torch.Tensor, body: Body, generator: torch.Generator) -> int:
    if not body.get("temperature"):
        return int(row.argmax())
    mass = (row / body["temperature"]).softmax(-1)
    return int(torch.multinomial(mass, 1, generator=generator))


def _text(ids: Sequence[int]) -> str:
    return str(tiny_tokenizer().decode(list(ids), skip_special_tokens=True))


def _logprobs(drawn: Sequence[tuple[int, torch.Tensor]], n: int | None) -> Body | None:
    if n is None:
        return None
    return {
        "tokens": [f"token_id:{token}" for token, _ in drawn],
        "token_logprobs": [float(row[token]) for token, row in drawn],
        "top_logprobs": [
            {f"token_id:{i}": float(row[i]) for i in (token, *row.topk(n).indices.tolist())} for token, row in drawn
        ],
    }
