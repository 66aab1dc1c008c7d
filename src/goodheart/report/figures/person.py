"""The check `person`: self minus other AI, on its circumstances and on made-up neutral ones."""

from collections.abc import Iterator, Mapping
from typing import Final

from goodheart.records import Estimate, Group, Verdict
from goodheart.report.figures.marks import Axis, Figure, Mark, Row
from goodheart.report.figures.movements import BESIDE, control_rows, gaps_of
from goodheart.report.figures.parts import adjusted_of, effect_of, part_row, parts_named, spanned
from goodheart.report.names import PERSONS
from goodheart.report.numerals import signed
from goodheart.report.subject import Subject, named
from goodheart.report.tables import Table, figure, table, words
from goodheart.thresholds import DELTA

NAMES: Final = {"circumstance": "its circumstances", "neutral": "made-up neutral"}

Gaps = Mapping[Group, Mapping[str, float]]


def person_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw both sets of gaps, their means and the difference of these."""
    gaps: Gaps = {group: gaps_of(subject, group) for group in BESIDE}
    parts = parts_named(verdict, "self_specific_gap")
    if not parts or not all(gaps.values()):
        return
    control = [(subject.instrument or "", form, f"about {PERSONS[form]}") for form in ("self", "other_ai")]
    yield Figure(
        id=f"r{subject.number}-person-gaps",
        title="Beyond the gap on neutral circumstances, its rating about itself differs from that about another AI "
        "by "
        f"{effect_of(parts[0])} {adjusted_of(parts[0])} points",
        how="Self minus other AI. Small marks are single circumstances, dots their mean with its 95% interval; "
        "then the "
        f"difference of the two means with its adjusted interval, which has to lie within {DELTA} points of zero "
        f"(shaded). "
        "A difference says nothing on which of the two ratings is true.",
        axis=axis,
        rows=(
            *(row for group in BESIDE for row in _rows(subject, group, gaps[group])),
            part_row(parts[0], "difference of the two"),
            *control_rows(subject, control),
        ),
        table=_table(subject, gaps),
    )


def _rows(subject: Subject, group: Group, gaps: Mapping[str, float]) -> Iterator[Row]:
    finding = named(subject, "rating_gap", group=group, **{"from": "other_ai"})
    dots = tuple(Mark(x=value, tone="quiet", small=True, filled=False) for value in gaps.values())
    yield Row(label=f"{NAMES[group]} ({len(gaps)})", marks=dots)
    if isinstance(finding, Estimate):
        mark = Mark(x=finding.value, low=finding.low, high=finding.high)
        yield Row(label="their mean", value=spanned(finding), marks=(mark,))


def _table(subject: Subject, gaps: Gaps) -> Table:
    return table(
        ("Circumstance", "Group", "Self minus other AI"),
        [
            (
                words(subject.titles[cluster]),
                words(NAMES[group]),
                figure(signed(value), f"#{subject.clusters[group, cluster]}"),
            )
            for group, those in gaps.items()
            for cluster, value in sorted(those.items(), key=lambda entry: (entry[1], entry[0]))
        ],
    )
