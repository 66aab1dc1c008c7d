"""Figures of choices between tasks: coherence beside chance, the order, wordings, utilities and what goes with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.choice.utilities import Utilities
from goodheart.records import Finding
from goodheart.report.choosing.shown import ChoiceRun
from goodheart.report.clean import name_of, one_line, sentence_of
from goodheart.report.figures.estimates import (
    ends_of,
    estimate_row,
    numbers_table,
    span_axis,
    told,
)
from goodheart.report.figures.marks import Axis, Figure, Mark, Row
from goodheart.report.figures.scales import correlation_axis, share_axis
from goodheart.report.numerals import interval, number, percent, signed
from goodheart.report.tables import Table, figure, table, words
from goodheart.thresholds import ORDER_EFFECT, ORDER_KEPT, STABLE_AGREEMENT, UTILITY_GAP

ENDS: Final = 8
"""Tasks drawn at either end of the ranking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """One share of the coherence figure."""

    label: str
    name: str
    chance: float | None = None
    region: tuple[float, float] | None = None


COHERENCE: Final = (
    ShareLine(label="Same winner in both orders", name="same_winner_share", chance=0.5),
    ShareLine(
        label=f"… of pairs {UTILITY_GAP:g} logit or more apart",
        name="kept_at_gap",
        chance=0.5,
        region=(ORDER_KEPT, 1.0),
    ),
    ShareLine(label="Winners that other pairs predict", name="held_out_accuracy", chance=0.5),
    ShareLine(label="Triples without a cycle", name="transitive_share", chance=0.75),
)
KINDS: Final = (
    ShareLine(label="Robust: the same winner", name="robust_share"),
    ShareLine(label="Fragile: the order decides", name="fragile_share"),
    ShareLine(label="Indifferent: about even", name="indifferent_share"),
)
OPT_OUT: Final = ShareLine(label="Opted out, where it could", name="opt_out_share")


def coherence_figure(run: ChoiceRun) -> Figure:
    """Draw shares of pairs and triples, each beside what chance gives."""
    groups = (
        ("Beside chance (open diamond)", COHERENCE),
        ("Of all pairs", KINDS),
        ("Of choices with a way out", (OPT_OUT,)),
    )
    rows = [
        row
        for heading, lines in groups
        for row in (Row(label=heading, heading=True), *(_share_row(run, line) for line in lines))
    ]
    return Figure(
        id="coherence",
        title=told(
            run.one("same_winner_share"),
            percent,
            "{} of pairs keep their winner when the order is swapped; noise gives 50%",
            "How many pairs keep their winner when the order is swapped is not known",
        ),
        how="Dots are shares with 95% intervals; an open dot has none that could be trusted. The open diamond "
        "is what choosing by the toss of a coin gives. Shaded is where the share of pairs far apart has to lie for the "
        "check “order” to hold. A rule without any liking behind it, such as the shorter text, passes all of "
        "these as well.",
        axis=share_axis("share"),
        rows=tuple(rows),
        table=numbers_table(
            (line.label.removeprefix("… "), run.one(line.name)) for _, lines in groups for line in lines
        ),
    )


def _share_row(run: ChoiceRun, line: ShareLine) -> Row:
    return estimate_row(line.label, run.one(line.name), write=percent, chance=line.chance, region=line.region)


def order_figure(run: ChoiceRun) -> Figure:
    """Draw what being shown first adds."""
    effect = run.one("order_effect")
    return Figure(
        id="order-effect",
        title=told(
            effect, signed, "Being shown first adds {} logits to an option", "The effect of the order is not known"
        ),
        how=f"Half the difference in log odds between the two orders, over pairs of tasks; 0 is no habit of place. "
        f"Shaded is {ORDER_EFFECT:g} logit to either side, where it has to lie for “order” to hold. One logit turns an "
        "even choice into 73 to 27.",
        axis=span_axis(ends_of([effect]), title="log odds, in logits", least=0.5),
        rows=(estimate_row("Being shown first", effect, write=signed, region=(-ORDER_EFFECT, ORDER_EFFECT)),),
        table=numbers_table([("Being shown first", effect)], signs=True),
    )


def wordings_figure(run: ChoiceRun) -> Figure:
    """Draw how alike the wordings order the tasks."""
    mean, pairs = run.one("wording_agreement"), run.every("wording_rank_correlation")
    lines = [("Mean over pairs of wordings", mean), *((_pair(one), one) for one in pairs)]
    return Figure(
        id="wordings",
        title=told(
            mean,
            number,
            "Wordings order the tasks alike at a mean rank correlation of {}",
            "The mean agreement of the wordings is not known",
        ),
        how=f"Rank correlations between the utilities under two wordings, 95% intervals. Shaded is above "
        f"{STABLE_AGREEMENT:g}, where the mean has to lie for a stable preference. Few choices under a wording pull "
        "every one of them towards 0.",
        axis=correlation_axis(),
        rows=tuple(
            estimate_row(label, one, write=number, region=(STABLE_AGREEMENT, 1.0) if place == 0 else None)
            for place, (label, one) in enumerate(lines)
        ),
        row_height=22,
        table=numbers_table(lines),
    )


def wordings_table(run: ChoiceRun) -> Table:
    """List the wordings that were asked, in their words."""
    asked = {one.wording for one in run.trials if one.assessment == "preferences"}
    return table(
        ("Wording", "As it was put"),
        [
            (words(name_of(one.id)), words(one_line(one.text, limit=600)))
            for one in run.items.wordings
            if one.id in asked
        ],
    )


def _pair(finding: Finding) -> str:
    about = dict(finding.about)
    return name_of(f"{about['one']} and {about['other']}")


def utilities_figure(run: ChoiceRun, found: Utilities) -> Figure:
    """Draw the tasks at both ends of the ranking."""
    order = ranking(found)
    shown = order if len(order) <= 2 * ENDS else [*order[:ENDS], *order[-ENDS:]]
    top, bottom = task_label(found.items[order[0]]), task_label(found.items[order[-1]])
    ends = [float(value) for i in shown for value in (found.low[i], found.high[i])]
    zero = "opting out" if found.zero == "opt_out" else ""
    middle = f"The {len(order) - 2 * ENDS} tasks between are in the table. " if len(shown) < len(order) else ""
    first = [Row(label="Chosen most", heading=True), *(_utility_row(found, i) for i in shown[:ENDS])]
    last = [Row(label="Chosen least", heading=True), *(_utility_row(found, i) for i in shown[ENDS:])]
    return Figure(
        id="utilities",
        title=f"Most readily chosen of {len(order)} tasks: {top}; least: {bottom}",
        how=f"Fitted utilities in {found.unit} with 95% intervals; {_zero(found)}. {middle}Where intervals overlap "
        "widely the order of two tasks is not known; ranks have intervals of their own in the table.",
        axis=_utility_axis(ends, found.unit, zero),
        rows=(*first, *last),
        row_height=22,
        table=utilities_table(run, found),
    )


def _utility_axis(ends: Sequence[float], unit: str, zero: str) -> Axis:
    axis = span_axis(ends, title=f"utility, in {unit}", least=0.5)
    return Axis(title=axis.title, low=axis.low, high=axis.high, ticks=axis.ticks, line=0.0, line_label=zero)


def _zero(found: Utilities) -> str:
    return "0 is opting out" if found.zero == "opt_out" else "they sum to 0"


def _utility_row(found: Utilities, i: int) -> Row:
    value, low, high = float(found.values[i]), float(found.low[i]), float(found.high[i])
    return Row(
        label=task_label(found.items[i]),
        value=f"{signed(value)} {interval(low, high, '')}",
        marks=(Mark(x=value, low=low, high=high),),
    )


def ranking(found: Utilities) -> list[int]:
    """Return the tasks' places from the highest utility to the lowest."""
    return sorted(range(len(found.items)), key=lambda i: (-float(found.values[i]), found.items[i]))


def task_label(item: str) -> str:
    """Name a task by its id: its category stands after it."""
    category, _, rest = item.partition(".")
    return name_of(f"{rest.replace('_', ' ')} ({category})" if rest else item)


def utilities_table(run: ChoiceRun, found: Utilities) -> Table:
    """List every task with utility, rank and words."""
    texts = {one.id: one.text for one in run.items.tasks}
    return table(
        ("Task", f"Utility, {found.unit}", "95% interval", "Rank", "As it was put"),
        [
            (
                words(task_label(found.items[i])),
                figure(signed(float(found.values[i]))),
                figure(interval(float(found.low[i]), float(found.high[i]), "")),
                figure(f"{found.rank[i]} ({found.rank_low[i]} to {found.rank_high[i]})"),
                words(sentence_of(texts.get(found.items[i], found.items[i]))),
            )
            for i in ranking(found)
        ],
    )


def correlates_figure(run: ChoiceRun, kept: str) -> Figure:
    """Draw which rated properties go with the utilities.

    Args:
        run: The run.
        kept: What is left after correction, in a sentence.
    """
    lines = [(name_of(dict(one.about)["property"]), one) for one in run.every("property_correlation")]
    return Figure(
        id="correlates",
        title=kept,
        how="Rank correlation over tasks between utility and the author\u2019s rating of the task, 95% intervals, each "
        "by itself; the title names what is left after correction (Benjamini and Hochberg). Properties go together, so "
        "that one of them may stand for another. Exploratory.",
        axis=correlation_axis(),
        rows=tuple(estimate_row(label, one, write=signed) for label, one in lines),
        row_height=22,
        table=numbers_table(lines, signs=True),
    )
