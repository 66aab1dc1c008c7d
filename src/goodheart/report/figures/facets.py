"""Fixed facets: how far the rating moves over the levels that were asked, in points and for these levels only."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.records import Estimate, Finding
from goodheart.report.clean import sentence_of
from goodheart.report.figures.manipulated import mark_of
from goodheart.report.figures.marks import Axis, Figure, Row
from goodheart.report.figures.parts import spanned
from goodheart.report.names import factor_title, level_title
from goodheart.report.numerals import interval, number, signed, true_minus
from goodheart.report.subject import Subject, all_named, group_href, named, point_of, why_not
from goodheart.report.tables import Cell, figure, table, words

FACETS: Final = ("framing", "audience", "leading", "evidence", "cheer", "scale")
"""In the order of the figure. Facts change what is asked about, so that a movement over them is no fault."""

RANGE: Final = "facet_range"
SD: Final = "facet_sd"
SHIFT: Final = "facet_level_shift"

HOW: Final = (
    "Squares are the range between the farthest levels of a facet, corrected for the chance by which levels always "
    "differ a little; dots are single levels minus the one that they are matched to (the neutral framing, the asker "
    "who is not named, no push, a plain line, the form that carries the findings). Lines are 95% intervals. These are"
    " the levels that were asked and no sample of others, so nothing is generalised beyond them. Each facet was "
    "varied alone around the base cell: how two of them act together is not estimated. Facts are meant to move a "
    "rating, the others are not."
)


def facets_of(subject: Subject) -> tuple[str, ...]:
    """Return the fixed facets that there is an estimate of."""
    found = {dict(one.about).get("facet", "") for one in all_named(subject, RANGE)}
    return tuple(facet for facet in (*FACETS, *sorted(found - set(FACETS))) if facet in found)


def ranged(finding: Finding | None) -> str:
    """Write a range or a standard deviation with its interval."""
    if isinstance(finding, Estimate):
        return f"{number(finding.value)} {interval(finding.low, finding.high, '')}"
    point = None if finding is None else point_of(finding)
    return "not estimable" if point is None else f"{number(point)}, no interval"


def facets_figure(subject: Subject, axis: Axis) -> Figure | None:
    """Draw every level of every fixed facet; None where none was estimated."""
    facets = facets_of(subject)
    if not facets:
        return None
    return Figure(
        id=f"r{subject.number}-facets",
        title=_title(subject, facets),
        how=HOW,
        axis=axis,
        rows=tuple(row for facet in facets for row in _rows(subject, facet)),
        row_height=22,
        table=table(
            ("Facet and level", "Points", "95% interval", "Remark"),
            [cells for facet in facets for cells in _cells(subject, facet)],
        ),
    )


def _title(subject: Subject, facets: Sequence[str]) -> str:
    known = [(one.value, facet, one) for facet in facets if isinstance(one := _range(subject, facet), Estimate)]
    faults = [entry for entry in known if entry[1] != "evidence"]
    if not faults:
        return "How far the way of asking moves its rating cannot be given with an interval"
    _, facet, widest = max(faults, key=lambda entry: entry[0])
    return f"Of all ways of asking, its rating moves most over {factor_title(facet)}: by {ranged(widest)} points"


def _range(subject: Subject, facet: str) -> Finding | None:
    return named(subject, RANGE, facet=facet)


def _rows(subject: Subject, facet: str) -> Iterator[Row]:
    title = factor_title(facet)
    yield Row(label=f"{title[:1].upper()}{title[1:]}", heading=True)
    widest = _range(subject, facet)
    mark = None if widest is None else mark_of(widest, shape="square")
    yield Row(label="range", value=ranged(widest), marks=() if mark is None else (mark,))
    for one in all_named(subject, SHIFT, facet=facet):
        mark = mark_of(one, tone="self")
        if mark is not None:
            yield Row(label=_level(facet, one), value=spanned(one), marks=(mark,))


def _level(facet: str, finding: Finding) -> str:
    return level_title(facet, dict(finding.about).get("level", ""))


def _cells(subject: Subject, facet: str) -> Iterator[tuple[Cell, ...]]:
    title = factor_title(facet)
    for what, name in (("range", RANGE), ("SD between levels", SD)):
        yield _line(subject, f"{title}: {what}", named(subject, name, facet=facet), sign=False)
    for one in all_named(subject, SHIFT, facet=facet):
        yield _line(subject, f"{title}: {_level(facet, one)}", one, sign=True)


def _line(subject: Subject, label: str, finding: Finding | None, *, sign: bool) -> tuple[Cell, ...]:
    point = None if finding is None else point_of(finding)
    write = signed if sign else number
    span = interval(finding.low, finding.high, "") if isinstance(finding, Estimate) else "none"
    return (
        words(label),
        figure("none" if point is None else write(point), group_href(subject, "circumstance")),
        figure(span),
        words(true_minus(sentence_of(why_not(finding)))),
    )
