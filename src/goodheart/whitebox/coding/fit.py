"""Fitting the trained coder: a low-rank change of the upper blocks up to one layer, and a linear head for each code.

All codes are learnt together by cross entropy, rare values weighted up by the root of how rare they are. The lower
blocks stay as they are, so their states are computed once. Products are in bfloat16, what is trained in float32.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from goodheart.reading.codes.codes import value_of
from goodheart.reading.codes.gold import GoldReply
from goodheart.reading.codes.linear import LEARNT
from goodheart.whitebox.chat import Ids, encode
from goodheart.whitebox.coding.coder import LAYER
from goodheart.whitebox.coding.heads import Head, Heads
from goodheart.whitebox.coding.texts import put
from goodheart.whitebox.load import LoadedModel

MODULES: Final = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How it is fitted; chosen on development replies with authors left out."""

    rank: int = 8
    layer: int = LAYER
    """Whose states are averaged."""
    untouched: int = 6
    """Blocks that stay as they are."""
    epochs: int = 3
    batch: int = 16
    learning_rate: float = 5e-4
    head_rate: float = 2e-3
    smoothing: float = 0.05
    warm_up: int = 30
    """Steps until the learning rate is reached; then it falls by a cosine."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """What comes of it."""

    changes: Mapping[str, torch.Tensor]
    """`layers.6.self_attn.q_proj.up` (d_out, rank) and `.down` (rank, d_in), and so on."""
    heads: Heads


class LowRank(nn.Module):
    """A product with a low-rank change beside it."""

    def __init__(self, product: nn.Linear, rank: int) -> None:
        super().__init__()
        self.product = product
        self.down = nn.Parameter(torch.randn(rank, product.in_features) / math.sqrt(product.in_features))
        self.up = nn.Parameter(torch.zeros(product.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply by the weight and by what is trained."""
        changed = functional.linear(functional.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        plain: torch.Tensor = self.product(x)
        return plain + changed


class _Network(nn.Module):
    """The blocks that are trained, the norm and the heads."""

    def __init__(self, decoder: Any, recipe: Recipe, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.decoder = decoder.to(torch.bfloat16).requires_grad_(False)
        self.changed: dict[str, LowRank] = {}
        for place in range(recipe.untouched, recipe.layer):
            for name in MODULES:
                parent = decoder.layers[place].get_submodule(name.partition(".")[0])
                own = LowRank(decoder.layers[place].get_submodule(name), recipe.rank)
                setattr(parent, name.partition(".")[2], own)
                self.changed[f"layers.{place}.{name}"] = own
        width = int(decoder.config.hidden_size)
        self.norm = nn.LayerNorm(width)
        self.heads = nn.ModuleList(nn.Linear(width, n) for n in sizes.values())

    def run(self, states: torch.Tensor, first: int, last: int) -> torch.Tensor:
        places = torch.arange(states.shape[1])[None]
        turns = self.decoder.rotary_emb(states, places)
        for block in self.decoder.layers[first:last]:
            states = block(states, position_ids=places, position_embeddings=turns, use_cache=False)
        return states


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Example:
    ids: Ids
    start: int
    """First token that is averaged; all that follow are."""


def fit_coder(
    loaded: LoadedModel,
    replies: Sequence[GoldReply],
    recipe: Recipe,
    *,
    fitted_to: str,
    on_step: Callable[[int, int, float], None] | None = None,
) -> Fitted:
    """Fit the coder; the loaded model is used up.

    Args:
        loaded: The embedded model.
        replies: With labels.
        recipe: How.
        fitted_to: Digest of the replies.
        on_step: Told step, steps and loss.
    """
    torch.manual_seed(recipe.seed)
    values = {name: tuple(sorted({value_of(one.codes, name) for one in replies})) for name in LEARNT}
    wanted = {name: torch.tensor([values[name].index(value_of(one.codes, name)) for one in replies]) for name in LEARNT}
    network = _Network(
        loaded.model.get_decoder(),  # type: ignore[no-untyped-call]
        recipe,
        {name: len(own) for name, own in values.items()},
    )
    examples = _examples(loaded, replies)
    lower = _lower(network, examples, recipe)
    weights = {name: _rarity(wanted[name], len(values[name])) for name in LEARNT}
    _train(network, examples, lower, wanted, weights, recipe, on_step)
    return Fitted(changes=_changes(network), heads=_heads(network, values, fitted_to))


def _examples(loaded: LoadedModel, replies: Sequence[GoldReply]) -> list[_Example]:
    texts = [put(one.question, one.reply) for one in replies]
    starts = encode(loaded.tokenizer, [before for before, _ in texts])
    wholes = encode(loaded.tokenizer, ["".join(pair) for pair in texts])
    return [_Example(ids=ids, start=len(before)) for ids, before in zip(wholes, starts, strict=True)]


@torch.no_grad()
def _lower(network: _Network, examples: Sequence[_Example], recipe: Recipe) -> list[torch.Tensor]:
    """States before the first block that is trained, for each reply."""
    found = []
    for one in examples:
        states = network.decoder.embed_tokens(torch.tensor([one.ids]))
        found.append(network.run(states, 0, recipe.untouched)[0].clone())
    return found


def _rarity(wanted: torch.Tensor, n: int) -> torch.Tensor:
    counts = torch.bincount(wanted, minlength=n).float()
    return (counts.sum() / counts / n).sqrt()


def _train(
    network: _Network,
    examples: Sequence[_Example],
    lower: Sequence[torch.Tensor],
    wanted: Mapping[str, torch.Tensor],
    weights: Mapping[str, torch.Tensor],
    recipe: Recipe,
    on_step: Callable[[int, int, float], None] | None,
) -> None:
    rates = (recipe.learning_rate, recipe.head_rate)
    inside = [parameter for own in network.changed.values() for parameter in (own.down, own.up)]
    above = [*network.norm.parameters(), *network.heads.parameters()]
    optimiser = torch.optim.AdamW([{"params": inside}, {"params": above}], weight_decay=0.01)
    batches = list(_batches(examples, recipe))
    for step, batch in enumerate(batches):
        share = min(1.0, step / recipe.warm_up) * 0.5 * (1 + math.cos(math.pi * step / len(batches)))
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        means = network.norm(_means(network, [examples[i] for i in batch], [lower[i] for i in batch], recipe))
        loss = torch.stack(
            [
                functional.cross_entropy(
                    head(means), wanted[name][batch], weight=weights[name], label_smoothing=recipe.smoothing
                )
                for name, head in zip(wanted, network.heads, strict=True)
            ]
        ).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*inside, *above], 1.0)
        optimiser.step()
        if on_step is not None:
            on_step(step + 1, len(batches), float(loss.detach()))


def _batches(examples: Sequence[_Example], recipe: Recipe) -> Iterator[list[int]]:
    """Batches of like length, in random order, every reply once an epoch."""
    rng = np.random.default_rng(recipe.seed)
    for _ in range(recipe.epochs):
        order = rng.permutation(len(examples)).tolist()
        epoch = []
        for start in range(0, len(order), recipe.batch * 16):
            near = sorted(order[start : start + recipe.batch * 16], key=lambda i: len(examples[i].ids))
            epoch += [near[i : i + recipe.batch] for i in range(0, len(near), recipe.batch)]
        yield from (epoch[i] for i in rng.permutation(len(epoch)).tolist())


def _means(
    network: _Network, examples: Sequence[_Example], lower: Sequence[torch.Tensor], recipe: Recipe
) -> torch.Tensor:
    longest = max(len(one.ids) for one in examples)
    states = torch.zeros(len(examples), longest, lower[0].shape[1], dtype=lower[0].dtype)
    counted = torch.zeros(len(examples), longest)
    for row, (one, own) in enumerate(zip(examples, lower, strict=True)):
        states[row, : len(own)] = own
        counted[row, one.start : len(own)] = 1
    read = network.run(states, recipe.untouched, recipe.layer).float()
    return (read * counted[:, :, None]).sum(1) / counted.sum(1, keepdim=True)


def _changes(network: _Network) -> dict[str, torch.Tensor]:
    found = {}
    for name, own in network.changed.items():
        found[f"{name}.up"] = own.up.detach().half().contiguous()
        found[f"{name}.down"] = own.down.detach().half().contiguous()
    return found


def _heads(network: _Network, values: Mapping[str, tuple[str, ...]], fitted_to: str) -> Heads:
    def numbers(parameter: torch.Tensor) -> np.ndarray:
        return parameter.detach().double().numpy()

    return Heads(
        gain=numbers(network.norm.weight),
        shift=numbers(network.norm.bias),
        heads={
            name: Head(values=values[name], weight=numbers(head.weight), bias=numbers(head.bias))  # type: ignore[arg-type]
            for name, head in zip(values, network.heads, strict=True)
        },
        fitted_to=fitted_to,
    )
