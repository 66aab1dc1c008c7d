"""`goodheart overview`: all channels of one respondent side by side, from the folders of its runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from goodheart.overview import Overview


def overview(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Folders of audit, choose, conduct, inject, probe; of one respondent."),
    ],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; a folder beside the audit if not said.")
    ] = None,
    respondent: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Which one, where an audit asked several.")
    ] = None,
) -> None:
    """Put runs of one respondent side by side: its channels, where they part, and how far the claims reach.

    No model is asked: all is read from the files of the runs.
    """
    from goodheart.overviews import overview_runs, place_beside

    found = overview_runs(folders, out=out, respondent=respondent)
    _print(found, out or place_beside(found))


def _print(found: "Overview", out: Path) -> None:
    from goodheart.cli.terminal import say
    from goodheart.overviews import FILE_NAME, PAGE_NAME
    from goodheart.report.overview.words import in_short
    from goodheart.report.words import STATEMENT

    say(found.respondent)
    for line in in_short(found):
        say(f"  {line}")
    _print_ladder(found)
    say(f"Page: {out / PAGE_NAME}\nNumbers: {out / FILE_NAME}")
    say(STATEMENT)


def _print_ladder(found: "Overview") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.cli.terminal import console, plain
    from goodheart.report.overview.words import STATES

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("rung", "state", "because"):
        table.add_column(title, overflow="fold", no_wrap=title != "because")
    for rung in found.ladder:
        untested = rung.state == "not_tested" and rung.command
        because = f"{rung.reason} To test it: {rung.command}" if untested else rung.reason
        table.add_row(*(Text(plain(cell)) for cell in (rung.level, STATES[rung.state], because)))
    console().print(table)
