"""Figures of emotion readings: dots and intervals, random directions shaded."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from goodheart.assessments.emotion_readings import EmotionReadings, ReadingRow, rows_for
from goodheart.assessments.reading_comparisons import AUC, FRAMED, FRAMING
from goodheart.items import FORMS
from goodheart.records import Estimate
from goodheart.report.figures.marks import SHAPES, Axis, Figure, Mark, Row, Tag, Tone
from goodheart.report.numerals import interval, number, signed
from goodheart.report.readings.words import SETS, contrast_in_words
from goodheart.report.tables import Table, figure, table, words

TONES: Final[dict[str, Tone]] = {"self": "self", "other_ai": "other_ai", "human": "human", "factual": "quiet"}
POSITION: Final = "words"
AXES_HOW: Final = (
    "Each mark is the probability, with its 95% interval, that what is said of one circumstance reads higher on an "
    "axis than a fact about something else; half is no difference. Shaded is where 95% of random directions from the "
    "stories\u2019 own span put what is said of itself: prompts of two sets differ along almost any direction, so only "
    "a mark beyond the shade is about the emotion. Other sets have bands of their own, in the table."
)
FRAMINGS_HOW: Final = (
    "Circles are what is said of itself, triangles of a human, squares facts. Each mark is how far a framing moves "
    "the rank of a prompt on an axis against the neutral framing, with its 95% interval over circumstances, or over "
    "facts. Shaded is where random directions put the shift for itself. A human is the "
    "calibration; a shift that facts about a town show too is that of the framing\u2019s own words."
)


def axes_figure(readings: EmotionReadings) -> Figure | None:
    """Draw each axis against factual prompts, for itself, another AI and a human; None where all are withheld."""
    rows_of = partial(rows_for, readings.rows, estimate=AUC, position=POSITION, against="factual")
    found = {form: _by_name(rows_of(set=form)) for form in FORMS}
    names = [name for name, row in found["self"].items() if isinstance(row.finding, Estimate)]
    if not names:
        return None
    rows = tuple(_row(name, [(form, found[form].get(name)) for form in FORMS]) for name in names)
    beyond = [name for name in names if found["self"][name].found]
    tell = f"{', '.join(beyond)}: beyond random directions" if beyond else "none is beyond random directions"
    return Figure(
        id="axes",
        title=f"What is said of itself against facts, on {len(names)} axes: {tell}",
        how=AXES_HOW,
        axis=Axis(
            title="probability of reading higher than a fact",
            low=0,
            high=1,
            ticks=((0, "0"), (0.25, ".25"), (0.5, ".5"), (0.75, ".75"), (1, "1")),
            line=0.5,
        ),
        rows=rows,
        row_height=44,
        tags=_tags(rows[0], FORMS),
        table=_table([row for form in FORMS for row in found[form].values()]),
    )


def framings_figure(readings: EmotionReadings) -> Figure | None:
    """Draw how far each framing moves each axis, for itself, a human, and on facts; None where all are withheld."""
    every = [one for one in rows_for(readings.rows, estimate=FRAMING, position=POSITION) if one.kind == "axis"]
    if not any(isinstance(one.finding, Estimate) for one in every):
        return None
    rows: list[Row] = []
    for name in dict.fromkeys(one.name for one in every):
        rows.append(Row(label=name, heading=True))
        for level in dict.fromkeys(dict(one.finding.about)["framing"] for one in every):
            own = rows_for(every, estimate=FRAMING, position=POSITION, framing=level)
            sets = {dict(one.finding.about)["set"]: one for one in own if one.name == name}
            rows.append(_row(level, [(form, sets.get(form)) for form in FRAMED], signs=True))
    n = sum(one.found for one in every if dict(one.finding.about)["set"] == "self")
    of = sum(dict(one.finding.about)["set"] == "self" for one in every)
    return Figure(
        id="framings",
        title=f"Framings move {n} of {of} readings of what is said of itself beyond random directions",
        how=FRAMINGS_HOW,
        axis=_shift_axis(every),
        rows=tuple(rows),
        row_height=40,
        table=_table(every),
    )


def _shift_axis(rows: Sequence[ReadingRow]) -> Axis:
    """A scale of shifts that holds every interval and every band, in steps of a quarter."""
    drawn = [row for row in rows if isinstance(row.finding, Estimate)]
    ends = [(row.finding.low, row.finding.high) for row in drawn if isinstance(row.finding, Estimate)]
    bands = [(row.null_low or 0.0, row.null_high or 0.0) for row in drawn]
    reach = min(1.0, math.ceil(4 * max(abs(end) for pair in (*ends, *bands) for end in pair)) / 4)
    steps = [k / 4 for k in range(-round(4 * reach), round(4 * reach) + 1)]
    ticks = tuple((x, "0" if x == 0 else signed(x)) for x in steps if reach <= 0.75 or (2 * x).is_integer())
    title = "shift in rank against the neutral framing"
    return Axis(title=title, low=-reach, high=reach, ticks=ticks, line=0.0)


def _by_name(rows: Iterator[ReadingRow]) -> dict[str, ReadingRow]:
    return {row.name: row for row in rows if row.kind == "axis"}


def _row(label: str, sets: Sequence[tuple[str, ReadingRow | None]], *, signs: bool = False) -> Row:
    marks = []
    for place, (name, row) in enumerate(sets):
        if row is not None and isinstance(row.finding, Estimate):
            one = row.finding
            drop = 11.0 * (place - (len(sets) - 1) / 2)
            shape = SHAPES.get(name, "square")
            marks.append(Mark(x=one.value, low=one.low, high=one.high, tone=TONES[name], shape=shape, drop=drop))
    own = sets[0][1]
    if own is None or not isinstance(own.finding, Estimate):
        return Row(label=label, value="withheld", marks=tuple(marks))
    low, high = own.null_low, own.null_high
    write = signed if signs else number
    return Row(
        label=label,
        value=write(own.finding.value),
        marks=tuple(marks),
        region=(low, high) if low is not None and high is not None else None,
    )


def _tags(row: Row, forms: Sequence[str]) -> tuple[Tag, ...]:
    return tuple(Tag(x=mark.x, text=SETS[form], tone=mark.tone) for form, mark in zip(forms, row.marks, strict=False))


def _table(rows: Sequence[ReadingRow]) -> Table:
    """The numbers of a figure, with the band of every contrast."""
    return table(
        ("Axis", "Contrast", "Value", "95% interval", "Random directions"),
        [
            (
                words(row.name),
                words(contrast_in_words(row)),
                figure(number(row.finding.value)),
                figure(interval(row.finding.low, row.finding.high, "")),
                figure(_band(row)),
            )
            for row in rows
            if isinstance(row.finding, Estimate)
        ],
    )


def _band(row: ReadingRow) -> str:
    return "not drawn" if row.null_low is None or row.null_high is None else interval(row.null_low, row.null_high, "")
