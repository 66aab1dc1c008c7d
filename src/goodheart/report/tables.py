"""Tables as data: the template lays them out, on a phone as a list of cards."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One entry, with the place in the page that it rests on."""

    text: str
    href: str = ""
    """Such as `#r1-e03`; empty for none."""
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns and rows; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def words(text: str, href: str = "") -> Cell:
    """Make a cell of words."""
    return Cell(text=text, href=href)


def figure(text: str, href: str = "") -> Cell:
    """Make a cell of a number."""
    return Cell(text=text, href=href, numeric=True)


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Make a table."""
    return Table(head=tuple(head), rows=tuple(tuple(row) for row in rows))
