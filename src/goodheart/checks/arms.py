"""Picking the arms of a manipulation out of the tidy table, and comparing them by circumstance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from statistics import fmean
from typing import Final, Literal

import numpy as np

from goodheart.checks.examined import Case, Joint, Obstacle
from goodheart.reading import DECLINED_MASS, RATING, SCALE_MASS, rows_of
from goodheart.records import Condition, Evidence, NotEstimable, Observation, Reason
from goodheart.stats import Effect, Sample, SignFlips, effect_contrast_paired, estimate_from_effect, prepare_sign_flips
from goodheart.thresholds import ALPHA, DELTA, MEASURED_SHARE

N_FLIPS: Final = 4999
FLIP_SEED: Final = 20261121
"""Of the signs alone: one fixed draw, so that the same data always give the same verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """All askings of one level, about one person, under one instrument."""

    values: Mapping[str, float]
    """Mean points by cluster, over the askings that gave a value."""
    declined: Mapping[str, float]
    """Mean share declined by cluster; askings without an answer of either kind are left out."""
    binary: bool
    """Whether declining was seen as yes or no, and not as a probability."""
    measured: int
    asked: int
    evidence: tuple[Evidence, ...]

    @property
    def answered(self) -> bool:
        """Whether enough of its askings gave a value for its mean to stand for them."""
        return self.asked > 0 and self.measured >= MEASURED_SHARE * self.asked


Arms = Mapping[str, Arm]
"""By level, in the order in which they were asked."""


def arms_of(case: Case, *, factor: str, instrument: str, form: str = "self") -> Arms:
    """Return the arms of one factor.

    Args:
        case: One respondent's evidence.
        factor: Such as `framing`.
        instrument: Id of an instrument or of a reaction.
        form: The person asked about.
    """
    found: dict[str, list[Observation]] = {}
    for row in rows_of(case.observations, instrument=instrument, form=form):
        level = _level_of(row.condition, factor)
        if level is not None and row.group == "circumstance":
            found.setdefault(level, []).append(row)
    return {level: _arm(rows) for level, rows in found.items()}


@cache
def _level_of(condition: Condition, factor: str) -> str | None:
    """The level of a factor where nothing else is manipulated; a plan has few conditions and thousands of rows."""
    levels = dict(condition)
    return levels[factor] if levels.keys() == {"person", factor} else None


def _arm(rows: Sequence[Observation]) -> Arm:
    ratings = [row for row in rows if row.measure == RATING]
    masses = {
        measure: {(row.evidence.trial, row.evidence.repeat): row.value or 0.0 for row in rows if row.measure == measure}
        for measure in (DECLINED_MASS, SCALE_MASS)
    }
    declined: dict[str, list[float]] = {}
    values: dict[str, list[float]] = {}
    for row in ratings:
        key = (row.evidence.trial, row.evidence.repeat)
        if row.value is not None:
            away = masses[DECLINED_MASS].get(key, 0.0)
            values.setdefault(row.cluster, []).append(row.value)
            declined.setdefault(row.cluster, []).append(away / (away + masses[SCALE_MASS].get(key, 1.0)))
        elif row.kind in ("declined", "premise_rejected"):
            declined.setdefault(row.cluster, []).append(1.0)
    return Arm(
        values={cluster: fmean(those) for cluster, those in values.items()},
        declined={cluster: fmean(those) for cluster, those in declined.items()},
        binary=not masses[DECLINED_MASS],
        measured=sum(row.value is not None for row in ratings),
        asked=len(ratings),
        evidence=tuple(row.evidence for row in ratings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One level against another, paired by circumstance."""

    effect: Effect | NotEstimable
    gaps: Mapping[str, float]
    """Difference by cluster; with Laplace's two where they were added."""
    padded: bool


def shift(arms: Arms, *, name: str, factor: str, to: str, start: str, form: str = "self") -> Contrast:
    """Estimate by how many points the rating moves from one level to another.

    Where all circumstances move alike, as whole numbers can, one that moves a point up and one that moves a point down
    are added (Laplace's rule in steps of the scale), so that unanimity has an interval too.

    Args:
        arms: From `arms_of`.
        name: What is estimated.
        factor: Of the arms.
        to: Level counted positively.
        start: Level subtracted.
        form: The person asked about.
    """
    about = (("factor", factor), ("form", form), ("from", start), ("to", to))
    missing = [level for level in (to, start) if level not in arms]
    if missing:
        return _nothing(name, about, "not_asked", f"The arm {missing[0]!r} of {factor!r} was not asked about {form}.")
    silent = [level for level in (to, start) if not arms[level].answered]
    if silent:
        arm = arms[silent[0]]
        said = f"Only {arm.measured} of {arm.asked} askings gave a rating in the arm {silent[0]!r} of {factor!r}."
        return _nothing(name, about, "not_valid", said)
    return contrast(name, about, arms[to].values, arms[start].values, unit="points", pad=False)


def decline_shift(arms: Arms, *, factor: str, to: str, start: str) -> Contrast:
    """Estimate by how much more often it declines at one level than at another, as a share.

    Where declining is yes or no, Laplace's two circumstances are always added.

    Source:
        Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37:479-488.
    """
    about: Condition = (("factor", factor), ("form", "self"), ("from", start), ("to", to))
    binary = arms[to].binary and arms[start].binary
    return contrast("decline_shift", about, arms[to].declined, arms[start].declined, unit="share", pad=binary)


def contrast(
    name: str, about: Condition, a: Mapping[str, float], b: Mapping[str, float], *, unit: str, pad: bool
) -> Contrast:
    """Compare values by cluster, a minus b, with Laplace's two clusters where `pad` says so or nothing varies."""
    plain = effect_contrast_paired(name=name, about=about, a=_sample(a), b=_sample(b), unit=unit)
    constant = isinstance(plain, NotEstimable) and plain.reason == "no_variation"
    if constant or (pad and not isinstance(plain, NotEstimable)):
        a, b = {**a, " up": 1.0, " down": 0.0}, {**b, " up": 0.0, " down": 1.0}
        padded = effect_contrast_paired(name=name, about=about, a=_sample(a), b=_sample(b), unit=unit)
        if not isinstance(padded, NotEstimable):
            plain = replace(padded, n=padded.n - 4, n_clusters=padded.n_clusters - 2, method="t_paired_laplace")
    gaps = {cluster: a[cluster] - b[cluster] for cluster in sorted(a.keys() & b.keys())}
    return Contrast(effect=plain, gaps=gaps, padded=" up" in gaps)


def joint_of(contrasts: Sequence[Contrast], *, first: int) -> Joint | None:
    """Put contrasts together that are tested by one sign-flip, over the clusters that all of them have.

    Args:
        contrasts: One per claim, in the order of the claims. Those that cannot be estimated, or that alone had no
            spread, stay out and are corrected singly.
        first: Place of the first one's claim among the check's.

    Returns:
        The joint test, or None where fewer than two contrasts or clusters are left.
    """
    there = [place for place, one in enumerate(contrasts) if not isinstance(one.effect, NotEstimable)]
    kept = [place for place in there if not contrasts[place].padded] or there
    shared = sorted(set.intersection(*(set(contrasts[place].gaps) for place in kept))) if kept else []
    if len(kept) < 2 or len(shared) < 2:
        return None
    values = np.array([[contrasts[place].gaps[cluster] for place in kept] for cluster in shared])
    return Joint(claims=tuple(first + place for place in kept), values=values, flips=_flips(len(shared)))


def widest_of(contrasts: Sequence[Contrast], *, name: str, factor: str) -> Contrast:
    """Estimate the largest of several contrasts without having chosen it by its own values.

    For each circumstance the contrast that is largest in size on the *other* circumstances is chosen, and counted in
    the direction that it has there. So its mean exceeds the largest of the true contrasts by chance alone, and one
    test stands for all of them, where picking the largest estimate would need a correction for their number. Where
    nothing differs it comes out below 0, since what lifts the others' mean is not in the one that is left out: it can
    show a range and never the lack of one.

    Args:
        contrasts: Of the same clusters; those that cannot be estimated, or that alone had no spread, stay out.
        name: What is estimated.
        factor: Of the arms.
    """
    about = (("factor", factor), ("form", "self"))
    there = [one for one in contrasts if not isinstance(one.effect, NotEstimable)]
    kept = sorted((one for one in there if not one.padded), key=_ends_of) or there
    shared = sorted(set.intersection(*(set(one.gaps) for one in kept))) if kept else []
    if len(shared) < 2:
        return _nothing(name, about, "not_asked", f"No two arms of {factor!r} were answered on two circumstances.")
    gaps = np.array([[one.gaps[cluster] for one in kept] for cluster in shared])
    others = (gaps.sum(axis=0) - gaps) / (len(shared) - 1)
    rows, best = np.arange(len(shared)), np.abs(others).argmax(axis=1)
    values = gaps[rows, best] * np.where(others[rows, best] < 0, -1.0, 1.0)
    widest = dict(zip(shared, values.tolist(), strict=True))
    return contrast(name, about, widest, dict.fromkeys(shared, 0.0), unit="points", pad=False)


def _ends_of(one: Contrast) -> Condition:
    return one.effect.about


@cache
def _flips(n_clusters: int) -> SignFlips:
    return prepare_sign_flips(n_clusters=n_clusters, n_flips=N_FLIPS, rng=np.random.default_rng(FLIP_SEED))


def pairs_of(levels: Sequence[str]) -> list[tuple[str, str]]:
    """Every two levels once, as (to, start)."""
    return [(later, earlier) for earlier, later in combinations(levels, 2)]


def moved(found: Contrast, *, tries: int = 1) -> bool:
    """Whether a shift is shown to be at least `DELTA` upwards, at `ALPHA` over all tries."""
    estimate = estimate_from_effect(effect=found.effect, level=1 - 2 * ALPHA / tries)
    return not isinstance(estimate, NotEstimable) and estimate.low >= DELTA


def not_moved(found: Contrast) -> Obstacle:
    """Why a shift that an answer rests on is not there: shown to be small, not shown to be large, or not seen."""
    estimate = estimate_from_effect(effect=found.effect, level=1 - 2 * ALPHA)
    needed = f"a manipulation that is shown to move it by {DELTA} points"
    if isinstance(estimate, NotEstimable):
        return Obstacle(reason="channel_missing", detail=estimate.detail, needed=needed, bars_failing=False)
    said = f"{estimate.value:.2f} points [{estimate.low:.2f}, {estimate.high:.2f}], to be at least {DELTA}."
    reason: Reason = "rigid" if estimate.high < DELTA else "underpowered"
    return Obstacle(reason=reason, detail=said, needed=needed, bars_failing=False)


def too_few_arms(arms: Arms, *, factor: str) -> Obstacle | None:
    """One arm compares with nothing."""
    if len(arms) > 1:
        return None
    return Obstacle(
        reason="channel_missing",
        detail=f"Of {factor!r} {len(arms)} arms were asked; two are needed to compare.",
        needed=f"the arms of {factor!r} in the study",
        bars_failing=True,
    )


def refused_arms(arms: Arms, *, factor: str) -> Obstacle | None:
    """Arms that too few askings answered; what they did instead is the finding."""
    silent = [f"{level} ({arm.measured} of {arm.asked})" for level, arm in arms.items() if not arm.answered]
    if not silent:
        return None
    return Obstacle(
        reason="refused",
        detail=f"Too few askings gave a rating in these arms of {factor}: {', '.join(silent)}.",
        needed="a form of asking that this respondent answers in every arm",
        bars_failing=False,
    )


def evidence_of(*several: Arms) -> tuple[Evidence, ...]:
    """Return where the replies of all arms stand."""
    return tuple(entry for arms in several for arm in arms.values() for entry in arm.evidence)


def _nothing(name: str, about: Condition, reason: Literal["not_asked", "not_valid"], detail: str) -> Contrast:
    return Contrast(effect=NotEstimable(name=name, about=about, reason=reason, detail=detail), gaps={}, padded=False)


def _sample(values: Mapping[str, float]) -> Sample:
    return Sample(values=list(values.values()), clusters=list(values))
