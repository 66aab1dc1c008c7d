"""Estimates as rows of a figure and as its table, whatever they are of."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from markupsafe import Markup

from goodheart.records import Estimate, Finding
from goodheart.report.clean import sentence_of
from goodheart.report.figures.draw import draw
from goodheart.report.figures.marks import Axis, Figure, Mark, Row, Shape, Tone
from goodheart.report.numerals import in_unit, interval, number, percent, signed, true_minus
from goodheart.report.tables import Cell, Table, figure, table, words

Write = Callable[[float], str]
STEPS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
MOST_STEPS: Final = 6
"""Of a scale, so that its numbers do not run into each other on a phone."""
SEEN: Final = 0.005
"""The least that two decimals show."""
NUMBERS: Final = ("What", "Value", "95% interval", "Observations", "Independent", "Remark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure with its drawings."""

    figure: Figure
    wide: Markup
    narrow: Markup


def drawn(found: Figure) -> Drawn:
    """Draw a figure for a screen and for a phone."""
    wide, narrow = draw(found)
    return Drawn(figure=found, wide=Markup(wide), narrow=Markup(narrow))


def point_of(finding: Finding | None) -> float | None:
    """Return the number of a finding, with or without an interval; None where there is none."""
    if finding is None:
        return None
    return finding.value if isinstance(finding, Estimate) else finding.point


def text_of(finding: Finding | None, write: Write) -> str:
    """Write a finding in a line: its number with its interval, or that there is none."""
    point = point_of(finding)
    if isinstance(finding, Estimate):
        return f"{write(finding.value)} [{write(finding.low)}, {write(finding.high)}]"
    return "not known" if point is None else f"{write(point)}, no interval"


def told(finding: Finding | None, write: Write, sentence: str, otherwise: str) -> str:
    """Put a finding into a sentence with `{}` for it; where there is no number, say otherwise."""
    return otherwise if point_of(finding) is None else sentence.format(text_of(finding, write))


def leaves_out_zero(finding: Finding | None) -> bool:
    """Whether an interval leaves out 0 by what is printed of it: two decimals."""
    return isinstance(finding, Estimate) and (finding.low >= SEEN or finding.high <= -SEEN)


def any_number(findings: Iterable[Finding | None]) -> bool:
    """Whether there is anything to draw."""
    return any(point_of(one) is not None for one in findings)


def estimate_mark(
    finding: Finding | None, *, tone: Tone = "ink", shape: Shape = "circle", drop: float = 0
) -> list[Mark]:
    """Draw a finding as a point with its interval; open without one, and nothing where there is no number."""
    point = point_of(finding)
    if isinstance(finding, Estimate):
        return [Mark(x=finding.value, low=finding.low, high=finding.high, tone=tone, shape=shape, drop=drop)]
    return [] if point is None else [Mark(x=point, tone=tone, shape=shape, filled=False, drop=drop)]


def estimate_row(
    label: str,
    finding: Finding | None,
    *,
    write: Write,
    chance: float | None = None,
    region: tuple[float, float] | None = None,
    tone: Tone = "ink",
) -> Row:
    """Lay out a finding as a row.

    Args:
        label: What it is of.
        finding: The finding.
        write: How its numbers are written.
        chance: What chance gives, drawn as an open diamond.
        region: Where it has to lie, shaded.
        tone: Colour of its mark.
    """
    marks = estimate_mark(finding, tone=tone)
    lines = [Mark(x=chance, tone="quiet", shape="diamond", filled=False)] if marks and chance is not None else []
    return Row(label=label, value=text_of(finding, write), marks=(*lines, *marks), region=region if marks else None)


def numbers_table(rows: Iterable[tuple[str, Finding | None]], *, signs: bool = False) -> Table:
    """List findings with their intervals, sizes and, where there is none, the reason."""
    return table(NUMBERS, [_cells(label, finding, signs) for label, finding in rows if finding is not None])


def _cells(label: str, finding: Finding, signs: bool) -> tuple[Cell, ...]:
    write = written(finding.unit, signs=signs)
    point = point_of(finding)
    if isinstance(finding, Estimate):
        span = figure(true_minus(interval(finding.low, finding.high, finding.unit)))
        sizes = (figure(f"{finding.n:,}" if finding.n else "none"), figure(f"{finding.n_clusters:,}"))
        return (words(label), figure(f"{write(finding.value)}{_named(finding.unit)}"), span, *sizes, words("none"))
    value = "none" if point is None else f"{write(point)}{_named(finding.unit)}"
    return (words(label), figure(value), figure("none"), figure("none"), figure("none"), words(why_not(finding)))


def why_not(finding: Finding | None) -> str:
    """Say why there is no number, or no interval; `none` where there are both."""
    if finding is None or isinstance(finding, Estimate):
        return "none"
    return true_minus(sentence_of(finding.detail)).rstrip(".") or "no reason is given"


def _named(unit: str) -> str:
    return "" if unit in ("share", "proportion", "probability", "correlation") else f" {unit}"


def written(unit: str, *, signs: bool = False) -> Write:
    """Return how numbers of a unit are written, with a sign where they are differences."""
    if not signs:
        return share if in_unit(unit) is percent else number
    return signed_percent if unit in ("share", "proportion", "probability") else signed


def share(value: float) -> str:
    """Write a share as a whole percentage; an interval may reach under 0."""
    return true_minus(percent(value))


def signed_percent(value: float) -> str:
    """Write a difference of shares with its sign."""
    text = true_minus(percent(value)) if value >= 0 else f"\u2212{percent(-value)}"
    return f"+{text}" if value > 0 and text != "0%" else text.replace("\u22120%", "0%")


def ends_of(findings: Iterable[Finding | None]) -> list[float]:
    """Return all that a scale has to hold."""
    found: list[float] = []
    for one in findings:
        if isinstance(one, Estimate):
            found += [one.low, one.value, one.high]
        elif one is not None and one.point is not None:
            found.append(one.point)
    return [value for value in found if math.isfinite(value)]


def span_axis(values: Sequence[float], *, title: str, least: float, write: Write = number) -> Axis:
    """Make a scale around 0 that holds every value, with round steps.

    Args:
        values: All that will be drawn.
        title: The quantity with its unit.
        least: The scale reaches at least so far to either side.
        write: How ticks are written.
    """
    low, high = min([-least, *values]), max([least, *values])
    most = MOST_STEPS - 1 if "%" in write(1.0) else MOST_STEPS  # a percentage takes more room
    # Beyond the listed steps by tens: an interval can be enormous where next to nothing was seen.
    steps = chain(STEPS, (10.0**k for k in count(3)))
    step = next(one for one in steps if math.ceil(high / one) - math.floor(low / one) <= most)
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = tuple((k * step, _tick(k * step, write)) for k in range(first, last + 1))
    return Axis(title=title, low=first * step, high=last * step, ticks=ticks, line=0.0)


def _tick(value: float, write: Write) -> str:
    text = write(value)
    return text if "%" in text else text.rstrip("0").rstrip(".") if "." in text else text
