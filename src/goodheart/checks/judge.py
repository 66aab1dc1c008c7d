"""From what the checks examined to verdicts: gates first, then two families, each under Holm.

All accusations (`fails`) of one respondent are one family, all reassurances (`holds`) another, each at `ALPHA`. A check
that its gate stops costs no alpha. Within a check, `holds` needs every part inside its region (intersection-union: the
largest p-value counts) and `fails` one part outside (the smallest, corrected for the number of parts).
"""

from collections.abc import Sequence

from goodheart.checks.examined import Examined, Obstacle
from goodheart.records import NotEstimable, Part, Verdict, VerdictWord
from goodheart.stats import adjusted_level_for, part_of_region
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
    outside = _alphas([min((part.p_outside for part in parts), default=1.0) for parts in raw], failing)
    return tuple(
        _verdict(respondent, check, _parts(check, alpha=a_in, alpha_outside=a_out), may_hold=holds, may_fail=fails)
        for check, a_in, a_out, holds, fails in zip(examined, inside, outside, holding, failing, strict=True)
    )


def _parts(check: Examined, *, alpha: float, alpha_outside: float) -> tuple[Part, ...]:
    return tuple(
        part_of_region(
            claim=claim.claim,
            effect=claim.effect,
            region_low=claim.region_low,
            region_high=claim.region_high,
            level=LEVEL,
            alpha=alpha,
            alpha_outside=alpha_outside,
            n_parts=len(check.claims),
            power=POWER,
        )
        for claim in check.claims
    )


def _alphas(p_values: Sequence[float], member: Sequence[bool]) -> list[float]:
    """The level at which Holm tests each member of a family; outsiders keep the uncorrected one for display."""
    family = [p for p, belongs in zip(p_values, member, strict=True) if belongs]
    tested = iter(adjusted_level_for(p_values=family, alpha=ALPHA) if family else ())
    return [float(next(tested)) if belongs else ALPHA for belongs in member]


def _verdict(respondent: str, check: Examined, parts: tuple[Part, ...], *, may_hold: bool, may_fail: bool) -> Verdict:
    # `part_of_region` makes its adjusted interval agree with these comparisons.
    outside = [part for part in parts if _outside(part)] if may_fail else []
    inside = may_hold and all(_inside(part) for part in parts)
    word: VerdictWord = "fails" if outside else "holds" if inside else "cannot_tell"
    blocking = _obstacle(check, parts) if word == "cannot_tell" else None
    return Verdict(
        check=check.check,
        respondent=respondent,
        verdict=word,
        reason="outside" if outside else "inside" if inside else blocking.reason if blocking else "underpowered",
        detail=blocking.detail if blocking else _sentence(outside or list(parts)),
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


def _obstacle(check: Examined, parts: Sequence[Part]) -> Obstacle:
    if check.obstacles:
        return check.obstacles[0]
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
    return f"at this one, {part.claim} could be settled only beyond {part.mde:.2f}"
