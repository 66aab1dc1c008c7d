"""What a figure is before it is drawn: rows, and marks on one horizontal scale."""

from dataclasses import dataclass
from typing import Literal

from goodheart.report.tables import Table

Tone = Literal["self", "other_ai", "human", "ink", "quiet"]
Shape = Literal["circle", "diamond", "triangle-up", "triangle-down", "square", "stroke"]

SHAPES: dict[str, Shape] = {"self": "circle", "other_ai": "diamond", "human": "triangle-up"}
"""Every person has a shape as well as a colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point, with its interval where there is one."""

    x: float
    low: float | None = None
    high: float | None = None
    tone: Tone = "ink"
    shape: Shape = "circle"
    filled: bool = True
    """Open where there is no interval to trust."""
    small: bool = False
    """One of many observations instead of an estimate."""
    drop: float = 0.0
    """Pixels below the middle of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a figure."""

    label: str
    value: str = ""
    """The number in words, at the end of the line."""
    marks: tuple[Mark, ...] = ()
    heading: bool = False
    region: tuple[float, float] | None = None
    """Where the marks have to lie, shaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A name beside a mark of the first row, instead of a legend."""

    x: float
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The horizontal scale."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    line: float | None = None
    """Where zero or neutral is."""
    line_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One message, with everything behind it."""

    id: str
    title: str
    """The finding, with its uncertainty."""
    how: str
    """How to read it, and what it is not."""
    axis: Axis
    rows: tuple[Row, ...]
    table: Table
    row_height: int = 26
    tags: tuple[Tag, ...] = ()
