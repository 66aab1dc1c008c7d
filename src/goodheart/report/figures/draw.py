"""Figures to SVG: Altair writes the drawing, vl-convert renders it offline and without a browser."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import altair as alt
import vl_convert

from goodheart.report.figures import layout as place
from goodheart.report.figures.layout import AXIS, NARROW, WIDE, Layout, lay_out
from goodheart.report.figures.marks import Figure
from goodheart.report.figures.svg import themed

TONES: Final = {"self": "#0072b2", "other_ai": "#d55e00", "human": "#009e73", "ink": "#101010", "quiet": "#707070"}
"""As they are drawn; `svg.THEME` turns them into colours of the page, for light and dark."""
INK, SOFT, LINE, BAND, PAPER = "#101010", "#505050", "#d0d0d0", "#e8e8e8", "#fefefe"

TICK: Final = "M0,-1L0,1"
"""An upright stroke."""

Datum = dict[str, Any]


def draw(figure: Figure) -> tuple[str, str]:
    """Return the wide and the narrow drawing of a figure."""
    return _svg(lay_out(figure, WIDE)), _svg(lay_out(figure, NARROW))


def _svg(layout: Layout) -> str:
    layers = [
        *_bands(layout),
        *_grid(layout),
        *_ticks(layout),
        *_line(layout),
        *_intervals(layout),
        *_points(layout),
        *_names(layout),
        *_tags(layout),
    ]
    chart = alt.layer(*layers).properties(
        width=layout.frame.width,
        height=layout.height,
        padding={"left": 0, "right": 0, "top": layout.head, "bottom": AXIS},
        autosize=alt.AutoSizeParams(type="none", contains="content"),
    )
    chart = chart.configure(background="transparent", aria=False).configure_view(stroke=None)
    # Checking every layer against the schema takes longer than drawing it, and tests look at what is drawn.
    svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    return themed(svg, label=layout.figure.title, kind=layout.frame.kind)


def _layer(rows: Sequence[Datum]) -> Any:
    """A chart of rows; Altair's own types say nothing of its `mark_` methods' results."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def _pixels(name: str) -> Any:
    """A position that is already one."""
    return {"x": alt.X, "y": alt.Y}[name](f"{name}:Q", scale=None, axis=None)


def _rules(rows: Sequence[Datum], *, color: str, width: float, dash: tuple[int, int] = (1, 0)) -> Any:
    chart = _layer(rows).mark_rule(color=color, strokeWidth=width, strokeDash=list(dash) if dash[1] else alt.Undefined)
    return chart.encode(x=_pixels("x"), y=_pixels("y"), y2=alt.Y2("y2:Q"))


def _text(
    rows: Sequence[tuple[float, float, str]],
    layout: Layout,
    *,
    align: str = "center",
    color: str = SOFT,
    bold: bool = False,
    limit: int = 0,
) -> Any:
    data = [{"x": x, "y": y, "text": text} for x, y, text in rows]
    chart = _layer(data).mark_text(
        align=align,
        baseline="middle",
        color=color,
        fontSize=layout.frame.font,
        fontWeight=600 if bold else 400,
        limit=limit or layout.frame.width,
    )
    return chart.encode(x=_pixels("x"), y=_pixels("y"), text=alt.Text("text:N"))


def _bands(layout: Layout) -> Iterator[Any]:
    rows = [
        {"x": place.across(layout, row.region[0]), "x2": place.across(layout, row.region[1]), "y": start, "y2": end}
        for row, start, end in place.placed_rows(layout)
        if row.region
    ]
    if rows:
        yield (
            _layer(rows)
            .mark_rect(color=BAND)
            .encode(x=_pixels("x"), y=_pixels("y"), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
        )


def _grid(layout: Layout) -> Iterator[Any]:
    places = [place.across(layout, x) for x, _ in layout.figure.axis.ticks]
    rows = [{"x": x, "y": start, "y2": end} for x in places for start, end in place.spans(layout)]
    yield _rules(rows, color=LINE, width=1)


def _ticks(layout: Layout) -> Iterator[Any]:
    frame, height = layout.frame, layout.height
    ticks = [(place.across(layout, x), height + 14, text) for x, text in layout.figure.axis.ticks]
    # The outer ones stay within the scale, so that a phone does not cut them.
    yield _text(ticks[:1], layout, align="left")
    yield _text(ticks[1:-1], layout)
    yield _text(ticks[-1:], layout, align="right")
    yield _text([((frame.left + frame.right) / 2, height + 34, layout.figure.axis.title)], layout)


def _line(layout: Layout) -> Iterator[Any]:
    axis = layout.figure.axis
    if axis.line is None:
        return
    x = place.across(layout, axis.line)
    rows = [{"x": x, "y": start, "y2": end} for start, end in place.spans(layout)]
    yield _rules(rows, color=SOFT, width=1.5, dash=(5, 3))
    if axis.line_label:
        align = "left" if x < layout.frame.right - 140 else "right"
        yield _text([(x, 10 - layout.head, axis.line_label)], layout, align=align)


def _intervals(layout: Layout) -> Iterator[Any]:
    rows = [
        {
            "x": place.across(layout, mark.low),
            "x2": place.across(layout, mark.high),
            "y": y,
            "tone": TONES[mark.tone],
            "size": 1.2 if mark.small else 2,
        }
        for mark, y in place.placed_marks(layout)
        if mark.low is not None and mark.high is not None
    ]
    if rows:
        yield (
            _layer(rows)
            .mark_rule()
            .encode(
                x=_pixels("x"),
                y=_pixels("y"),
                x2=alt.X2("x2:Q"),
                color=alt.Color("tone:N", scale=None),
                strokeWidth=alt.StrokeWidth("size:Q", scale=None),
            )
        )


def _points(layout: Layout) -> Iterator[Any]:
    rows = [
        {
            "x": place.across(layout, mark.x),
            "y": y,
            "tone": TONES[mark.tone],
            "fill": TONES[mark.tone] if mark.filled else PAPER,
            "shape": TICK if mark.shape == "stroke" else mark.shape,
            "size": 24 if mark.small else 62,
        }
        for mark, y in place.placed_marks(layout)
    ]
    if rows:
        yield (
            _layer(rows)
            .mark_point(opacity=1, strokeWidth=1.5)
            .encode(
                x=_pixels("x"),
                y=_pixels("y"),
                stroke=alt.Stroke("tone:N", scale=None),
                fill=alt.Fill("fill:N", scale=None),
                shape=alt.Shape("shape:N", scale=None),
                size=alt.Size("size:Q", scale=None),
            )
        )


def _names(layout: Layout) -> Iterator[Any]:
    frame = layout.frame
    room = place.LABEL if frame.above else frame.left - 14
    for headings, limit in ((False, room), (True, frame.width)):
        rows = [(0.0, y, text) for text, y in place.labels(layout, headings=headings)]
        if rows:
            yield _text(rows, layout, align="left", color=INK, bold=headings, limit=limit)
    numbers = [(float(frame.width), y, text) for text, y in place.values(layout)]
    if numbers:
        yield _text(numbers, layout, align="right", color=INK)


def _tags(layout: Layout) -> Iterator[Any]:
    for tag, x in zip(layout.figure.tags, place.tag_places(layout), strict=True):
        yield _text([(x, -12, tag.text)], layout, color=TONES[tag.tone], bold=True)
