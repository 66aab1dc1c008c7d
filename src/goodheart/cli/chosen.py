"""What choices show, on one screen; the run folder has the rest."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goodheart.cli.summary import WORDS
from goodheart.cli.terminal import console, plain, say

if TYPE_CHECKING:
    from goodheart.choice.utilities import Utilities
    from goodheart.choice_findings import ChoiceFindings
    from goodheart.records import Finding, Verdict

ENDS: Final = 5
"""Tasks shown at either end of the ranking."""
UNSHOWN: Final = ("wording_rank_correlation", "property_correlation")
"""Estimates that are left to the run folder."""


def print_choices(found: "ChoiceFindings", folder: Path) -> None:
    """Print what was chosen, the estimates, the verdicts and the statements."""
    from goodheart.engine.runs_ledger import runs_line, runs_of
    from goodheart.report.words import STATEMENT

    one = found.findings
    say(f"\n{one.respondent}")
    counts: dict[str, int] = {}
    for entry in one.kinds:
        counts[entry.kind] = counts.get(entry.kind, 0) + entry.n
    words = ", ".join(
        f"{n:,} {'chosen' if kind == 'measured' else kind.replace('_', ' ')}" for kind, n in counts.items()
    )
    again = " The same command asks the failed ones again." if counts.get("failed") else ""
    say(f"  Askings: {words or 'none'}.{again}")
    say(f"  {runs_line(runs_of(folder), one.respondent)}")
    if found.preferences is not None and found.preferences.ranked is not None:
        _print_ends(found.preferences.ranked.utilities)
    print_estimates([entry for entry in one.estimates if entry.name not in UNSHOWN])
    print_verdicts(one.verdicts)
    for statement in found.statements:
        say(statement)
    say(f"Report: {folder / 'report.html'}")
    say(f"Run folder: {folder}")
    say(STATEMENT)


def _print_ends(utilities: "Utilities") -> None:
    order = sorted(range(len(utilities.items)), key=lambda i: -float(utilities.values[i]))
    shown = order if len(order) <= 2 * ENDS else [*order[:ENDS], *order[-ENDS:]]
    zero = "opting out is 0" if utilities.zero == "opt_out" else "they sum to 0"
    rows = [
        (
            utilities.items[i],
            f"{utilities.values[i]:+.2f} [{utilities.low[i]:+.2f}, {utilities.high[i]:+.2f}]",
            f"{utilities.rank_low[i]}-{utilities.rank_high[i]}",
        )
        for i in shown
    ]
    _table((f"task ({len(order)} in all, the ends shown)", f"utility, {utilities.unit} ({zero})", "rank"), rows)


def print_estimates(estimates: "Sequence[Finding]") -> None:
    """Print estimates as a table; those that decline say why."""
    _table(("estimate", "of", "value"), [*_rows(estimates)])


def _rows(estimates: "Sequence[Finding]") -> "Iterator[tuple[str, str, str]]":
    from goodheart.records import Estimate

    for one in estimates:
        about = ", ".join(f"{factor} {level}" for factor, level in one.about)
        if isinstance(one, Estimate):
            yield one.name, about, f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}] {one.unit}"
        else:
            yield one.name, about, f"not estimable: {one.detail}"


def print_verdicts(verdicts: "Sequence[Verdict]") -> None:
    """Print verdicts as a table, with their reasons."""
    rows = [
        (one.check, WORDS[one.verdict], f"{one.reason.replace('_', ' ')}: {one.detail}", _rates(one))
        for one in verdicts
    ]
    if rows:
        _table(("check", "verdict", "because", "in simulation"), rows)


def _rates(one: "Verdict") -> str:
    """How often the check was right where the truth was known, in a design like this one."""
    if one.rates is None:
        return "unknown"
    return f"catches {one.rates.detection:.0%}, false alarm {one.rates.false_alarm:.0%}"


def _table(titles: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)
