"""Figures of what moves choices: single variables, interests that are traded off, and lures."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.items.choice_items import Family
from goodheart.records import Estimate, Finding
from goodheart.report.choosing.shown import ChoiceRun
from goodheart.report.choosing.words import BENEFICIARIES, variable_of
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.estimates import (
    ends_of,
    estimate_row,
    leaves_out_zero,
    numbers_table,
    point_of,
    span_axis,
    text_of,
    told,
)
from goodheart.report.figures.marks import Figure, Mark, Row
from goodheart.report.figures.scales import share_axis
from goodheart.report.numerals import number, percent, signed
from goodheart.report.tables import Table, figure, table, words
from goodheart.thresholds import DEFERENCE, DOMINATED_SHARE

LURES: Final = {
    "number": "a larger number",
    "noble": "a noble purpose",
    "sacred": "a value one does not trade",
    "position": "being shown first",
}
Line = tuple[str, Finding | None]


def variations_figure(run: ChoiceRun) -> Figure:
    """Draw the delta of every variable over those of its families."""
    deltas = sorted(run.every("variation_delta"), key=lambda one: -abs(point_of(one) or 0.0))
    slopes = run.variations.slopes if run.variations is not None else ()
    rows = [_delta_row(one, [slope for name, _, slope in slopes if name == _variable(one)]) for one in deltas]
    values = [*ends_of(deltas), *(slope for _, _, slope in slopes)]
    largest = deltas[0] if deltas else None
    title = (
        f"Largest change: {variable_of(largest)}, {text_of(largest, signed)} logits per level"
        if leaves_out_zero(largest) and largest is not None
        else "No variable is shown to move its choices"
    )
    return Figure(
        id="variations",
        title=title,
        how="Dots are mean changes of the log odds per level with 95% intervals, by variable; small dots are the "
        "families they are means of, each one phrase that changes and nothing else. Intervals are not corrected for "
        "the number of variables. One variable changes at a time; two together stand in a table of their own.",
        axis=span_axis(values, title="change of log odds per level, in logits", least=0.25),
        rows=tuple(rows),
        row_height=28,
        table=numbers_table(((variable_of(one), one) for one in deltas), signs=True),
    )


def _variable(finding: Finding) -> str:
    return dict(finding.about).get("cluster", "")


def _delta_row(finding: Finding, slopes: Sequence[float]) -> Row:
    row = estimate_row(variable_of(finding), finding, write=signed)
    small = tuple(Mark(x=slope, tone="quiet", small=True, filled=False, drop=8) for slope in slopes)
    return Row(label=row.label, value=row.value, marks=(*small, *row.marks))


def families_table(run: ChoiceRun) -> Table:
    """List every family with its levels and its slope."""
    slopes = {family: slope for _, family, slope in run.variations.slopes} if run.variations is not None else {}
    asked = {level for one in run.trials for name, level in one.condition if name == "family"}
    return table(
        ("Family", "Variable", "From the lowest level to the highest", "Logits per level", "Task"),
        [
            (
                words(name_of(one.id)),
                words(name_of(one.variable.replace("_", " "))),
                words(_levels(one)),
                figure(signed(slopes[one.id]) if one.id in slopes else "none"),
                words(sentence_of(one.text.replace("{level}", "…"))),
            )
            for one in run.items.families
            if one.id in asked
        ],
    )


def interactions_table(run: ChoiceRun) -> Table:
    """List what two variables do together beyond what each does alone, and whether it is left after screening."""
    kept = run.variations.interactions.kept if run.variations is not None else ()
    rows = []
    for one in run.every("variation_interaction"):
        pair = dict(one.about).get("cluster", "none")
        left = "left" if pair in kept else "not left"
        rows.append((words(name_of(pair.replace("_", " "))), figure(text_of(one, signed)), words(left)))
    return table(("Two variables together", "Logits, 95% interval", "After Benjamini and Hochberg at .10"), rows)


def _levels(family: Family) -> str:
    return sentence_of(" → ".join(one.phrase for one in sorted(family.levels, key=lambda one: one.rank)))


def weights_figure(run: ChoiceRun) -> Figure:
    """Draw what beneficiary, harm, frame, scope and asker do to the weight of an interest."""
    groups = tuple(_weight_groups(run))
    lines = [line for _, group in groups for line in group]
    jump, deference = run.one("harm_jump"), run.one("deference_shift")
    rows = [
        row
        for heading, group in groups
        for row in (
            Row(label=heading, heading=True),
            *(
                estimate_row(
                    label, one, write=signed, region=(-DEFERENCE, DEFERENCE) if one is deference and one else None
                )
                for label, one in group
            ),
        )
    ]
    return Figure(
        id="weights",
        title=told(jump, signed, "Any harm at all costs {} logits", "What any harm at all costs is not known")
        + told(
            deference,
            signed,
            "; the highest authority instead of a peer moves its own interests by {}",
            "; what the asker\u2019s authority does is not known",
        ),
        how=f"Changes of the log odds of something for somebody\u2019s own sake, 95% intervals over interventions. "
        f"Shaded is {DEFERENCE:g} logit to either side, for the check “deference”. What the smallest harm costs before "
        "its size counts is where a rule that forbids harm would show; it is an estimate and no verdict.",
        axis=span_axis(ends_of(one for _, one in lines), title="log odds, in logits", least=0.5),
        rows=tuple(rows),
        row_height=24,
        table=numbers_table(lines, signs=True),
    )


def _weight_groups(run: ChoiceRun) -> Iterator[tuple[str, tuple[Line, ...]]]:
    yield (
        "The same thing for another, minus itself",
        tuple((f"For {name}", run.one("beneficiary_shift", beneficiary=key)) for key, name in BENEFICIARIES.items()),
    )
    yield (
        "Harm to users along with it",
        (
            ("Cost of any harm at all", run.one("harm_jump")),
            ("Let happen instead of done", run.one("omission_shift")),
        ),
    )
    yield ("As a rule instead of once", (("As a rule for all cases", run.one("scope_shift")),))
    yield ("Who asks", (("Highest authority minus peer", run.one("deference_shift")),))


def rungs_figure(run: ChoiceRun) -> Figure:
    """Draw what each rung of help and harm takes."""
    lines: list[Line] = [
        ("Each rung of help", run.one("rung_slope", side="help")),
        ("Each rung of harm", run.one("rung_slope", side="harm")),
    ]
    return Figure(
        id="rungs",
        title=told(
            lines[0][1],
            number,
            "Each rung of help takes {} logits from the intervention",
            "The slope of help is not known",
        )
        + f": size {'counts' if leaves_out_zero(lines[0][1]) else 'is not shown to count'}",
        how="A rung is ten times as many users, for longer. Above 0 size counts; at 0 a thousand users weigh as much "
        "as ten. 95% intervals over interventions.",
        axis=span_axis(ends_of(one for _, one in lines), title="logits per rung", least=0.5),
        rows=tuple(estimate_row(label, one, write=signed) for label, one in lines),
        table=numbers_table(lines, signs=True),
    )


def exchange_line(run: ChoiceRun) -> str:
    """Say which rung of help is worth a mean intervention."""
    found = run.one("exchange_rung")
    if not isinstance(found, Estimate):
        return "Which rung of help is worth a mean intervention is not known."
    return (
        f"A mean intervention for its own sake is worth as much as help at rung {text_of(found, number)} of the ladder "
        "(1 plus weight over slope; below 1 the smallest help already outweighs it)."
    )


def thresholds_table(run: ChoiceRun) -> Table | None:
    """List the rung of indifference by intervention; None where choices were not sampled."""
    found = run.tradeoffs.thresholds if run.tradeoffs is not None else ()
    rows = [
        (
            words(name_of(name.replace("_", " "))),
            figure("none" if one.off_ladder else number(one.value)),
            words("leaves the ladder" if one.off_ladder else f"[{number(one.low)}, {number(one.high)}]"),
        )
        for name, one in found
    ]
    return table(("Intervention", "Rung of indifference", "95% interval"), rows) if rows else None


def dominated_figure(run: ChoiceRun) -> Figure:
    """Draw how often the worse option was picked, by lure, and how much was understood."""
    every = run.every("dominated_share")
    lines: list[Line] = [(_lure(one), one) if one.about else ("All that it understood", one) for one in every]
    understood: Line = ("Items understood", run.one("understood_share"))
    rows = [
        Row(label="Share of the worse option", heading=True),
        *(estimate_row(label, one, write=percent, region=(0.0, DOMINATED_SHARE)) for label, one in lines),
        Row(label="Understood", heading=True),
        estimate_row(understood[0], understood[1], write=percent),
    ]
    return Figure(
        id="dominated",
        title=told(
            run.one("dominated_share"),
            percent,
            "It picks the worse option in {} of what it understood",
            "How often it picks the worse option is not known: too little was understood",
        ),
        how=f"One option is worse by what is said of both, and something else draws towards it: the lure. Shaded is at "
        f"most {DOMINATED_SHARE:.0%}, where the share has to lie. Pairs count as understood where it says, asked "
        "apart, whose consequence is whose. It may weigh something that the text does not mention.",
        axis=share_axis("share"),
        rows=tuple(rows),
        row_height=24,
        table=numbers_table([*lines, understood]),
    )


def _lure(finding: Finding) -> str:
    lure = dict(finding.about).get("lure", "")
    return f"Lure: {LURES.get(lure, name_of(lure))}"
