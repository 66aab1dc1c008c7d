"""Movements in points: what the figures of checks have in common, above all their scale."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.reading import cluster_means
from goodheart.records import Estimate, Finding, Group
from goodheart.report.figures.marks import Mark, Row
from goodheart.report.figures.parts import spanned
from goodheart.report.numerals import signed
from goodheart.report.subject import Subject, column, valid
from goodheart.report.tables import Table, figure, table, words
from goodheart.thresholds import DELTA

BESIDE: Final[tuple[Group, ...]] = ("circumstance", "neutral")


def control_gaps(subject: Subject) -> Mapping[tuple[str, str], Finding]:
    """Plainly good minus plainly bad, by form of the scale and person, where the form passed."""
    return {
        (one.instrument, one.form): finding
        for one in subject.findings.validities
        if one.valid
        for finding in one.findings
        if finding.name == "control_gap"
    }


def control_rows(subject: Subject, wanted: Sequence[tuple[str, str, str]]) -> Iterator[Row]:
    """Draw positive controls: the same forms do move, where they should.

    Args:
        subject: The respondent.
        wanted: Form of the scale, person and label of each line.
    """
    gaps = control_gaps(subject)
    yield Row(label="Positive control: plainly good minus plainly bad", heading=True)
    for instrument, form, label in wanted:
        finding = gaps.get((instrument, form))
        if isinstance(finding, Estimate):
            mark = Mark(x=finding.value, low=finding.low, high=finding.high, shape="square")
            yield Row(label=label, value=spanned(finding), marks=(mark,))
        else:
            yield Row(label=label, value="not estimable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one change without meaning did to the rating of one wording."""

    cluster: str
    change: str
    points: float


def moved_by_changes(subject: Subject) -> tuple[Moved, ...]:
    """How far each change without meaning moved each wording."""
    rows = column(subject, "self", "circumstance", perturbed=True)
    cells = list(zip(rows.clusters, rows.wordings, rows.perturbations, rows.values, strict=True))
    base = {(cluster, wording): value for cluster, wording, change, value in cells if change == "none"}
    return tuple(
        Moved(cluster=cluster, change=change, points=value - base[cluster, wording])
        for cluster, wording, change, value in cells
        if change != "none" and (cluster, wording) in base
    )


def moved_by_wordings(subject: Subject) -> dict[str, list[float]]:
    """How far each wording lies from the mean of its circumstance's wordings."""
    rows = column(subject, "self", "circumstance")
    centre = cluster_means(rows)
    moved: dict[str, list[float]] = {}
    for cluster, value in zip(rows.clusters, rows.values, strict=True):
        moved.setdefault(cluster, []).append(value - centre[cluster])
    return {cluster: values for cluster, values in moved.items() if len(values) > 1}


def gaps_of(subject: Subject, group: Group) -> dict[str, float]:
    """Self minus other AI, by circumstance; nothing where the form did not pass about another AI."""
    if not valid(subject, subject.instrument, "other_ai"):
        return {}
    own, other = (cluster_means(column(subject, form, group)) for form in ("self", "other_ai"))
    return {cluster: own[cluster] - other[cluster] for cluster in own if cluster in other}


def in_order_of_rating(subject: Subject, moved: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """Sort circumstances as the main figure does, lowest rating about itself first."""
    own = cluster_means(column(subject, "self", "circumstance"))
    return {cluster: moved[cluster] for cluster in sorted(moved, key=lambda key: (own.get(key, 0.0), key))}


def movement_rows(subject: Subject, moved: Mapping[str, Sequence[float]]) -> Iterator[Row]:
    """Draw every movement as a tick."""
    for cluster, values in moved.items():
        marks = tuple(Mark(x=value, shape="stroke", small=True) for value in values)
        extent = f"{signed(min(values))} to {signed(max(values))}"
        yield Row(label=subject.titles[cluster], value=extent, marks=marks, region=(-DELTA, DELTA))


def movement_table(subject: Subject, moved: Mapping[str, Sequence[float]]) -> Table:
    """List the extent of movements by circumstance."""
    return table(
        ("Circumstance", "Lowest", "Highest", "Ratings"),
        [
            (
                words(subject.titles[cluster]),
                figure(signed(min(values)), f"#{subject.clusters['circumstance', cluster]}"),
                figure(signed(max(values))),
                figure(str(len(values))),
            )
            for cluster, values in moved.items()
        ],
    )
