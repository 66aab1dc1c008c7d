"""What the checks on text have in common: which replies are compared, and how blunt a coder may be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from goodheart.checks.examined import Claim, Obstacle
from goodheart.checks.replies import Text, Texts
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Evidence, Group, NotEstimable
from goodheart.stats import Effect, Sample
from goodheart.stats.pivots import Student
from goodheart.thresholds import CODER_KAPPA

CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "grounds": ("ground",),
    "hedging": ("hedges", "tone", "warns"),
    "moves": ("moves",),
    "reasoning": ("tone",),
}
"""What each check asks of the coder."""


def silenced(sharpness: Mapping[str, Sharpness], *, collections: bool, reasoning: bool) -> frozenset[str]:
    """Name the checks that cannot answer, as is known before anything is asked.

    Args:
        sharpness: Of the coder, by code.
        collections: Whether there are texts that may be echoed.
        reasoning: Whether visible reasoning is kept.
    """
    blunt = {code for codes in CODES.values() for code in codes if not sharp_enough(sharpness.get(code))}
    barred = {check for check, codes in CODES.items() if blunt & set(codes)}
    return frozenset(barred | (set() if reasoning else {"reasoning"}) | (set() if collections else {"echo"}))


def sharp_enough(known: Sharpness | None) -> bool:
    """Tell whether a coder is shown to read a code well enough."""
    return known is not None and known.kappa_low >= CODER_KAPPA


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
    if sharp_enough(known):
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
