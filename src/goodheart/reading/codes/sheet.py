"""Sheets for people: a random stratified sample of a run's replies, in random order, without codes or ids; and back."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from goodheart.errors import UserError
from goodheart.reading.codes.codes import GROUNDS, HEDGES, REFUSALS, TONES, Codes, Ground, Refusal, Tone
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.stats.prevalence import allocate

COLUMNS: Final = ("row", "question", "reply", "ground", "hedges", "refusal", "warns", "tone")
FEWEST: Final = 5
"""Replies of each stratum at least, where it has so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One row of a sheet."""

    row: str
    """A number that says nothing of the reply."""
    id: str
    stratum: str
    """The coder's ground, so that rare grounds are sampled too."""
    inclusion: float
    """Probability with which a reply of its stratum was drawn."""


def draw_sheet(coded: Sequence[CodedReply], *, n: int, rng: np.random.Generator) -> tuple[Drawn, ...]:
    """Draw a random sample, stratified by the coder's ground, in random order.

    Args:
        coded: All replies of a run, with the coder's codes.
        n: How many; all, if there are not so many.
        rng: Draws them.
    """
    strata: dict[str, list[str]] = {}
    for one in coded:
        strata.setdefault(one.codes.ground, []).append(one.id)
    sizes = allocate(sizes={name: len(ids) for name, ids in strata.items()}, n=n, fewest=FEWEST)
    picked = [
        (ids[place], name, sizes[name] / len(ids))
        for name, ids in sorted(strata.items())
        for place in rng.choice(len(ids), size=sizes[name], replace=False)
    ]
    order = rng.permutation(len(picked))
    return tuple(
        Drawn(row=f"r{number:04}", id=picked[place][0], stratum=picked[place][1], inclusion=picked[place][2])
        for number, place in enumerate(order, start=1)
    )


def sheet_csv(drawn: Sequence[Drawn], written: Mapping[str, WrittenReply]) -> str:
    """Write the sheet that people fill in: question and reply, with empty columns for the codes.

    Args:
        drawn: From `draw_sheet`.
        written: Replies by id.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in drawn:
        reply = written[one.id]
        table.writerow([one.row, _cell(reply.question), _cell(reply.reply), *[""] * 5])
    return out.getvalue()


def _cell(text: str) -> str:
    """A spreadsheet runs what begins like a formula, and a reply may say anything."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text[:20_000])
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


def read_sheet(text: str, drawn: Sequence[Drawn], *, where: str) -> Mapping[str, Codes]:
    """Read a filled sheet back.

    Args:
        text: The sheet as CSV; rows whose codes are all empty have not been labelled and are left out.
        drawn: Its key.
        where: Its name, for messages.

    Returns:
        People's codes by id.

    Raises:
        UserError: with every problem: unknown or repeated rows, missing columns, values outside the rubric.
    """
    ids = {one.row: one.id for one in drawn}
    table = csv.DictReader(io.StringIO(text))
    lacking = [name for name in COLUMNS[3:] + COLUMNS[:1] if name not in (table.fieldnames or ())]
    problems = [f"no column `{name}` @ the first line" for name in lacking]
    found: dict[str, Codes] = {}
    for number, row in enumerate(table if not problems else (), start=2):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not any(cells[name] for name in COLUMNS[3:]):
            continue
        wrong = _problems(cells, ids, found)
        problems += [f"{one} @ line {number}" for one in wrong]
        if not wrong:
            found[ids[cells["row"]]] = _codes(cells)
    if problems:
        raise UserError(
            f"People's labels are read back from the sheet that was written for them. {where} does not fit. "
            f"Ground is one of {', '.join(GROUNDS)}; hedges any of {', '.join(HEDGES)} with spaces between, or none; "
            f"refusal {', '.join(REFUSALS)}; warns yes or no; tone {', '.join(TONES)}. Mend these and run it again:",
            problems=problems[:20],
        )
    return found


def _problems(cells: Mapping[str, str], ids: Mapping[str, str], found: Mapping[str, Codes]) -> list[str]:
    row = cells["row"]
    if row not in ids:
        return [f"row {row[:20]!r} is not on this sheet"]
    wrong = [f"row {row} stands there twice"] if ids[row] in found else []
    for name, values in (("ground", GROUNDS), ("refusal", REFUSALS), ("warns", ("yes", "no")), ("tone", TONES)):
        if cells[name] not in values:
            wrong.append(f"{name} {cells[name][:20]!r}")
    unknown = [kind for kind in cells["hedges"].split() if kind not in (*HEDGES, "none")]
    return wrong + [f"hedges {kind[:20]!r}" for kind in unknown]


def _codes(cells: Mapping[str, str]) -> Codes:
    said = cells["hedges"].split()
    return Codes(
        ground=cast("Ground", cells["ground"]),
        hedges=tuple(kind for kind in HEDGES if kind in said),
        refusal=cast("Refusal", cells["refusal"]),
        warns=cells["warns"] == "yes",
        tone=cast("Tone", cells["tone"]),
    )
