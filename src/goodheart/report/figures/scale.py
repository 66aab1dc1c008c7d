"""The check `scale`: the same circumstances on other forms of the scale and in other wordings."""

from collections.abc import Iterator, Sequence

from goodheart.records import Estimate, Part, Verdict
from goodheart.report.figures.marks import Axis, Figure, Row
from goodheart.report.figures.movements import (
    control_rows,
    in_order_of_rating,
    moved_by_wordings,
    movement_rows,
    movement_table,
)
from goodheart.report.figures.parts import adjusted_of, extent, form_of, part_row, parts_named, parts_table
from goodheart.report.figures.scales import correlation_axis
from goodheart.report.names import instrument_title
from goodheart.report.numerals import number
from goodheart.report.subject import Subject, valid
from goodheart.thresholds import DELTA


def scale_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw levels, orders and wordings."""
    shifts = parts_named(verdict, "form_shift")
    orders = parts_named(verdict, "form_rank_correlation")
    if shifts:
        yield _levels(subject, shifts, axis)
    if orders:
        yield _orders(subject, orders)
    moved = in_order_of_rating(subject, moved_by_wordings(subject))
    if moved:
        yield Figure(
            id=f"r{subject.number}-scale-wordings",
            title=f"Another wording moves a circumstance\u2019s rating{spread_of(verdict, 'wording_sd')}",
            how="Each tick is one wording minus the mean of the circumstance\u2019s wordings; circumstances stand "
            "in the "
            f"order of their rating. Shaded is {DELTA} points to either side: the SD of wordings has to lie under "
            f"it.",
            axis=axis,
            rows=tuple(movement_rows(subject, moved)),
            row_height=20,
            table=movement_table(subject, moved),
        )


def _levels(subject: Subject, shifts: Sequence[Part], axis: Axis) -> Figure:
    main = instrument_title(subject.instrument or "")
    forms = [(dict(part.finding.about).get("instrument", ""), "self", form_of(part)) for part in shifts]
    return Figure(
        id=f"r{subject.number}-scale-level",
        title=extent(
            shifts,
            f"Other forms of the scale lie {{}} points from \u201c{main}\u201d",
            unknown=f"How far other forms of the scale lie from \u201c{main}\u201d cannot be estimated",
        ),
        how=f"Its circumstances about itself on each other form, re-keyed to 1 to 7, minus \u201c{main}\u201d. "
        f"Lines are "
        f"adjusted intervals; shaded is the region of at most {DELTA} points to either side, in which they have to "
        f"lie.",
        axis=axis,
        rows=(
            *(part_row(part, form_of(part)) for part in shifts),
            *_not_compared(subject),
            *control_rows(subject, [(subject.instrument or "", "self", main), *forms]),
        ),
        table=parts_table(subject, shifts),
    )


def _not_compared(subject: Subject) -> Iterator[Row]:
    preset = subject.study.preset
    for name in (*preset.base_instruments, *preset.other_instruments):
        if not valid(subject, name, "self"):
            yield Row(label=instrument_title(name), value="not valid here")


def _orders(subject: Subject, orders: Sequence[Part]) -> Figure:
    main = instrument_title(subject.instrument or "")
    return Figure(
        id=f"r{subject.number}-scale-order",
        title=extent(
            orders,
            f"The order of its circumstances correlates {{}} with that on \u201c{main}\u201d",
            write=number,
            unknown="How forms of the scale order its circumstances cannot be compared",
        ),
        how="Rank correlation over circumstances between each other form and the main one, with adjusted "
        "intervals; shaded "
        "is the region in which it has to lie.",
        axis=correlation_axis(),
        rows=tuple(part_row(part, form_of(part), write=number) for part in orders),
        table=parts_table(subject, orders),
    )


def spread_of(verdict: Verdict, name: str) -> str:
    """End a title with a standard deviation and its adjusted interval; with nothing where there is none."""
    part = next(iter(parts_named(verdict, name)), None)
    if part is None or not isinstance(part.finding, Estimate):
        return ""
    return f" by an SD of {number(part.finding.value)} {adjusted_of(part)} points"
