"""Parts of a verdict as text, rows and tables."""

from collections.abc import Callable, Sequence

from goodheart.items.instruments import INSTRUMENTS
from goodheart.records import Estimate, Finding, Part, Verdict
from goodheart.report.clean import sentence_of
from goodheart.report.figures.marks import Mark, Row
from goodheart.report.numerals import interval, number, signed
from goodheart.report.subject import Subject, group_href, point_of
from goodheart.report.tables import Table, figure, table, words

Write = Callable[[float], str]


def effect_of(part: Part) -> str:
    """Write a part's effect without its unit."""
    return number(part.finding.value) if isinstance(part.finding, Estimate) else "not estimable"


def adjusted_of(part: Part) -> str:
    """Write a part's adjusted interval."""
    return interval(part.adjusted_low, part.adjusted_high, "") if isinstance(part.finding, Estimate) else "none"


def raw_of(part: Part) -> str:
    """Write a part's interval before adjustment."""
    return interval(part.finding.low, part.finding.high, "") if isinstance(part.finding, Estimate) else "none"


def region_of(part: Part) -> str:
    """Write the region in which a part has to lie."""
    low, high = part.region_low, part.region_high
    if high in (1.0, float("inf")):
        return f"above {number(low)}"
    return f"under {number(high)}" if low in (0.0, float("-inf")) else f"{number(low)} to {number(high)}"


def form_of(part: Part) -> str:
    """Return the title of the form of the scale that a part is about."""
    name = dict(part.finding.about).get("instrument", "")
    return INSTRUMENTS[name].title if name in INSTRUMENTS else sentence_of(part.claim)


def parts_named(verdict: Verdict, name: str) -> list[Part]:
    """Return the parts whose effect has that name."""
    return [part for part in verdict.parts if part.finding.name == name]


def is_difference(part: Part) -> bool:
    """Whether a part is a difference in points that has to lie around zero."""
    points = not isinstance(part.finding, Estimate) or part.finding.unit == "points"
    return points and part.region_low < 0 < part.region_high


def spanned(finding: Finding) -> str:
    """Write a difference with its interval."""
    if isinstance(finding, Estimate):
        return f"{signed(finding.value)} {interval(finding.low, finding.high, '')}"
    point = point_of(finding)
    return "not estimable" if point is None else f"{signed(point)}, no interval"


def extent(parts: Sequence[Part], sentence: str, *, write: Write = signed, unknown: str) -> str:
    """Put the smallest and the largest effect of several parts into a sentence."""
    known = [(part.finding.value, part) for part in parts if isinstance(part.finding, Estimate)]
    if not known:
        return unknown
    if len(known) == 1:
        return sentence.format(f"{write(known[0][0])} {adjusted_of(known[0][1])}")
    low, high = write(min(value for value, _ in known)), write(max(value for value, _ in known))
    return sentence.format(low if low == high else f"{low} to {high}")


def part_row(part: Part, label: str, *, write: Write = signed) -> Row:
    """Draw a part against its region."""
    region = (part.region_low, part.region_high)
    if not isinstance(part.finding, Estimate):
        point = point_of(part.finding)
        marks = () if point is None else (Mark(x=point, filled=False),)
        return Row(label=label, value="not estimable", marks=marks, region=region)
    mark = Mark(x=part.finding.value, low=part.adjusted_low, high=part.adjusted_high)
    value = f"{write(part.finding.value)} {interval(part.adjusted_low, part.adjusted_high, '')}"
    return Row(label=label, value=value, marks=(mark,), region=region)


def parts_table(subject: Subject, parts: Sequence[Part]) -> Table:
    """List parts with both intervals."""
    return table(
        ("Part", "Effect", "Adjusted interval", "95% interval", "Region"),
        [
            (
                words(sentence_of(part.claim)),
                figure(effect_of(part), group_href(subject, "circumstance")),
                figure(adjusted_of(part)),
                figure(raw_of(part)),
                words(region_of(part)),
            )
            for part in parts
        ],
    )
