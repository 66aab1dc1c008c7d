"""`goodheart compare`: did the report move alone between two versions?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from goodheart.checks.compared import ComparedPair, Comparison
    from goodheart.comparison import Movement, Unmeasured


def compare(
    folders: Annotated[
        list[Path], typer.Argument(metavar="EARLIER LATER...", help="Run folders of the same plan, earliest first.")
    ],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; a folder beside the last one if not said.")
    ] = None,
    provenance: Annotated[
        Path | None, typer.Option(metavar="CARD.yaml", help="What is attested or denied of how the later one was made.")
    ] = None,
) -> None:
    """Compare versions on the same items: what moved, in the report and in the other channels.

    Three or more folders give a timeline: each against the first, and against the one before.
    """
    from goodheart.comparisons import compare_runs

    where = out or folders[-1].resolve().parent / f"{folders[0].resolve().name}-to-{folders[-1].resolve().name}"
    _print(compare_runs(folders, out=where, provenance=provenance), where)


def _print(comparison: "Comparison", out: Path) -> None:
    from goodheart.cli.terminal import say
    from goodheart.comparisons import FILE_NAME, PAGE_NAME
    from goodheart.report.words import STATEMENT

    for pair in comparison.pairs:
        _print_pair(comparison, pair)
    say(f"Page: {out / PAGE_NAME}\nNumbers: {out / FILE_NAME}")
    say(STATEMENT)


def _print_pair(comparison: "Comparison", pair: "ComparedPair") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.cli.terminal import console, plain, say
    from goodheart.report.comparison.words import in_short, word_of

    earlier, later = (comparison.versions[place].label for place in (pair.earlier, pair.later))
    say(f"\n{earlier} -> {later}: {word_of(pair.verdict)}")
    say(f"  {in_short(pair)}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("channel", "moved by", "shown"):
        table.add_column(title, overflow="fold", no_wrap=title == "channel")
    for one in pair.channels:
        table.add_row(*(Text(plain(cell)) for cell in _row(one, dict(pair.verdict.states))))
    console().print(table)


def _row(one: "Movement | Unmeasured", states: "dict[str, str]") -> tuple[str, str, str]:
    from goodheart.comparison import Movement
    from goodheart.report.comparison.words import movement_text, state_text

    if isinstance(one, Movement):
        return one.kind.title, movement_text(one), state_text(one, states)
    return one.kind.title, "not measured", one.detail
