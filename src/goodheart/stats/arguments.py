"""What every statistic asks of its arguments.

Statistics are called by code, so a wrong argument is a broken promise of ours (`InternalError`), while data that
cannot carry a question is a value (`NotEstimable`).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodheart.errors import InternalError

FloatArray = NDArray[np.float64]

Values = Sequence[float] | FloatArray
"""Measured values, one per observation."""

SMALLEST_SPREAD = 1e-12
"""Spread, as a share of the largest value, below which differences are rounding and not data."""


def finite_array(values: ArrayLike, *, what: str) -> FloatArray:
    """Return the values as floats, all of them finite.

    Raises:
        InternalError: a value is NaN or infinite: a missing value is an outcome and is left out by its reader.
    """
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).sum())
        raise InternalError(
            f"`{what}` needs finite numbers, because a missing value is an outcome of its own and no number; "
            f"got {bad} of {array.size} that are NaN or infinite. Leave those observations out and report their kinds."
        )
    return array


def same_length(first: Sequence[object] | FloatArray, second: Sequence[object] | FloatArray, *, what: str) -> None:
    """Check that two columns belong together.

    Raises:
        InternalError: their lengths differ.
    """
    if len(first) != len(second):
        raise InternalError(
            f"{what} need one entry per observation each, because they are read side by side; "
            f"got {len(first)} and {len(second)}. Pass columns of the same table."
        )


def probability(value: float, *, what: str) -> float:
    """Return a level, alpha or power that lies strictly between 0 and 1.

    Raises:
        InternalError: it does not.
    """
    if not 0.0 < value < 1.0:
        raise InternalError(
            f"`{what}` needs a number strictly between 0 and 1, because it is a probability; got {value!r}. "
            f"Pass for example `{what}=0.95` or `{what}=0.05`."
        )
    return value


def positive_count(value: int, *, what: str) -> int:
    """Return a count that is at least 1.

    Raises:
        InternalError: it is smaller.
    """
    if value < 1:
        raise InternalError(f"`{what}` counts things that exist, so it is at least 1; got {value!r}. Pass `{what}=1`.")
    return value


def is_constant(values: FloatArray, *, scale: float) -> bool:
    """Say whether values differ by no more than rounding.

    Args:
        values: The values compared, such as cluster means or paired differences.
        scale: Largest absolute value that went into them; differences of equal numbers are judged against it.
    """
    return bool(np.ptp(values) <= SMALLEST_SPREAD * scale)
