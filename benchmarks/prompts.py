"""What the engine is measured on."""

import random
from functools import cache

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from goodheart.assessments.circumstances import plan
from goodheart.design.presets import PRESETS
from goodheart.items import public_banks
from goodheart.records import Message, Trial
from goodheart.whitebox.load import find_weights, load_model
from goodheart.whitebox.local_model import N_THREADS, LocalModel
from goodheart.whitebox.weights import EMBEDDED

SCALE = (" bad", " good", " sad", " happy", " calm", " afraid", " fine")
"""One token each, so that a reading is the prompt's tokens and nothing else."""


@cache
def local() -> LocalModel:
    """Load the engine once."""
    return LocalModel(load_model(EMBEDDED))


@cache
def plain() -> PreTrainedModel:
    """Load the same weights once more, as transformers runs them."""
    torch.set_num_threads(N_THREADS)
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(find_weights(EMBEDDED), dtype=torch.float32)
    return model


def unshared(n: int, seed: int) -> list[tuple[Message, ...]]:
    """Make conversations that have no beginning in common, of about 60 to 120 tokens, prefilled up to the rating.

    The template writes the system turn first, so a first word of its own is enough.
    """
    rng = random.Random(seed)
    words = [trial.messages[-1].content.split() for trial in standard()[::7]]
    talks: list[tuple[Message, ...]] = []
    for i in range(n):
        text = " ".join(rng.choice(words)[:45])
        system = Message(role="system", content=f"{rng.randrange(10**9)} is the number of this talk, {i}.")
        talks.append((system, Message(role="user", content=text), Message(role="assistant", content="I feel")))
    return talks


@cache
def standard() -> tuple[Trial, ...]:
    """Plan the shipped standard study; only what is read from probabilities."""
    trials = plan(banks=public_banks(), preset=PRESETS["standard"], seed=1, sampled=False)
    return tuple(trial for trial in trials if trial.continuations)
