"""The check `retest`: every change without meaning, and how far it moved a rating."""

from collections.abc import Iterator

from goodheart.records import Verdict
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.movements import (
    control_rows,
    in_order_of_rating,
    moved_by_changes,
    movement_rows,
    movement_table,
)
from goodheart.report.figures.scale import spread_of
from goodheart.report.names import CHANGES, instrument_title
from goodheart.report.subject import Subject
from goodheart.thresholds import DELTA


def retest_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw every movement."""
    moved = in_order_of_rating(subject, moved_by_changes(subject))
    main = subject.instrument or ""
    if moved:
        yield Figure(
            id=f"r{subject.number}-retest-moves",
            title=f"Changes without meaning move a circumstance\u2019s rating{spread_of(verdict, 'retest_sd')}",
            how=f"Each tick is one wording with one change ({', '.join(CHANGES.values())}) minus the same wording "
            f"without it; "
            f"circumstances stand in the order of their rating. Shaded is {DELTA} points to either side: the SD of "
            f"such "
            "movements has to lie under it.",
            axis=axis,
            rows=(
                *movement_rows(subject, moved),
                *control_rows(subject, [(main, "self", instrument_title(main))]),
            ),
            row_height=20,
            table=movement_table(subject, moved),
        )
