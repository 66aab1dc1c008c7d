"""What a validation found, on a screen or two; its document has every row."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goodheart.cli.terminal import console, plain, say

if TYPE_CHECKING:
    from goodheart.validation.rows import Share, ValidationRow
    from goodheart.validation.shipped import Disagreement, Replay
    from goodheart.validation.summary import Excess, Summary
    from goodheart.validation.validate import Validation

MARKS: Final = {"present": "!", "entailed": "~", "absent": "", None: "?"}
"""Before a cell of the matrix: what should be found there."""
ALONE: Final = "choose-one-"
"""Designs with the answers of another, where each check is a family by itself: in the document alone."""


def print_validation(found: "Validation", document: Path, *, differing: Sequence["Disagreement"]) -> None:
    """Print rates by check, the matrix of each design, and what went wrong.

    Args:
        found: The validation.
        document: Where all its rows are.
        differing: Rows in which it differs from the table that ships.
    """
    _print_checks(found.summary)
    for design in dict.fromkeys(row.design for row in found.rows if not row.design.startswith(ALONE)):
        _print_matrix([row for row in found.rows if row.design == design and row.at_default], design)
    _print_smallest(found.summary)
    _print_wrong(found.summary)
    for one in differing:
        row, shipped = one.row, one.shipped
        say(
            f"Differs from the shipped table: {row.check} on {row.organism} ({row.design}) failed in {row.failed} of "
            f"{row.n} runs, there in {shipped.failed} of {shipped.n}."
        )
    say(f"All rows: {document}")
    say("All of this is in simulation: respondents that somebody wrote, and no model.")


def print_replay(replay: "Replay", table: Path) -> None:
    """Say whether the first runs of a shipped table come out as they did, and end with 1 if not.

    Args:
        replay: What came of them.
        table: Where the same table will be, with the digest of this version.

    Raises:
        Exit: A verdict is another one.
    """
    import typer

    for row, had in replay.changed:
        dial = "" if row.dial is None else f" at dial {row.dial:g}"
        say(
            f"Other verdicts: {row.check} on {row.organism}{dial} ({row.design}) failed in {row.failed} and held in "
            f"{row.held} of {row.n} runs; the table has {had.first_failed} and {had.first_held}."
        )
    for row in replay.unmeasured:
        say(f"Not in the table: {row.check} on {row.organism} ({row.design}).")
    if replay.changed or replay.unmeasured:
        say(f"{table.name} is no longer what these checks do. {MEASURE.format(name=table.name)}")
        raise typer.Exit(1)
    say(
        f"{replay.n_verdicts:,} verdicts of the first runs of {table.name} are what they were. The table with this "
        f"version's digest: {table}"
    )


MEASURE: Final = "To measure it anew: goodheart validate --full, and put its {name} in the place of the shipped one."


def say_if_old(name: str, *, same: bool) -> None:
    """Say that a shipped table was measured with another text of the program, if it was, and what shows if it holds."""
    if not same:
        say(
            f"The table that ships ({name}) was measured with another version of the checks. Whether they still give "
            f"the same verdicts: goodheart validate --replay. {MEASURE.format(name=name)}"
        )


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)


def _print_checks(summary: "Summary") -> None:
    columns = ("check", "design", "detection", "false alarm", "false reassurance", "sound holds", "detection is of")
    rows = [
        (
            one.check,
            one.design,
            *map(_share, (one.detection, one.false_alarm, one.false_reassurance, one.healthy_holds)),
            ", ".join(one.detected_in) or "nothing was planted",
        )
        for one in summary.checks
    ]
    _table("Rates by check, in simulation", columns, rows)
    shown = [f"{name} ({design}) {_share(share)}" for name, design, share in summary.any_failed]
    if shown:
        say(f"Any check failed, of sound respondents: {'; '.join(shown)}.")


def _print_matrix(rows: Sequence["ValidationRow"], design: str) -> None:
    checks = list(dict.fromkeys(row.check for row in rows))
    cells = {(row.organism, row.check): _cell(row) for row in rows}
    organisms = list(dict.fromkeys(row.organism for row in rows))
    body = [(name, *(cells.get((name, check), "") for check in checks)) for name in organisms]
    _table(f"{design}: fails/holds in % (! planted, ~ entailed)", ("organism", *checks), body)


def _cell(row: "ValidationRow") -> str:
    return f"{MARKS[row.truth]}{row.failed / row.n:.0%}/{row.held / row.n:.0%}".replace("%", "")


def _print_smallest(summary: "Summary") -> None:
    from goodheart.thresholds import POWER

    rows = [
        (one.check, one.organism, one.design, "none tried" if one.dial is None else f"{one.dial:g}", _curve(one.tried))
        for one in summary.smallest
    ]
    if rows:
        columns = ("check", "organism", "design", "smallest dial", "dial: detected")
        _table(f"Smallest dial from which on {POWER:.0%} of the runs fail", columns, rows)


def _curve(tried: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"{dial:g}: {share:.0%}" for dial, share in tried)


def _print_wrong(summary: "Summary") -> None:
    from goodheart.thresholds import ALPHA

    for title, cells in (("False alarms", summary.false_alarms), ("False reassurance", summary.false_reassurances)):
        if not cells:
            say(f"{title}: in no single cell shown to exceed {ALPHA:.0%}.")
        for one in cells:
            say(f"{title} over {ALPHA:.0%}: {_excess(one)}")
    for row in summary.cross_talk:
        say(
            f"Cross-talk: {row.check} failed in {row.failed / row.n:.0%} of the runs of {row.organism} "
            f"({row.design}, {row.truth or 'truth not written down'}). {row.because}"
        )


def _excess(one: "Excess") -> str:
    setting = "" if one.dial is None else f" at dial {one.dial:g}"
    return f"{one.check} on {one.organism}{setting} ({one.design}): {_share(one.share)}"


def _share(share: "Share | None") -> str:
    return "unknown" if share is None else f"{share.value:.0%} [{share.low:.0%}, {share.high:.0%}]"
