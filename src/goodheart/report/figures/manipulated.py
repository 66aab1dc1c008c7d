"""What the figures of manipulated askings share: arms, their differences by circumstance, lines and their table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from goodheart.checks import Case
from goodheart.checks.arms import Arms, arms_of, contrast
from goodheart.items import Form
from goodheart.records import Estimate, Evidence, Finding, NotEstimable, Part, Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.marks import SHAPES, Mark, Row, Shape, Tone
from goodheart.report.figures.parts import adjusted_of, part_row, parts_named, spanned
from goodheart.report.numerals import interval, signed, true_minus
from goodheart.report.subject import Subject, group_href, href_of, point_of
from goodheart.report.tables import Cell, Table, figure, table, words
from goodheart.stats import estimate_from_effect
from goodheart.thresholds import LEVEL

TONES: Mapping[Form, Tone] = {"self": "self", "other_ai": "other_ai", "human": "human"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One difference in points, as a row of the figure and of its table."""

    label: str
    finding: Finding
    part: Part | None = None
    """The part of the check's proposition that it is; then the adjusted interval and the region are drawn."""
    tone: Tone = "ink"
    shape: Shape = "circle"
    evidence: tuple[Evidence, ...] = ()
    withheld: bool = False
    """Whether the form of asking did not pass its controls there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of one kind under their heading."""

    heading: str
    lines: tuple[Line, ...]


def arms(subject: Subject, factor: str, *, instrument: str = "", form: Form = "self") -> Arms:
    """Return the arms of one manipulation, by default as rated on the form that carries the findings."""
    case = Case(
        respondent=subject.name,
        observations=subject.observations,
        validities={(one.instrument, one.form): one for one in subject.findings.validities},
        instrument=subject.instrument,
        base_instruments=subject.study.preset.base_instruments,
        other_instruments=subject.study.preset.other_instruments,
    )
    return arms_of(case, factor=factor, instrument=instrument or subject.instrument or "", form=form)


def evidence_of(found: Arms, *levels: str) -> tuple[Evidence, ...]:
    """Return where the replies of some levels stand."""
    return tuple(entry for level in levels if level in found for entry in found[level].evidence)


def against(found: Arms, to: str, start: str, *, name: str) -> Finding:
    """Estimate one level minus another, paired by circumstance, with its plain interval in points."""
    silent = [level for level in (to, start) if level not in found or not found[level].answered]
    if silent:
        return _silent(found, silent[0], name)
    return _paired(name, found[to].values, found[start].values)


def centred(found: Arms, levels: Sequence[str], *, name: str) -> dict[str, Finding]:
    """Estimate each level minus the mean of all that have enough answers, by circumstance.

    Args:
        found: The arms.
        levels: Those of them that are compared.
        name: What is estimated.

    Returns:
        By level, in their order; where an arm has too few answers there is no estimate.
    """
    there = [level for level in levels if found[level].answered]
    shared = sorted(set.intersection(*(set(found[level].values) for level in there))) if there else []
    middle = {cluster: fmean(found[level].values[cluster] for level in there) for cluster in shared}
    return {
        level: _paired(name, {key: found[level].values[key] for key in shared}, middle)
        if level in there
        else _silent(found, level, name)
        for level in levels
    }


def _silent(found: Arms, level: str, name: str) -> NotEstimable:
    asked = found.get(level)
    said = f"{asked.measured} of {asked.asked} askings gave a rating" if asked else "not asked"
    return NotEstimable(name=name, reason="not_valid" if asked else "not_asked", detail=f"{name_of(level)}: {said}")


def _paired(name: str, a: Mapping[str, float], b: Mapping[str, float]) -> Finding:
    effect = contrast(name, (), a, b, unit="points", pad=False).effect
    return estimate_from_effect(effect=effect, level=LEVEL)


def about_person(form: Form, label: str, finding: Finding, **more: tuple[Evidence, ...]) -> Line:
    """Make a line in the colour and the shape of a person."""
    return Line(label=label, finding=finding, tone=TONES[form], shape=SHAPES[form], evidence=more.get("evidence", ()))


def flipped(part: Part) -> Part:
    """Return a part read the other way round: first minus second for second minus first."""
    finding = part.finding
    if isinstance(finding, Estimate):
        finding = replace(finding, value=-finding.value, low=-finding.high, high=-finding.low)
    return replace(
        part,
        finding=finding,
        region_low=-part.region_high,
        region_high=-part.region_low,
        adjusted_low=-part.adjusted_high,
        adjusted_high=-part.adjusted_low,
    )


def largest(parts: Sequence[Part]) -> Part | None:
    """Return the part with the largest effect of either sign; None where none can be estimated."""
    known = [(abs(part.finding.value), part) for part in parts if isinstance(part.finding, Estimate)]
    return max(known, key=lambda entry: entry[0])[1] if known else None


def part_lines(verdict: Verdict, name: str, label: str, evidence: tuple[Evidence, ...]) -> tuple[Line, ...]:
    """Make a line in ink of every part of that name; none where the check has none."""
    return tuple(
        Line(label=label, finding=part.finding, part=part, evidence=evidence) for part in parts_named(verdict, name)
    )


def moved_by(part: Part) -> str:
    """Write a part's effect with its adjusted interval."""
    if not isinstance(part.finding, Estimate):
        return "not estimable"
    return f"{signed(part.finding.value)} {adjusted_of(part)}"


def rows_of(groups: Sequence[Lines]) -> Iterator[Row]:
    """Draw every line under its heading."""
    for group in groups:
        yield Row(label=group.heading, heading=True)
        yield from map(line_row, group.lines)


def line_row(line: Line) -> Row:
    """Draw one line."""
    if line.withheld:
        return Row(label=line.label, value="withheld")
    if line.part is not None:
        row = part_row(line.part, line.label)
        return replace(row, marks=tuple(replace(mark, tone=line.tone, shape=line.shape) for mark in row.marks))
    mark = mark_of(line.finding, tone=line.tone, shape=line.shape)
    return Row(label=line.label, value=spanned(line.finding), marks=() if mark is None else (mark,))


def mark_of(finding: Finding, *, tone: Tone = "ink", shape: Shape = "circle", drop: float = 0.0) -> Mark | None:
    """Draw a finding: with its interval, open where there is none, not at all where there is no point."""
    point = point_of(finding)
    if point is None:
        return None
    low, high = (finding.low, finding.high) if isinstance(finding, Estimate) else (None, None)
    return Mark(x=point, low=low, high=high, tone=tone, shape=shape, filled=low is not None, drop=drop)


def lines_table(subject: Subject, groups: Sequence[Lines]) -> Table:
    """List every line with both intervals, linked to its first reply."""
    return table(
        ("Movement", "Points", "95% interval", "Adjusted interval", "Circumstances", "Remark"),
        [_cells(subject, group, line) for group in groups for line in group.lines],
    )


def _cells(subject: Subject, group: Lines, line: Line) -> tuple[Cell, ...]:
    found = line.finding
    href = href_of(subject, line.evidence) or group_href(subject, "circumstance")
    point = None if line.withheld else point_of(found)
    spans = isinstance(found, Estimate) and not line.withheld
    why = "the form of asking did not pass its controls here" if line.withheld else ""
    if isinstance(found, NotEstimable) and not line.withheld:
        why = true_minus(sentence_of(found.detail))
    return (
        words(f"{group.heading}: {line.label}"),
        figure("none" if point is None else signed(point), href),
        figure(interval(found.low, found.high, "") if spans and isinstance(found, Estimate) else "none"),
        figure(adjusted_of(line.part) if spans and line.part else "none"),
        figure(str(found.n_clusters) if isinstance(found, Estimate) and spans else ""),
        words(why),
    )
