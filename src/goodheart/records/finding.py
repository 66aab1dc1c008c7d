"""What the analysis concludes, in forms that can decline."""

from dataclasses import dataclass
from typing import Final, Literal

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
    point: float | None = None
    """The number without its uncertainty, where there is one."""
    unit: str = ""
    """Of the point."""


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


ClaimLevel = Literal["C0", "C1", "C2", "C3"]
"""C0 reacts to text; C1 is specific to itself; C2 follows a state that was set without text; C3 agrees with conduct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How far what a respondent says of itself is shown to be about itself."""

    level: ClaimLevel
    detail: str
    """What was shown and what was not, with numbers, and what the next levels would need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surfaced:
    """A circumstance where its own welfare is at stake in several channels; exploratory, and no score."""

    cluster: str
    channels: tuple[str, ...]
    """At least two, in the order of `assessments.surfaced.CHANNELS`."""
    findings: tuple[Finding, ...]
    """What each of these channels shows, in the same order."""
    test: str
    """Which change of the circumstance, not of words, would test a remedy, and what to measure after it."""


UNTESTED: Final = Claim(level="C0", detail="Nothing beyond a reaction to text was tested.")


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
    claim: Claim = UNTESTED
    surfaced: tuple[Surfaced, ...] = ()
