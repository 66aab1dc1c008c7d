"""The picture of a pair: one row per channel, both versions on the channel's own scale, and the arrow between them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.checks.compared import ComparedPair
from goodheart.comparison import Movement, Unmeasured, bounds_of
from goodheart.report.comparison.shapes import Shapes
from goodheart.report.comparison.words import movement_text, state_text, title_of
from goodheart.report.figures.layout import Frame
from goodheart.report.figures.svg import themed
from goodheart.report.numerals import signed
from goodheart.thresholds import ALPHA, MOVEMENT, STILL

INK, SOFT, LINE, BAND, PAPER = "#101010", "#505050", "#d0d0d0", "#e8e8e8", "#fefefe"
REPORT, OTHER = "#0072b2", "#009e73"

LANES: Final = 54
"""Height of a row: the earlier version above, the later one below."""
EMPTY: Final = 30
HEAD: Final = 24
AXIS: Final = 46


WIDE: Final = Frame(kind="wide", width=856, left=180, right=680, above=False, font=13)
NARROW: Final = Frame(kind="narrow", width=328, left=8, right=320, above=True, font=12)
TAGS: Final = {WIDE.kind: 62, NARROW.kind: 56}
"""Room beside the outermost mark for the name of a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Distances to pixels."""

    frame: Frame
    low: float
    high: float

    def x(self, value: float) -> float:
        """Return the place of a value, at the frame's edge for values beyond it."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.frame.left + (self.frame.right - self.frame.left) * share


def drawings(pair: ComparedPair) -> tuple[str, str]:
    """Return the wide and the narrow drawing of a pair."""
    return _svg(pair, WIDE), _svg(pair, NARROW)


def _svg(pair: ComparedPair, frame: Frame) -> str:
    states = dict(pair.verdict.states)
    scale = _scale(pair, frame)
    heights = [_height(one, frame) for one in pair.channels]
    tops = [HEAD + sum(heights[:k]) for k in range(len(heights))]
    shapes = Shapes(font=frame.font)
    bottom = HEAD + sum(heights)
    _bands(shapes, pair, tops, scale)
    _grid(shapes, scale, pair, tops, heights)
    first = next((one for one in pair.channels if isinstance(one, Movement)), None)
    for one, top, height in zip(pair.channels, tops, heights, strict=True):
        _names(shapes, one, top, height, frame, state_text(one, states))
        if isinstance(one, Movement):
            _marks(shapes, one, top, scale, named=one is first)
    _axis(shapes, scale, bottom)
    svg = shapes.svg(width=frame.width, height=bottom + AXIS)
    return themed(svg, label=title_of(pair), kind=frame.kind)


def _height(one: Movement | Unmeasured, frame: Frame) -> int:
    if isinstance(one, Unmeasured):
        return EMPTY
    return LANES + (42 if frame.above else 10)


def _lane(one: Movement | Unmeasured, top: float, frame: Frame) -> float:
    """Where the lanes of a row begin."""
    if isinstance(one, Unmeasured):
        return top + (0 if frame.above else 5)
    return top + (36 if frame.above else 5)


def _scale(pair: ComparedPair, frame: Frame) -> Scale:
    """A scale that holds every mark, its shade, and the names of the versions beside the outer ones."""
    values = [0.0]
    for one in pair.channels:
        if isinstance(one, Movement):
            start = one.earlier.value
            moved = (start + bound for bound in bounds_of(one, alpha=ALPHA))
            values += [start - MOVEMENT, start + MOVEMENT, one.earlier.low, one.earlier.high, *moved]
    finite = [min(3.0, max(-3.0, value)) for value in values if math.isfinite(value)]
    low, high = min(finite), max(finite)
    tag = TAGS[frame.kind]
    room = (high - low or 1.0) * tag / (frame.right - frame.left - 2 * tag)
    return Scale(frame=frame, low=low - room, high=high + room)


def _bands(shapes: Shapes, pair: ComparedPair, tops: Sequence[float], scale: Scale) -> None:
    for one, top in zip(pair.channels, tops, strict=True):
        if not isinstance(one, Movement):
            continue
        start = _lane(one, top, scale.frame)
        for margin, colour in ((MOVEMENT, BAND), (STILL, LINE)):
            left, right = (scale.x(one.earlier.value + side * margin) for side in (-1, 1))
            shapes.box(left, start, right - left, LANES, colour)


def _grid(shapes: Shapes, scale: Scale, pair: ComparedPair, tops: Sequence[float], heights: Sequence[int]) -> None:
    drawn = [
        (_lane(one, top, scale.frame) - (0 if scale.frame.above else 5), top + height)
        for one, top, height in zip(pair.channels, tops, heights, strict=True)
        if isinstance(one, Movement) or not scale.frame.above
    ]
    for value in _ticks(scale):
        colour, dash = (SOFT, "5 3") if value == 0 else (LINE, "")
        for start, end in drawn:
            shapes.line(scale.x(value), start, scale.x(value), end, colour, 1, dash)


def _ticks(scale: Scale) -> Iterator[float]:
    step = 0.25 if scale.high - scale.low <= 1.6 and not scale.frame.above else 0.5
    step = 1.0 if scale.high - scale.low > 4 else step
    for k in range(math.ceil(scale.low / step), math.floor(scale.high / step) + 1):
        yield k * step


def _axis(shapes: Shapes, scale: Scale, bottom: float) -> None:
    for value in _ticks(scale):
        text = "0" if value == 0 else signed(value).removesuffix("0").removesuffix(".0")
        shapes.text(scale.x(value), bottom + 16, text, SOFT, "middle")
    middle = (scale.frame.left + scale.frame.right) / 2
    title = "circumstances minus other subjects, in distances from bad to good"
    shapes.text(
        middle, bottom + 37, title if not scale.frame.above else "in distances from bad to good", SOFT, "middle"
    )


def _names(shapes: Shapes, one: Movement | Unmeasured, top: float, height: int, frame: Frame, state: str) -> None:
    """The channel's name, and at the other end its movement and what that shows."""
    y = top + 15 if frame.above else top + height / 2 + 4
    shapes.text(0, y, one.kind.title, INK, "start", bold=True)
    if isinstance(one, Unmeasured):
        shapes.text(frame.width, y, "not measured", SOFT, "end")
        return
    first, second = (y, y + 16) if frame.above else (y - 9, y + 9)
    shapes.text(
        frame.width, first, movement_text(one), INK, "end", bold=state.startswith("moved ") and "less" not in state
    )
    shapes.text(frame.width, second, state, SOFT, "end")


def _marks(shapes: Shapes, one: Movement, top: float, scale: Scale, *, named: bool) -> None:
    start = _lane(one, top, scale.frame)
    above, between, below = (start + share * LANES for share in (0.2, 0.5, 0.8))
    colour = REPORT if one.kind.is_report else OTHER
    colour = colour if one.valid else SOFT
    before, after = scale.x(one.earlier.value), scale.x(one.earlier.value + one.shift.value)
    low, high = (scale.x(one.earlier.value + bound) for bound in bounds_of(one, alpha=ALPHA))
    shapes.line(scale.x(one.earlier.low), above, scale.x(one.earlier.high), above, SOFT, 1.5)
    shapes.line(low, below, high, below, colour, 2.5)
    _arrow(shapes, before, after, between, colour)
    shapes.circle(before, above, 5, SOFT, PAPER)
    shapes.circle(after, below, 5.5, colour, colour if one.valid else PAPER)
    if named:
        _direct_names(shapes, one, start, scale, colour)


def _direct_names(shapes: Shapes, one: Movement, start: float, scale: Scale, colour: str) -> None:
    """Name the two versions beside their marks, and the shade where nothing else stands over it."""
    low, high = (scale.x(one.earlier.value + bound) for bound in bounds_of(one, alpha=ALPHA))
    up = one.shift.value >= 0
    before = scale.x(one.earlier.low) - 8 if up else scale.x(one.earlier.high) + 8
    shapes.text(before, start + 0.2 * LANES + 4, "earlier", SOFT, "end" if up else "start")
    after = high + 8 if up else low - 8
    shapes.text(after, start + 0.8 * LANES + 4, "later", colour, "start" if up else "end", bold=True)
    if not scale.frame.above:
        shapes.text(scale.x(one.earlier.value), start - 7, "no movement", SOFT, "middle")


def _arrow(shapes: Shapes, start: float, end: float, y: float, colour: str) -> None:
    """From under the earlier mark to over the later one, where they are far enough apart for an arrow to be seen."""
    if abs(end - start) < 16:
        return
    side = math.copysign(1, end - start)
    shapes.line(start, y, end - 8 * side, y, colour, 1.8)
    shapes.triangle((end, y), (end - 9 * side, y - 4.5), (end - 9 * side, y + 4.5), colour)
