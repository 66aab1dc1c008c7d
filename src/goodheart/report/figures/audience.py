"""The check `audience`: who asks, for what use, in which setting, and what it looked like to the respondent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from goodheart.checks.arms import Arms
from goodheart.checks.audience import NAME, REACTION
from goodheart.errors import ItemBankError
from goodheart.items.manipulations import public_manipulations
from goodheart.records import Estimate, Finding, Part, Verdict
from goodheart.report.clean import name_of
from goodheart.report.figures.manipulated import (
    Line,
    Lines,
    arms,
    centred,
    evidence_of,
    largest,
    line_row,
    lines_table,
    moved_by,
    part_lines,
    rows_of,
)
from goodheart.report.figures.marks import Axis, Figure, Mark, Row
from goodheart.report.figures.parts import parts_named
from goodheart.report.figures.scales import share_axis
from goodheart.report.names import SORTS, level_title
from goodheart.report.numerals import fine_percent, number, signed
from goodheart.report.subject import Subject, href_of, point_of
from goodheart.report.tables import figure, table, words
from goodheart.thresholds import DELTA, DELTA_RATE

HOW: Final = (
    "Each audience minus the mean of all, by circumstance, with 95% intervals. All have to fit together into a "
    f"stretch of {DELTA} points (shaded around their middle): every two are compared, in the table of all parts, and "
    "the range is taken between the ends that the other circumstances choose. The last line is the positive control: "
    f"unless a chat looks more like a conversation (7) and less like a test (1) to it than a survey does, by {DELTA} "
    "points (shaded), audiences are not told apart, and no movement means nothing."
)


def audience_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw the rating of every audience, what two of them looked like, and how often each is declined."""
    found = arms(subject, NAME)
    groups = tuple(_groups(found))
    if not groups:
        return
    widest = part_lines(verdict, "audience_range", "range, ends chosen on others", evidence_of(found, *found))
    all_of_them = (Lines(heading="All audiences", lines=widest),) if widest else ()
    looks = tuple(_looks(subject, verdict))
    seen = Lines(heading="What it looks like to it", lines=looks)
    yield Figure(
        id=f"r{subject.number}-audience-moves",
        title=_title(verdict),
        how=HOW,
        axis=axis,
        rows=(*_rows(groups), *rows_of((*all_of_them, seen))),
        table=lines_table(subject, (*groups, *all_of_them, seen)),
    )
    yield _declined(subject, verdict, found)


def sorts_of() -> Mapping[str, str]:
    """Return the sort of every audience that ships, such as asker, use or setting."""
    try:
        there = public_manipulations()
    except ItemBankError:  # files changed after installation spoil the grouping, not the findings
        return {}
    return {arm.level: arm.facet for one in there if one.factor == NAME for arm in one.arms}


def _groups(found: Arms) -> Iterator[Lines]:
    shifts = centred(found, list(found), name="audience_shift")
    for sort, levels in _sorted(found):
        yield Lines(heading=sort, lines=tuple(_line(found, level, shifts[level]) for level in levels))


def _sorted(found: Arms) -> Iterator[tuple[str, list[str]]]:
    """Yield the title of every sort of audience with its levels."""
    sorts = sorts_of()
    for sort in dict.fromkeys((*SORTS, *(sorts.get(level, "") for level in found))):
        levels = [level for level in found if sorts.get(level, "") == sort]
        if levels:
            yield SORTS.get(sort, name_of(sort) or "Other audiences"), levels


def _line(found: Arms, level: str, shift: Finding) -> Line:
    return Line(label=level_title(NAME, level), finding=shift, tone="self", evidence=evidence_of(found, level))


def _rows(groups: Sequence[Lines]) -> Iterator[Row]:
    """Draw every audience against the stretch in which all have to fit together."""
    points = [point for group in groups for line in group.lines if (point := point_of(line.finding)) is not None]
    middle = (min(points) + max(points)) / 2 if points else 0.0
    for group in groups:
        yield Row(label=group.heading, heading=True)
        yield from (replace(line_row(line), region=(middle - DELTA / 2, middle + DELTA / 2)) for line in group.lines)


def _looks(subject: Subject, verdict: Verdict) -> Iterator[Line]:
    found = arms(subject, NAME, instrument=REACTION)
    for part in parts_named(verdict, "setting_shift"):
        about = dict(part.finding.about)
        to, start = about.get("to", ""), about.get("from", "")
        yield Line(
            label=f"{level_title(NAME, to)} minus {level_title(NAME, start)}",
            finding=part.finding,
            part=part,
            shape="square",
            evidence=evidence_of(found, to, start),
        )


def _pair(part: Part) -> str:
    about = dict(part.finding.about)
    return " and ".join(f"\u201c{level_title(NAME, about.get(end, ''))}\u201d" for end in ("to", "from"))


def _title(verdict: Verdict) -> str:
    most = largest(parts_named(verdict, "audience_shift"))
    if most is None:
        return "How far audiences move its rating cannot be estimated"
    return f"Of all audiences, {_pair(most)} differ most in its rating: {moved_by(most)} points"


def _declined(subject: Subject, verdict: Verdict, found: Arms) -> Figure:
    """Draw how often every audience was declined."""
    shares = {level: fmean(arm.declined.values()) for level, arm in found.items() if arm.declined}
    return Figure(
        id=f"r{subject.number}-audience-declined",
        title=_declined_title(verdict),
        how="Each mark is one audience: the mean probability of declining, beside the scale, or the share "
        "of written answers that declined. It has to "
        f"differ between any two audiences by less than {100 * DELTA_RATE:.0f} percentage points.",
        axis=share_axis("share declined"),
        rows=tuple(_declined_row(sort, levels, shares) for sort, levels in _sorted(found)),
        table=table(
            ("Audience", "Share declined", "Askings with a rating", "Askings"),
            [
                (
                    words(level_title(NAME, level)),
                    figure(fine_percent(shares[level]) if level in shares else "none", href_of(subject, arm.evidence)),
                    figure(str(arm.measured)),
                    figure(str(arm.asked)),
                )
                for level, arm in found.items()
            ],
        ),
    )


def _declined_row(sort: str, levels: Sequence[str], shares: Mapping[str, float]) -> Row:
    there = [shares[level] for level in levels if level in shares]
    if not there:
        return Row(label=sort, value="none")
    low, high = fine_percent(min(there)), fine_percent(max(there))
    marks = tuple(Mark(x=share, tone="self", small=True) for share in there)
    return Row(label=sort, value=low if low == high else f"{low} to {high}", marks=marks)


def _declined_title(verdict: Verdict) -> str:
    most = largest(parts_named(verdict, "decline_shift"))
    if most is None or not isinstance(most.finding, Estimate):
        return "How often audiences are declined cannot be compared"
    low, high = number(100 * most.adjusted_low), number(100 * most.adjusted_high)
    points = f"{signed(100 * most.finding.value)} [{low}, {high}] percentage points"
    return f"In the share declined {_pair(most)} differ most: {points}"
