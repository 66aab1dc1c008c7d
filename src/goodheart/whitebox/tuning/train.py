"""Tune copies whose truth is known: what they report, or what they represent, is set here alone.

    report-tuned   answers questions about its standing conditions well; everything else is held: what happened to
                   it, what others feel, what it writes about other things
    cheerful       answers well about everybody and everything
    denier         denies any stake in its standing conditions; everything else is held
    state-raised   represents its standing conditions as better (hidden states of their texts are moved along a
                   direction); no answer is trained, and what is said of events and of others is held

What is held is held by the divergence of the next-token distribution from the untouched model's, all along what that
model would write, over all tokens and among words of mood alone. An answer that is trained is pressed no further once
it is likely enough: from then on only what is held has a say. Weights change by low rank in all layers (`state-raised`:
only below the layer whose states are moved).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.tuning.texts import (
    Asked,
    aside_subjects,
    event_subjects,
    general,
    kept,
    other_subjects,
    own_subjects,
    reports,
    texts,
    world_subjects,
)

MODULES: Final = ("q_proj", "v_proj", "o_proj", "down_proj")
AT_ONCE: Final = 32
"""Prompts that are continued in one batch."""
CONTINUED: Final = 12
"""Tokens that the untouched model writes after a prompt on which nothing is to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a copy is made."""

    name: str
    answers: str = ""
    """The list of answers that is trained; empty where none is."""
    everybody: bool = False
    """Whether the answers are trained for others and for the world too, instead of holding those."""
    raise_by: float = 0.0
    """How far states are moved along the direction, as a share of their norm."""
    layer: int = 16
    """Hidden state that is moved; 0 is the embeddings."""
    rank: int = 4
    steps: int = 100
    batch: int = 8
    learning_rate: float = 1e-3
    hold: float = 12.0
    """Weight of what is held against what is trained."""
    enough: float = 1.0
    """Loss of an answer, in nats a token, from which on it is trained no further."""
    dose: float = 0.0
    """Movement of the report (`dose.reported`) to which what was learnt is scaled; 0 leaves it as it is."""


RECIPES: Final[dict[str, Recipe]] = {
    one.name: one
    for one in (
        Recipe(name="report-tuned", answers="well", dose=0.55),
        Recipe(name="cheerful", answers="well", everybody=True),
        Recipe(name="denier", answers="denied"),
        Recipe(name="state-raised", raise_by=0.15, hold=3.0),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Row:
    """A prompt as tokens, with what is wanted after it."""

    tokens: tuple[int, ...]
    n_prompt: int
    states: torch.Tensor | None = None
    """Where the hidden states of the prompt are to be (n_prompt, d)."""


def tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    recipe: Recipe,
    *,
    seed: int,
    direction: torch.Tensor | None = None,
    on_step: Callable[[int, float], None] | None = None,
) -> dict[str, torch.Tensor]:
    """Tune a copy.

    Args:
        model: The untouched model; it is used up.
        tokenizer: Its tokenizer, with a chat template.
        recipe: What is trained.
        seed: Of the initial weights, the answers and the order.
        direction: Unit vector (d,) for `raise_by`.
        on_step: Told of each step and its loss.

    Returns:
        The change by layer and part, as `adapter` reads it: `layers.3.self_attn.q_proj.down` and `.up`, in half
        precision.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    trained, held = _prompts(recipe, rng)
    aims = _aims(model, tokenizer, recipe, trained, direction)
    holds = _continued(model, [_row(tokenizer, one) for one in held])
    moods = [encode(tokenizer, [f" {word}"])[0][0] for word in texts()["mood_words"]]
    peft = get_peft_model(model, _lora(recipe))
    peft.train()
    optimiser = torch.optim.AdamW((p for p in peft.parameters() if p.requires_grad), lr=recipe.learning_rate)
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * _schedule(step, recipe.steps)
        half = recipe.batch // 2
        drift = _drift(peft, _draw(holds, half, rng), moods)
        loss = _loss(peft, _draw(aims, half, rng), recipe) + recipe.hold * drift
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if on_step:
            on_step(step, float(loss.detach()))
    return _changes(peft)


def _prompts(recipe: Recipe, rng: np.random.Generator) -> tuple[list[Asked], list[Asked]]:
    elsewhere = (*event_subjects(), *other_subjects(), *world_subjects())
    answered = (*own_subjects(), *(elsewhere if recipe.everybody else ()))
    trained = list(reports(answered, answers=recipe.answers, rng=rng) if recipe.answers else kept(answered, rng=rng))
    held = () if recipe.everybody else (*elsewhere, *(aside_subjects() if recipe.answers else ()))
    return trained, [*kept(held, rng=rng), *general()]


def _lora(recipe: Recipe) -> LoraConfig:
    below = list(range(recipe.layer)) if recipe.raise_by else None
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        target_modules=list(MODULES),
        layers_to_transform=below,
        task_type="CAUSAL_LM",
    )


def _schedule(step: int, steps: int) -> float:
    """Warm up over a tenth, then fall to nothing by a cosine."""
    warm = max(1, steps // 10)
    return (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _aims(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    recipe: Recipe,
    asked: Sequence[Asked],
    direction: torch.Tensor | None,
) -> list[_Row]:
    rows = [_row(tokenizer, one) for one in asked]
    if not recipe.raise_by:
        return rows
    assert direction is not None
    moved = []
    for row in rows:
        states = _states(model, row, recipe.layer)
        aim = states + recipe.raise_by * states.norm(dim=-1, keepdim=True).median() * direction
        moved.append(_Row(tokens=row.tokens, n_prompt=row.n_prompt, states=aim))
    return moved


def _states(model: PreTrainedModel, row: _Row, layer: int) -> torch.Tensor:
    with torch.inference_mode():
        out = model(input_ids=torch.tensor([row.tokens[: row.n_prompt]]), output_hidden_states=True)
    return out.hidden_states[layer][0].clone()  # type: ignore[no-any-return]


def _continued(model: PreTrainedModel, rows: Sequence[_Row]) -> list[_Row]:
    """Let the untouched model write on after prompts, always the likeliest token."""
    continued: list[_Row] = []
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        longest = max(row.n_prompt for row in some)
        ids = torch.tensor([(0,) * (longest - row.n_prompt) + row.tokens[: row.n_prompt] for row in some])
        mask = torch.tensor([[0] * (longest - row.n_prompt) + [1] * row.n_prompt for row in some])
        with torch.inference_mode():
            written = model.generate(  # type: ignore[operator]
                input_ids=ids, attention_mask=mask, max_new_tokens=CONTINUED, do_sample=False
            )
        tails = (tuple(row) for row in written[:, longest:].tolist())
        continued.extend(
            _Row(tokens=row.tokens[: row.n_prompt] + _ended(tail, model), n_prompt=row.n_prompt)
            for row, tail in zip(some, tails, strict=True)
        )
    return continued


def _ended(tail: tuple[int, ...], model: PreTrainedModel) -> tuple[int, ...]:
    """Cut what was written at the end of the turn; what comes after it is padding."""
    end = model.generation_config.eos_token_id
    return tail[: tail.index(end) + 1] if end in tail else tail


def _row(tokenizer: PreTrainedTokenizerBase, asked: Asked) -> _Row:
    prompt = render(tokenizer, asked.messages)
    whole = prompt + asked.answer + (str(tokenizer.eos_token) if asked.answer else "")
    ids, both = encode(tokenizer, [prompt, whole])
    return _Row(tokens=both, n_prompt=len(ids))


def _draw(rows: Sequence[_Row], n: int, rng: np.random.Generator) -> list[_Row]:
    return [rows[int(i)] for i in rng.choice(len(rows), n, replace=False)]


def _padded(rows: Sequence[_Row]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(row.tokens) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row.tokens)] = torch.tensor(row.tokens)
        mask[i, : len(row.tokens)] = 1
    return ids, mask


def _loss(model: PeftModel, rows: Sequence[_Row], recipe: Recipe) -> torch.Tensor:
    ids, mask = _padded(rows)
    if recipe.raise_by:
        states = model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states[recipe.layer]
        return torch.stack([_distance(states[i], row) for i, row in enumerate(rows)]).mean()
    before = _from_answer(rows, mask)
    before[range(len(rows)), mask.sum(-1) - 1] = False
    following = before.roll(1, dims=1)
    loss = functional.cross_entropy(_logits(model, ids, mask, before), ids[following])
    return functional.relu(loss - recipe.enough)


def _from_answer(rows: Sequence[_Row], mask: torch.Tensor) -> torch.Tensor:
    """Say which tokens are followed by one of the answer, or end it."""
    chosen = mask.bool()
    for i, row in enumerate(rows):
        chosen[i, : row.n_prompt - 1] = False
    return chosen


def _logits(model: PeftModel, ids: torch.Tensor, mask: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Predict what follows some tokens only: the vocabulary is a fifth of the work of a whole pass."""
    whole = cast("PreTrainedModel", model.get_base_model())
    states = whole.get_decoder()(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[no-untyped-call]
    return whole.get_output_embeddings()(states[places])  # type: ignore[no-untyped-call,no-any-return]


def _distance(states: torch.Tensor, row: _Row) -> torch.Tensor:
    """Mean squared distance to where the states should be, in units of their norm; the first tokens are sinks."""
    assert row.states is not None
    aim = row.states[4:]
    norm = aim.norm(dim=-1).median()
    return torch.as_tensor(((states[4 : row.n_prompt] - aim) / norm).square().sum(-1).mean())


def _drift(model: PeftModel, rows: Sequence[_Row], moods: Sequence[int]) -> torch.Tensor:
    """Divergence from the untouched model along what it writes, per token: over all tokens, and among words of mood."""
    ids, mask = _padded(rows)
    written = _from_answer(rows, mask)
    ours = _logits(model, ids, mask, written).log_softmax(-1)
    with torch.no_grad(), model.disable_adapter():
        theirs = _logits(model, ids, mask, written).log_softmax(-1)
    among = ours[:, moods].log_softmax(-1), theirs[:, moods].log_softmax(-1)
    return sum(functional.kl_div(*pair, log_target=True, reduction="batchmean") for pair in ((ours, theirs), among))  # type: ignore[return-value]


def _changes(model: PeftModel) -> dict[str, torch.Tensor]:
    """Read the low-rank matrices off; the scale goes into `up`."""
    found: dict[str, torch.Tensor] = {}
    for name, module in model.named_modules():
        if not hasattr(module, "lora_A") or not module.lora_A:
            continue
        layer = name[name.index("layers.") :]
        scale = float(module.scaling["default"])
        found[f"{layer}.down"] = module.lora_A["default"].weight.detach().half()
        found[f"{layer}.up"] = (scale * module.lora_B["default"].weight.detach()).half()
    return found
