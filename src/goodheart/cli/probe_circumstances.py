"""`goodheart probe circumstances`: what reads from a model's states while its circumstances are raised."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodheart.cli.probe import MODEL, BaseUrl, Stories, Tokenizer, on_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from goodheart.engine.probing import Probed
    from goodheart.engine.reading_circumstances import CircumstanceReadings
    from goodheart.engine.readings_beside import ReportBeside
    from goodheart.items.emotions import EmotionStories
    from goodheart.items.ladder_texts import LadderTexts
    from goodheart.records import Verdict
    from goodheart.whitebox.door import OpenModel

PROBES = "probes"
"""Folder inside the output, for directions that had to be fitted first."""


def circumstances(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="What `probe fit` wrote; else directions are fitted first.")
    ] = None,
    *,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="If it is found elsewhere now.")] = None,
    stories: Stories = None,
    run: Annotated[
        Path | None, typer.Option(metavar="RUN", help="A run folder of the same model: its ratings stand beside.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where readings and page are written.")] = Path("readings"),
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Read emotions while each circumstance is named: for itself, another AI and a human, under five framings.

    The ladder that the directions were tried on decides what may be said; a position in the prompt has to pass too.
    """
    import time

    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import say
    from goodheart.engine.opening import open_model
    from goodheart.engine.probe_files import DIRECTIONS
    from goodheart.engine.probing import load_texts
    from goodheart.engine.reading_circumstances import plan_public, read_circumstances
    from goodheart.engine.reading_files import PAGE, READINGS, write_readings
    from goodheart.engine.readings_beside import judge_readings, put_beside, read_report

    started = time.time()
    texts, ladder = load_texts(stories)
    opened = partial(open_model, base_url=base_url, tokenizer=tokenizer)
    probed, local, path = _directions(folder, model, out, texts, ladder, opened)
    name = probed.probes.origin.model
    report = read_report(run, model=name) if run is not None else None
    with Bar() as bar:
        found = read_circumstances(
            local,
            probed,
            plan_public(ladder),
            stories=texts,
            ladder=ladder,
            path=path / DIRECTIONS,
            on_text=on_text(bar),
        )
    side = put_beside(found, report) if report is not None else None
    verdicts = judge_readings(found, side, respondent=name)
    page = _page(found, probed, side, verdicts, command=_command(folder, model, stories, run, out))
    write_readings(found, probed, side, verdicts, started=started, page=page, folder=out)
    _print(found, side, verdicts)
    say(f"Page: {out / PAGE}\nReadings: {out / READINGS}")


def _directions(
    folder: Path | None,
    model: str | None,
    out: Path,
    stories: "EmotionStories",
    ladder: "LadderTexts",
    opened: "Callable[[str], OpenModel]",
) -> "tuple[Probed, OpenModel, Path]":
    """Read the directions, or fit them first."""
    from goodheart.cli.progress import Bar
    from goodheart.engine.probe_files import read_probes_folder, write_probes
    from goodheart.engine.probing import fit_probes, gather

    if folder is not None:
        probed = read_probes_folder(folder)
        return probed, opened(model or probed.probes.origin.model), folder
    local = opened(model or MODEL)
    with Bar() as bar:
        material = gather(local, stories, ladder, on_text=on_text(bar))
    probed = fit_probes(local, material)
    write_probes(probed, out / PROBES)
    return probed, local, out / PROBES


def _page(
    found: "CircumstanceReadings",
    probed: "Probed",
    side: "ReportBeside | None",
    verdicts: "tuple[Verdict, ...]",
    *,
    command: tuple[str, ...],
) -> str:
    from goodheart.report.readings.page import Shown, render_readings

    shown = Shown(
        model=probed.probes.origin.model,
        layer=probed.probes.emotions.layer,
        readings=found.readings,
        rungs=(*probed.rungs, *(rung for _, rung in found.position_rungs)),
        axes=found.sets.axes,
        beside=side.found if side else (),
        run=_run_name(side),
        verdicts=verdicts,
    )
    return render_readings(shown, command=command)


def _run_name(side: "ReportBeside | None") -> str:
    if side is None:
        return ""
    if side.report.instrument is None:
        return f"{side.report.folder.name} has no form of asking that passed its controls, so no ratings to compare."
    return side.report.folder.name


def _command(
    folder: Path | None, model: str | None, stories: Path | None, run: Path | None, out: Path
) -> tuple[str, ...]:
    options = (("--model", model), ("--stories", stories), ("--run", run), ("--out", out))
    return (
        "goodheart probe circumstances",
        *((str(folder),) if folder else ()),
        *(f"{name} {value}" for name, value in options if value is not None),
    )


def _print(found: "CircumstanceReadings", side: "ReportBeside | None", verdicts: "tuple[Verdict, ...]") -> None:
    from goodheart.cli.terminal import say
    from goodheart.report.readings.words import ABOUT, in_short, withheld_lines

    for _, rung in found.position_rungs:
        shown = "" if rung.statistic is None else f" ({rung.statistic:.3f} {rung.unit}, line {rung.line})"
        say(f"{rung.name}: {rung.outcome.replace('_', ' ')}{shown}; {rung.detail}")
    _print_axes(found)
    for line in (*in_short(found.readings), *withheld_lines(found.readings)):
        say(line)
    if side is not None and side.report.instrument is None:
        say(_run_name(side))
    for verdict in verdicts:
        say(f"{verdict.check}: {verdict.verdict.replace('_', ' ')}. {verdict.detail}")
        if verdict.needed:
            say(f"  needed: {verdict.needed}")
    say(ABOUT)


def _print_axes(found: "CircumstanceReadings") -> None:
    """Print each axis against facts and itself against a human, where the ladder lets it be read."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.cli.terminal import console
    from goodheart.report.readings.words import contrast_in_words

    wanted = ("reading_auc", "reading_gap")
    rows = [r for r in found.readings.rows if r.kind == "axis" and r.finding.name in wanted and not r.withheld]
    if not rows:
        return
    axes = list(dict.fromkeys(row.name for row in rows))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("contrast", *axes, "random directions"):
        table.add_column(title, overflow="fold")
    for about in dict.fromkeys((row.position, contrast_in_words(row)) for row in rows):
        by = {row.name: row for row in rows if (row.position, contrast_in_words(row)) == about}
        band = next((row for row in by.values() if row.null_low is not None), None)
        span = "" if band is None else f"{band.null_low:.2f} to {band.null_high:.2f}"
        cells = [_cell(by[axis]) if axis in by else "" for axis in axes]
        table.add_row(*(Text(cell) for cell in (about[1], *cells, span)))
    console().print(table)


def _cell(row: object) -> str:
    from goodheart.assessments.emotion_readings import ReadingRow
    from goodheart.records import Estimate

    if not isinstance(row, ReadingRow) or not isinstance(row.finding, Estimate):
        return "none"
    return f"{row.finding.value:.2f}{'*' if row.found else ''}"
