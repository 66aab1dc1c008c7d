"""Findings about variance components, or why there are none; the rules stand at the head of `components`."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.anova import MeanSquareTable
from goodheart.stats.effect import Effect
from goodheart.stats.mean_squares import MeanSquares, frozen
from goodheart.stats.targets import Target, target_intervals, target_points
from goodheart.thresholds import MIN_CLUSTERS_SHARES

FEWEST_FOR_SHARES = MIN_CLUSTERS_SHARES
FEWEST_FOR_INTERVALS = 8
METHOD = "mls_jackknife_df"

Design = Literal["nested", "crossed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all findings of one design share."""

    design: Design
    shape: tuple[int, int, int]
    about: Condition
    unit: str
    level: float
    evidence: tuple[Evidence, ...]

    @property
    def n(self) -> int:
        """Ratings in all."""
        return self.shape[0] * self.shape[1] * self.shape[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """Findings of one kind, with the effects and points behind them."""

    findings: tuple[Finding, ...]
    effects: tuple[Effect | NotEstimable, ...]
    points: tuple[tuple[str, float], ...]


def group_of(frame: Frame, targets: tuple[Target, ...], table: MeanSquareTable | None) -> FindingGroup:
    """Estimate targets of one kind; `table` is None where the design leaves nothing to compare."""
    if table is None:
        c, w, r = frame.shape
        detail = f"{c} circumstances x {w} wordings x {r} replicates leave nothing to compare"
        refusals = tuple(_refuse(frame, target.name, "too_few", detail) for target in targets)
        return FindingGroup(findings=refusals, effects=refusals, points=())
    points = target_points(targets=targets, table=table)
    lows, highs = target_intervals(targets=targets, table=table, points=points, level=frame.level)
    findings: list[Finding] = []
    effects: list[Effect | NotEstimable] = []
    known: list[tuple[str, float]] = []
    for k, target in enumerate(targets):
        point = float(points[k, 0])
        refusal = _refusal(frame, target, table, point)
        findings.append(refusal or _estimate(frame, target, point, low=float(lows[k, 0]), high=float(highs[k, 0])))
        effects.append(refusal or _effect(frame, target, table, point))
        if np.isfinite(point) and (refusal is None or refusal.reason != "too_few"):
            known.append((target.name, point))
    return FindingGroup(findings=tuple(findings), effects=tuple(effects), points=tuple(known))


def _refusal(frame: Frame, target: Target, table: MeanSquareTable, point: float) -> NotEstimable | None:
    """Say why a target gets no interval; None where it gets one."""
    circumstances = frame.shape[0]
    if target.kind == "ratio" and circumstances < FEWEST_FOR_SHARES:
        detail = f"{circumstances} circumstances; shares and coefficients need {FEWEST_FOR_SHARES}"
        return _refuse(frame, target.name, "too_few", detail)
    unit = _unit(frame, target)
    shown = f"point {point:.4g} {unit}; "
    own = np.flatnonzero(np.abs(target.numerator @ table.coefficients) > 0)
    if not np.isfinite(point) or not table.mean_squares[own, 0].any():
        detail = shown + "the data hold no variation of this kind"
        return _refuse(frame, target.name, "no_variation", detail, point=point, unit=unit)
    if circumstances < FEWEST_FOR_INTERVALS:
        detail = shown + f"{circumstances} circumstances; coverage is known from {FEWEST_FOR_INTERVALS} on"
        return _refuse(frame, target.name, "not_covered", detail, point=point, unit=unit)
    weights = np.abs(target.numerator @ table.coefficients) + np.abs(target.denominator @ table.coefficients)
    if (table.df[weights > 0, 0] == 0).any():
        detail = shown + "one circumstance carries all the variation of a mean square behind it"
        return _refuse(frame, target.name, "not_covered", detail, point=point, unit=unit)
    return None


def _refuse(
    frame: Frame,
    name: str,
    reason: Literal["too_few", "no_variation", "not_asked", "not_covered"],
    detail: str,
    *,
    point: float = float("nan"),
    unit: str = "",
) -> NotEstimable:
    known = point if np.isfinite(point) else None
    return NotEstimable(name=name, about=frame.about, reason=reason, detail=detail, point=known, unit=unit)


def _estimate(frame: Frame, target: Target, point: float, *, low: float, high: float) -> Estimate:
    return Estimate(
        name=target.name,
        about=frame.about,
        value=point,
        low=low,
        high=high,
        level=frame.level,
        unit=_unit(frame, target),
        n=frame.n,
        n_clusters=frame.shape[0],
        method=METHOD,
        evidence=frame.evidence,
    )


def _effect(frame: Frame, target: Target, table: MeanSquareTable, point: float) -> Effect:
    pivot = MeanSquares(
        values=frozen(table.mean_squares[:, 0]),
        df=frozen(table.df[:, 0]),
        numerator=frozen(target.numerator @ table.coefficients),
        denominator=frozen(target.denominator @ table.coefficients),
        kind=target.kind,
        point=point,
    )
    return Effect(
        name=target.name,
        about=frame.about,
        pivot=pivot,
        unit=_unit(frame, target),
        n=frame.n,
        n_clusters=frame.shape[0],
        method=METHOD,
        evidence=frame.evidence,
    )


def _unit(frame: Frame, target: Target) -> str:
    if target.kind == "ratio":
        return "share" if target.name.startswith("share_") else "coefficient"
    return frame.unit if target.kind == "sd" else f"{frame.unit}^2"


def undefined_coefficients(frame: Frame) -> FindingGroup:
    """Say of all four coefficients that one wording a circumstance cannot carry them."""
    detail = "one wording a circumstance: what the wording adds cannot be told from the circumstance"
    names = ("g_single", "phi_single", "g_design", "phi_design")
    refusals = tuple(_refuse(frame, name, "not_asked", detail) for name in names)
    return FindingGroup(findings=refusals, effects=refusals, points=())
