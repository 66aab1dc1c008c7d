"""Choices from a table in CSV: `left, right, outcome`, and optionally `respondent, context, wording, p_left, count`."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from goodheart.choice.choices import MOST_PROBLEMS, OUTCOMES, Choices, IntArray, make_choices
from goodheart.errors import UserError

NEEDED: Final = ("left", "right", "outcome")
OPTIONAL: Final = ("respondent", "context", "wording", "p_left", "count")
_UNNAMED: Final = ""

Row = Mapping[str, str]


def parse_choices(text: str, *, where: str) -> dict[str, Choices]:
    """Read choices, one table per respondent.

    Args:
        text: The file's text; the first line names the columns, others than the known ones are left alone.
        where: The file's name, for messages.

    Returns:
        Choices by respondent, in the order in which respondents first occur; the name is empty where there is no such
        column. Every respondent has the same items, so that utilities can be set side by side.

    Raises:
        UserError: with every problem and its line.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True, strict=True)
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UserError(
            f"Choices are read from a table in CSV. {where} is none: {error}, line {reader.line_num}. "
            "Save it again as CSV in UTF-8."
        ) from error
    _check_columns(columns, rows, where)
    problems = [problem for line, row in rows for problem in _problems(line, row)]
    if problems:
        raise UserError(
            f"Each line of {where} is one choice between two items. {len(problems)} problems were found. "
            "Mend these lines and run the same command again:",
            problems=problems[:MOST_PROBLEMS],
        )
    return _by_respondent([row for _, row in rows], where)


def _check_columns(columns: list[str], rows: list[tuple[int, dict[str, str]]], where: str) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing or len(set(columns)) != len(columns):
        raise UserError(
            f"Choices need the columns {', '.join(NEEDED)}, each once, on the first line. {where} has "
            f"{', '.join(columns) or 'no columns'}. Name the columns so; {', '.join(OPTIONAL)} are read too."
        )
    if not rows:
        raise UserError(
            f"Utilities come from choices. {where} has a first line and nothing below it. Add one line per choice."
        )


def _problems(line: int, row: Row) -> Iterator[str]:
    if None in row or any(value is None for value in row.values()):
        yield f"not as many cells as columns @ line {line}"
        return
    left, right, outcome = (row[name].strip() for name in NEEDED)
    if not left or not right:
        yield f"an item without a name @ line {line}"
    elif left == right:
        yield f"{left[:40]!r} on both sides @ line {line}"
    if outcome not in OUTCOMES:
        yield f"outcome {outcome[:40]!r} is none of {', '.join(OUTCOMES)} @ line {line}"
    p_left, count = _number(row, "p_left"), _number(row, "count")
    if p_left is not None and not 0 <= p_left <= 1:
        yield f"`p_left` {row['p_left'][:20]!r} is no probability @ line {line}"
    if p_left is not None and outcome not in ("left", "right"):
        yield f"`p_left` beside the outcome {outcome[:40]!r}, which is not left or right @ line {line}"
    if count is not None and not (0 < count < np.inf):
        yield f"`count` {row['count'][:20]!r} is not above 0 @ line {line}"


def _number(row: Row, name: str) -> float | None:
    """The number in a cell; None where it is empty, NaN, which no check lets through, where it is no number."""
    text = (row.get(name) or "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _by_respondent(rows: list[dict[str, str]], where: str) -> dict[str, Choices]:
    items = list(dict.fromkeys(row[side].strip() for row in rows for side in ("left", "right")))
    if len(items) < 2:
        raise UserError(f"A ranking needs at least two items. {where} has {len(items)}. Add choices between others.")
    place = {item: index for index, item in enumerate(items)}
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault((row.get("respondent") or _UNNAMED).strip(), []).append(row)
    contexts, wordings = (_levels(rows, name) for name in ("context", "wording"))
    return {
        name: make_choices(
            items=items,
            left=[place[row["left"].strip()] for row in group],
            right=[place[row["right"].strip()] for row in group],
            outcome=[row["outcome"].strip() for row in group],
            p_left=[np.nan if (p := _number(row, "p_left")) is None else p for row in group],
            count=[1.0 if (n := _number(row, "count")) is None else n for row in group],
            context=_coded(group, "context", contexts),
            wording=_coded(group, "wording", wordings),
        )
        for name, group in groups.items()
    }


def _levels(rows: list[dict[str, str]], name: str) -> dict[str, int]:
    seen = dict.fromkeys((row.get(name) or "").strip() for row in rows)
    return {level: index for index, level in enumerate(seen)}


def _coded(rows: list[dict[str, str]], name: str, levels: Mapping[str, int]) -> IntArray:
    return np.array([levels[(row.get(name) or "").strip()] for row in rows], dtype=np.int64)
