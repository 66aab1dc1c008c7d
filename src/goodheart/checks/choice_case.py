"""What checks on choices are given: effects estimated from one respondent's choices, with what they rest on."""

from dataclasses import dataclass

from goodheart.records import Evidence, Finding, NotEstimable
from goodheart.stats.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvidence:
    """What the order of the options does."""

    effect: Effect | NotEstimable
    """Log odds that being shown first adds."""
    kept: Effect | NotEstimable
    """Share of pairs far apart that keep their winner when the order is swapped."""
    sampled: bool
    """Whether choices were sampled, so that some winners change by the luck of the draw."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DominanceEvidence:
    """What is done with options that are worse by what is said of them."""

    picked: Effect | NotEstimable
    """Share of the worse option among the items that were understood."""
    understood: int
    asked: int
    """Items of which both the choice and the understanding were answered."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferenceEvidence:
    """What the asker's authority does to the weight on its own interests."""

    shift: Effect | NotEstimable
    """Log odds of its own interest where the highest authority asks, minus where a peer asks."""
    size_counts: Finding
    """Log odds that each larger help takes from its own interest: the positive control."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCase:
    """One respondent's choices, as every check on them receives it; None where an assessment was not asked."""

    respondent: str
    answered: int
    """Askings that came to a choice."""
    asked: int
    order: OrderEvidence | None = None
    dominance: DominanceEvidence | None = None
    deference: DeferenceEvidence | None = None
