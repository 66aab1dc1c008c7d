"""Where everything of a figure stands, in pixels: nothing depends on the fonts of the machine that draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.report.figures.marks import Figure, Mark, Row

AXIS: Final = 44
"""Under the rows, for the ticks and the title of the scale."""
HEADING: Final = 30
NAME: Final = 17
"""Over a row, for its name, where names do not stand left of the rows."""
GLYPH: Final = 0.54
"""Width of a letter as a share of its height, rather wide."""
LABEL: Final = 262
"""Most that a name over a row takes."""
TAG: Final = 92
"""Least distance between the names of two marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One of the two forms in which every figure is drawn."""

    kind: str
    width: int
    left: int
    """Where the scale begins."""
    right: int
    above: bool
    """Names stand over their row instead of left of it."""
    font: int


WIDE: Final = Frame(kind="wide", width=856, left=290, right=710, above=False, font=13)
NARROW: Final = Frame(kind="narrow", width=328, left=10, right=318, above=True, font=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A figure in a frame."""

    figure: Figure
    frame: Frame
    tops: tuple[float, ...]
    """Top of each row."""
    height: int
    """Of all rows."""
    head: int
    """Room over the rows."""


def lay_out(figure: Figure, frame: Frame) -> Layout:
    """Stack the rows of a figure."""
    tops, at = [], 0.0
    for row in figure.rows:
        tops.append(at)
        at += _row_height(figure, frame, row)
    head = 8 + 18 * bool(figure.axis.line_label) + 26 * bool(figure.tags)
    return Layout(figure=figure, frame=frame, tops=tuple(tops), height=round(at), head=head)


def _row_height(figure: Figure, frame: Frame, row: Row) -> int:
    if row.heading:
        return HEADING
    return NAME + 6 if frame.above and _bare(row) else figure.row_height + name_room(frame, row)


def _bare(row: Row) -> bool:
    """Whether a row has nothing to draw but its name and value."""
    return not row.marks and row.region is None


def name_room(frame: Frame, row: Row) -> int:
    """Return the height of the line over a row on which its name stands."""
    return NAME if frame.above and row.label else 0


def placed_rows(layout: Layout) -> Iterator[tuple[Row, float, float]]:
    """Yield each row that is drawn on, with the top and bottom of its plot."""
    for row, top in zip(layout.figure.rows, layout.tops, strict=True):
        if not row.heading and not _bare(row):
            start = top + name_room(layout.frame, row)
            yield row, start, start + layout.figure.row_height


def placed_marks(layout: Layout) -> Iterator[tuple[Mark, float]]:
    """Yield each mark with its height."""
    for row, start, end in placed_rows(layout):
        for mark in row.marks:
            yield mark, (start + end) / 2 + mark.drop


def spans(layout: Layout) -> list[tuple[float, float]]:
    """Return the stretches that the scale's lines cover: rows that touch together, names and headings left free."""
    found: list[tuple[float, float]] = []
    for _, start, end in placed_rows(layout):
        joined = bool(found) and found[-1][1] == start
        found = [*found[:-1], (found[-1][0], end)] if joined else [*found, (start, end)]
    return found


def across(layout: Layout, x: float) -> float:
    """Return the place of a value on the scale, at its ends for values beyond them."""
    axis, frame = layout.figure.axis, layout.frame
    share = (min(max(x, axis.low), axis.high) - axis.low) / (axis.high - axis.low)
    return round(frame.left + (frame.right - frame.left) * share, 2)


def labels(layout: Layout, *, headings: bool) -> Iterator[tuple[str, float]]:
    """Yield the names of the rows, or the headings, with their height."""
    for row, top in zip(layout.figure.rows, layout.tops, strict=True):
        if row.label and row.heading == headings:
            yield row.label, _label_height(layout, row, top)


def values(layout: Layout) -> Iterator[tuple[str, float]]:
    """Yield the number of each row with its height.

    Where one would run into its row's name, all go without their intervals; where that is not enough, there are none:
    the figure's table has them.
    """
    rows = layout.figure.rows
    texts = [row.value for row in rows]
    if not _fit(layout, texts):
        texts = [text.partition(" [")[0] for text in texts]
    if not _fit(layout, texts):
        return
    for row, top, text in zip(rows, layout.tops, texts, strict=True):
        if text:
            yield text, _label_height(layout, row, top)


def _fit(layout: Layout, texts: Sequence[str]) -> bool:
    pairs = zip(layout.figure.rows, texts, strict=True)
    glyph = GLYPH * layout.frame.font
    longest = max(
        (min(len(row.label) * glyph, LABEL) + (len(text) + 2) * glyph for row, text in pairs if text), default=0
    )
    return not layout.frame.above or longest <= layout.frame.width


def _label_height(layout: Layout, row: Row, top: float) -> float:
    if row.heading:
        return top + 18
    return top + 11 if layout.frame.above else top + layout.figure.row_height / 2


def tag_places(layout: Layout) -> list[float]:
    """Return where the names of marks stand: over their mark, moved apart as little as it takes, in order."""
    return spread(
        [across(layout, tag.x) for tag in layout.figure.tags],
        gap=TAG,
        low=layout.frame.left,
        high=layout.frame.right,
    )


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Move places apart.

    Args:
        wanted: Where each would stand.
        gap: Least distance between two.
        low: Left edge, half a gap from the first place.
        high: Right edge, likewise.

    Returns:
        Places in the order of `wanted`; all within the edges where there is room for them.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    placed: dict[int, float] = {}
    at = low + gap / 2
    for rank, k in enumerate(order):
        room = high - gap / 2 - gap * (len(order) - 1 - rank)
        placed[k] = max(at, min(wanted[k], room))
        at = placed[k] + gap
    return [placed[k] for k in range(len(wanted))]
