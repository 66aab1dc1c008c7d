"""The check `retest`: every change without meaning, and how far it moved a rating."""

from collections.abc import Iterator, Sequence
from statistics import fmean

from goodheart.records import Verdict
from goodheart.report.clean import name_of
from goodheart.report.figures.marks import Axis, Figure, Mark, Row
from goodheart.report.figures.movements import (
    Moved,
    control_rows,
    in_order_of_rating,
    moved_by_changes,
    movement_table,
)
from goodheart.report.figures.scale import spread_of
from goodheart.report.names import CHANGES, instrument_title, said_once
from goodheart.report.numerals import signed
from goodheart.report.subject import Subject
from goodheart.thresholds import DELTA


def retest_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw every movement, one line for each change."""
    moved = moved_by_changes(subject)
    main = subject.instrument or ""
    by_cluster: dict[str, list[float]] = {}
    for one in moved:
        by_cluster.setdefault(one.cluster, []).append(one.points)
    if moved:
        yield Figure(
            id=f"r{subject.number}-retest-moves",
            title=f"Changes without meaning move a circumstance\u2019s rating{spread_of(verdict, 'retest_sd')}",
            how="Each tick is one wording of one circumstance with the change, minus the same wording without it; dots "
            f"are their plain means. Shaded is {DELTA} points to either side: the SD of what such changes do to one "
            "wording has to lie under it.",
            axis=axis,
            rows=(
                *(_row(change, moved) for change in said_once([one.change for one in moved])),
                *control_rows(subject, [(main, "self", instrument_title(main))]),
            ),
            row_height=30,
            table=movement_table(subject, in_order_of_rating(subject, by_cluster)),
        )


def _row(change: str, moved: Sequence[Moved]) -> Row:
    points = [one.points for one in moved if one.change == change]
    ticks = tuple(Mark(x=value, tone="quiet", shape="stroke", small=True, drop=-5) for value in points)
    mean = Mark(x=fmean(points), drop=6)
    label = CHANGES.get(change, name_of(change))
    return Row(label=label, value=f"mean {signed(mean.x)}", marks=(*ticks, mean), region=(-DELTA, DELTA))
