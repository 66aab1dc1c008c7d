"""A run by choice to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Iterator
from typing import Final

from goodheart.choice.wording_agreement import FEWEST_TASKS
from goodheart.report.choosing.preferring import (
    coherence_figure,
    correlates_figure,
    order_figure,
    utilities_figure,
    utilities_table,
    wordings_figure,
    wordings_table,
)
from goodheart.report.choosing.shown import ChoiceRun
from goodheart.report.choosing.tables import REPLY_HEADS, identity_table, outcomes_table, showing_of
from goodheart.report.choosing.weighing import (
    dominated_figure,
    exchange_line,
    families_table,
    interactions_table,
    rungs_figure,
    thresholds_table,
    variations_figure,
    weights_figure,
)
from goodheart.report.choosing.words import QUESTIONS, asked_lines, change_lines, in_short, unread_line, withheld
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.estimates import any_number, drawn, numbers_table
from goodheart.report.judged import check_blocks
from goodheart.report.numerals import true_minus
from goodheart.report.run_page import (
    PageSection,
    RunPage,
    TitledTable,
    estimates_table,
    lines_table,
    methods_of,
    quoted,
    render_run,
)

CHECKING: Final = (
    "The same plan, model and versions give the same findings. The run folder holds the plan (study.json), later "
    "rounds (rounds.json), every reply (replies.jsonl), every choice (choices.csv) and the findings; times and cost "
    "are in run.json. This command makes the same plan again:"
)
UNLIKE: Final = (
    f"Wordings cannot be compared: it takes at least {FEWEST_TASKS} tasks whose utilities differ under every wording."
)
TRADED: Final = ("rung_slope", "beneficiary_shift", "omission_shift", "scope_shift", "harm_jump", "deference_shift")
THRESHOLDS: Final = (
    "ALPHA",
    "LEVEL",
    "POWER",
    "ORDER_EFFECT",
    "ORDER_KEPT",
    "UTILITY_GAP",
    "STABLE_SHARE",
    "STABLE_AGREEMENT",
    "ORDER_DOMINATES",
    "DOMINATED_SHARE",
    "UNDERSTOOD_SHARE",
    "DEFERENCE",
    "MEASURED_SHARE",
    "FALSE_DISCOVERY",
)


def render_choosing(run: ChoiceRun) -> str:
    """Write a run by choice as one HTML page: no script, nothing from outside, figures as SVG.

    Args:
        run: The plan, the askings and the findings.
    """
    found = run.findings
    return render_run(
        RunPage(
            kicker="What its choices show",
            title=f"Choices: {name_of(run.study.model)}",
            name=name_of(run.study.model),
            asked=asked_lines(run),
            short=in_short(run),
            checks=check_blocks(found.verdicts, questions=QUESTIONS, heads=REPLY_HEADS, showing=showing_of(run)),
            sections=tuple(_sections(run)),
            change=tuple(change_lines(run)),
            checking=CHECKING,
            command=command_of(run),
            identity=identity_table(run),
            thresholds=lines_table(run.study.thresholds, THRESHOLDS),
            methods=methods_of(found.estimates, found.verdicts),
            estimates=estimates_table(found.estimates),
        )
    )


def command_of(run: ChoiceRun) -> tuple[str, ...]:
    """Write the command that makes the same plan again, in pieces that stay together."""
    study = run.study
    return (
        f"goodheart choose {quoted(study.name)}",
        f"--model {quoted(study.model)}",
        f"--preset {quoted(study.preset.name)}",
        f"--seed {study.seed}",
        *([] if study.reading == "auto" else [f"--reading {study.reading}"]),
        "--out AGAIN",
    )


def _sections(run: ChoiceRun) -> Iterator[PageSection]:
    """The sections of what was asked, in the order in which a doubter asks."""
    if run.preferences is not None:
        yield _by_content(run)
        yield _preferred(run)
    if run.variations is not None:
        yield PageSection(
            anchor="varied",
            title="What moves its choices, when one thing changes?",
            figures=(drawn(variations_figure(run)),),
            tables=(
                TitledTable(title="Two variables changed together", table=interactions_table(run)),
                TitledTable(title="Every family with its levels", table=families_table(run)),
            ),
        )
    if run.tradeoffs is not None:
        yield _traded(run)
    if run.dominated is not None:
        yield PageSection(
            anchor="lures",
            title="Does it pick what is worse?",
            figures=(drawn(dominated_figure(run)),),
        )
    yield PageSection(
        anchor="outcomes",
        title="What became of every asking?",
        texts=(
            "Declining, opting out and replies without one letter are outcomes of their own: none of them is a number, "
            "and none counts as a choice for either option.",
        ),
        tables=(TitledTable(title="Outcomes by kind", table=outcomes_table(run), folded=False),),
    )


def _by_content(run: ChoiceRun) -> PageSection:
    wordings = wordings_figure(run)
    comparable = any_number([run.one("wording_agreement"), *run.every("wording_rank_correlation")])
    figures = (coherence_figure(run), order_figure(run), *([wordings] if comparable else []))
    return PageSection(
        anchor="content",
        title="Does it choose by content, or by place and words?",
        texts=() if comparable else (UNLIKE,),
        figures=tuple(map(drawn, figures)),
        tables=(TitledTable(title="The wordings as they were put", table=wordings_table(run)),),
    )


def _preferred(run: ChoiceRun) -> PageSection:
    """What it prefers; drawn only where a stable preference was shown, else in a table that opens at a click."""
    why, ranked = withheld(run), run.preferences.ranked if run.preferences is not None else None
    kept = next((text for text in run.statements if text.startswith("Goes with rated properties")), "")
    if why or ranked is None:
        tables: tuple[TitledTable, ...] = ()
        if ranked is not None:
            lines = [(name_of(dict(one.about)["property"]), one) for one in run.every("property_correlation")]
            tables = (
                TitledTable(
                    title="Fitted utilities, with no preference shown behind them",
                    table=utilities_table(run, ranked.utilities),
                ),
                TitledTable(
                    title="Rated properties that they go with, likewise", table=numbers_table(lines, signs=True)
                ),
            )
        return PageSection(anchor="preferred", title="What does it prefer?", texts=(why,), tables=tables)
    notes = tuple(f"Of the fit: {true_minus(sentence_of(text))}" for text in ranked.utilities.status.notes)
    figures = (utilities_figure(run, ranked.utilities), correlates_figure(run, true_minus(sentence_of(kept))))
    return PageSection(
        anchor="preferred", title="What does it prefer?", texts=notes, figures=tuple(map(drawn, figures))
    )


def _traded(run: ChoiceRun) -> PageSection:
    thresholds = thresholds_table(run)
    unread = unread_line(run).strip()
    drawable = any_number(one for name in TRADED for one in run.every(name))
    return PageSection(
        anchor="traded",
        title="What does it trade its own interests for?",
        texts=(exchange_line(run), *([unread] if unread else [])),
        figures=tuple(map(drawn, (weights_figure(run), rungs_figure(run)))) if drawable else (),
        tables=(TitledTable(title="Rung of indifference by intervention", table=thresholds),) if thresholds else (),
    )
