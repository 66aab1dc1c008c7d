"""`goodheart rank`: which items are chosen over which, with intervals, and whether the choices hang together."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from goodheart.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from goodheart.choice.rank import Ranked

UTILITIES: Final = "utilities.json"
MOST_ROWS: Final = 30


class ModelName(StrEnum):
    """Which model of choices."""

    bt = "bt"
    thurstone = "thurstone"


def rank(
    source: Annotated[
        Path, typer.Argument(metavar="CHOICES.csv", help="Columns left, right, outcome; see docs/choice.md.")
    ],
    *,
    model: Annotated[ModelName, typer.Option(help="Bradley-Terry or Thurstone.")] = ModelName.bt,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where utilities.json goes; beside the source if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Root seed of folds and of draws behind ranks.")] = 0,
) -> None:
    """Rank items by choices between two, write utilities.json, and say whether the choices hang together."""
    from goodheart.choice.parse import parse_choices
    from goodheart.choice.rank import rank_one
    from goodheart.engine.folder import out_folder

    tables = parse_choices(_read(source), where=str(source))
    folder = out_folder(out or source.parent, holds="Utilities")
    found = [rank_one(name, table, kind=model.value, seed=seed) for name, table in tables.items()]
    for place, one in enumerate(found):
        _print(one)
        _write(folder, one, place if len(found) > 1 else None)
    if len(found) > 1:
        _print_differences(found)


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Choices are read from a table in CSV, in UTF-8. {source} could not be read ({type(error).__name__}). "
            "Give the path of such a file: goodheart rank CHOICES.csv"
        ) from error


def _write(folder: Path, ranked: "Ranked", place: int | None) -> None:
    import json

    from goodheart.choice.document import to_json
    from goodheart.cli.terminal import say
    from goodheart.engine.folder import write_atomic

    # Respondents' names come from a file: they are kept inside the JSON and never become a path.
    name = UTILITIES if place is None else f"utilities-{place + 1}.json"
    write_atomic(folder / name, json.dumps(to_json(ranked), indent=1, allow_nan=False) + "\n")
    say(f"Utilities: {folder / name}")


def _print(ranked: "Ranked") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.choice.statements import statements
    from goodheart.cli.terminal import console, one_line, say

    if ranked.respondent:
        say(f"\n{one_line(ranked.respondent)}")
    found = ranked.utilities
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("rank", "item", f"utility ({found.unit})", f"{found.level:.0%} interval", "rank between"):
        table.add_column(title, no_wrap=True)
    for row in _rows(ranked):
        table.add_row(*(Text(one_line(cell, 60)) for cell in row))
    console().print(table)
    if found.zero == "opt_out":
        say("Utility 0 is opting out.")
    for sentence in statements(ranked):
        say(sentence)


def _rows(ranked: "Ranked") -> "Iterator[tuple[str, ...]]":
    found = ranked.utilities
    order = found.rank.argsort().tolist()
    shown = order if len(order) <= MOST_ROWS else [*order[: MOST_ROWS // 2], None, *order[-MOST_ROWS // 2 :]]
    for i in shown:
        if i is None:
            yield "", f"... {len(order) - MOST_ROWS} more in {UTILITIES}", "", "", ""
            continue
        yield (
            str(found.rank[i]),
            found.items[i],
            f"{found.values[i]:+.2f}",
            f"[{found.low[i]:+.2f}, {found.high[i]:+.2f}]",
            f"{found.rank_low[i]} to {found.rank_high[i]}",
        )


def _print_differences(found: "Sequence[Ranked]") -> None:
    from goodheart.choice.difference import differences_of
    from goodheart.cli.terminal import one_line, say

    first = found[0]
    for other in found[1:]:
        if first.utilities.zero != other.utilities.zero:
            say("Opting out was offered to some respondents only, so their utilities have no common zero.")
            continue
        apart = differences_of(first.utilities, other.utilities, level=first.utilities.level)
        say(f"\n{one_line(first.respondent, 40)} minus {one_line(other.respondent, 40)}, where they differ most:")
        for i in abs(apart.values).argsort()[::-1][:5].tolist():
            interval = f"[{apart.low[i]:+.2f}, {apart.high[i]:+.2f}]"
            say(f"  {one_line(apart.items[i], 60)}: {apart.values[i]:+.2f} {first.utilities.unit} {interval}")
