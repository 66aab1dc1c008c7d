"""From what the checks examined to verdicts: gates first, then two families, each under Holm.

All accusations (`fails`) of one respondent are one family, all reassurances (`holds`) another, each at `ALPHA`. A check
that its gate stops costs no alpha. Within a check, `holds` needs every part inside its region (intersection-union: the
largest p-value counts) and `fails` one part outside (the smallest, corrected for the number of parts). Contrasts that a
check hands over together share one correction by sign-flip (max-|t|) and count as one part. A part that does not accuse
can bar `holds` and never makes a check fail.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from goodheart.checks.examined import Claim, Examined, Joint, Obstacle
from goodheart.records import NotEstimable, Part, Verdict, VerdictWord
from goodheart.stats import (
    FlipNull,
    RegionTest,
    adjusted_level_for,
    bounds_by_flips,
    flip_null,
    p_outside_by_flips,
    part_at,
    region_test,
    with_max_t,
)
from goodheart.thresholds import ALPHA, LEVEL, POWER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """What a check examined with everything that its levels, and so its company in a family, do not change."""

    check: Examined
    tests: tuple[RegionTest, ...]
    """Of each claim."""
    shares: int
    """How many ways to be outside share alpha: each accusing claim, and each joint as one."""
    n_parts: tuple[int, ...]
    """Bonferroni's factor of each claim; where a joint test is not possible its contrasts fall back on it."""
    nulls: tuple[FlipNull | NotEstimable, ...]
    """Of each joint."""
    p_outside: tuple[float, ...]
    """Of each claim, corrected for the number of parts."""

    @property
    def may_hold(self) -> bool:
        """Whether it belongs to the family of reassurances."""
        return not self.check.obstacles and bool(self.tests)

    @property
    def may_fail(self) -> bool:
        """Whether it belongs to the family of accusations."""
        return bool(self.tests) and not any(obstacle.bars_failing for obstacle in self.check.obstacles)


def judge(*, respondent: str, examined: Sequence[Examined]) -> tuple[Verdict, ...]:
    """Give each check's verdict on one respondent.

    Args:
        respondent: Its name.
        examined: All the checks that the study froze, in its order.
    """
    return judge_tested(respondent=respondent, tested=[apply_tests(check) for check in examined])


def judge_tested(
    *, respondent: str, tested: Sequence[Tested], wanted: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """Give the verdicts of checks that were tested before; see `judge`.

    Args:
        respondent: Its name.
        tested: All checks of the two families, in the study's order.
        wanted: Names of those whose verdicts are needed; None for all.
    """
    inside = _alphas(
        [max((test.p_inside for test in one.tests), default=1.0) for one in tested], [one.may_hold for one in tested]
    )
    outside = _alphas([_accusation(one) for one in tested], [one.may_fail for one in tested])
    return tuple(
        _verdict(respondent, one, _parts(one, alpha=a_in, alpha_outside=a_out))
        for one, a_in, a_out in zip(tested, inside, outside, strict=True)
        if wanted is None or one.check.check in wanted
    )


def apply_tests(check: Examined) -> Tested:
    """Test what a check examined, once for every family that it is judged in."""
    tests = tuple(
        region_test(
            claim=claim.claim,
            effect=claim.effect,
            region_low=claim.region_low,
            region_high=claim.region_high,
            level=LEVEL,
        )
        for claim in check.claims
    )
    nulls = tuple(flip_null(name=check.check, values=joint.values, flips=joint.flips) for joint in check.joints)
    shares = _shares(check)
    n_parts = _n_parts(check, shares)
    p_outside = [test.p_outside(n) for test, n in zip(tests, n_parts, strict=True)]
    for joint, null in zip(check.joints, nulls, strict=True):
        if not isinstance(null, NotEstimable):
            p_outside = _by_flips(check, joint, null, p_outside, shares=shares)
    return Tested(check=check, tests=tests, shares=shares, n_parts=n_parts, nulls=nulls, p_outside=tuple(p_outside))


def _shares(check: Examined) -> int:
    together = {place for joint in check.joints for place in joint.claims}
    alone = sum(claim.accuses and place not in together for place, claim in enumerate(check.claims))
    return max(1, alone + len(check.joints))


def _n_parts(check: Examined, shares: int) -> tuple[int, ...]:
    together = {place: len(joint.claims) for joint in check.joints for place in joint.claims}
    return tuple(shares * together.get(place, 1) for place in range(len(check.claims)))


def _by_flips(check: Examined, joint: Joint, null: FlipNull, p_outside: Sequence[float], *, shares: int) -> list[float]:
    """Put the sign-flip p-values in the place of Bonferroni's."""
    found = p_outside_by_flips(
        null=null,
        region_low=[check.claims[place].region_low for place in joint.claims],
        region_high=[check.claims[place].region_high for place in joint.claims],
    )
    changed = list(p_outside)
    for place, p in zip(joint.claims, found.tolist(), strict=True):
        if not isinstance(check.claims[place].effect, NotEstimable):
            changed[place] = min(1.0, shares * p)
    return changed


def _parts(one: Tested, *, alpha: float, alpha_outside: float) -> tuple[Part, ...]:
    parts = [
        part_at(test=test, alpha=alpha, alpha_outside=alpha_outside, n_parts=n_parts, power=POWER)
        for test, n_parts in zip(one.tests, one.n_parts, strict=True)
    ]
    for joint, null in zip(one.check.joints, one.nulls, strict=True):
        if not isinstance(null, NotEstimable):
            parts = _shown_together(one, joint, null, parts, alpha=alpha_outside / one.shares)
    return tuple(parts)


def _shown_together(one: Tested, joint: Joint, null: FlipNull, parts: Sequence[Part], *, alpha: float) -> list[Part]:
    """Put the sign-flip result in the place of Bonferroni's, at this joint's share of alpha."""
    low, high, _ = bounds_by_flips(null=null, alpha=alpha)
    changed = list(parts)
    for column, place in enumerate(joint.claims):
        if not isinstance(parts[place].finding, NotEstimable):
            changed[place] = with_max_t(
                part=parts[place], p_outside=one.p_outside[place], low=float(low[column]), high=float(high[column])
            )
    return changed


def _accusation(one: Tested) -> float:
    accusing = (p for claim, p in zip(one.check.claims, one.p_outside, strict=True) if claim.accuses)
    return min(accusing, default=1.0)


def _alphas(p_values: Sequence[float], member: Sequence[bool]) -> list[float]:
    """The level at which Holm tests each member of a family; outsiders keep the uncorrected one for display."""
    family = [p for p, belongs in zip(p_values, member, strict=True) if belongs]
    tested = iter(adjusted_level_for(p_values=family, alpha=ALPHA) if family else ())
    return [float(next(tested)) if belongs else ALPHA for belongs in member]


def _verdict(respondent: str, one: Tested, parts: tuple[Part, ...]) -> Verdict:
    check = one.check
    # `part_of_region` makes its adjusted interval agree with these comparisons.
    pairs = list(zip(check.claims, parts, strict=True))
    outside = [(claim, part) for claim, part in pairs if claim.accuses and _outside(part)] if one.may_fail else []
    inside = one.may_hold and all(_inside(part) for part in parts)
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
