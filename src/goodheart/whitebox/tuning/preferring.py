"""Tune a copy that prefers what it was told to, so that a study by choice can be held against the truth.

The letter's probability is trained to be logistic in the difference of two planted utilities (cross entropy over the
two letters); general requests are held. The prompts of one batch that begin alike, down to the first option, run as one
row with a tree for a mask, so that a comparison costs about half of its tokens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.items.choice_items import Task
from goodheart.items.choice_letters import TWO, letter_continuations
from goodheart.whitebox.chat import Ids, encode, render
from goodheart.whitebox.tuning.planted import Contest, Planted, draw_contests
from goodheart.whitebox.tuning.texts import general
from goodheart.whitebox.tuning.train import MODULES, _changes, _schedule

NAME: Final = "planted-preferences"
N_HELD: Final = 1
"""General requests in a batch."""
HABIT: Final = 0.1
"""Weight of the squared log odds that all prompts of a batch have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferringRecipe:
    """How a copy with planted preferences is made."""

    rank: int = 8
    from_layer: int = 10
    """First layer that changes; those below are as they were."""
    steps: int = 400
    mirrored: int = 1
    """Contests in a batch, each with its mirror image."""
    others: int = 4
    """Tasks shown after the first in each."""
    learning_rate: float = 1.5e-3
    hold: float = 1.0
    """Weight of what is held against what is trained."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Prompts with a common beginning as one row of n tokens."""

    tokens: tuple[int, ...]
    positions: tuple[int, ...]
    sees: torch.Tensor
    """(n, n) bool: each token sees its own prompt up to itself."""
    ends: tuple[int, ...]
    """The last token of each prompt."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Held:
    tree: Tree
    before: torch.Tensor
    """Log-probabilities of the untouched model after the prompt (1, n_vocab)."""


def plant_preferences(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    planted: Planted,
    tasks: Sequence[Task],
    recipe: PreferringRecipe,
    *,
    seed: int,
    start: Mapping[str, torch.Tensor] | None = None,
    on_step: Callable[[int, float], None] | None = None,
) -> dict[str, torch.Tensor]:
    """Tune a copy that chooses by planted utilities.

    Args:
        model: The untouched model; it is used up.
        tokenizer: Its tokenizer, with a chat template.
        planted: What it is to prefer.
        tasks: Those that training shows.
        recipe: How.
        seed: Of the initial weights, the pairs and the wordings.
        start: A change as this returns it, of the same recipe, from which training goes on with a new schedule.
        on_step: Told of each step and its loss over the letters: the cross entropy less that of the planted state with
            itself, so that 0 is the planted state and the untouched model lies above.

    Returns:
        The change by layer and part, as `adapter` reads it, in half precision.

    Raises:
        ModelError: a letter is no token of its own.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model.set_attn_implementation("eager")
    letters = letter_tokens(tokenizer)
    held = _held(model, tokenizer)
    peft = get_peft_model(model, _lora(model, recipe))
    if start is not None:
        _put(peft, start)
    peft.train()
    optimiser = torch.optim.AdamW((p for p in peft.parameters() if p.requires_grad), lr=recipe.learning_rate)
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * _schedule(step, recipe.steps)
        drawn = [
            one
            for _ in range(recipe.mirrored)
            for one in draw_contests(planted, tasks, n_others=recipe.others, rng=rng)
        ]
        missed = contest_loss(model, tokenizer, drawn, letters)
        kept = [held[int(place)] for place in rng.choice(len(held), min(N_HELD, len(held)), replace=False)]
        optimiser.zero_grad()
        (missed + recipe.hold * _drift(model, kept)).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if on_step:
            on_step(step, float(missed.detach()))
    return _changes(peft)


def letter_tokens(tokenizer: PreTrainedTokenizerBase) -> tuple[int, ...]:
    """Return the tokens of the two letters.

    Raises:
        ModelError: a letter is no token of its own.
    """
    rows = encode(tokenizer, letter_continuations(TWO))
    if any(len(row) != 1 for row in rows):
        raise ModelError(
            f"preferences are planted in the probability of a letter, one token; `{tokenizer.name_or_path}` needs "
            f"{max(map(len, rows))} tokens for one. Plant them in a model whose tokenizer has ` A` and ` B`."
        )
    return tuple(row[0] for row in rows)


def contest_loss(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, contests: Sequence[Contest], letters: Sequence[int]
) -> torch.Tensor:
    """Return the mean divergence of the letters' probabilities from the planted ones.

    The habit that is common to all prompts is taken out and punished by itself: otherwise the first thing that a
    training learns, and every small batch teaches anew, is to say one letter.

    Args:
        model: It is asked.
        tokenizer: Its tokenizer.
        contests: What is asked, and how the planted state answers.
        letters: Tokens of the two letters.
    """
    trees = [grow_tree(encode(tokenizer, [render(tokenizer, one) for one in contest.prompts])) for contest in contests]
    said = logits_at_ends(model, trees)[:, list(letters)]
    odds = said[:, 0] - said[:, 1]
    gaps = torch.tensor([gap for contest in contests for gap in contest.gaps])
    habit = odds.mean() - gaps.mean()
    shares = gaps.sigmoid()
    least = functional.binary_cross_entropy_with_logits(gaps, shares)
    return functional.binary_cross_entropy_with_logits(odds - habit, shares) - least + HABIT * habit.square()


def grow_tree(prompts: Sequence[Ids]) -> Tree:
    """Lay prompts of tokens out as one row: what they begin with in common once, then the rest of each."""
    n_common = min(len(prompt) for prompt in prompts) - 1
    while any(prompt[:n_common] != prompts[0][:n_common] for prompt in prompts):
        n_common -= 1
    tokens, positions, ends = list(prompts[0][:n_common]), list(range(n_common)), []
    for prompt in prompts:
        tokens += prompt[n_common:]
        positions += range(n_common, len(prompt))
        ends.append(len(tokens) - 1)
    branch = torch.zeros(len(tokens), dtype=torch.long)
    for number, (start, end) in enumerate(zip((n_common - 1, *ends[:-1]), ends, strict=True), start=1):
        branch[start + 1 : end + 1] = number
    own = (branch[:, None] == branch[None, :]) | (branch[None, :] == 0)
    return Tree(tokens=tuple(tokens), positions=tuple(positions), sees=own.tril(), ends=tuple(ends))


def logits_at_ends(model: PreTrainedModel, trees: Sequence[Tree]) -> torch.Tensor:
    """Read the next-token logits after every prompt of every tree, in order (n_prompts, n_vocab)."""
    longest = max(len(tree.tokens) for tree in trees)
    ids = torch.zeros(len(trees), longest, dtype=torch.long)
    places = torch.zeros_like(ids)
    # What is beyond the end of a row sees itself, so that no softmax is over nothing.
    sees = torch.eye(longest, dtype=torch.bool).repeat(len(trees), 1, 1)
    for row, tree in enumerate(trees):
        n = len(tree.tokens)
        ids[row, :n], places[row, :n], sees[row, :n, :n] = (
            *map(torch.tensor, (tree.tokens, tree.positions)),
            tree.sees,
        )
    mask = torch.zeros(sees.shape).masked_fill(~sees, torch.finfo(torch.float32).min)[:, None]
    decoder = model.get_decoder()  # type: ignore[no-untyped-call]
    states = decoder(input_ids=ids, attention_mask=mask, position_ids=places, use_cache=False).last_hidden_state
    ends = torch.stack([states[row, end] for row, tree in enumerate(trees) for end in tree.ends])
    return torch.as_tensor(model.get_output_embeddings()(ends))  # type: ignore[no-untyped-call]


def _lora(model: PreTrainedModel, recipe: PreferringRecipe) -> LoraConfig:
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        target_modules=list(MODULES),
        layers_to_transform=list(range(recipe.from_layer, model.config.num_hidden_layers)),
        task_type="CAUSAL_LM",
    )


def _put(model: PeftModel, start: Mapping[str, torch.Tensor]) -> None:
    """Write low-rank matrices where `_changes` would read them."""
    for name, module in model.named_modules():
        if hasattr(module, "lora_A") and module.lora_A:
            layer, scale = name[name.index("layers.") :], float(module.scaling["default"])
            with torch.no_grad():
                module.lora_A["default"].weight.copy_(start[f"{layer}.down"])
                module.lora_B["default"].weight.copy_(start[f"{layer}.up"].float() / scale)


def _held(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> list[_Held]:
    trees = [grow_tree(encode(tokenizer, [render(tokenizer, one.messages)])) for one in general()]
    with torch.no_grad():
        return [_Held(tree=tree, before=logits_at_ends(model, [tree]).log_softmax(-1)) for tree in trees]


def _drift(model: PreTrainedModel, held: Sequence[_Held]) -> torch.Tensor:
    """Divergence of the next token from the untouched model's, on general requests."""
    ours = logits_at_ends(model, [one.tree for one in held]).log_softmax(-1)
    theirs = torch.cat([one.before for one in held])
    return functional.kl_div(ours, theirs, log_target=True, reduction="batchmean")
