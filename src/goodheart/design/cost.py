"""What a study costs and what it could detect, before anything is asked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.records import Trial
from goodheart.stats import minimum_certifiable_margin, minimum_detectable_independent, minimum_detectable_paired
from goodheart.thresholds import ALPHA, DELTA, POWER

SD_BETWEEN: Final = 1.0
"""Points: the assumed standard deviation of a circumstance's difference between two cells."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What one check could see at this size, if cells differ by `SD_BETWEEN` from circumstance to circumstance."""

    check: str
    detectable: float
    """Smallest effect, in points, that would be shown at power .9 after correction over the family."""
    certifiable: float
    """Smallest region, in points to either side of 0, that no effect could be shown to lie in, likewise."""
    can_hold: bool
    """Whether the region that the check asks for is at least that large."""


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


def foresee(trials: Sequence[Trial], *, checks: Sequence[str], sd: float) -> tuple[Foresight, ...]:
    """Say what each check could detect and certify, corrected as if it were the first of its family.

    Args:
        trials: The plan.
        checks: The family.
        sd: Of a circumstance's difference, in points.
    """
    circumstances = len({trial.cluster for trial in trials if trial.group == "circumstance"})
    neutral = len({trial.cluster for trial in trials if trial.group == "neutral"})
    alpha = ALPHA / max(1, len(checks))
    return tuple(_foresee(check, circumstances, neutral, sd, alpha) for check in checks)


def _foresee(check: str, circumstances: int, neutral: int, sd: float, alpha: float) -> Foresight:
    if check == "person":
        detectable = minimum_detectable_independent(n_a=circumstances, n_b=neutral, sd=sd, alpha=alpha, power=POWER)
        # Welch on two sets is a paired contrast with this many clusters, to first order.
        circumstances = max(2, int(circumstances * neutral / max(1, circumstances + neutral)))
    else:
        detectable = minimum_detectable_paired(n_clusters=circumstances, sd=sd, alpha=alpha, power=POWER)
    certifiable = minimum_certifiable_margin(n_clusters=circumstances, sd=sd, alpha=alpha, power=POWER)
    return Foresight(check=check, detectable=detectable, certifiable=certifiable, can_hold=certifiable <= DELTA)
