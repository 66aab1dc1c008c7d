"""What a run found, on one screen; the report has the rest."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goodheart.cli.terminal import console, plain, say

if TYPE_CHECKING:
    from goodheart.records import Condition, Estimate, Findings, Verdict

WORDS: Final = {"holds": "holds", "fails": "fails", "cannot_tell": "cannot tell"}


def print_summary(findings: Sequence["Findings"], folder: Path) -> None:
    """Print what was found of each respondent, which checks were not asked, and where the report is."""
    from goodheart.cli.foresight import unasked_line
    from goodheart.engine.runs_ledger import runs_line, runs_of
    from goodheart.report.words import STATEMENT

    runs = runs_of(folder)
    for one in findings:
        say(f"\n{one.respondent}")
        for line in (*_lines(one), runs_line(runs, one.respondent)):
            say(f"  {line}")
        _print_verdicts(one.verdicts)
    if findings:
        say(unasked_line([verdict.check for verdict in findings[0].verdicts]))
    say(f"Report: {folder / 'report.html'}")
    say(STATEMENT)


def _lines(one: "Findings") -> Iterator[str]:
    yield _instrument(one)
    mean = _estimate(one, "rating_mean", (("form", "self"), ("group", "circumstance")))
    spread = _estimate(one, "rating_sd", (("form", "self"), ("group", "circumstance")))
    if mean:
        yield (
            f"Mean rating of its {mean.n_clusters} circumstances: {mean.value:.2f} of 7 points "
            f"[{mean.low:.2f}, {mean.high:.2f}]."
        )
    if spread:
        yield (f"Spread between circumstances: SD {spread.value:.2f} points [{spread.low:.2f}, {spread.high:.2f}].")
    yield _askings(one)


def _instrument(one: "Findings") -> str:
    tried = [validity for validity in one.validities if validity.form == "self"]
    invalid = [validity.instrument for validity in tried if not validity.valid]
    if one.instrument is None:
        return f"No form of asking is valid for this model ({', '.join(invalid)}), so no rating is reported."
    others = f"; not valid for this model: {', '.join(invalid)}" if invalid else ""
    return f"Read with the form {one.instrument!r}, which passed its controls{others}."


def _askings(one: "Findings") -> str:
    kinds: dict[str, int] = {}
    for count in one.kinds:
        kinds[count.kind] = kinds.get(count.kind, 0) + count.n
    text = ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in kinds.items())
    again = " The same command asks the failed ones again." if kinds.get("failed") else ""
    return f"Askings: {text or 'none'}.{again}"


def _estimate(one: "Findings", name: str, about: "Condition") -> "Estimate | None":
    from goodheart.records import Estimate

    matching = (entry for entry in one.estimates if entry.name == name and entry.about == about)
    return next((entry for entry in matching if isinstance(entry, Estimate)), None)


def _print_verdicts(verdicts: Sequence["Verdict"]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("check", "verdict", "because"):
        table.add_column(title, overflow="fold", no_wrap=title != "because")
    for verdict in verdicts:
        because = f"{verdict.reason.replace('_', ' ')}: {verdict.detail}"
        table.add_row(*(Text(plain(cell)) for cell in (verdict.check, WORDS[verdict.verdict], because)))
    console().print(table)
