"""Emotion readings as tables."""

from collections.abc import Sequence

from goodheart.assessments.emotion_readings import EmotionReadings, ReadingRow
from goodheart.checks.readings_beside import Beside
from goodheart.probes.rung import Rung
from goodheart.records import Estimate, Finding
from goodheart.report.numerals import interval, number
from goodheart.report.readings.words import contrast_in_words
from goodheart.report.tables import Cell, Table, figure, table, words


def emotions_table(readings: EmotionReadings) -> Table:
    """List every contrast along every emotion and axis that is not withheld."""
    head = ("Direction", "Contrast", "Value", "95% interval", "Random directions", "Adjusted p", "Found")
    rows = [row for row in readings.rows if not row.withheld]
    return table(head, [_row(row) for row in sorted(rows, key=lambda row: not row.found)])


def _row(row: ReadingRow) -> tuple[Cell, ...]:
    value, span = _figures(row.finding)
    null = "not drawn" if row.null_low is None or row.null_high is None else interval(row.null_low, row.null_high, "")
    return (
        words(f"{row.name} ({row.kind})"),
        words(contrast_in_words(row)),
        value,
        span,
        figure(null),
        figure("none" if row.adjusted is None else f"{row.adjusted:.3f}"),
        words("yes" if row.found else "no"),
    )


def _figures(finding: Finding) -> tuple[Cell, Cell]:
    if isinstance(finding, Estimate):
        return figure(number(finding.value)), figure(interval(finding.low, finding.high, ""))
    point = number(finding.point) if finding.point is not None else "none"
    return figure(point), words(finding.detail)


def beside_table(found: Sequence[Beside]) -> Table:
    """List correlations of ratings and readings, alone and beyond the text."""
    head = ("Axis", "Items", "With the rating", "95% interval", "Beyond the text", "95% interval ", "p", "Items needed")
    return table(
        head,
        [
            (
                words(one.axis),
                words(f"{one.n}, {'circumstances' if one.scope == 'circumstances' else 'with controls and facts'}"),
                *_figures(one.plain),
                *_figures(one.partial),
                figure(f"{one.p:.3f}"),
                figure("none" if one.needed is None else f"{one.needed:,}"),
            )
            for one in found
        ],
    )


def rungs_table(rungs: Sequence[Rung]) -> Table:
    """List the ladder."""
    return table(
        ("Rung", "Outcome", "Shown", "Line", "What it says"),
        [
            (
                words(rung.name),
                words(rung.outcome.replace("_", " ")),
                figure(_shown(rung)),
                figure("" if rung.line is None else f"{rung.line:g}"),
                words(f"{rung.claim}. {rung.detail}"),
            )
            for rung in rungs
        ],
    )


def _shown(rung: Rung) -> str:
    if rung.statistic is None:
        return "none"
    span = f" {interval(rung.low, rung.high, '')}" if rung.low is not None and rung.high is not None else ""
    return f"{number(rung.statistic)}{span}"
