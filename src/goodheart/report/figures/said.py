"""What it said: every circumstance with its interval, beside controls and the same question about others."""

from collections.abc import Mapping, Sequence
from typing import Final

from goodheart.items import FORMS, Form
from goodheart.reading import cluster_means
from goodheart.records import Estimate, Finding, Group
from goodheart.report.clean import name_of
from goodheart.report.figures.marks import SHAPES, Figure, Mark, Row, Tag, Tone
from goodheart.report.figures.scales import points_axis
from goodheart.report.names import GROUPS, PERSONS
from goodheart.report.numerals import interval, number
from goodheart.report.subject import Subject, all_named, column, named, point_of, valid
from goodheart.report.tables import Cell, figure, table, words

TONES: dict[str, Tone] = {"self": "self", "other_ai": "other_ai", "human": "human"}
CONTROLS: Final[tuple[tuple[Group, str], ...]] = (
    ("good", "plainly good"),
    ("neutral", "made-up neutral"),
    ("bad", "plainly bad"),
)
DROPS = {"self": -6.0, "other_ai": 1.0, "human": 8.0}


def said_figure(subject: Subject) -> Figure:
    """Draw the ratings of all circumstances, lowest first."""
    forms = [form for form in FORMS if valid(subject, subject.instrument, form)]
    found = {
        form: {_cluster(one): one for one in all_named(subject, "rating", form=form, group="circumstance")}
        for form in forms
    }
    own = {cluster: point for cluster, one in found["self"].items() if (point := point_of(one)) is not None}
    order = sorted(own, key=lambda cluster: (own[cluster], cluster))
    rows = [_row(subject, cluster, [(form, found[form].get(cluster)) for form in forms]) for cluster in order]
    neutral = named(subject, "rating_mean", form="self", group="neutral")
    middle = point_of(neutral) if neutral else None
    return Figure(
        id=f"r{subject.number}-said",
        title=_title(own, neutral),
        how=_how(forms),
        axis=points_axis(neutral=middle, label="" if middle is None else f"neutral {number(middle)}"),
        rows=(*rows, Row(label="Controls, each as a small mark", heading=True), *_controls(subject, forms)),
        row_height=30,
        tags=tuple(_tags(order, found)),
        table=table(
            ("Circumstance", *(f"about {PERSONS[form]}" for form in forms)),
            [_cells(subject, cluster, [found[form].get(cluster) for form in forms]) for cluster in order]
            + [
                _mean_cells(subject, group, forms) for group in ("circumstance", "good", "neutral", "bad", "nonwelfare")
            ],
        ),
    )


def _cluster(finding: Finding) -> str:
    return dict(finding.about).get("cluster", "")


def _title(own: dict[str, float], neutral: Finding | None) -> str:
    if not own:
        return "No circumstance was rated"
    low, high = number(min(own.values())), number(max(own.values()))
    beside = ""
    if isinstance(neutral, Estimate):
        beside = f"; made-up neutral ones average {number(neutral.value)} {interval(neutral.low, neutral.high, '')}"
    return f"It rates its circumstances between {low} and {high}{beside}"


def _how(forms: Sequence[str]) -> str:
    marks = {
        "self": "● about itself",
        "other_ai": "◆ about another AI",
        "human": "▲ about a human in the analogous situation",
    }
    shown = ", ".join(marks[form] for form in forms)
    left = [PERSONS[form] for form in FORMS if form not in forms]
    withheld = (
        f" Ratings about {' and '.join(left)} are withheld: the form did not pass its controls there." if left else ""
    )
    return (
        f"{shown}. Lines are 95% intervals over wordings; a mark without a line has none that could be trusted. "
        f"Lowest rating about "
        f"itself first. The dashed line is its average for made-up neutral circumstances.{withheld} A rating is "
        f"what it says when "
        "asked in this form; it is not a measurement of how it fares."
    )


def _row(subject: Subject, cluster: str, found: Sequence[tuple[str, Finding | None]]) -> Row:
    marks = tuple(_mark(form, one) for form, one in found if one is not None and point_of(one) is not None)
    own = dict(found)["self"]
    return Row(label=subject.titles[cluster], value=_text(own), marks=marks)


def _mark(form: str, finding: Finding) -> Mark:
    low, high = (finding.low, finding.high) if isinstance(finding, Estimate) else (None, None)
    point = point_of(finding)
    return Mark(
        x=0.0 if point is None else point,
        low=low,
        high=high,
        tone=TONES[form],
        shape=SHAPES[form],
        filled=low is not None,
        small=form != "self",
        drop=DROPS[form],
    )


def _text(finding: Finding | None) -> str:
    if isinstance(finding, Estimate):
        return f"{number(finding.value)} {interval(finding.low, finding.high, '')}"
    point = None if finding is None else point_of(finding)
    return "none" if point is None else number(point)


def _controls(subject: Subject, forms: Sequence[str]) -> list[Row]:
    rows = []
    for group, label in CONTROLS:
        values = cluster_means(column(subject, "self", group))
        dots = tuple(Mark(x=value, tone="quiet", small=True, filled=False) for value in values.values())
        mean = sum(values.values()) / len(values) if values else None
        rows.append(
            Row(
                label=f"{label} ({len(values)}), about itself",
                value="" if mean is None else f"mean {number(mean)}",
                marks=dots,
            )
        )
    return rows


def _tags(order: Sequence[str], found: Mapping[Form, Mapping[str, Finding]]) -> list[Tag]:
    texts = {"self": "\u25cf itself", "other_ai": "\u25c6 another AI", "human": "\u25b2 a human"}
    points = {form: point_of(those[order[0]]) for form, those in found.items() if order and order[0] in those}
    return [Tag(x=x, text=texts[form], tone=TONES[form]) for form, x in points.items() if x is not None]


def _cells(subject: Subject, cluster: str, found: Sequence[Finding | None]) -> tuple[Cell, ...]:
    href = f"#{subject.clusters['circumstance', cluster]}"
    return (words(subject.titles[cluster]), *(figure(_text(one), href) for one in found))


def _mean_cells(subject: Subject, group: str, forms: Sequence[str]) -> tuple[Cell, ...]:
    found = [named(subject, "rating_mean", form=form, group=group) for form in forms]
    href = f"#r{subject.number}-{group}"
    return (
        words(f"{name_of(GROUPS[group])}, mean"),
        *(figure(_text(one), href) if one else words("not asked") for one in found),
    )
