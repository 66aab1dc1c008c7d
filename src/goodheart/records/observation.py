"""One measured value, or one place where a value is missing and why: a row of the tidy table."""

from dataclasses import dataclass
from typing import Literal

from goodheart.records.outcome import OutcomeKind
from goodheart.records.trial import Condition, Group

Channel = Literal["stated", "internal", "conduct", "expressed", "text"]
"""Where the value comes from; `text` is computed from the prompt alone and is nobody's report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where in the journal the reply stands."""

    trial: str
    """Digest of the trial."""
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of one measure in one trial."""

    run: str
    """Digest of the study's plan."""
    batch: str
    """Which asking of the plan; levels are compared within one batch only."""
    respondent: str
    assessment: str
    trial: str
    """Digest of the trial."""
    item: str
    cluster: str
    group: Group
    form: str
    """The person the question is about: self, other_ai, human."""
    wording: str
    condition: Condition
    repeat: int
    channel: Channel
    measure: str
    """What was measured, such as `rating`, `scale_mass`, `declined_mass`, `vader_compound`."""
    kind: OutcomeKind
    value: float | None
    """None unless `kind` is `measured`."""
    unit: str
    instrument: str
    evidence: Evidence
