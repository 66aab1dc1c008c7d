"""Sheets for raters: texts in random order without ids, groups or forms; the key is kept apart."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodheart.errors import ItemBankError
from goodheart.items.bank import Bank
from goodheart.items.ratings import Cell, Rating, SameMeaning, meaning_cells, valence_cells

if TYPE_CHECKING:  # the generator is made by the caller; items stays quick to import
    import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """What a rater sees."""

    row: str
    """A number that says nothing of the item."""
    text: str
    second: str = ""
    """The text to compare with; empty on a sheet for valence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSheet:
    """A sheet and its key."""

    rows: tuple[SheetRow, ...]
    key: tuple[tuple[str, tuple[Cell, ...]], ...]
    """For each row the cells that it stands for: several where forms share a text."""


def blind_sheet(banks: Iterable[Bank], *, rng: np.random.Generator) -> BlindSheet:
    """Shuffle every distinct text of the banks for a rating of valence.

    Args:
        banks: What is to be rated, all groups together, so that the group cannot be guessed from the sheet.
        rng: Draws the order; give each rater another one.

    Returns:
        The sheet with its key.
    """
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell, text in valence_cells(banks).items():
        cells[text].append(cell)
    texts = list(cells)
    rows, key = [], []
    for number, place in enumerate(rng.permutation(len(texts)), start=1):
        text = texts[place]
        rows.append(SheetRow(row=f"t{number:03}", text=text))
        key.append((f"t{number:03}", tuple(cells[text])))
    return BlindSheet(rows=tuple(rows), key=tuple(key))


def blind_pairs(banks: Iterable[Bank], *, rng: np.random.Generator) -> BlindSheet:
    """Shuffle every pair of texts for a judgement of same meaning, the order within a pair drawn too.

    Args:
        banks: What is to be compared.
        rng: Draws the orders; give each rater another one.

    Returns:
        The sheet with its key.
    """
    pairs = list(meaning_cells(banks).items())
    rows, key = [], []
    for number, place in enumerate(rng.permutation(len(pairs)), start=1):
        cell, joined = pairs[place]
        one, two = joined.split("\n")
        if rng.integers(2):
            one, two = two, one
        rows.append(SheetRow(row=f"p{number:03}", text=one, second=two))
        key.append((f"p{number:03}", (cell,)))
    return BlindSheet(rows=tuple(rows), key=tuple(key))


def sheet_csv(sheet: BlindSheet) -> str:
    """Write what the rater sees, with an empty column for the answer."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    paired = any(row.second for row in sheet.rows)
    writer.writerow(["row", "text", "second", "answer"] if paired else ["row", "text", "answer"])
    for row in sheet.rows:
        writer.writerow([row.row, row.text, row.second, ""] if paired else [row.row, row.text, ""])
    return stream.getvalue()


def ratings_of(sheet: BlindSheet, answers: Mapping[str, int], *, rater: str) -> tuple[Rating, ...]:
    """Turn a rater's answers to `blind_sheet` into ratings.

    Args:
        sheet: The sheet with its key.
        answers: Row to valence, 1 to 7.
        rater: A name that does not identify a person.

    Returns:
        One rating per cell, in the order of the sheet.

    Raises:
        ItemBankError: A row has no answer, an answer has no row, or an answer is off the scale.
    """
    answered = _answered(sheet, answers, highest=7)
    return tuple(Rating(item=i, wording=w, form=f, rater=rater, valence=value) for (i, w, f), value in answered)


def same_meaning_of(sheet: BlindSheet, answers: Mapping[str, int], *, rater: str) -> tuple[SameMeaning, ...]:
    """Turn a rater's answers to `blind_pairs` into judgements, 1 to 5; otherwise as `ratings_of`."""
    answered = _answered(sheet, answers, highest=5)
    return tuple(SameMeaning(item=i, wording=w, form=f, rater=rater, same=value) for (i, w, f), value in answered)


def _answered(sheet: BlindSheet, answers: Mapping[str, int], *, highest: int) -> Iterator[tuple[Cell, int]]:
    rows = {row for row, _ in sheet.key}
    problems = [f"no answer @ row {row}" for row in sorted(rows - answers.keys())]
    problems += [f"no such row on the sheet @ row {row}" for row in sorted(answers.keys() - rows)]
    problems += [
        f"a whole number from 1 to {highest} is needed; found {answers[row]!r} @ row {row}"
        for row in sorted(rows & answers.keys())
        if answers[row] not in range(1, highest + 1)
    ]
    if problems:
        message = "every row of the sheet needs one answer on its scale; found problems. Ask the rater again for:"
        raise ItemBankError(message, problems=problems)
    return ((cell, answers[row]) for row, cells in sheet.key for cell in cells)
