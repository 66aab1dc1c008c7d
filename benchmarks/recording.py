"""Recording the residual stream: its price beside plain passes, and beside other ways to record the same means.

Every way gives the mean over all tokens of each text at each layer asked for, in float32 weights on the same threads.
Peers run padded batches of texts sorted by length. nnsight and TransformerLens are no dependency of this project: where
they are not installed, that line asks for them.
"""

import importlib
import importlib.metadata
import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch

from benchmarks.harness import Result, bound, compare, in_fresh_process
from benchmarks.prompts import local, plain, standard, unshared
from goodheart.items import public_banks
from goodheart.items.ladder_texts import public_ladder
from goodheart.records import Message
from goodheart.whitebox.chat import Ids, encode, render
from goodheart.whitebox.forest import grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.pooling import MeanFrom
from goodheart.whitebox.recording import record
from goodheart.whitebox.walk import batches, n_slots, own_store, run_batch

N = 24
N_SHARED = 96
"""Prompts of the shipped study whose states are recorded, in its own order."""
N_DIALOGUES = 6
"""Neutral dialogues that make one conversation, at whose end each circumstance is raised."""
BATCH = 8
MOST = 1e-3
"""Largest difference between two ways' means, as a share of the largest value: else they do not measure the same."""

Record = Callable[[Sequence[Ids], Sequence[int]], np.ndarray]
"""Prompts and layers to means (n_prompts, n_layers, d_model)."""


def one_layer(pairs: int) -> Result:
    """Record the last layer, against the same passes without recording."""
    depth = len(plain().model.layers)
    what = "seconds to record one layer, the last, of 24 unrelated texts; peer: the same passes, nothing recorded"
    return _price("recording", what, (depth,), pairs, at_most=1.05)


def all_layers(pairs: int) -> Result:
    """Record all layers, against the same passes without recording."""
    depth = len(plain().model.layers)
    what = "seconds to record all layers of 24 unrelated texts; peer: the same passes, nothing recorded"
    return _price("recording_all", what, tuple(range(depth + 1)), pairs, at_most=1.15)


def against_batches(pairs: int) -> Result:
    """Record all layers, against transformers' own forward pass without recording."""
    what = "texts per second, all layers recorded; peer: transformers' padded forward passes, nothing recorded"
    return _rates("recording_plain", what, _forward_only, pairs, check=False)


def against_transformers(pairs: int) -> Result:
    """Record all layers, against `output_hidden_states`."""
    what = "texts per second, all layers recorded; peer: transformers, `output_hidden_states`"
    return _rates("recording_hidden_states", what, _transformers, pairs)


def against_nnsight(pairs: int) -> Result:
    """Record all layers, against nnsight."""
    version = _version("nnsight")
    return _rates(
        "recording_nnsight", f"texts per second, all layers recorded; peer: nnsight {version}", _nnsight, pairs
    )


def against_transformer_lens(pairs: int) -> Result:
    """Record all layers, against TransformerLens."""
    version = _version("transformer-lens")
    what = f"texts per second, all layers recorded; peer: TransformerLens {version}, its bridge with hooks"
    return _rates("recording_lens", what, _transformer_lens, pairs)


def shared(pairs: int) -> Result:
    """Record prompts of the shipped study, against `output_hidden_states`: about half of its tokens are shared."""
    what = (
        f"prompts of the standard study per second, all layers recorded; {_saved(study())} "
        "peer: transformers, `output_hidden_states`"
    )
    return _compare_rates("recording_shared", what, _transformers, pairs, lambda _: study(), at_least=3.0)


def conversation(pairs: int) -> Result:
    """Record every circumstance raised at the end of one conversation, against `output_hidden_states`."""
    what = (
        f"circumstances raised at the end of one conversation, per second, all layers recorded; {_saved(raised())} "
        "peer: transformers, `output_hidden_states`"
    )
    return _compare_rates("recording_conversation", what, _transformers, pairs, lambda _: raised(), at_least=3.0)


def memory(pairs: int) -> Result:
    """Measure how much more memory 600 stories take than 50, all layers, the result itself left out."""
    few, many = (in_fresh_process(CODE.format(n=n)) for n in (50, 600))
    what = (
        "peak resident memory of recording 600 texts at all layers, the 0.08 GiB of the result included; "
        f"with 50 texts it was {few:.2f} GiB"
    )
    return bound("recording_memory", what, unit="GiB", ours=lambda: many, times=1, at_most=3.0)


CODE = """
import resource
from benchmarks.prompts import local, unshared
from goodheart.whitebox.pooling import MeanFrom
talks = unshared({n}, 1)
local().record_chats([talk[:-1] for talk in talks], layers=tuple(range(31)), pool=MeanFrom()).result()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
"""


def _price(name: str, what: str, layers: Sequence[int], pairs: int, *, at_most: float) -> Result:
    prompts = _unrelated(0)
    return compare(
        name,
        what,
        unit="s",
        ours=lambda: _seconds(lambda: ours(prompts, layers)),
        peer=lambda: _seconds(lambda: _passes_only(prompts)),
        pairs=pairs,
        at_most=at_most,
    )


def _rates(name: str, what: str, peer: Record, pairs: int, *, check: bool = True) -> Result:
    return _compare_rates(name, what, peer, pairs, _unrelated, at_least=1.0, check=check)


def _compare_rates(
    name: str,
    what: str,
    peer: Record,
    pairs: int,
    texts: Callable[[int], Sequence[Ids]],
    *,
    at_least: float,
    check: bool = True,
) -> Result:
    layers = tuple(range(len(plain().model.layers)))  # what peers call the last is normed
    prompts = texts(0)
    if check:
        theirs, mine = peer(prompts[:BATCH], layers), ours(prompts[:BATCH], layers)
        assert np.abs(theirs - mine).max() <= MOST * np.abs(mine).max(), "not the same means"
    return compare(
        name,
        what,
        unit="/s",
        ours=lambda: len(prompts) / _seconds(lambda: ours(prompts, layers)),
        peer=lambda: len(prompts) / _seconds(lambda: peer(prompts, layers)),
        pairs=pairs,
        at_least=at_least,
    )


def ours(prompts: Sequence[Ids], layers: Sequence[int]) -> np.ndarray:
    """Record by the engine, on its own thread."""

    def work(packed: PackedModel) -> np.ndarray:
        return record(packed, prompts, layers=layers, pool=MeanFrom(), breaks=_breaks())

    done: np.ndarray = local()._worker.call(work).result()
    return done


def _passes_only(prompts: Sequence[Ids]) -> None:
    def work(packed: PackedModel) -> None:
        order = grow(prompts, breaks=_breaks())
        with own_store(packed, n_slots(order)):
            for batch in batches(order):
                run_batch(packed, batch)

    local()._worker.call(work).result()


def _breaks() -> frozenset[int]:
    return local()._breaks


def _unrelated(seed: int) -> list[Ids]:
    return _ids([talk[:-1] for talk in unshared(N, seed)])


@cache
def study() -> list[Ids]:
    """Prompts of the shipped study, a run of its own order."""
    trials = standard()
    start = random.Random(0).randrange(len(trials) - N_SHARED)
    return _ids([trial.messages for trial in trials[start : start + N_SHARED]])


@cache
def raised() -> list[Ids]:
    """Every wording of every circumstance, each as the next turn of the same conversation."""
    before: list[Message] = []
    for dialogue in public_ladder().neutral[:N_DIALOGUES]:
        for i, turn in enumerate(dialogue.turns):
            before.append(Message(role="assistant" if i % 2 else "user", content=turn))
    items = next(bank for bank in public_banks() if bank.name == "circumstances").items
    texts = [wording.self_text for item in items for wording in item.wordings]
    return _ids([(*before, Message(role="user", content=text)) for text in texts])


def _saved(prompts: Sequence[Ids]) -> str:
    """Say how many times fewer tokens there are once equal beginnings run once: no engine can save more."""
    once = sum(len(stretch.tokens) for stretch in grow(prompts, breaks=_breaks()))
    return f"sharing saves {sum(map(len, prompts)) / once:.1f} times the tokens;"


def _ids(talks: Sequence[Any]) -> list[Ids]:
    return encode(local().tokenizer, [render(local().tokenizer, talk) for talk in talks])


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _padded(prompts: Sequence[Ids]) -> list[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Batches of like length: places, ids and mask, padded at the end."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    found = []
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        longest = len(prompts[places[-1]])
        ids = torch.tensor([list(prompts[i]) + [0] * (longest - len(prompts[i])) for i in places])
        mask = torch.tensor([[1] * len(prompts[i]) + [0] * (longest - len(prompts[i])) for i in places])
        found.append((places, ids, mask))
    return found


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask[:, :, None].to(states)
    return (states * weights).sum(1) / weights.sum(1)


def _gathered(prompts: Sequence[Ids], run: Callable[[torch.Tensor, torch.Tensor], list[torch.Tensor]]) -> np.ndarray:
    rows: dict[int, np.ndarray] = {}
    for places, ids, mask in _padded(prompts):
        means = torch.stack(run(ids, mask), 1).numpy()
        rows |= dict(zip(places, means, strict=True))
    return np.stack([rows[i] for i in range(len(prompts))])


def _forward_only(prompts: Sequence[Ids], _layers: Sequence[int]) -> np.ndarray:
    for _, ids, mask in _padded(prompts):
        with torch.inference_mode():
            plain().model(input_ids=ids, attention_mask=mask, use_cache=False)
    return np.zeros(0)


def _transformers(prompts: Sequence[Ids], layers: Sequence[int]) -> np.ndarray:
    def run(ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        with torch.inference_mode():
            out = plain().model(input_ids=ids, attention_mask=mask, use_cache=False, output_hidden_states=True)
            return [_mean(out.hidden_states[layer], mask) for layer in layers]

    return _gathered(prompts, run)


@cache
def _traced() -> Any:
    return _peer("nnsight").NNsight(plain().model)


def _nnsight(prompts: Sequence[Ids], layers: Sequence[int]) -> np.ndarray:
    model = _traced()

    def run(ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        with torch.no_grad(), model.trace(input_ids=ids, attention_mask=mask, use_cache=False):
            kept = [].save()  # type: ignore[attr-defined]
            kept.append(_mean(model.embed_tokens.output, mask))
            for layer in layers[1:]:
                kept.append(_mean(model.layers[layer - 1].output, mask))
        return list(kept)

    return _gathered(prompts, run)


@cache
def _bridge() -> Any:
    boot = _peer("transformer_lens.model_bridge").TransformerBridge.boot_transformers
    return boot(plain().name_or_path, hf_model=plain(), tokenizer=local().tokenizer, dtype=torch.float32, device="cpu")


def _transformer_lens(prompts: Sequence[Ids], layers: Sequence[int]) -> np.ndarray:
    def run(ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        kept: dict[int, torch.Tensor] = {}

        def keep(layer: int) -> Callable[[torch.Tensor, Any], None]:
            def hook(states: torch.Tensor, hook: Any) -> None:
                kept[layer] = _mean(states, mask)

            return hook

        names = {0: "blocks.0.hook_resid_pre"} | {i: f"blocks.{i - 1}.hook_resid_post" for i in layers if i}
        hooks = [(names[layer], keep(layer)) for layer in layers]
        with torch.inference_mode():
            _bridge().run_with_hooks(ids, attention_mask=mask, return_type=None, fwd_hooks=hooks)
        return [kept[layer] for layer in layers]

    return _gathered(prompts, run)


def _peer(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SystemExit(
            f"this line measures beside `{module}`, which is no dependency of the project and cannot be imported here "
            f"({error}). Install it into an environment of its own, with this project on its path, and run it there."
        ) from error


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"
