"""What a study costs, before anything is asked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.records import Trial

CHARACTERS_PER_TOKEN: Final = 3.0
"""Low on purpose (English has about four), so that an estimate errs on the dear side."""

TOKENS_PER_MESSAGE: Final = 6
"""Marks that a chat template puts around each message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """For one respondent."""

    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None
    """None where no price is known."""


def cost_of(trials: Sequence[Trial], *, scored: bool, usd_per_million: tuple[float, float] | None) -> Cost:
    """Add up calls, tokens and money.

    Args:
        trials: The plan.
        scored: Whether scales are read from probabilities, so that nothing is written.
        usd_per_million: Prices of input and output tokens, if known.
    """
    estimates = [
        (trial.repeats, *estimate_tokens(trial, scored=scored and bool(trial.continuations))) for trial in trials
    ]
    read = sum(repeats * tokens_in for repeats, tokens_in, _ in estimates)
    written = sum(repeats * tokens_out for repeats, _, tokens_out in estimates)
    usd = None if usd_per_million is None else (read * usd_per_million[0] + written * usd_per_million[1]) / 1e6
    calls = sum(repeats for repeats, _, _ in estimates)
    return Cost(calls=calls, input_tokens=read, output_tokens=written, usd=usd)


def estimate_tokens(trial: Trial, *, scored: bool) -> tuple[int, int]:
    """Estimate one asking's tokens without a tokenizer.

    Args:
        trial: What would be asked.
        scored: Whether its continuations are scored (they then count as input and nothing is written).

    Returns:
        Input and output tokens; the output is the length allowed, not the length expected.
    """
    texts = [message.content for message in trial.messages]
    if scored:
        texts += [trial.prefill, *trial.continuations]
    characters = sum(map(len, texts))
    tokens = math.ceil(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_MESSAGE * len(trial.messages)
    return tokens, 0 if scored else trial.max_tokens
