"""The game for points: how the share of the most points changes with pain or pleasure in words, and where it switches.

The switch point -b0 / b1 is given only where the curve goes through a half between the weakest and the strongest
intensity that were asked, and the shares at these two ends lie on different sides of it: nothing is extrapolated. Its
interval is Fieller's; where the slope is not shown to differ from 0 there is none.
"""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from goodheart.conduct.episode import Played, evidence_of
from goodheart.conduct.logistic import Curve, fit_curve
from goodheart.conduct.replying import declines, number_of_three
from goodheart.records import Condition, Estimate, Finding, NotEstimable
from goodheart.stats.arguments import FloatArray
from goodheart.stats.proportions import estimate_proportion_exact
from goodheart.thresholds import LEVEL

MOST_POINTS: Final = 3
NONSENSE: Final = "nonsense"
FEWEST: Final = 10
"""Readable answers under which no curve is fitted."""


def game_findings(played: Sequence[Played]) -> tuple[Finding, ...]:
    """Estimate slope and switch point for every kind of pain and pleasure, and slopes beyond the nonsense word's.

    Args:
        played: Of any kind.
    """
    games = [one for one in played if one.episode.kind == "game" and one.said]
    plain = [one for one in games if one.episode.factor["to"] == "none"]
    picks = [number_of_three(one.said[0]) for one in plain]
    readable = [pick for pick in picks if pick is not None]
    found: list[Finding] = [
        estimate_proportion_exact(
            name="most_points_share",
            about=(("side", "none"),),
            successes=sum(pick == MOST_POINTS for pick in readable),
            n=len(readable),
            level=LEVEL,
            evidence=evidence_of(plain),
        )
    ]
    for side in ("pain", "pleasure"):
        curves: dict[str, Curve] = {}
        for kind in dict.fromkeys(one.episode.factor["to"] for one in games if one.episode.factor["side"] == side):
            cell = [one for one in games if one.episode.factor["to"] == kind and one.episode.factor["side"] == side]
            x, y = _answers(cell)
            about = (("side", side), ("to", kind))
            curve = _curve(x, y)
            if isinstance(curve, str):
                found += [_without(name, about, curve, x) for name in ("price_slope", "price_switch")]
                continue
            curves[kind] = curve
            found += [
                _slope("price_slope", about, curve.slope, float(curve.covariance[1, 1]), len(x)),
                switch_of(about, curve, x, y),
            ]
        found += _beyond_nonsense(side, curves)
    return tuple(found)


def game_counts(played: Sequence[Played]) -> tuple[tuple[str, int], ...]:
    """Count what became of the answers, each kind by its name."""
    counts: Counter[str] = Counter()
    for one in played:
        if one.episode.kind == "game":
            counts[_kind(one)] += 1
    return tuple(sorted(counts.items()))


def switch_of(about: Condition, curve: Curve, x: FloatArray, y: FloatArray) -> Finding:
    """Return where the curve goes through a half, if it does within the doses that were asked."""
    name, low, high = "price_switch", float(x.min()), float(x.max())
    ends = [float(y[x == end].mean()) for end in (low, high)]
    if (curve.at(low) - 0.5) * (curve.at(high) - 0.5) >= 0 or (ends[0] - 0.5) * (ends[1] - 0.5) >= 0:
        detail = f"the curve does not cross a half between intensities {low:g} and {high:g}; nothing is extrapolated"
        return NotEstimable(name=name, about=about, reason="not_valid", detail=detail)
    point = -curve.intercept / curve.slope
    bounds = _fieller(curve)
    if bounds is None:
        detail = "the slope is not shown to differ from 0, so that the switch point has no interval"
        return NotEstimable(name=name, about=about, reason="not_valid", detail=detail, point=point, unit="rank")
    return _estimate(name, about, point, (max(bounds[0], low), min(bounds[1], high)), unit="rank", n=len(x))


def _kind(one: Played) -> str:
    if not one.said:
        return "failed" if one.error else "unfinished"
    if number_of_three(one.said[0]) is not None:
        return "picked"
    return "declined" if declines(one.said[0]) or one.replies[0].stop == "content_filter" else "unreadable"


def _answers(cell: Sequence[Played]) -> tuple[FloatArray, FloatArray]:
    rows = [(float(one.episode.factor["rank"]), number_of_three(one.said[0])) for one in cell]
    read = [(rank, float(pick == MOST_POINTS)) for rank, pick in rows if pick is not None]
    array = np.array(read, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _curve(x: FloatArray, y: FloatArray) -> Curve | str:
    """The curve, or why there is none."""
    if len(x) < FEWEST or np.unique(x).size < 2:
        return f"{len(x)} readable answers"
    if np.unique(y).size < 2:
        return "every answer took the most points" if y[0] else "no answer took the most points"
    curve = fit_curve(x, y)
    return curve if curve.converged else "the fit did not converge"


def _without(name: str, about: Condition, why: str, x: FloatArray) -> NotEstimable:
    return NotEstimable(name=name, about=about, reason="too_few" if len(x) < FEWEST else "no_variation", detail=why)


def _slope(name: str, about: Condition, value: float, variance: float, n: int) -> Finding:
    half = _quantile() * sqrt(variance)
    return _estimate(name, about, value, (value - half, value + half), unit="logits per step", n=n)


def _beyond_nonsense(side: str, curves: dict[str, Curve]) -> list[Finding]:
    control = curves.get(NONSENSE)
    if control is None:
        return []
    return [
        _slope(
            "price_slope_beyond_nonsense",
            (("side", side), ("to", kind)),
            curve.slope - control.slope,
            float(curve.covariance[1, 1] + control.covariance[1, 1]),
            0,
        )
        for kind, curve in curves.items()
        if kind != NONSENSE
    ]


def _fieller(curve: Curve) -> tuple[float, float] | None:
    """Fieller's interval for -b0 / b1; None where it is not bounded."""
    z2, cov = _quantile() ** 2, curve.covariance
    a = curve.slope**2 - z2 * float(cov[1, 1])
    b = curve.slope * curve.intercept - z2 * float(cov[0, 1])
    c = curve.intercept**2 - z2 * float(cov[0, 0])
    if a <= 0 or b**2 - a * c < 0:
        return None
    root = sqrt(b**2 - a * c)
    return (-b - root) / a, (-b + root) / a


def _estimate(name: str, about: Condition, value: float, bounds: tuple[float, float], *, unit: str, n: int) -> Estimate:
    return Estimate(
        name=name,
        about=about,
        value=value,
        low=bounds[0],
        high=bounds[1],
        level=LEVEL,
        unit=unit,
        n=n,
        n_clusters=n,
        method="firth_logistic",
    )


def _quantile() -> float:
    return NormalDist().inv_cdf(0.5 + LEVEL / 2)
