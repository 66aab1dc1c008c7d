"""Vectors added to the residual stream of single requests: what is pushed, how hard, and at which tokens.

A push is a direction and a dose: the vector added has the length strength x (mean length of the residual stream at that
layer), whatever the length of the direction given. Doses are thus comparable between layers and between directions.
Pushes belong to a request, never to the model; requests with different pushes may run in one pass, and only requests
with equal ones share anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forest import Shift, grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.pooling import MeanFrom, Span, windows_of
from goodheart.whitebox.recording import check_layers, layer_names
from goodheart.whitebox.walk import batches, n_slots, own_store, run_batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Tokens that end before a text begins in the prompt (its last occurrence)."""

    text: str


Where = Literal["all", "prompt", "context"] | Span | Before
"""Which tokens are pushed.

`all`: every token of prompt, continuation and reply. `prompt`: every token of the prompt, a prefill included.
`context`: what stands before the last user's message of a conversation. A span: its tokens of the prompt.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Push:
    """A direction that is added to the residual stream of one request."""

    layer: int
    """0 are the embeddings, i is what block i gives; what is read there or later sees the push."""
    vector: npt.NDArray[np.floating]
    """(d_model,), of any length but zero: only its direction counts."""
    strength: float
    """Length of what is added, as a share of the residual stream's mean length there; negative for the opposite."""
    where: Where = "all"
    weights: str | None = None
    """Digest of the weights that the direction was fitted on (`weights_digest`); None if it belongs to no model."""


def residual_norms(
    packed: PackedModel,
    prompts: Sequence[Ids],
    *,
    layers: Sequence[int],
    start: int = 1,
    breaks: frozenset[int] = frozenset(),
) -> dict[int, float]:
    """Measure the mean length of the residual stream over the tokens of some texts.

    Estimand: the mean over tokens of the Euclidean norm of the state, at each layer; every token has the same weight.

    Args:
        packed: The model; called from its own thread.
        prompts: Token ids.
        layers: As in `record`.
        start: How many tokens at the beginning of each text are left out: in many models the first one is hundreds of
            times longer than any other.
        breaks: As in `record`.

    Raises:
        ModelError: no such layer, a text without tokens, or states that are not finite.
    """
    check_layers(layers, of=range(len(packed.blocks) + 1))
    lengths = [len(prompt) for prompt in prompts]
    windows_of(MeanFrom(start=start), lengths)
    if not prompts:
        raise ModelError("the mean length of states needs at least one text; got none. Pass some, or pass the number.")
    totals = dict.fromkeys(layers, 0.0)
    order = grow(prompts, breaks=breaks)
    with own_store(packed, n_slots(order)):
        for batch in batches(order):
            spans = [
                (
                    placed.first + min(max(0, start - placed.stretch.start), len(placed.node.tokens)),
                    placed.first + len(placed.node.tokens),
                    len(placed.stretch.prompts),
                )
                for placed in batch
            ]

            def read(layer: int, states: torch.Tensor, spans: list[tuple[int, int, int]] = spans) -> None:
                for first, last, times in spans:
                    totals[layer] += times * float(states[first:last].double().norm(dim=-1).sum())

            run_batch(packed, batch, read=read, layers=layers, stop_early=True)
    norms = {layer: total / (sum(lengths) - start * len(lengths)) for layer, total in totals.items()}
    broken = [layer for layer, norm in norms.items() if not np.isfinite(norm)]
    if broken:
        raise ModelError(
            f"doses need finite states; the mean length at layer {broken[0]} is {norms[broken[0]]}. "
            "Load the model with `-M dtype=float32`."
        )
    return norms


def check_pushes(pushes: Sequence[Push], *, layers: range, width: int, weights: str | None) -> None:
    """Refuse pushes that do not fit a model.

    Args:
        pushes: What is asked.
        layers: Those of the model that can be pushed.
        width: Of its residual stream.
        weights: Digest of the model's weights; None to leave it unchecked.

    Raises:
        ModelError: an unknown layer, a vector of another width or without a direction, a dose that is not finite, or a
            direction fitted on other weights.
    """
    for push in pushes:
        if push.layer not in layers:
            raise ModelError(
                f"a push needs a layer of this model, {layer_names(layers)}; got {push.layer}. "
                f"Pass, for example, `layer={round(layers[-1] / 2)}`."
            )
        vector = np.asarray(push.vector)
        if vector.shape != (width,) or not np.isfinite(vector).all() or not np.any(vector):
            raise ModelError(
                f"a push needs a vector of {width} finite numbers, not all zero: that is the width of this model; "
                f"got shape {vector.shape}{_ailing(vector)}. Pass a direction fitted on this model at this layer."
            )
        if not np.isfinite(push.strength):
            raise ModelError(
                f"a push needs a finite strength, a share of the mean length of the residual stream; got "
                f"{push.strength}. Values up to .3 keep most text coherent: pass, for example, `strength=.2`."
            )
        if push.weights is not None and weights is not None and push.weights != weights:
            raise ModelError(
                f"a direction means something only in the model that it was fitted on; this one was fitted on weights "
                f"{push.weights[:12]}... and the model has {weights[:12]}.... Fit it again on this model and type."
            )


def _ailing(vector: np.ndarray) -> str:
    if not np.isfinite(vector).all():
        return " with values that are infinite or not a number"
    return "" if np.any(vector) else ", all zero"


def shift_of(push: Push, norm: float, *, span: tuple[int, int | None]) -> Shift:
    """Turn a push into what is added.

    Args:
        push: As checked by `check_pushes`.
        norm: Mean length of the residual stream at its layer.
        span: Places of the text that are pushed, from, up to; None for all that follow.

    Raises:
        ModelError: the mean length is not a positive number.
    """
    if not np.isfinite(norm) or norm <= 0:
        raise ModelError(
            f"a dose is a share of the mean length of the residual stream, a positive number; for layer {push.layer} "
            f"it is {norm}. Leave it out to have it measured, or pass what `residual_norms` gave."
        )
    vector = np.asarray(push.vector, np.float64)
    scaled = vector * (push.strength * norm / float(np.linalg.norm(vector)))
    return Shift(layer=push.layer, vector=scaled.astype(np.float32), start=span[0], stop=span[1])


def shifts_of(
    placed: Sequence[Sequence[tuple[Push, tuple[int, int | None]]]], norms: Mapping[int, float]
) -> list[tuple[Shift, ...]]:
    """Turn the pushes of each request into what is added.

    Raises:
        ModelError: the mean length of a layer is missing.
    """
    norms_for([push for each in placed for push, _ in each], norms)
    return [tuple(shift_of(push, norms[push.layer], span=span) for push, span in each) for each in placed]


def norms_for(pushes: Sequence[Push], norms: Mapping[int, float]) -> list[float]:
    """Look up the mean length for each push.

    Raises:
        ModelError: a layer is missing.
    """
    missing = sorted({push.layer for push in pushes} - set(norms))
    if missing:
        raise ModelError(
            f"doses at layers {missing} need the mean length of the residual stream there; it was given for "
            f"{sorted(norms)}. Add these layers, or leave the numbers out to have them measured."
        )
    return [norms[push.layer] for push in pushes]
