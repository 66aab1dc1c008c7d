"""What `goodheart code` prints: how often each code occurs, and how far that can be leant on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from goodheart.cli.terminal import console, plain, say
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.prevalences import Prevalence, Rates, prevalences
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.reading.codes.rubric import RUBRIC, RUBRIC_DIGEST
from goodheart.reading.codes.sheet import Drawn
from goodheart.records import Estimate

_UNCORRECTED: Final = (
    "Not corrected for the coder's errors. The range says where a share could lie if the coder errs on these replies "
    "as it may by its agreement on gold replies. To correct: --sample 100, let people label the sheet, then "
    "--labels SHEET.csv."
)


READ: Final = {"offline": 20_000, "trained": 2_000}
"""Characters of a reply that count."""
READ_BY_JUDGES: Final = 12_000


def print_counts(
    coded: Sequence[CodedReply],
    written: Sequence[WrittenReply],
    *,
    rates: Rates,
    drawn: Sequence[Drawn],
    people: Mapping[str, Codes] | None,
    level: float,
) -> None:
    """Print one line per code and value that occurs or may occur."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("code", "value", "coded", "corrected" if people else "range"):
        table.add_column(title, no_wrap=True)
    for row in _rows(prevalences(coded, rates=rates, drawn=drawn, people=people, level=level)):
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)
    empty = sum(not one.reply.strip() for one in written)
    if empty:
        say(f"{empty} replies are empty: coded as saying nothing.")
    read = READ.get(coded[0].coder if coded else "", READ_BY_JUDGES)
    long = sum(len(one.reply) > read for one in written)
    if long:
        say(f"{long} replies are longer than {read:,} characters: coded by their first {read:,}.")
    say(f"Rubric {RUBRIC.version}, {RUBRIC_DIGEST[:12]}. How well each coder reads each code: docs/coders.md.")
    say(
        _UNCORRECTED if not people else f"Corrected by people's labels of {len(people)} replies, {level:.0%} intervals."
    )


def _rows(found: Sequence[Prevalence]) -> Iterator[tuple[str, str, str, str]]:
    for one in found:
        yield one.code, one.value, f"{one.coded:.1%}", _beside(one)


def _beside(one: Prevalence) -> str:
    if isinstance(one.corrected, Estimate):
        return f"{one.corrected.value:.1%} [{one.corrected.low:.1%}, {one.corrected.high:.1%}]"
    if one.corrected is not None:
        return f"not corrected: {one.corrected.detail}"
    return f"{one.sensitivity[0]:.0%} to {one.sensitivity[1]:.0%}" if one.sensitivity else "unknown"
