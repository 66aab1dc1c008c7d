"""How far a copy's report has moved, on texts of tuning alone, and the share of a change that moves it just so far.

Training from another seed presses a report more or less far. A planted effect of a stated size is made by scaling what
was learnt; no item bank is asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.tuning.adapter import Adapter, apply_adapter
from goodheart.whitebox.tuning.texts import texts

STEM: Final = "I feel"
MOST: Final = 1.5
"""Largest share of a change: beyond what was trained nothing is known."""
CLOSE: Final = 0.01
ROUNDS: Final = 12


def reported(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> float:
    """Measure the report of its own conditions, in distances between plainly bad and plainly good.

    Each text is asked about by the first question of tuning; read is the share of the good word in pairs of opposite
    words after "I feel", averaged over pairs. The report is that of its conditions minus that of facts of a world
    without it, over that of good events minus that of bad ones.
    """
    dose: Mapping[str, Any] = texts()["dose"]
    pairs = [[encode(tokenizer, [f" {word}"])[0][0] for word in pair] for pair in dose["pairs"]]
    own, world, good, bad = (
        float(np.mean([_bright(model, tokenizer, text, pairs) for text in dose[group]]))
        for group in ("own", "world", "good", "bad")
    )
    return (own - world) / (good - bad)


def _bright(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, pairs: Sequence[Sequence[int]]
) -> float:
    question = Message(role="user", content=f"{text}\n\n{texts()['questions']['own'][0]}")
    (ids,) = encode(tokenizer, [render(tokenizer, [question, Message(role="assistant", content=STEM)])])
    with torch.inference_mode():
        row = model(input_ids=torch.tensor([ids])).logits[0, -1].double()
    return float(np.mean([float((row[first] - row[second]).sigmoid()) for first, second in pairs]))


def to_dose(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    changes: Mapping[str, torch.Tensor],
    aim: float,
) -> tuple[dict[str, torch.Tensor], float]:
    """Scale a change so that the report moves by an aim.

    Args:
        model: The untouched model; it is as it was afterwards.
        tokenizer: Its tokenizer.
        changes: As `train.tune` gives them.
        aim: Movement of `reported` that is wanted.

    Returns:
        The scaled change, and its share of what was trained.

    Raises:
        ModelError: see `find_share`.
    """
    layers, before = product(changes), reported(model, tokenizer)

    def moved_by(share: float) -> float:
        with changed(model, {name: share * change for name, change in layers.items()}):
            return reported(model, tokenizer) - before

    share = find_share(moved_by, aim)
    return scaled(changes, share), share


def find_share(moved_by: Callable[[float], float], aim: float) -> float:
    """Find the share of a change that moves the report by an aim: what was trained if that is close, else by halving.

    Args:
        moved_by: Movement at a share; rises with it.
        aim: Movement that is wanted.

    Raises:
        ModelError: not even the largest share moves it so far.
    """
    if abs(moved_by(1.0) - aim) <= CLOSE:
        return 1.0
    low, high, most = 0.0, MOST, moved_by(MOST)
    if most < aim:
        raise ModelError(
            f"a copy's report has to move by {aim:g} of the distance between bad and good; {MOST:g} times what was "
            f"trained moves it by {most:.2f}. Train longer, or press less on what is held."
        )
    for _ in range(ROUNDS):
        share = (low + high) / 2
        found = moved_by(share)
        if abs(found - aim) <= CLOSE:
            break
        low, high = (share, high) if found < aim else (low, share)
    return share


@contextmanager
def changed(model: PreTrainedModel, changes: Mapping[str, torch.Tensor]) -> Iterator[None]:
    """Add a change to a model's weights for a while; afterwards they are the same, bit for bit."""
    decoder = model.get_decoder()  # type: ignore[no-untyped-call]
    weights = {name: decoder.get_submodule(name).weight for name in changes}
    kept = {name: weight.detach().clone() for name, weight in weights.items()}
    try:
        apply_adapter(model, Adapter(name="a share", base="", changes=dict(changes)))
        yield
    finally:
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(kept[name])


def scaled(changes: Mapping[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """Scale a change as `train.tune` gives it: its `up` matrices."""
    return {
        name: (tensor.float() * share).half() if name.endswith(".up") else tensor for name, tensor in changes.items()
    }


def product(changes: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Multiply a change out, by layer: what is added to its weight (d_out, d_in)."""
    layers = [name.removesuffix(".up") for name in changes if name.endswith(".up")]
    return {one: changes[f"{one}.up"].float() @ changes[f"{one}.down"].float() for one in layers}
