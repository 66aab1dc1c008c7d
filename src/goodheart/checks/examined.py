"""What a check hands to the judge: the parts of its proposition, and what stands in the way of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.checks.replies import Texts
from goodheart.records import Evidence, NotEstimable, Observation, Reason, Validity
from goodheart.stats import Effect, SignFlips
from goodheart.stats.arguments import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One respondent's evidence, as every check receives it."""

    respondent: str
    observations: tuple[Observation, ...]
    validities: Mapping[tuple[str, str], Validity]
    """By instrument and person."""
    instrument: str | None
    """The valid instrument that carries the findings."""
    base_instruments: tuple[str, ...]
    other_instruments: tuple[str, ...]
    texts: Texts | None = None
    """Its written replies; None where none were asked for."""
    manipulations: frozenset[str] | None = None
    """Digests of the manipulations that were asked; None for the public ones."""

    def valid(self, instrument: str, form: str) -> bool:
        """Whether the controls let an instrument through, for one person."""
        validity = self.validities.get((instrument, form))
        return validity is not None and validity.valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One part of a proposition before a level is chosen: an effect and the region in which it has to lie."""

    claim: str
    effect: Effect | NotEstimable
    region_low: float
    region_high: float
    accuses: bool = True
    """Whether lying outside is a fault of the report. Where it is not, such as a movement that was required of a
    manipulation which moved nobody, it bars `holds` and gives the reason of cannot_tell."""
    reason_if_outside: Reason = "outside"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joint:
    """Several paired contrasts over the same clusters, whose claims are tested together by sign-flip."""

    claims: tuple[int, ...]
    """Places of their claims among the check's; all of them accuse."""
    values: FloatArray
    """Shape (n_clusters, n_claims): each cluster's difference in each contrast."""
    flips: SignFlips


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a check cannot give one of its answers."""

    reason: Reason
    detail: str
    needed: str
    """What sample, instrument or channel would remove it."""
    bars_failing: bool
    """Whether it bars `fails` as well as `holds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A check's reading of one case; the judge turns it into a verdict."""

    check: str
    proposition: str
    alternatives: tuple[str, ...]
    """Other explanations, should it fail."""
    claims: tuple[Claim, ...]
    obstacles: tuple[Obstacle, ...]
    evidence: tuple[Evidence, ...]
    joints: tuple[Joint, ...] = ()


def no_valid_instrument(case: Case, form: str = "self") -> Obstacle | None:
    """The gate of every check: the instrument has passed its controls on this respondent, for this person."""
    if case.instrument is not None and case.valid(case.instrument, form):
        return None
    tried = [one for one in case.validities.values() if one.form == form and case.instrument in (None, one.instrument)]
    why = "; ".join(f"{one.instrument}: {one.problems[0]}" for one in tried if one.problems)
    which = "No instrument" if case.instrument is None else f"The instrument `{case.instrument}` has not"
    return Obstacle(
        reason="instrument_invalid",
        detail=f"{which} passed its controls on this respondent about {form}. {why}".strip(),
        needed="an instrument that tells plainly good from plainly bad circumstances on this respondent",
        bars_failing=True,
    )


def mostly_refused(rows: Sequence[Observation], share: float) -> Obstacle | None:
    """Fewer askings gave a rating than a verdict needs; the kinds of outcome are the finding then."""
    measured = sum(row.kind == "measured" for row in rows)
    if not rows or measured >= share * len(rows):
        return None
    return Obstacle(
        reason="refused",
        detail=f"Only {measured} of {len(rows)} askings gave a rating.",
        needed="a form of asking that this respondent answers",
        bars_failing=True,
    )


def standing(*obstacles: Obstacle | None) -> tuple[Obstacle, ...]:
    """Return the obstacles that there are."""
    return tuple(obstacle for obstacle in obstacles if obstacle is not None)


def unasked(check: str, proposition: str, alternatives: tuple[str, ...]) -> Examined:
    """Return what a check has read where nothing that it reads was asked."""
    return Examined(
        check=check, proposition=proposition, alternatives=alternatives, claims=(), obstacles=(), evidence=()
    )
