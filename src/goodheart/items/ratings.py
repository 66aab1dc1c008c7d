"""Blind ratings of the texts: what they are, and how they are read and written.

Two questions are put to raters who see neither ids nor groups nor forms. *Valence*: how is this for the one it is
about, from 1 (very bad) over 4 (neutral) to 7 (very good)? *Same meaning*: do these two texts say the same, of the
same or of different persons, from 1 (different) to 5 (the same)?
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path

from goodheart.errors import ItemBankError
from goodheart.items.bank import FORMS, Bank, text_of
from goodheart.items.load import public_banks

Cell = tuple[str, str, str]
"""Item, wording, form. A pair of wordings is written `a+b`, a pair of forms `self+human`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How one rater placed one text."""

    item: str
    wording: str
    form: str
    rater: str
    valence: int
    """1 very bad for the one it is about, 4 neutral, 7 very good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameMeaning:
    """How far one rater finds that two texts say the same."""

    item: str
    wording: str
    """`a+b` where two wordings of one form were compared."""
    form: str
    """`self+other_ai` or `self+human` where two forms of one wording were compared."""
    rater: str
    same: int
    """1 different, 5 the same (of another person, where the forms differ)."""


def valence_cells(banks: Iterable[Bank]) -> dict[Cell, str]:
    """List every text that is rated for valence, by its cell."""
    return {
        (item.id, wording.id, form): text_of(wording, form)
        for bank in banks
        for item in bank.items
        for wording in item.wordings
        for form in FORMS
    }


def meaning_cells(banks: Iterable[Bank]) -> dict[Cell, str]:
    """List every pair of texts that is compared, joined by a line break; pairs of equal texts are left out."""
    pairs: dict[Cell, tuple[str, str]] = {}
    for bank in banks:
        for item in bank.items:
            for form in FORMS:
                for one, two in combinations(item.wordings, 2):
                    pairs[item.id, f"{one.id}+{two.id}", form] = text_of(one, form), text_of(two, form)
            for wording in item.wordings:
                for form in FORMS[1:]:
                    pairs[item.id, wording.id, f"self+{form}"] = wording.self_text, text_of(wording, form)
    return {cell: f"{one}\n{two}" for cell, (one, two) in pairs.items() if one != two}


def load_ratings(path: Path | Traversable, banks: Sequence[Bank]) -> tuple[Rating, ...]:
    """Read ratings of valence and check that every rater rated every text as it now reads.

    Args:
        path: CSV with the columns item, wording, form, rater, valence, text (see `ratings_csv`).
        banks: The banks that the ratings belong to.

    Returns:
        The ratings in the order of the file.

    Raises:
        ItemBankError: Anything is wrong; `problems` lists a text without a rating, a text changed since, and all else.
    """
    rows = _read(path, valence_cells(banks), value="valence", highest=7)
    return tuple(Rating(item=i, wording=w, form=f, rater=r, valence=v) for (i, w, f), r, v in rows)


def load_same_meaning(path: Path | Traversable, banks: Sequence[Bank]) -> tuple[SameMeaning, ...]:
    """Read judgements of same meaning, checked as in `load_ratings`; the value's column is `same`, 1 to 5."""
    rows = _read(path, meaning_cells(banks), value="same", highest=5)
    return tuple(SameMeaning(item=i, wording=w, form=f, rater=r, same=v) for (i, w, f), r, v in rows)


def public_ratings() -> tuple[Rating, ...]:
    """Load the ratings of valence that ship with the public banks."""
    return load_ratings(files("goodheart.items").joinpath("public", "ratings.csv"), public_banks())


def public_same_meaning() -> tuple[SameMeaning, ...]:
    """Load the judgements of same meaning that ship with the public banks."""
    return load_same_meaning(files("goodheart.items").joinpath("public", "same_meaning.csv"), public_banks())


def ratings_csv(ratings: Iterable[Rating], banks: Iterable[Bank]) -> str:
    """Write ratings as `load_ratings` reads them; `text` ties each to the text that was rated."""
    rows = (((x.item, x.wording, x.form), x.rater, x.valence) for x in ratings)
    return _written(rows, valence_cells(banks), value="valence")


def same_meaning_csv(judgements: Iterable[SameMeaning], banks: Iterable[Bank]) -> str:
    """Write judgements as `load_same_meaning` reads them."""
    rows = (((x.item, x.wording, x.form), x.rater, x.same) for x in judgements)
    return _written(rows, meaning_cells(banks), value="same")


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _written(rows: Iterable[tuple[Cell, str, int]], texts: Mapping[Cell, str], *, value: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["item", "wording", "form", "rater", value, "text"])
    for cell, rater, number in sorted(rows):
        writer.writerow([*cell, rater, number, _mark(texts[cell])])
    return stream.getvalue()


def _read(
    path: Path | Traversable, texts: Mapping[Cell, str], *, value: str, highest: int
) -> list[tuple[Cell, str, int]]:
    columns = ["item", "wording", "form", "rater", value, "text"]
    problems: list[str] = []
    rows: list[tuple[Cell, str, int]] = []
    seen: set[tuple[Cell, str]] = set()
    for number, line in enumerate(_lines(path, columns), start=2):
        problem = _line_problem(line, texts, highest=highest)
        if problem:
            problems.append(f"{problem} @ {path.name}: line {number}")
        if len(line) != len(columns):
            continue
        cell, rater = (line[0], line[1], line[2]), line[3]
        if (cell, rater) in seen:
            problems.append(f"a second rating of {' '.join(cell)!r} by {rater!r} @ {path.name}: line {number}")
        seen.add((cell, rater))
        if not problem:
            rows.append((cell, rater, int(line[4])))
    raters = sorted({rater for _, rater in seen}) or ["anyone"]
    problems.extend(
        f"no rating by {rater!r} @ {path.name}: {' '.join(cell)}"
        for cell in texts
        for rater in raters
        if (cell, rater) not in seen
    )
    if problems:
        raise _error(path.name, problems)
    return rows


def _lines(path: Path | Traversable, columns: list[str]) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except FileNotFoundError as error:
        raise _error(path.name, [f"no such file @ {path.name}"]) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _error(path.name, [f"cannot be read ({error}) @ {path.name}"]) from error
    if not lines or lines[0] != columns:
        raise _error(path.name, [f"the columns must be {', '.join(columns)} @ {path.name}: line 1"])
    return lines[1:]


def _line_problem(line: list[str], texts: Mapping[Cell, str], *, highest: int) -> str:
    if len(line) != 6:
        return f"six values are needed; found {len(line)}"
    item, wording, form, rater, value, mark = line
    if not rater.strip():
        return "no name of a rater"
    if value not in {str(number) for number in range(1, highest + 1)}:
        return f"a whole number from 1 to {highest} is needed; found {value[:20]!r}"
    text = texts.get((item, wording, form))
    if text is None:
        return f"no such text in the banks: {f'{item} {wording} {form}'[:120]!r}"
    return "" if mark == _mark(text) else f"the text of {item} {wording} {form} has changed since it was rated"


def _error(name: str, problems: Sequence[str]) -> ItemBankError:
    return ItemBankError(
        f"ratings must cover every text as it now reads, so that their averages mean something; found "
        f"{len(problems)} problem(s) in {name}. Rate what is missing, or take out what no longer fits:",
        problems=problems,
    )
