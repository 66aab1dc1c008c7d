"""The scales that figures share: the same quantity is drawn on the same scale everywhere."""

import math
from collections.abc import Iterable
from typing import Final

from goodheart.report.figures.marks import Axis
from goodheart.report.numerals import signed


def points_axis(*, neutral: float | None = None, label: str = "") -> Axis:
    """The scale of ratings, always whole."""
    ticks = ((1.0, "1 worst"), (2.0, "2"), (3.0, "3"), (4.0, "4"), (5.0, "5"), (6.0, "6"), (7.0, "7 best"))
    return Axis(title="rating, in points", low=1, high=7, ticks=ticks, line=neutral, line_label=label)


def difference_axis(values: Iterable[float]) -> Axis:
    """A scale of differences in points that holds all of a respondent's figures of differences.

    Args:
        values: Everything that will be drawn on it; none is farther out than the whole of the rating's range.
    """
    finite = [min(6.0, max(-6.0, value)) for value in values if math.isfinite(value)]
    low = min(-1.0, math.floor(min(finite, default=-1.0)))
    high = max(1.0, math.ceil(max(finite, default=1.0)))
    step = 1 if high - low > 2 else 0.5
    count = round((high - low) / step)
    ticks = tuple(
        (low + step * k, signed(low + step * k).removesuffix(".00").replace(".50", ".5")) for k in range(count + 1)
    )
    return Axis(title="difference, in points", low=low, high=high, ticks=ticks, line=0.0)


UNDRAWN: Final = Axis(title="difference, in points", low=-1, high=1, ticks=(), line=0.0)
"""Stands for the shared scale of differences until all that it has to hold is known."""


def correlation_axis() -> Axis:
    """The scale of correlations."""
    ticks = ((-1.0, "\u22121"), (-0.5, "\u22120.5"), (0.0, "0"), (0.5, "0.5"), (1.0, "1"))
    return Axis(title="correlation", low=-1, high=1, ticks=ticks, line=0.0)


def share_axis(title: str) -> Axis:
    """The scale of shares, always whole."""
    return Axis(
        title=title,
        low=0,
        high=1,
        ticks=((0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1, "100%")),
    )
