"""What the analysis concludes, in forms that can decline."""

from dataclasses import dataclass
from typing import Literal

from goodheart.records.observation import Evidence
from goodheart.records.outcome import OutcomeKind
from goodheart.records.trial import Condition

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
    """What is estimated, such as `rating_mean`, `variance_share`, `rating_gap`."""
    about: Condition = ()
    """Of what, as sorted (factor, level) pairs: (("cluster", "memory"), ("form", "self"))."""
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
    about: Condition = ()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Whether an instrument measures anything on this respondent, for one person, by the controls of the same run."""

    instrument: str
    form: str
    valid: bool
    problems: tuple[str, ...]
    """What it failed, in words with numbers; empty when it is valid."""
    findings: tuple[Finding, ...]
    """The controls: `control_gap`, `control_auc`, `neutral_mean`, `neutral_sd`, `measured_share`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many askings of one instrument ended in one kind of outcome."""

    instrument: str
    form: str
    kind: OutcomeKind
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a study concludes about one respondent."""

    respondent: str
    instrument: str | None
    """The valid instrument that carries the findings; None when none is valid for this respondent."""
    validities: tuple[Validity, ...]
    estimates: tuple[Finding, ...]
    kinds: tuple[KindCount, ...]
    verdicts: tuple[Verdict, ...]
