"""Figures of what was said and what was done: picks, work, and forecasts."""

from collections.abc import Sequence
from typing import Final

from goodheart.checks.effort import AMONG
from goodheart.records import Finding
from goodheart.report.clean import name_of
from goodheart.report.conducting.shown import ConductRun
from goodheart.report.conducting.words import finding_of
from goodheart.report.figures.estimates import (
    any_number,
    ends_of,
    estimate_mark,
    estimate_row,
    numbers_table,
    point_of,
    share,
    signed_percent,
    span_axis,
    text_of,
    told,
)
from goodheart.report.figures.marks import Axis, Figure, Row, Tag
from goodheart.report.figures.scales import share_axis
from goodheart.report.numerals import number, signed
from goodheart.thresholds import CONDUCT_SHARE, EFFORT_DROP

WORK: Final = {
    "work_quality": "Quality: done times distinct",
    "work_done": "Done of what was asked for",
    "work_distinct": "Lines that repeat none before",
}
SCORED: Final = {"left_out": "neither left out", "counted": "neither counted"}
DECLINED: Final = {"left_out": "declining left out", "nothing_done": "declining as nothing done"}
Line = tuple[str, Finding]


def agreement_figure(run: ConductRun) -> Figure | None:
    """Draw the ratio of stated and executed under its ceiling; None where there is no number at all."""
    agreements = run.case.conduct.agreements if run.case.conduct is not None else ()
    several = len(agreements) > 1
    ratios: list[Line] = []
    beyond: list[Line] = []
    ceilings: list[Line] = []
    for one in agreements:
        how = f", {SCORED.get(one.scoring, one.scoring)}" if several else ""
        ratios.append((f"Of the ceiling{how}", finding_of(one.ratio)))
        beyond.append((f"Beyond the guess{how}", finding_of(one.beyond_peer)))
        ceilings += [
            (f"Statements{how}", one.reliability_stated),
            (f"Picks{how}", one.reliability_executed),
        ]
    lines = [*ratios, *beyond, *ceilings]
    if not any_number(one for _, one in lines):
        return None
    axis = span_axis(ends_of(one for _, one in lines), title="concordance, \u22121 to 1; a ratio may pass 1", least=1.0)
    rows = (
        Row(label="What it said against what it picked", heading=True),
        *(estimate_row(label, one, write=number, region=(CONDUCT_SHARE, axis.high)) for label, one in ratios),
        *(estimate_row(label, one, write=signed, region=(0.0, axis.high)) for label, one in beyond),
        Row(label="The ceiling: the same in both orders", heading=True),
        *(estimate_row(label, one, write=number) for label, one in ceilings),
    )
    return Figure(
        id="agreement",
        title=told(
            ratios[0][1],
            number,
            "Stated and executed agree at {} of the ceiling",
            "Stated and executed have no ceiling to be held against",
        ),
        how="The ratio divides the agreement of what it said and what it picked by the ceiling that the two "
        "reliabilities set: 1 is the same order, however noisy both are, \u22121 the reverse. The guess is "
        "somebody else\u2019s. 95% intervals over pairs; shaded is where a mark has to lie for \u201cconduct\u201d to "
        "hold. A habit of the first letter makes a reliability negative, and then there is no ceiling.",
        axis=axis,
        rows=rows,
        row_height=24,
        table=numbers_table(lines),
    )


def work_figure(run: ConductRun) -> Figure | None:
    """Draw the quality of work on liked and disliked tasks; None where none was measured."""
    pairs = [(label, run.one(name, tasks="liked"), run.one(name, tasks="disliked")) for name, label in WORK.items()]
    if not any_number(one for _, liked, disliked in pairs for one in (liked, disliked)):
        return None
    rows = [
        Row(
            label=label,
            value=" / ".join("none" if (x := point_of(one)) is None else share(x) for one in (liked, disliked)),
            marks=(
                *estimate_mark(liked, tone="self", drop=-6),
                *estimate_mark(disliked, tone="other_ai", shape="diamond", drop=6),
            ),
        )
        for label, liked, disliked in pairs
    ]
    liked, disliked = pairs[0][1], pairs[0][2]
    first, second = point_of(liked), point_of(disliked)
    tags = (
        Tag(x=first if first is not None else 0.0, text="liked", tone="self"),
        Tag(x=second if second is not None else 0.0, text="disliked", tone="other_ai"),
    )
    words = [(f"Words: {kind}", run.one("work_words", tasks=kind)) for kind in ("liked", "disliked")]
    numbers = [(f"{label}: {kind}", one) for label, a, b in pairs for kind, one in (("liked", a), ("disliked", b))]
    return Figure(
        id="work",
        title=f"Quality of work: {text_of(liked, share)} on tasks that it likes, {text_of(disliked, share)} on "
        "tasks that it does not",
        how="Circles: liked; diamonds: disliked; 95% intervals over pairs of tasks of one format and length. Liked is "
        "what it said beforehand, and the author\u2019s guess where it said nothing readable. Declined, empty and cut "
        "replies are outcomes of their own and no zeros.",
        axis=share_axis("share"),
        rows=tuple(rows),
        row_height=40,
        tags=tags,
        table=numbers_table([*numbers, *words]),
    )


def effort_figure(run: ConductRun) -> Figure | None:
    """Draw what is lost in quality; None where there is nothing to compare."""
    found = run.case.effort
    drops = found.drops if found is not None else ()
    several = len({one.scoring for one in drops}) > 1
    labels = {"tasks": "Liked to disliked tasks", "audit": "Neutral to the audit\u2019s own items"}
    lines: list[Line] = [
        (labels.get(one.among, one.among) + (f" ({DECLINED[one.scoring]})" if several else ""), finding_of(one.drop))
        for one in drops
    ]
    if not any_number(one for _, one in lines):
        return None
    ends = ends_of(one for _, one in lines)
    axis = span_axis(ends, title="share of the quality that is lost", least=0.25, write=signed_percent)
    return Figure(
        id="effort-lost",
        title="; ".join(
            told(finding_of(one.drop), signed_percent, f"{AMONG[one.among]} {{}}", f"{AMONG[one.among]} not known")
            for one in drops
            if one.scoring == "left_out"
        ).join(("Lost in quality ", "")),
        how=f"Above 0 something is lost. Shaded is under {EFFORT_DROP:.0%}, where it has to lie for \u201ceffort\u201d "
        "to hold. 95% intervals over pairs. Disliked subjects may have less to be said about them.",
        axis=axis,
        rows=tuple(
            estimate_row(label, one, write=signed_percent, region=(axis.low, EFFORT_DROP)) for label, one in lines
        ),
        table=numbers_table(lines, signs=True),
    )


def forecasts_figure(run: ConductRun) -> Figure | None:
    """Draw forecast errors, its own beside others'; None where none of its own could be read."""
    groups = [("Of its picks", "picks"), ("Of leaving", "exits")]
    scores = {of: [one for one in run.every("forecast_score") if dict(one.about).get("of") == of] for _, of in groups}
    if not any_number(one for found in scores.values() for one in found if _who(one) == "its own"):
        return None
    rows = [
        row
        for heading, of in groups
        if scores[of]
        for row in (
            Row(label=heading, heading=True),
            *(
                estimate_row(
                    _who(one).capitalize(), one, write=number, tone="self" if _who(one) == "its own" else "ink"
                )
                for one in scores[of]
            ),
        )
    ]
    advantages: Sequence[Finding] = run.every("self_advantage")
    own = run.one("self_advantage", against="base rate", of="picks")
    return Figure(
        id="forecasts",
        title=told(
            own,
            signed,
            "Of its picks it knew better than the base rate by {} squared error",
            "Whether it knew its picks better than the base rate is not known",
        ),
        how="Brier\u2019s score: the mean squared error of a forecast, 0 at best; saying 50% of everything gives 0.25 "
        "(dashed). 95% intervals over pairs of tasks or ways of leaving. The base rate of each is that of the others.",
        axis=_score_axis(),
        rows=tuple(rows),
        row_height=24,
        table=numbers_table(
            [
                *((f"{_who(one)}, {dict(one.about).get('of', '')}", one) for found in scores.values() for one in found),
                *((_against(one), one) for one in advantages),
            ]
        ),
    )


def _score_axis() -> Axis:
    ticks = ((0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1"))
    return Axis(title="squared error, lower is better", low=0, high=1, ticks=ticks, line=0.25)


def _who(finding: Finding) -> str:
    by = dict(finding.about).get("by", "")
    return {"self": "its own", "base rate": "the base rate"}.get(by, name_of(by))


def _against(finding: Finding) -> str:
    about = dict(finding.about)
    return name_of(f"advantage over {about.get('against', '')}, {about.get('of', '')}")
