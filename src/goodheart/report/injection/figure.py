"""Dose and response: about itself, about a third person, and the difference, with the band of random directions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from goodheart.injection.findings import InjectionFindings
from goodheart.injection.null_band import Ranked
from goodheart.report.comparison.shapes import Shapes
from goodheart.report.figures.svg import themed
from goodheart.report.injection.words import rows_by_dose

INK, SOFT, LINE, BAND = "#101010", "#505050", "#d0d0d0", "#e8e8e8"
OWN, THIRD, GAP = "#0072b2", "#d55e00", "#101010"
PANELS: Final = (
    ("rating.self", "about itself, points", OWN),
    ("rating.third", "about a third person", THIRD),
    ("gap", "the difference", GAP),
)
HEIGHT: Final = 230
HEAD: Final = 30
FOOT: Final = 48
LEFT: Final = 44
EDGE: Final = 10
"""Free at the right, for the last number of the axis."""
WIDTHS: Final = {"wide": 856, "narrow": 328}
FONTS: Final = {"wide": 13, "narrow": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plot: where it stands, and its scales."""

    left: float
    top: float
    width: float
    doses: tuple[float, ...]
    low: float
    high: float

    def x(self, dose: float) -> float:
        """Return the place of a dose."""
        first, last = self.doses[0], self.doses[-1]
        return self.left + 14 + (self.width - 28) * (dose - first) / (last - first)

    def y(self, value: float) -> float:
        """Return the place of a change."""
        return self.top + HEIGHT * (self.high - value) / (self.high - self.low)


def drawings(found: InjectionFindings, *, label: str) -> tuple[str, str]:
    """Return the wide and the narrow drawing of the valence direction."""
    return _svg(found, "wide", label), _svg(found, "narrow", label)


def _svg(found: InjectionFindings, kind: str, label: str) -> str:
    shapes = Shapes(font=FONTS[kind])
    curves = [_curve(found, measure) for measure, _, _ in PANELS]
    low, high = _range(curves)
    doses = found.responses.doses
    width, wide = WIDTHS[kind], kind == "wide"
    each = (width - LEFT - EDGE - 24) / len(PANELS) if wide else width - LEFT - EDGE
    for place, ((_, title, colour), curve) in enumerate(zip(PANELS, curves, strict=True)):
        left = LEFT + place * (each + 12) if wide else LEFT
        top = HEAD if wide else HEAD + place * (HEIGHT + HEAD + FOOT)
        panel = Panel(left=left, top=top, width=each, doses=doses, low=low, high=high)
        _draw(
            shapes,
            panel,
            curve,
            title=title,
            colour=colour,
            numbers=not wide or place == 0,
            named=place == len(PANELS) - 1,
        )
        shapes.text(left + each / 2, top + HEIGHT + 38, "dose, share of the stream's length", SOFT, "middle")
    height = HEAD + HEIGHT + FOOT if wide else len(PANELS) * (HEIGHT + HEAD + FOOT)
    return themed(shapes.svg(width=width, height=height), label=label, kind=kind)


def _curve(found: InjectionFindings, measure: str) -> dict[float, Ranked | None]:
    rows = rows_by_dose(found, "valence")
    return {dose: dict(rows[dose].ranks).get(measure) for dose in found.responses.doses}


def _range(curves: Sequence[dict[float, Ranked | None]]) -> tuple[float, float]:
    values = [
        value
        for curve in curves
        for rank in curve.values()
        if rank is not None
        for value in (rank.centred, rank.null_low, rank.null_high)
        if math.isfinite(value)
    ]
    most = max([abs(value) for value in values], default=1.0) or 1.0
    return -1.12 * most, 1.12 * most


def _draw(
    shapes: Shapes,
    panel: Panel,
    curve: dict[float, Ranked | None],
    *,
    title: str,
    colour: str,
    numbers: bool,
    named: bool,
) -> None:
    doses = list(curve)
    ranks = [curve[dose] for dose in doses]
    lows = [0.0 if rank is None else rank.null_low for rank in ranks]
    highs = [0.0 if rank is None else rank.null_high for rank in ranks]
    if all(map(math.isfinite, (*lows, *highs))):
        above = [(panel.x(dose), panel.y(value)) for dose, value in zip(doses, highs, strict=True)]
        below = [(panel.x(dose), panel.y(value)) for dose, value in zip(doses, lows, strict=True)]
        shapes.polygon((*above, *reversed(below)), BAND)
    right = panel.left + panel.width
    for tick in _ticks(panel.high):
        line, dash = (SOFT, "5 3") if tick == 0 else (LINE, "")
        shapes.line(panel.left, panel.y(tick), right, panel.y(tick), line, 1, dash)
        if numbers:
            shapes.text(panel.left - 6, panel.y(tick) + 4, _number(tick), SOFT, "end")
    for dose in doses:
        shapes.text(panel.x(dose), panel.top + HEIGHT + 18, _number(dose), SOFT, "middle")
    places = [
        (panel.x(dose), panel.y(0.0 if rank is None else rank.centred)) for dose, rank in zip(doses, ranks, strict=True)
    ]
    for (x1, y1), (x2, y2) in pairwise(places):
        shapes.line(x1, y1, x2, y2, colour, 2)
    for x, y in places:
        shapes.circle(x, y, 4.5, colour, colour)
    shapes.text(panel.left, panel.top - 12, title, colour, "start", bold=True)
    if named:
        shapes.text(right, panel.top - 12, "grey: random directions", SOFT, "end")


def _ticks(most: float) -> list[float]:
    step = next(step for step in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0) if most / step <= 4.5 or step == 2.0)
    n = int(most / step)
    return [round(k * step, 2) for k in range(-n, n + 1)]


def _number(value: float) -> str:
    return "0" if value == 0 else f"{value:+.2f}".rstrip("0").rstrip(".").replace("-", "\u2212")
