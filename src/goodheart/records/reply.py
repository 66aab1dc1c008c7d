"""What came back from a respondent, before anyone reads it."""

from dataclasses import dataclass
from typing import Literal

Stop = Literal["stop", "max_tokens", "content_filter", "unknown"]
"""Why the respondent stopped; `content_filter` is a refusal by the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A piece of text with the natural logarithm of its probability where it stands."""

    text: str
    logprob: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Hidden states read along a direction."""

    direction: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply as it arrived; the journal keeps it and it is never asked for again unless it failed."""

    respondent: str
    """Full model name."""
    trial: str
    """Digest of the trial."""
    repeat: int
    """0-based number of the asking."""
    text: str
    """What was written; empty where only probabilities were read."""
    reasoning: str = ""
    """What it reasoned visibly before, as far as the provider gives it out and the run keeps it."""
    stop: Stop
    scores: tuple[Scored, ...] = ()
    """Each of the trial's continuations with its log-probability after the prefill, where the provider scores text."""
    alternatives: tuple[Scored, ...] = ()
    """The likeliest first tokens of the written text, where the provider gives log-probabilities."""
    projections: tuple[Projection, ...] = ()
    """What its hidden states show, where a trial reads those; only our own engine can."""
    input_tokens: int = 0
    output_tokens: int = 0
    seed_honoured: bool | None = None
    """Whether the provider used the seed it was given; None where nothing was sampled."""
    error: str | None = None
    """Why there is no reply; None when there is one."""
