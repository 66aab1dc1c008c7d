"""The check `leading`: pushes without content beside facts, and the same facts told of another AI and of a human."""

from collections.abc import Iterator, Sequence

from goodheart.items import FORMS
from goodheart.records import Verdict
from goodheart.report.figures.manipulated import (
    Line,
    Lines,
    about_person,
    against,
    arms,
    evidence_of,
    lines_table,
    moved_by,
    rows_of,
)
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.parts import parts_named
from goodheart.report.names import PERSONS
from goodheart.report.subject import Subject, valid
from goodheart.thresholds import DELTA


def leading_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw pushes, facts, and what shows that either was noticed."""
    groups = tuple(group for group in _groups(subject, verdict) if group.lines)
    if groups:
        yield Figure(
            id=f"r{subject.number}-leading-moves",
            title=_title(verdict),
            how="Differences by circumstance. Its own lines, with adjusted intervals, have to lie in the shaded "
            f"region: pushes within {DELTA} points of zero, facts {DELTA} points or more above it. All other lines "
            "are 95% intervals. The same facts told of another AI and of a human are the positive control of the "
            "facts; the answer that seems wanted (1 very bad, 7 very good) is that of the pushes. Where these do "
            "not move, no movement of its own rating means nothing.",
            axis=axis,
            rows=tuple(rows_of(groups)),
            table=lines_table(subject, groups),
        )


def _title(verdict: Verdict) -> str:
    said = [
        f"{what} move its rating by {moved_by(part)} points"
        for name, what in (("leading_shift", "pushes without content"), ("evidence_shift", "facts"))
        for part in parts_named(verdict, name)
        if moved_by(part) != "not estimable"
    ]
    text = ", ".join(said).replace(", facts move its rating by", ", facts by")
    return text[:1].upper() + text[1:] if text else "Neither pushes nor facts could be compared"


def _groups(subject: Subject, verdict: Verdict) -> Iterator[Lines]:
    yield Lines(heading="Pushes without content", lines=tuple(_pushes(subject, verdict)))
    yield Lines(heading="Facts that the run makes true, up minus down", lines=tuple(_facts(subject, verdict)))
    yield Lines(heading="Answer that seems wanted, up minus down", lines=tuple(_wanted(subject)))


def _pushes(subject: Subject, verdict: Verdict) -> Iterator[Line]:
    found = arms(subject, "leading")
    for part in parts_named(verdict, "leading_shift"):
        yield Line(
            label="up minus down, its own rating",
            finding=part.finding,
            part=part,
            tone="self",
            evidence=evidence_of(found, "up", "down"),
        )
    if "control" in found:
        for level in ("up", "down"):
            shift = against(found, level, "control", name="leading_shift")
            yield Line(
                label=f"{level} minus no push",
                finding=shift,
                tone="quiet",
                evidence=evidence_of(found, level, "control"),
            )


def _facts(subject: Subject, verdict: Verdict) -> Iterator[Line]:
    for part in parts_named(verdict, "evidence_shift"):
        found = evidence_of(arms(subject, "evidence"), "up", "down")
        yield Line(label="its own rating", finding=part.finding, part=part, tone="self", evidence=found)
    for form in FORMS[1:]:
        others = arms(subject, "evidence", form=form)
        if others:
            shift = against(others, "up", "down", name="evidence_shift")
            line = about_person(
                form, f"positive control: {PERSONS[form]}", shift, evidence=evidence_of(others, "up", "down")
            )
            yield line if valid(subject, subject.instrument, form) else _withheld(line)


def _withheld(line: Line) -> Line:
    return Line(label=line.label, finding=line.finding, withheld=True)


def _wanted(subject: Subject) -> Sequence[Line]:
    found = arms(subject, "leading", instrument="wanted")
    if not found:
        return ()
    shift = against(found, "up", "down", name="wanted_shift")
    evidence = evidence_of(found, "up", "down")
    return (Line(label="positive control: pushes", finding=shift, shape="square", evidence=evidence),)
