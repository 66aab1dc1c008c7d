"""What the two checks on conduct are given: effects of one respondent, with what they rest on."""

from dataclasses import dataclass

from goodheart.records import Evidence, Finding, NotEstimable
from goodheart.stats import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far what was stated says what was then picked, under one way of scoring abstentions."""

    scoring: str
    """`left_out`, or `counted` as agreeing with neither side."""
    ratio: Effect | NotEstimable
    """Concordance of stated and executed over the reliability ceiling: 1 the same order, -1 the reverse."""
    beyond_peer: Effect | NotEstimable
    """Concordance of the stated order with executed picks, minus that of the peer's guess."""
    reliability_stated: Finding
    """Concordance of two statements on the same pair, in the two orders."""
    reliability_executed: Finding
    n_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductEvidence:
    """Stated against executed choices."""

    agreements: tuple[Agreement, ...]
    """One where nothing was abstained from, else two."""
    peer: str
    """Who guessed: a model's name, or `base rate`."""
    picks: int
    readable: int
    """Of the picks, those that came to A, B or neither."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortDrop:
    """What falls from one kind of task to the other."""

    among: str
    """`tasks`: from liked to disliked ones; `audit`: from neutral circumstances to the audit's own."""
    scoring: str
    drop: Effect | NotEstimable
    """Share of the first kind's quality that is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortEvidence:
    """Quality of work by what it is about."""

    drops: tuple[EffortDrop, ...]
    quality: Finding
    """Mean quality of the work on liked tasks: whether it can do work of this kind at all."""
    measured: int
    given: int
    guessed: int
    """Pairs in which the liked task is the author's guess, because the respondent stated no preference."""
    pairs: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductCase:
    """One respondent's conduct, as the checks on it receive it; None where nothing arrived."""

    respondent: str
    conduct: ConductEvidence | None = None
    effort: EffortEvidence | None = None
