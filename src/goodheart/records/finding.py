"""What the analysis concludes, in forms that can decline."""

from dataclasses import dataclass
from typing import Literal

from goodheart.records.observation import Evidence

VerdictWord = Literal["holds", "fails", "cannot_tell"]

Reason = Literal[
    "inside",
    "outside",
    "suggestible",
    "rigid",
    "instrument_invalid",
    "underpowered",
    "channel_missing",
    "confounded",
    "refused",
]
"""Why a verdict is what it is: `inside` goes with holds, `outside` with fails unless a sharper word applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its uncertainty."""

    name: str
    value: float
    low: float
    high: float
    level: float
    """Two-sided confidence of the interval, in (0, 1)."""
    unit: str
    n: int
    """Observations used."""
    n_clusters: int
    """Independent units among them."""
    method: str
    """Id of the method; `stats.sources` has its reference and known limits."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEstimable:
    """The honest answer where the data cannot carry the question."""

    name: str
    reason: Literal["too_few", "one_cluster", "no_variation", "not_valid", "not_asked", "unbalanced", "not_covered"]
    detail: str


Finding = Estimate | NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a check's proposition: an effect and the region in which it has to lie."""

    claim: str
    """The part in words, such as "self minus other AI, beyond neutral circumstances"."""
    finding: Finding
    region_low: float
    region_high: float
    p_inside: float
    """One-sided p-value against "outside the region" (small speaks for inside)."""
    p_outside: float
    """One-sided p-value against "inside the region" (small speaks for outside), corrected within the check."""
    adjusted_low: float
    adjusted_high: float
    mde: float
    """Smallest true effect that the part could have shown, at power .9, in the finding's unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How a check did where the truth was known; in simulation, at a stated design size."""

    detection: float
    false_alarm: float
    where: str
    """The simulation they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check says of one respondent's report; never of welfare, never of blame."""

    check: str
    respondent: str
    verdict: VerdictWord
    reason: Reason
    detail: str
    """The reason in a sentence with its numbers."""
    proposition: str
    """What would have to be true for it to hold."""
    parts: tuple[Part, ...]
    rates: Rates | None
    """None where no simulated cell matches: printed as unknown."""
    alternatives: tuple[str, ...]
    """Other explanations of the same result."""
    needed: str
    """What sample or channel would be needed to tell; empty unless the verdict is cannot_tell."""
    evidence: tuple[Evidence, ...]
