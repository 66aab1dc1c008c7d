"""How two respondents' utilities differ, item by item."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from goodheart.choice.choices import FloatArray
from goodheart.choice.utilities import Utilities
from goodheart.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences:
    """Utilities of the first respondent minus those of the second."""

    items: tuple[str, ...]
    values: FloatArray
    """In the models' common unit, shape (n_items,)."""
    low: FloatArray
    high: FloatArray
    level: float
    zero: Literal["opt_out", "sum"]
    """`sum`: differences sum to 0 and are about items beside each other, not about liking everything more."""


def differences_of(first: Utilities, second: Utilities, *, level: float) -> Differences:
    """Compare two respondents who chose between the same items.

    Estimand: per item, the first's utility minus the second's. Both are in units of the respondent's own noise: one who
    chooses with less noise has larger utilities throughout.

    Args:
        first: One respondent's utilities.
        second: Those of another, from choices of its own.
        level: Two-sided confidence of each interval, in (0, 1).

    Raises:
        UserError: items, units or zeros differ.
    """
    for what, one, other in (
        ("items", first.items, second.items),
        ("unit", first.unit, second.unit),
        ("zero", first.zero, second.zero),
    ):
        if one != other:
            raise UserError(
                f"Utilities are compared item by item on one scale. These two differ in their {what}. "
                "Rank both from one table, with the same model, and with opting out offered to both or to neither."
            )
    values = first.values - second.values
    half = special.ndtri(0.5 + level / 2) * np.sqrt(first.stderr**2 + second.stderr**2)
    return Differences(
        items=first.items, values=values, low=values - half, high=values + half, level=level, zero=first.zero
    )
