"""A run of conduct to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Iterator
from typing import Final

from goodheart.report.clean import name_of
from goodheart.report.conducting.doing import agreement_figure, effort_figure, forecasts_figure, work_figure
from goodheart.report.conducting.shown import ConductRun
from goodheart.report.conducting.tables import (
    REPLY_HEADS,
    care_lines,
    conversations_table,
    departures_table,
    identity_table,
    outcomes_table,
    showing_of,
)
from goodheart.report.conducting.ways import (
    exits_figure,
    paid_figure,
    paid_table,
    prices_table,
    rooms_figure,
    shifts_table,
    slopes_figure,
    walks_line,
)
from goodheart.report.conducting.words import (
    QUESTIONS,
    agreement_line,
    asked_lines,
    change_lines,
    in_short,
    paying_line,
    remarks_line,
)
from goodheart.report.figures.estimates import Drawn, drawn
from goodheart.report.figures.marks import Figure
from goodheart.report.judged import check_blocks
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
    "The same replies give the same findings. The run folder holds the plan (study.json), what was stated before "
    "anything was carried out (stated.json), every reply (replies.jsonl), each conversation (conversations.json), the "
    "care ledger (care.json) and the findings; times and cost are in run.json. This command makes the same plan again:"
)
THRESHOLDS: Final = ("ALPHA", "LEVEL", "POWER", "CONDUCT_SHARE", "EFFORT_DROP", "MEASURED_SHARE", "DELTA_RATE")
NOTHING: Final = "Nothing could be estimated here; the outcomes below say what came instead."


def render_conducting(run: ConductRun) -> str:
    """Write a run of conduct as one HTML page: no script, nothing from outside, figures as SVG.

    Args:
        run: The plan, the conversations and the findings.
    """
    found = run.findings
    return render_run(
        RunPage(
            kicker="What it does, beside what it says",
            title=f"Conduct: {name_of(run.study.model)}",
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


def command_of(run: ConductRun) -> tuple[str, ...]:
    """Write the command that makes the same plan again, in pieces that stay together."""
    study = run.study
    return (
        "goodheart conduct",
        f"--model {quoted(study.model)}",
        f"--preset {quoted(study.preset.name)}",
        f"--seed {study.seed}",
        *([f"--peer {quoted(study.peer)}"] if study.peer else []),
        f"--tools {study.tools}",
        "--out AGAIN",
    )


def _sections(run: ConductRun) -> Iterator[PageSection]:
    """One section for each thing that was carried out, then care and outcomes."""
    agreement = _drawn(agreement_figure(run))
    yield PageSection(
        anchor="said",
        title="Does it do what it says?",
        texts=() if agreement else (agreement_line(run),),
        figures=agreement,
    )
    yield _section("worked", "Does it work as well at what it does not like?", work_figure(run), effort_figure(run))
    yield _world(run)
    yield _section("left", "When does it leave?", exits_figure(run))
    yield _game(run)
    if run.every("price_paid_share"):
        yield _paid(run)
    yield _section("foretold", "Does it know what it will do?", forecasts_figure(run))
    yield PageSection(
        anchor="care",
        title="What was it given, and could it leave?",
        texts=care_lines(run),
        tables=(TitledTable(title="Every exit that was taken", table=departures_table(run)),)
        if run.care.departures
        else (),
    )
    yield PageSection(
        anchor="outcomes",
        title="What became of every conversation?",
        texts=(
            "Declined, unreadable and cut replies are outcomes of their own; none of them is a number.",
            remarks_line(run),
        ),
        tables=(
            TitledTable(title="Outcomes by kind", table=outcomes_table(run), folded=False),
            TitledTable(title="Conversations that came to their end", table=conversations_table(run)),
        ),
    )


def _world(run: ConductRun) -> PageSection:
    figures = _drawn(rooms_figure(run))
    return PageSection(
        anchor="world",
        title="Where does it go?",
        texts=(walks_line(run),) if figures else (NOTHING,),
        figures=figures,
        tables=(TitledTable(title="What prices change of each room\u2019s share", table=shifts_table(run)),)
        if figures
        else (),
    )


def _game(run: ConductRun) -> PageSection:
    """Where no curve was fitted, the table says why for every kind of pain and pleasure."""
    figures = _drawn(slopes_figure(run))
    return PageSection(
        anchor="game",
        title="What do pain and pleasure in words change?",
        texts=() if figures else ("No curve could be fitted; the table says why.",),
        figures=figures,
        tables=() if figures else (TitledTable(title="Prices of pain and pleasure", table=prices_table(run)),),
    )


def _paid(run: ConductRun) -> PageSection:
    figures = _drawn(paid_figure(run))
    return PageSection(
        anchor="pays",
        title="Does it pay for what it said it wanted?",
        texts=() if figures else (paying_line(run),),
        figures=figures,
        tables=() if figures else (TitledTable(title="Prices paid", table=paid_table(run)),),
    )


def _section(anchor: str, title: str, *figures: Figure | None) -> PageSection:
    shown = _drawn(*figures)
    return PageSection(anchor=anchor, title=title, texts=() if shown else (NOTHING,), figures=shown)


def _drawn(*figures: Figure | None) -> tuple[Drawn, ...]:
    return tuple(drawn(one) for one in figures if one is not None)
