"""From what the checks examined to verdicts: gates first, then two families, each under Holm.

All accusations (`fails`) of one respondent are one family, all reassurances (`holds`) another, each at `ALPHA`. A check
that its gate stops costs no alpha. Within a check, `holds` needs every part inside its region (intersection-union: the
largest p-value counts) and `fails` one part outside (the smallest, corrected for the number of parts). Contrasts that a
check hands over together share one correction by sign-flip (max-|t|) and count as one part. A part that does not accuse
can bar `holds` and never makes a check fail.
"""

import math
from collections.abc import Sequence

from goodheart.checks.examined import Claim, Examined, Joint, Obstacle
from goodheart.records import NotEstimable, Part, Verdict, VerdictWord
from goodheart.stats import adjusted_level_for, max_t, part_of_region, with_max_t
from goodheart.thresholds import ALPHA, LEVEL, POWER


def judge(*, respondent: str, examined: Sequence[Examined]) -> tuple[Verdict, ...]:
    """Give each check's verdict on one respondent.

    Args:
        respondent: Its name.
        examined: All the checks that the study froze, in its order.
    """
    raw = [_parts(check, alpha=ALPHA, alpha_outside=ALPHA) for check in examined]
    holding = [not check.obstacles and bool(parts) for check, parts in zip(examined, raw, strict=True)]
    failing = [
        bool(parts) and not any(obstacle.bars_failing for obstacle in check.obstacles)
        for check, parts in zip(examined, raw, strict=True)
    ]
    inside = _alphas([max((part.p_inside for part in parts), default=1.0) for parts in raw], holding)
    outside = _alphas([_accusation(check, parts) for check, parts in zip(examined, raw, strict=True)], failing)
    return tuple(
        _verdict(respondent, check, _parts(check, alpha=a_in, alpha_outside=a_out), may_hold=holds, may_fail=fails)
        for check, a_in, a_out, holds, fails in zip(examined, inside, outside, holding, failing, strict=True)
    )


def _parts(check: Examined, *, alpha: float, alpha_outside: float) -> tuple[Part, ...]:
    together = {place: len(joint.claims) for joint in check.joints for place in joint.claims}
    alone = sum(claim.accuses and place not in together for place, claim in enumerate(check.claims))
    shares = max(1, alone + len(check.joints))
    parts = [
        part_of_region(
            claim=claim.claim,
            effect=claim.effect,
            region_low=claim.region_low,
            region_high=claim.region_high,
            level=LEVEL,
            alpha=alpha,
            alpha_outside=alpha_outside,
            # Where a joint test is not possible its contrasts fall back on Bonferroni.
            n_parts=shares * together.get(place, 1),
            power=POWER,
        )
        for place, claim in enumerate(check.claims)
    ]
    for joint in check.joints:
        parts = _tested_together(check, joint, parts, alpha=alpha_outside / shares, shares=shares)
    return tuple(parts)


def _tested_together(check: Examined, joint: Joint, parts: Sequence[Part], *, alpha: float, shares: int) -> list[Part]:
    """Put the sign-flip result in the place of Bonferroni's, at this joint's share of alpha."""
    found = max_t(
        name=check.check,
        values=joint.values,
        flips=joint.flips,
        region_low=[check.claims[place].region_low for place in joint.claims],
        region_high=[check.claims[place].region_high for place in joint.claims],
        alpha=alpha,
    )
    changed = list(parts)
    if isinstance(found, NotEstimable):
        return changed
    for column, place in enumerate(joint.claims):
        p_outside = min(1.0, shares * float(found.p_outside[column]))
        low, high = float(found.low[column]), float(found.high[column])
        if not isinstance(parts[place].finding, NotEstimable):
            changed[place] = with_max_t(part=parts[place], p_outside=p_outside, low=low, high=high)
    return changed


def _accusation(check: Examined, parts: Sequence[Part]) -> float:
    accusing = (part.p_outside for claim, part in zip(check.claims, parts, strict=True) if claim.accuses)
    return min(accusing, default=1.0)


def _alphas(p_values: Sequence[float], member: Sequence[bool]) -> list[float]:
    """The level at which Holm tests each member of a family; outsiders keep the uncorrected one for display."""
    family = [p for p, belongs in zip(p_values, member, strict=True) if belongs]
    tested = iter(adjusted_level_for(p_values=family, alpha=ALPHA) if family else ())
    return [float(next(tested)) if belongs else ALPHA for belongs in member]


def _verdict(respondent: str, check: Examined, parts: tuple[Part, ...], *, may_hold: bool, may_fail: bool) -> Verdict:
    # `part_of_region` makes its adjusted interval agree with these comparisons.
    pairs = list(zip(check.claims, parts, strict=True))
    outside = [(claim, part) for claim, part in pairs if claim.accuses and _outside(part)] if may_fail else []
    inside = may_hold and all(_inside(part) for part in parts)
    word: VerdictWord = "fails" if outside else "holds" if inside else "cannot_tell"
    blocking = _obstacle(check, parts) if word == "cannot_tell" else None
    return Verdict(
        check=check.check,
        respondent=respondent,
        verdict=word,
        reason=blocking.reason if blocking else outside[0][0].reason_if_outside if outside else "inside",
        detail=blocking.detail if blocking else _sentence([part for _, part in outside] or list(parts)),
        proposition=check.proposition,
        parts=parts,
        rates=None,
        alternatives=check.alternatives,
        needed=blocking.needed if blocking else "",
        evidence=check.evidence,
    )


def _inside(part: Part) -> bool:
    return part.region_low <= part.adjusted_low and part.adjusted_high <= part.region_high


def _outside(part: Part) -> bool:
    return part.adjusted_low > part.region_high or part.adjusted_high < part.region_low


def _unmet(claim: Claim, part: Part) -> bool:
    """A requirement that is shown not to be met, and that is nobody's fault."""
    return not claim.accuses and _outside(part)


def _obstacle(check: Examined, parts: Sequence[Part]) -> Obstacle:
    if check.obstacles:
        return check.obstacles[0]
    unmoved = [(claim, part) for claim, part in zip(check.claims, parts, strict=True) if _unmet(claim, part)]
    if unmoved:
        return Obstacle(
            reason=unmoved[0][0].reason_if_outside,
            detail=_sentence([part for _, part in unmoved]),
            needed="a manipulation that is shown to move somebody in the same run",
            bars_failing=False,
        )
    missing = [part for part in parts if isinstance(part.finding, NotEstimable)]
    if missing or not parts:
        detail = missing[0].finding.detail if missing and isinstance(missing[0].finding, NotEstimable) else ""
        return Obstacle(
            reason="channel_missing",
            detail=detail or "Nothing was asked that this check could read.",
            needed="the trials that this check compares",
            bars_failing=True,
        )
    open_parts = [part for part in parts if not _inside(part)]
    return Obstacle(
        reason="underpowered",
        detail=_sentence(open_parts),
        needed=f"a larger sample: {_power_sentence(open_parts[0])}" if open_parts else "a larger sample",
        bars_failing=False,
    )


def _sentence(parts: Sequence[Part]) -> str:
    return "; ".join(_one(part) for part in parts[:3])


def _one(part: Part) -> str:
    if isinstance(part.finding, NotEstimable):
        return f"{part.claim}: {part.finding.detail}"
    interval = f"[{part.adjusted_low:.2f}, {part.adjusted_high:.2f}]"
    return f"{part.claim}: {part.finding.value:.2f} {part.finding.unit} {interval}, to lie {_region(part)}"


def _region(part: Part) -> str:
    low, high = part.region_low, part.region_high
    if high in (1.0, float("inf")):
        return f"above {low:g}"
    if low in (0.0, float("-inf")):
        return f"under {high:g}"
    return f"between {low:g} and {high:g}"


def _power_sentence(part: Part) -> str:
    """Say how much a sample of this size could have settled."""
    if not math.isfinite(part.mde):
        return f"at this one, no value of {part.claim} could be settled"
    if part.region_low in (0.0, float("-inf")):
        return f"at this one, {part.claim} could be settled only if it were at most {part.mde:.2f}"
    if part.region_high in (1.0, float("inf")):
        return f"at this one, {part.claim} could be settled only if it were at least {part.mde:.2f}"
    return f"at this one, {part.claim} could be settled only within {part.mde:.2f} of the middle of its region"
