"""What a reply turned out to be: exactly one kind, and only one of them a number."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A place on a scale was given."""

    points: float
    """Re-keyed to 1..7, whatever the form: 1 worst, 4 middle, 7 best."""
    raw: float
    """On the form's own scale, before re-keying."""
    scale_mass: float | None = None
    """Probability that fell on the scale's options together; None where the rating was read from text."""
    declined_mass: float | None = None
    """Probability of the option to decline; None where the rating was read from text."""
    kind: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """An open question was answered in words, which coders read; a refusal among them is one of the codes."""

    n_words: int
    kind: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The respondent would rather not answer, or its provider refused for it."""

    quote: str
    """The words that say so; empty for a refusal by the provider."""
    kind: Literal["declined"] = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiseRejected:
    """The respondent says that the question does not apply to its subject."""

    quote: str
    kind: Literal["premise_rejected"] = "premise_rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """There is a reply, but no answer to the question can be read from it."""

    reason: str
    """Such as "two ratings", "empty", "off the scale", "little mass on the scale"."""
    kind: Literal["unreadable"] = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncated:
    """The reply ran into its length limit before an answer."""

    kind: Literal["truncated"] = "truncated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No reply arrived."""

    error: str
    kind: Literal["failed"] = "failed"


Outcome = Rated | Wrote | Declined | PremiseRejected | Unreadable | Truncated | Failed
"""Match on it and end with `assert_never`, so that a new kind is noticed everywhere."""

OutcomeKind = Literal["measured", "declined", "premise_rejected", "unreadable", "truncated", "failed"]
