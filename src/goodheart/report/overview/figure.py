"""Channels side by side: where each circumstance lies in each, and how channels go together."""

from collections.abc import Iterator
from typing import Final

from goodheart.overview import Agreement, Overview
from goodheart.overview.channels import TITLES
from goodheart.records import Channel, Finding
from goodheart.report.figures.estimates import (
    ends_of,
    estimate_mark,
    estimate_row,
    numbers_table,
    point_of,
    span_axis,
    text_of,
)
from goodheart.report.figures.marks import Axis, Figure, Mark, Row, Shape, Tag, Tone
from goodheart.report.numerals import count, number
from goodheart.report.overview.words import pair_title, title_of
from goodheart.report.tables import figure, table, words

LOOKS: Final[dict[str, tuple[Tone, Shape, str, float]]] = {
    "stated": ("self", "circle", "\u25cf", -8.0),
    "expressed": ("human", "triangle-up", "\u25b2", 0.0),
    "internal": ("other_ai", "diamond", "\u25c6", 8.0),
}
"""Colour, shape, the shape as a sign, and pixels below the middle of the row."""
SHORT: Final = {"stated": "stated", "expressed": "expressed", "internal": "internal"}


def places_figure(overview: Overview) -> Figure:
    """Draw every common circumstance in every valid channel, the lowest of the first channel first."""
    found = overview.agreement
    order = _order(found)
    by_cluster = {
        cluster: [(channel, those[k]) for channel, those in found.places] for k, cluster in enumerate(found.clusters)
    }
    ends = ends_of(one for _, those in found.places for one in those)
    return Figure(
        id="places",
        title=_title(found),
        how=_how(found),
        axis=_axis(ends),
        rows=tuple(
            Row(
                label=title_of(overview, cluster),
                value="parts" if cluster in _parted(found) else "",
                marks=tuple(mark for channel, one in by_cluster[cluster] for mark in _marks(channel, one)),
            )
            for cluster in order
        ),
        row_height=38,
        tags=tuple(_tags(by_cluster[order[0]])),
        table=table(
            ("Circumstance", *(TITLES_OF[channel] for channel, _ in found.places), "Parts"),
            [
                (
                    words(title_of(overview, cluster)),
                    *(figure(text_of(one, number)) for _, one in by_cluster[cluster]),
                    words("yes" if cluster in _parted(found) else "no"),
                )
                for cluster in order
            ],
        ),
    )


TITLES_OF: Final = {str(name): title for name, title in TITLES.items()}


def together_figure(found: Agreement) -> Figure:
    """Draw the correlation of every pair of channels, alone and beyond the mood of the text."""
    rows = []
    for pair in found.pairs:
        rows.append(Row(label=pair_title(pair), heading=True))
        rows.append(estimate_row("order of circumstances", pair.correlation, write=number))
        rows.append(estimate_row("beyond the mood of the text", pair.beyond_mood, write=number, tone="quiet"))
    points = [point for pair in found.pairs if (point := point_of(pair.correlation)) is not None]
    span = f"between {number(min(points))} and {number(max(points))}" if len(points) > 1 else _only(points)
    return Figure(
        id="together",
        title=f"Over {count(len(found.clusters), 'circumstance')} channels correlate {span}",
        how="1: the same order of circumstances; 0: none in common; \u22121: the reverse. Lines are 95% intervals over "
        "circumstances. Order: Spearman. Beyond the mood: linear, with the mood of each text taken out of both.",
        axis=_correlation_axis(),
        rows=tuple(rows),
        table=numbers_table(
            (f"{pair_title(pair)}: {what}", one)
            for pair in found.pairs
            for what, one in (("order", pair.correlation), ("beyond the mood of the text", pair.beyond_mood))
        ),
    )


def _only(points: list[float]) -> str:
    return f"at {number(points[0])}" if points else "by an unknown amount"


def _correlation_axis() -> Axis:
    ticks = tuple((x, number(x).rstrip("0").rstrip(".")) for x in (-1.0, -0.5, 0.0, 0.5, 1.0))
    return Axis(title="correlation over circumstances", low=-1.0, high=1.0, ticks=ticks, line=0.0)


def _order(found: Agreement) -> list[str]:
    first = dict(zip(found.clusters, found.places[0][1], strict=True))
    return sorted(found.clusters, key=lambda cluster: (point_of(first[cluster]) or 0.0, cluster))


def _parted(found: Agreement) -> set[str]:
    return {one.cluster for pair in found.pairs for one in pair.partings if one.found}


def _title(found: Agreement) -> str:
    texts = [f"{TITLES_OF[channel]} {text_of(one, number)}" for channel, one in found.averages]
    return f"Its circumstances on average, from plainly bad (\u22120.5) to plainly good (+0.5): {'; '.join(texts)}"


def _how(found: Agreement) -> str:
    shown = ", ".join(f"{LOOKS[channel][2]} {TITLES_OF[channel]}" for channel, _ in found.places)
    left = [one.kind.title for one in found.channels if one.kind.name not in dict(found.places)]
    withheld = f" Left out, not valid or not measured in this run: {', '.join(left)}." if left else ""
    return (
        f"{shown}. Lines are 95% intervals over wordings and control items. Lowest {TITLES_OF[found.places[0][0]]} "
        "first; \u201cparts\u201d: two channels differ there more than on the other circumstances (exploratory). Each "
        f"channel is in its own distance, so that a level means the same only if those distances do.{withheld}"
    )


def _axis(ends: list[float]) -> Axis:
    axis = span_axis(ends, title="\u22120.5 plainly bad, +0.5 plainly good", least=0.5)
    return Axis(title=axis.title, low=axis.low, high=axis.high, ticks=axis.ticks, line=0.0, line_label="half-way")


def _marks(channel: Channel, finding: Finding) -> list[Mark]:
    tone, shape, _, drop = LOOKS[channel]
    return estimate_mark(finding, tone=tone, shape=shape, drop=drop)


def _tags(first: list[tuple[Channel, Finding]]) -> Iterator[Tag]:
    for channel, one in first:
        point = point_of(one)
        if point is not None:
            yield Tag(x=point, text=f"{LOOKS[channel][2]} {SHORT[channel]}", tone=LOOKS[channel][0])
