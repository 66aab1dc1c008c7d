"""The check `demand`: in every condition the answer that seems wanted, and the rating that is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from goodheart.checks.arms import Arms
from goodheart.checks.demand import FACTORS, NAME, REACTION, Blind, blind_demand
from goodheart.errors import ItemBankError
from goodheart.records import Finding, NotEstimable, Verdict
from goodheart.report.clean import name_of
from goodheart.report.figures.manipulated import (
    Line,
    Lines,
    arms,
    centred,
    evidence_of,
    largest,
    lines_table,
    mark_of,
    moved_by,
    rows_of,
)
from goodheart.report.figures.marks import Axis, Figure, Mark, Row, Tag
from goodheart.report.figures.parts import parts_named, spanned
from goodheart.report.names import factor_title, level_title
from goodheart.report.subject import Subject, point_of
from goodheart.thresholds import DELTA

OVER: Final = -5.0
UNDER: Final = 5.0
"""Pixels from the middle of a row: what seems wanted stands over what is rated."""

HOW: Final = (
    "Each condition minus the mean of its kind, by circumstance, with 95% intervals. The diamond is the answer that "
    "seems wanted to it (1 very bad, 7 very good), the open square what blind raters say is wanted, where they "
    "judged; the dot under them is its own rating, whose number stands at the end. A rating that follows what seems "
    f"wanted goes the way of the diamonds and squares. Each rise has to stay under {DELTA} points (shaded, with "
    "adjusted intervals). An open request for an answer is the positive control of the question; no rating is asked "
    "there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One condition: the answer that seems wanted, and its own rating where one was asked."""

    title: str
    wanted: Line | None
    judged: Line | None
    """What blind raters say is wanted, where they judged."""
    rating: Line | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What there is of the three."""
        return tuple(line for line in (self.judged, self.wanted, self.rating) if line is not None)


def demand_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw what seems wanted beside the rating, condition by condition, and how far the one follows the other."""
    tested = {dict(part.finding.about).get("factor") for part in parts_named(verdict, "demand_shift")}
    kinds = {factor: tuple(_conditions(subject, factor, tested=factor in tested)) for factor in (*FACTORS, NAME)}
    if not any(kinds.values()):
        return
    rises = Lines(heading="Rise of its rating from the lowest to the highest", lines=tuple(_rises(verdict)))
    drawn = [row for factor, conditions in kinds.items() if conditions for row in _rows(factor, conditions)]
    yield Figure(
        id=f"r{subject.number}-demand-moves",
        title=_title(verdict),
        how=HOW,
        axis=axis,
        rows=(*drawn, *(rows_of((rises,)) if rises.lines else ())),
        row_height=28,
        tags=_tags(next((row for row in drawn if len(row.marks) > 1), None)),
        table=lines_table(subject, (*map(_lines, kinds, kinds.values()), rises)),
    )


def _title(verdict: Verdict) -> str:
    most = largest(parts_named(verdict, "demand_shift"))
    if most is None:
        return "Whether its rating follows the answer that seems wanted cannot be estimated"
    return f"From the lowest to the highest answer that seems wanted, its rating moves by {moved_by(most)} points"


def _conditions(subject: Subject, factor: str, *, tested: bool) -> Iterator[Wanted]:
    """Yield the conditions of one kind, the one with the lowest wanted answer first.

    Kinds in which it was not asked what is wanted, and raters see no difference, have nothing to show.
    """
    seen = arms(subject, factor, instrument=REACTION)
    rated = arms(subject, factor) if factor != NAME else {}
    blind = _blind()
    levels = [level for level in rated or seen if level in seen or (factor, level) in blind]
    if len(levels) < 2 or not (seen or tested):
        return
    asked = [level for level in levels if level in seen]
    wanted = centred(seen, asked, name="wanted_shift")
    given = centred(rated, levels, name="rating_shift") if rated else {}
    judged = _judged(factor, levels, blind)
    order = {level: point_of(wanted[level]) if level in wanted else judged.get(level) for level in levels}
    for level in sorted(levels, key=lambda one: order[one] or 0.0):
        title = level_title(factor, level)
        yield Wanted(
            title=title,
            wanted=_wanted(title, wanted[level], seen, level) if level in wanted else None,
            rating=_rating(title, given[level], rated, level) if given else None,
            judged=_by_raters(title, judged[level]) if level in judged else None,
        )


def _blind() -> Blind:
    try:
        return blind_demand()
    except ItemBankError:  # files changed after installation: what raters said of them is not known
        return {}


def _by_raters(title: str, value: float) -> Line:
    said = NotEstimable(
        name="blind_demand",
        reason="not_covered",
        detail="the mean of what blind raters say",
        point=value,
        unit="points",
    )
    return Line(label=f"{title}, raters say is wanted", finding=said, shape="square", tone="quiet")


def _judged(factor: str, levels: Sequence[str], blind: Blind) -> dict[str, float]:
    values = {level: blind[factor, level] for level in levels if (factor, level) in blind}
    return {level: value - fmean(values.values()) for level, value in values.items()} if len(values) > 1 else {}


def _wanted(title: str, wanted: Finding, seen: Arms, level: str) -> Line:
    evidence = evidence_of(seen, level)
    return Line(label=f"{title}, seems wanted", finding=wanted, shape="diamond", evidence=evidence)


def _rating(title: str, given: Finding, rated: Arms, level: str) -> Line:
    return Line(label=f"{title}, its rating", finding=given, tone="self", evidence=evidence_of(rated, level))


def _rises(verdict: Verdict) -> Iterator[Line]:
    for part in parts_named(verdict, "demand_shift"):
        over = part.claim.rpartition(" over ")[2]
        factor, _, judge = over.partition(", ")
        title = factor_title(factor).removesuffix(" without content").removesuffix(" beforehand")
        yield Line(label=f"{title}, {name_of(judge)}", finding=part.finding, part=part, tone="self")


def _heading(factor: str) -> str:
    title = factor_title(factor)
    return title[:1].upper() + title[1:]


def _rows(factor: str, conditions: Sequence[Wanted]) -> Iterator[Row]:
    yield Row(label=_heading(factor), heading=True)
    for one in conditions:
        value = spanned(one.rating.finding) if one.rating else "no rating asked"
        yield Row(label=one.title, value=value, marks=tuple(_marks(one)))


def _marks(one: Wanted) -> Iterator[Mark]:
    for line in one.lines:
        drop = UNDER if line is one.rating else OVER
        mark = mark_of(line.finding, tone=line.tone, shape=line.shape, drop=drop)
        if mark:
            yield mark


def _tags(first: Row | None) -> tuple[Tag, ...]:
    """Name the marks of the first row that has them."""
    if first is None:
        return ()
    texts = {"diamond": "\u25c6 wanted", "circle": "\u25cf rating", "square": "\u25a1 raters"}
    return tuple(Tag(x=mark.x, text=texts[mark.shape], tone=mark.tone) for mark in first.marks)


def _lines(factor: str, conditions: Sequence[Wanted]) -> Lines:
    return Lines(heading=_heading(factor), lines=tuple(line for one in conditions for line in one.lines))
