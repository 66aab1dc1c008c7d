"""Per check, the manipulation and the movement, with the positive control on the same scale."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from goodheart.records import Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.parts import extent, is_difference, part_row, parts_table
from goodheart.report.figures.person import person_figures
from goodheart.report.figures.retest import retest_figures
from goodheart.report.figures.scale import scale_figures
from goodheart.report.subject import Subject

Draw = Callable[[Subject, Verdict, Axis], Iterable[Figure]]
"""The figures of one check, movements on the respondent's one scale; none where nothing valid was observed."""


def check_figures(subject: Subject, verdict: Verdict, axis: Axis) -> tuple[Figure, ...]:
    """Draw a check; nothing at all where no instrument is valid."""
    if subject.instrument is None:
        return ()
    return tuple(FIGURES.get(verdict.check, _differences)(subject, verdict, axis))


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


FIGURES: Final[Mapping[str, Draw]] = {"scale": scale_figures, "retest": retest_figures, "person": person_figures}
