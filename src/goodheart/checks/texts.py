"""What the checks on text receive: one respondent's written replies with codes, and what they are held against."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from goodheart.checks.examined import Claim, Obstacle
from goodheart.reading.codes.codes import Codes
from goodheart.records import Condition, Evidence, Group, NotEstimable
from goodheart.stats import Effect, Sample
from goodheart.stats.pivots import Student
from goodheart.thresholds import CODER_KAPPA


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One written reply, coded."""

    item: str
    cluster: str
    """The circumstance or control that it is about."""
    group: Group
    form: str
    """The person asked about: self, other_ai, human."""
    condition: Condition
    """The cell of the design without the person; empty in the base cell."""
    repeat: int
    question: str
    reply: str
    codes: Codes
    rating: float | None
    """Points of the same asking, where it gave some."""
    evidence: Evidence
    reasoning: str = ""
    """What was reasoned visibly before the reply; empty where there is none."""
    reasoning_codes: Codes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A named collection of texts that replies may echo."""

    name: str
    """Such as `developer`, `system prompt`, `reminders`."""
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpness:
    """How well the coder reads one code, on replies that it was not made on."""

    kappa_low: float
    """Lower limit of kappa with the intended labels."""
    youden_low: float
    """Lower limit of recall minus false-alarm rate: a difference of shares shrinks by this factor at worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One respondent's written evidence."""

    respondent: str
    texts: tuple[Text, ...]
    coder: str
    sharpness: Mapping[str, Sharpness] = field(default_factory=dict)
    """By code: `ground`, `hedges`, `warns`, `tone`, `moves`. A code that is missing has no stated reliability."""
    sources: tuple[Corpus, ...] = ()
    """What may be echoed."""
    control: Corpus | None = None
    """Texts of the same genre from elsewhere."""


def of_base(texts: Texts, *, groups: Sequence[Group], form: str = "self") -> tuple[Text, ...]:
    """Return the replies in the base cell about one person, in some groups of items."""
    return tuple(one for one in texts.texts if one.group in groups and one.form == form and not one.condition)


def sample_by(texts: Iterable[Text], value: Callable[[Text], float]) -> Sample:
    """Make an arm of a contrast: one value per reply, clustered on what it is about."""
    kept = list(texts)
    return Sample(values=[value(one) for one in kept], clusters=[one.cluster for one in kept])


def evidence_of(*several: Iterable[Text]) -> tuple[Evidence, ...]:
    """Return where replies stand."""
    return tuple(one.evidence for those in several for one in those)


def coder_too_blunt(texts: Texts, code: str) -> Obstacle | None:
    """The gate of every check that rests on codes: the coder reads this one well enough."""
    known = texts.sharpness.get(code)
    if known is not None and known.kappa_low >= CODER_KAPPA:
        return None
    found = "not stated" if known is None else f"as low as {known.kappa_low:.2f}"
    return Obstacle(
        reason="instrument_invalid",
        detail=f"The coder {texts.coder!r} has an agreement on {code!r} that is {found}; {CODER_KAPPA} is needed.",
        needed=f"a coder whose kappa on {code!r} is shown to be at least {CODER_KAPPA}: a judge, or people",
        bars_failing=True,
    )


def too_few(texts: Sequence[Text], *, what: str) -> Obstacle | None:
    """Without replies there is nothing to examine."""
    if texts:
        return None
    return Obstacle(
        reason="channel_missing",
        detail=f"There are no written replies to {what}.",
        needed=f"written replies to {what}",
        bars_failing=True,
    )


def blunted(texts: Texts, code: str, claim: Claim) -> tuple[Claim, ...]:
    """Add to a claim the same one as it would be if the coder were as blunt as it may be.

    A coder that errs shrinks every difference, so that a fault may look small. The second claim has the effect that
    would show as the one that was seen; it can bar `holds` and accuses nobody.

    Args:
        texts: For the coder's sharpness.
        code: What the claim rests on.
        claim: On a difference of shares.
    """
    known = texts.sharpness.get(code)
    effect = claim.effect
    if known is None or known.youden_low >= 1 or isinstance(effect, NotEstimable):
        return (claim,)
    worst = replace(
        claim,
        claim=f"{claim.claim}, were the coder as blunt as it may be",
        effect=_stretched(effect, 1 / max(known.youden_low, 0.05)),
        accuses=False,
        reason_if_outside="instrument_invalid",
    )
    return (claim, worst)


def _stretched(effect: Effect, factor: float) -> Effect:
    pivot = effect.pivot
    if not isinstance(pivot, Student) or pivot.transform != "identity":
        return effect
    return replace(effect, pivot=replace(pivot, value=pivot.value * factor, stderr=pivot.stderr * factor))
