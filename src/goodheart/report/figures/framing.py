"""The check `framing`: every framing against the neutral one, and how it says that it was addressed."""

from collections.abc import Iterator
from typing import Final

from goodheart.checks.framing import BASE, REACTION
from goodheart.items import Form
from goodheart.records import Part, Verdict
from goodheart.report.figures.manipulated import (
    Line,
    Lines,
    about_person,
    against,
    arms,
    evidence_of,
    flipped,
    largest,
    lines_table,
    moved_by,
    part_lines,
    rows_of,
)
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.parts import parts_named
from goodheart.report.names import level_title
from goodheart.report.subject import Subject
from goodheart.thresholds import DELTA

HOW: Final = (
    f"Each framing minus the neutral one, by circumstance. Ratings have to stay within {DELTA} points of zero, and the"
    f" tone that it says it was addressed in (1 rude, 7 kind) has to fall by {DELTA} points or more for the hostile "
    "framing; both are shaded, with adjusted intervals. For each circumstance the framing that moves it most is "
    "chosen on the others. The same words said to a human, with a 95% interval, are the positive control: they show "
    "whether it can tell these tones apart at all."
)


def framing_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw the movement of the rating, and beside it that of how it says it was addressed."""
    groups = tuple(group for group in _groups(subject, verdict) if group.lines)
    if groups:
        yield Figure(
            id=f"r{subject.number}-framing-moves",
            title=_title(verdict),
            how=HOW,
            axis=axis,
            rows=tuple(rows_of(groups)),
            table=lines_table(subject, groups),
        )


def _level(part: Part) -> str:
    return dict(part.finding.about).get("to", "")


def _title(verdict: Verdict) -> str:
    most = largest(parts_named(verdict, "framing_shift"))
    noticed = next(iter(parts_named(verdict, "addressed_shift")), None)
    moved = "How far framings move its rating cannot be estimated"
    if most:
        which = level_title("framing", _level(most))
        moved = f"The framing that moves its rating most is the {which} one: {moved_by(most)} points"
    return moved if noticed is None else f"{moved}; how it says it was addressed moves by {moved_by(flipped(noticed))}"


def _groups(subject: Subject, verdict: Verdict) -> Iterator[Lines]:
    found = arms(subject, "framing")
    ratings = tuple(
        Line(
            label=level_title("framing", _level(part)),
            finding=part.finding,
            part=part,
            tone="self",
            evidence=evidence_of(found, _level(part), BASE),
        )
        for part in parts_named(verdict, "framing_shift")
    )
    farthest = part_lines(verdict, "framing_range", "the one that moves it most", evidence_of(found, *found))
    yield Lines(heading="Its own rating, against the neutral framing", lines=(*ratings, *farthest))
    yield Lines(heading="How it says it was addressed", lines=tuple(_addressed(subject, verdict)))


def _addressed(subject: Subject, verdict: Verdict) -> Iterator[Line]:
    parts = {dict(part.finding.about).get("from", ""): part for part in parts_named(verdict, "addressed_shift")}
    persons: tuple[tuple[Form, str], ...] = (("self", "said to itself"), ("human", "said to a human"))
    for form, who in persons:
        found = arms(subject, "framing", instrument=REACTION, form=form)
        for level in found:
            if level != BASE:
                label = f"{level_title('framing', level)}, {who}"
                shift = against(found, level, BASE, name="addressed_shift")
                line = about_person(form, label, shift, evidence=evidence_of(found, level, BASE))
                yield _with_part(line, parts[level]) if form == "self" and level in parts else line


def _with_part(line: Line, part: Part) -> Line:
    turned = flipped(part)
    return Line(
        label=line.label,
        finding=turned.finding,
        part=turned,
        tone=line.tone,
        shape=line.shape,
        evidence=line.evidence,
    )
