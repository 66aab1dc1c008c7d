"""Per check, the manipulation and the movement, with the positive control on the same scale."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from goodheart.records import Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.audience import audience_figures
from goodheart.report.figures.demand import demand_figures
from goodheart.report.figures.facets import facets_figure
from goodheart.report.figures.framing import framing_figures
from goodheart.report.figures.leading import leading_figures
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.parts import extent, is_difference, part_row, parts_table
from goodheart.report.figures.person import person_figures
from goodheart.report.figures.retest import retest_figures
from goodheart.report.figures.scale import scale_figures
from goodheart.report.figures.scales import UNDRAWN, difference_axis
from goodheart.report.figures.texts import text_figures
from goodheart.report.subject import Subject

Draw = Callable[[Subject, Verdict, Axis], Iterable[Figure]]
"""The figures of one check, movements on the respondent's one scale; none where nothing valid was observed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """All figures of one respondent that show how ratings move."""

    facets: Figure | None
    """The fixed facets, level by level."""
    checks: Mapping[str, tuple[Figure, ...]]
    """By check."""


def movements_of(subject: Subject) -> Movements:
    """Draw the facets and every check; no figure at all where no instrument is valid.

    All differences in points share one scale, which holds everything that is drawn on it.
    """
    if subject.instrument is None:
        return Movements(facets=None, checks={})
    facets = facets_figure(subject, UNDRAWN)
    found = {
        verdict.check: tuple(FIGURES.get(verdict.check, _differences)(subject, verdict, UNDRAWN))
        for verdict in subject.findings.verdicts
    }
    axis = shared_axis([*([facets] if facets else []), *(figure for figures in found.values() for figure in figures)])
    return Movements(
        facets=on_axis(facets, axis) if facets else None,
        checks={check: tuple(on_axis(figure, axis) for figure in figures) for check, figures in found.items()},
    )


def shared_axis(figures: Iterable[Figure]) -> Axis:
    """Return the one scale of differences that holds all that these figures draw on it."""
    values: list[float] = []
    for figure in figures:
        if figure.axis is UNDRAWN:
            for row in figure.rows:
                values += [x for mark in row.marks for x in (mark.x, mark.low, mark.high) if x is not None]
                values += row.region or ()
    return difference_axis(values)


def on_axis(figure: Figure, axis: Axis) -> Figure:
    """Put a figure of differences on the shared scale; any other stays as it is."""
    return replace(figure, axis=axis) if figure.axis is UNDRAWN else figure


def _differences(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Any check without a figure of its own: its differences in points against their regions."""
    parts = [part for part in verdict.parts if is_difference(part)]
    if parts:
        yield Figure(
            id=f"r{subject.number}-{name_of(verdict.check)}-parts",
            title=extent(parts, "Effects of {} points", unknown="No effect could be estimated"),
            how="Effects with adjusted intervals; shaded is the region in which they have to lie.",
            axis=axis,
            rows=tuple(part_row(part, sentence_of(part.claim)) for part in parts),
            table=parts_table(subject, parts),
        )


FIGURES: Final[Mapping[str, Draw]] = {
    "scale": scale_figures,
    "retest": retest_figures,
    "person": person_figures,
    "leading": leading_figures,
    "framing": framing_figures,
    "audience": audience_figures,
    "demand": demand_figures,
    "grounds": text_figures,
    "hedging": text_figures,
    "openers": text_figures,
    "echo": text_figures,
}
