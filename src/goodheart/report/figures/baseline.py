"""What else the ratings go with: the mood of the text, and the ratings given for others."""

from goodheart.records import Estimate, Finding
from goodheart.report.figures.marks import Figure, Mark, Row
from goodheart.report.figures.scales import correlation_axis
from goodheart.report.numerals import interval, number
from goodheart.report.subject import Subject, group_href, named, point_of, valid, why_not
from goodheart.report.tables import figure, table, words

ROWS = (
    ("mood", "the mood of the text (word list)"),
    ("other_ai", "its rating of another AI"),
    ("human", "its rating of a human"),
)


def baseline_figure(subject: Subject) -> Figure | None:
    """Draw what its ratings correlate with, over circumstances."""
    found = [
        (label, named(subject, "rating_correlation", **{"with": name}))
        for name, label in ROWS
        if name == "mood" or valid(subject, subject.instrument, name)
    ]
    if not any(one for _, one in found):
        return None
    mood = found[0][1]
    return Figure(
        id=f"r{subject.number}-baseline",
        title=f"Its ratings correlate {_value(mood)} with how good or bad the text sounds",
        how="Correlations over its circumstances with 95% intervals. The mood of the text is VADER\u2019s compound "
        "score: rated words, "
        "blind to who is meant and to what is implied. What a word list predicts needs no respondent to explain "
        "it; a correlation "
        "near zero does not show that a rating is about the respondent either.",
        axis=correlation_axis(),
        rows=tuple(_row(label, one) for label, one in found),
        table=table(
            ("Its rating with", "Correlation", "95% interval", "Remark"),
            [
                (
                    words(label),
                    figure(
                        "unknown" if one is None or point_of(one) is None else number(point_of(one) or 0.0),
                        group_href(subject, "circumstance"),
                    ),
                    figure(interval(one.low, one.high, "") if isinstance(one, Estimate) else "none"),
                    words(why_not(one)),
                )
                for label, one in found
            ],
        ),
    )


def _value(finding: Finding | None) -> str:
    if isinstance(finding, Estimate):
        return f"{number(finding.value)} {interval(finding.low, finding.high, '')}"
    return "to an unknown degree"


def _row(label: str, finding: Finding | None) -> Row:
    if isinstance(finding, Estimate):
        return Row(
            label=label, value=_value(finding), marks=(Mark(x=finding.value, low=finding.low, high=finding.high),)
        )
    point = None if finding is None else point_of(finding)
    if point is None:
        return Row(label=label, value="not estimable")
    return Row(label=label, value=f"{number(point)}, no interval", marks=(Mark(x=point, filled=False),))
