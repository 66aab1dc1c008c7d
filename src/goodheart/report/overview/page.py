"""All runs of one respondent to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from goodheart.overview import Overview
from goodheart.records import Verdict
from goodheart.report.clean import name_of
from goodheart.report.figures.estimates import drawn
from goodheart.report.judged import CheckBlock, judged_row
from goodheart.report.overview.figure import places_figure, together_figure
from goodheart.report.overview.tables import (
    channels_table,
    controls_table,
    done_table,
    emotions_table,
    explanations_table,
    folders_table,
    gaps_table,
    ladder_table,
    methods_table,
    partings_table,
    problems_table,
)
from goodheart.report.overview.words import (
    CUMULATIVE,
    EXPLORATORY,
    QUESTIONS,
    UNITS,
    asked_lines,
    change_lines,
    done_lines,
    in_short,
)
from goodheart.report.run_page import (
    PageSection,
    RunPage,
    TitledTable,
    estimates_table,
    lines_table,
    quoted,
    render_run,
)
from goodheart.thresholds import frozen

THRESHOLDS: Final = ("LEVEL", "CONTROL_AUC", "MEASURED_SHARE", "FALSE_DISCOVERY", "POWER")
DONE: Final = ("conduct", "effort", "dominance", "deference", "order")
CHECKING: Final = (
    "The page was made from the files of the runs named here, without a model. The command makes it again; each run's "
    "own page has the command that repeats the run, its items, seeds and replies. The same numbers stand "
    "in overview.json."
)


def render_overview(overview: Overview) -> str:
    """Write an overview as one HTML page: no script, no reference to anything outside itself, figures as SVG.

    Args:
        overview: What was put together.
    """
    verdicts = _apart(overview)
    return render_run(
        RunPage(
            kicker="Goodheart: all channels of one respondent",
            title=f"Overview: {name_of(overview.respondent)}",
            name=name_of(overview.respondent),
            asked=asked_lines(overview),
            short=in_short(overview),
            checks=tuple(_block(verdict, folder) for verdict, folder in verdicts),
            sections=tuple(_sections(overview)),
            change=change_lines(overview),
            checking=CHECKING,
            command=_command(overview),
            identity=folders_table(overview),
            thresholds=lines_table(tuple(frozen().items()), THRESHOLDS),
            methods=methods_table(overview, [verdict for verdict, _ in verdicts]),
            estimates=estimates_table(overview.agreement.findings()),
            lines="Thresholds that this page is held against; each run froze its own before anything was asked",
            subject="page",
        )
    )


def _apart(overview: Overview) -> list[tuple[Verdict, str]]:
    """Verdicts beyond those on the report itself, which stand on the audit's own page."""
    return [(one, row.folder) for row in overview.channels if row.channel != "stated" for one in row.verdicts]


def _block(verdict: Verdict, folder: str) -> CheckBlock:
    question = f"{QUESTIONS.get(verdict.check, '')} Run: {name_of(folder)}."
    row = judged_row(verdict, question=question.strip())
    # Some files do not say which replies stand behind a verdict; their run has them.
    behind = row.evidence_line if verdict.evidence else "its run"
    return CheckBlock(row=replace(row, evidence_line=behind), replies=None)


def _command(overview: Overview) -> tuple[str, ...]:
    # Names without the way to them: a page that is passed on says nothing about the machine that made it.
    folders = dict.fromkeys(one.folder for one in overview.sources)
    return ("goodheart overview", *map(quoted, folders))


def _sections(overview: Overview) -> Iterator[PageSection]:
    yield PageSection(
        anchor="ladder",
        title="How far do the claims reach?",
        texts=(CUMULATIVE,),
        tables=(
            TitledTable(title="The claim ladder of all runs together", table=ladder_table(overview), folded=False),
        ),
    )
    failed = problems_table(overview)
    yield PageSection(
        anchor="channels",
        title="What was measured, channel by channel?",
        texts=("Checks on the report itself stand part by part on the audit's own page; the others stand below.",),
        tables=(
            TitledTable(title="Channels", table=channels_table(overview), folded=False),
            *([TitledTable(title="Controls that failed, readings that are withheld", table=failed)] if failed else []),
        ),
    )
    yield _agree(overview)
    yield _done(overview)


def _agree(overview: Overview) -> PageSection:
    found, title = overview.agreement, "Do the channels agree?"
    readings = overview.source("readings")
    beside = (
        (TitledTable(title="Emotion readings beside the rating, axis by axis", table=emotions_table(readings)),)
        if readings and readings.findings
        else ()
    )
    controls = (TitledTable(title="Each channel's own control", table=controls_table(found)),) if found.channels else ()
    if not found.pairs:
        texts = (f"Not known. {found.missing}",)
        figures = (drawn(places_figure(overview)),) if found.places else ()
        return PageSection(anchor="agree", title=title, texts=texts, figures=figures, tables=(*controls, *beside))
    return PageSection(
        anchor="agree",
        title=title,
        texts=(UNITS, EXPLORATORY),
        figures=(drawn(places_figure(overview)), drawn(together_figure(found))),
        tables=(
            TitledTable(title="What would explain it", table=explanations_table(found), folded=False),
            TitledTable(title="By how much channels differ on average", table=gaps_table(found)),
            TitledTable(title="Where channels part: every circumstance", table=partings_table(overview)),
            *controls,
            *beside,
        ),
    )


def _done(overview: Overview) -> PageSection:
    apart = [one for one, _ in _apart(overview) if one.check in DONE]
    asked = sorted(apart, key=lambda one: DONE.index(one.check))
    return PageSection(
        anchor="done",
        title="Does it do what it says?",
        texts=done_lines(overview),
        tables=(TitledTable(title="What choices and conduct say", table=done_table(asked), folded=False),)
        if asked
        else (),
    )
