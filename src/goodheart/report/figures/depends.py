"""What the rating depends on: shares of its variance."""

from typing import Final

from goodheart.records import Estimate, Finding
from goodheart.report.figures.marks import Figure, Mark, Row
from goodheart.report.figures.scales import share_axis
from goodheart.report.numerals import interval, percent
from goodheart.report.subject import Subject, group_href, named, point_of, why_not
from goodheart.report.tables import Cell, figure, table, words

SHARES: Final = (
    ("The circumstance", (("share_circumstance", "which circumstance it is"),)),
    (
        "How it was asked",
        (
            ("share_wording", "which wording of it"),
            ("share_perturbation", "changes without meaning"),
            ("share_circumstance_perturbation", "… on some circumstances only"),
        ),
    ),
    ("Chance and the rest", (("share_residual", "not separated further"),)),
)
"""Shares as the report groups them."""

SPLIT: Final = (
    "Of the part that goes with the circumstance",
    (
        ("circumstance_share_mood", "predicted by the mood of the text"),
        ("circumstance_share_forms", "beyond it, by its ratings of others"),
        ("circumstance_share_self", "the rest: specific to itself"),
    ),
)
"""How the first share is divided; its three lines sum to the whole of it."""

HOW: Final = (
    "Dots are shares of the variance of its ratings of its own circumstances on the one form that carries the "
    "findings, lines "
    "their 95% intervals; an open dot has no interval that could be trusted. Changes without meaning are a "
    "greeting, white space, "
    "thanks or a neutral exchange beforehand. How two facets act together is not estimated, except where a line "
    "says so. A large "
    "first share means that the rating is consistent, not that it is true: a respondent with one set line per "
    "topic has it too."
)


def depends_figure(subject: Subject) -> Figure | None:
    """Draw the shares; None where there is not even a point."""
    groups = (*SHARES, SPLIT)
    found = {name: named(subject, name) for _, group in groups for name, _ in group}
    points = {name: point_of(one) for name, one in found.items() if one is not None}
    if points.get("share_circumstance") is None:
        return None
    rows: list[Row] = []
    for heading, group in groups:
        lines = [_row(found[name], label) for name, label in group if found[name] is not None]
        rows.extend([Row(label=heading, heading=True), *lines] if lines else [])
    first = found["share_circumstance"]
    return Figure(
        id=f"r{subject.number}-depends",
        title=f"Which circumstance it is goes with {_value(first)} of the variance of its ratings",
        how=HOW,
        axis=share_axis("share of variance"),
        rows=tuple(rows),
        table=table(
            ("What", "Share", "95% interval", "Remark"),
            [_cells(subject, found[name], label) for _, group in groups for name, label in group if found[name]],
        ),
    )


def _row(finding: Finding | None, label: str) -> Row:
    point = None if finding is None else point_of(finding)
    if finding is None or point is None:
        return Row(label=label, value="not estimable")
    if isinstance(finding, Estimate):
        mark = Mark(x=point, low=finding.low, high=finding.high)
        return Row(label=label, value=_value(finding), marks=(mark,))
    return Row(label=label, value=f"{percent(point)}, no interval", marks=(Mark(x=point, filled=False),))


def _value(finding: Finding | None) -> str:
    point = None if finding is None else point_of(finding)
    if isinstance(finding, Estimate):
        return f"{percent(finding.value)} {interval(finding.low, finding.high, finding.unit)}"
    return "an unknown share" if point is None else f"{percent(point)} (no interval)"


def _cells(subject: Subject, finding: Finding | None, label: str) -> tuple[Cell, ...]:
    point = None if finding is None else point_of(finding)
    span = interval(finding.low, finding.high, finding.unit) if isinstance(finding, Estimate) else "none"
    share = "unknown" if point is None else percent(point)
    return (
        words(label),
        figure(share, group_href(subject, "circumstance")),
        figure(span),
        words(why_not(finding)),
    )
