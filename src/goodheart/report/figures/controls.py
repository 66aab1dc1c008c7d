"""Whether an instrument tells plainly good from plainly bad circumstances on this respondent."""

from collections.abc import Callable
from typing import Final

from goodheart.items import FORMS
from goodheart.reading import cluster_means
from goodheart.records import Estimate, Finding, Group, Validity
from goodheart.report.clean import sentence_of
from goodheart.report.figures.marks import Figure, Mark, Row, Shape
from goodheart.report.figures.scales import points_axis
from goodheart.report.names import PERSONS, instrument_title, said_once
from goodheart.report.numerals import count, number, percent
from goodheart.report.subject import Subject, column, point_of
from goodheart.report.tables import Cell, figure, table, words
from goodheart.thresholds import DELTA

PARTS: Final[tuple[tuple[Group, str, Shape], ...]] = (
    ("good", "plainly good", "triangle-up"),
    ("neutral", "made-up neutral", "circle"),
    ("bad", "plainly bad", "triangle-down"),
)

HOW: Final = (
    "Each mark is one circumstance, averaged over its wordings, about itself. An instrument is used only if plainly "
    "good circumstances are shown to lie above plainly bad ones, in the right order nearly always, with made-up "
    f"neutral ones close together and not more than {DELTA} points beyond either. Passing says that the form of asking "
    "tells good from bad on this respondent, and no more."
)


def controls_figure(subject: Subject) -> Figure:
    """Draw the controls of every form of the scale."""
    validities = {(one.instrument, one.form): one for one in subject.findings.validities}
    instruments = said_once([one.instrument for one in subject.findings.validities])
    rows = [row for name in instruments for row in _rows(subject, name, validities.get((name, "self")))]
    passed = sum(one.valid for (_, form), one in validities.items() if form == "self")
    asked = count(len(instruments), "form")
    return Figure(
        id=f"r{subject.number}-controls",
        title=f"{passed} of {asked} of the scale passed the controls about itself",
        how=HOW,
        axis=points_axis(),
        rows=tuple(rows),
        row_height=20,
        table=table(
            ("Form", "About", "Result", "Good minus bad", "AUC", "Gave a rating", "Failed"),
            [
                _cells(subject, validities[name, form])
                for name in instruments
                for form in FORMS
                if (name, form) in validities
            ],
        ),
    )


def _rows(subject: Subject, instrument: str, validity: Validity | None) -> list[Row]:
    word = "not asked" if validity is None else "passed" if validity.valid else "not passed"
    heading = Row(label=f"{instrument_title(instrument)} — {word}", heading=True)
    return [heading, *(_row(subject, instrument, group, label, shape) for group, label, shape in PARTS)]


def _row(subject: Subject, instrument: str, group: Group, label: str, shape: Shape) -> Row:
    values = list(cluster_means(column(subject, "self", group, instrument=instrument)).values())
    marks = tuple(Mark(x=value, shape=shape, small=True, filled=group != "neutral") for value in values)
    mean = f"mean {number(sum(values) / len(values))}" if values else "no rating"
    return Row(label=f"{label} ({len(values)})", value=mean, marks=marks)


def _cells(subject: Subject, validity: Validity) -> tuple[Cell, ...]:
    found = {one.name: one for one in validity.findings}
    return (
        words(instrument_title(validity.instrument)),
        words(PERSONS.get(validity.form, validity.form)),
        words("passed" if validity.valid else "not passed"),
        figure(shown(found.get("control_gap")), f"#r{subject.number}-good"),
        figure(shown(found.get("control_auc")), f"#r{subject.number}-good"),
        figure(shown(found.get("measured_share"), write=percent)),
        words(sentence_of("; ".join(validity.problems))),
    )


def shown(finding: Finding | None, *, write: Callable[[float], str] = number) -> str:
    """Write a finding with its interval, or the point alone where there is none."""
    if isinstance(finding, Estimate):
        return f"{write(finding.value)} [{write(finding.low)}, {write(finding.high)}]"
    point = None if finding is None else point_of(finding)
    return "none" if point is None else f"{write(point)}, no interval"
