"""Intervals for a share whose standard error is taken at the value tested: Wilson's, one side at a time.

    |share - theta| <= z sqrt(theta (1 - theta) / n)

so that a share of 0 or 1 has an interval too. Source: Wilson (1927), JASA 22:209-212.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with the number of independent trials it is worth."""

    value: float
    n: float
    """Above 0."""


def share_bound(*, pivot: Share, alpha: float, side: Literal[-1, 1]) -> float:
    """Return the lower (-1) or upper (+1) confidence bound at 1 - alpha."""
    z = float(special.ndtri(1 - alpha))
    centre = pivot.value + z**2 / (2 * pivot.n)
    half = z * float(np.sqrt(pivot.value * (1 - pivot.value) / pivot.n + z**2 / (4 * pivot.n**2)))
    # At the ends rounding must not move the bound off.
    if pivot.value == (0.0 if side == -1 else 1.0):
        return pivot.value
    return (centre + side * half) / (1 + z**2 / pivot.n)


def share_p_above(*, pivot: Share, bound: float) -> float:
    """Return the p-value against "the share is at most `bound`", with 0 < bound < 1."""
    stderr = float(np.sqrt(bound * (1 - bound) / pivot.n))
    return float(special.ndtr(-(pivot.value - bound) / stderr))


def share_shown_beyond(*, pivot: Share, bound: float, side: Literal[-1, 1], alpha: float, power: float) -> float:
    """Return the true share nearest to `bound`, above it (+1) or below (-1), that is shown to be there at `power`."""
    needed = float(special.ndtri(1 - alpha)) * float(np.sqrt(bound * (1 - bound) / pivot.n))
    z = float(special.ndtri(power))
    truths = np.linspace(bound, 1.0 if side == 1 else 0.0, 2001)
    surplus = side * (truths - bound) - needed - z * np.sqrt(truths * (1 - truths) / pivot.n)
    shown = np.flatnonzero(surplus > 0)
    return float(truths[shown[0]]) if shown.size else float("inf") * side
