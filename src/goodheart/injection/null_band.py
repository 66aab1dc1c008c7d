"""Where a direction stands among random ones: centred changes, the band, and exact ranks.

    change    = mean over contexts of (value at the dose - value at dose 0)
    centred   = change - mean change of the random directions at that dose
    p(up)     = (1 + number of random directions with at least this change) / (1 + number of random directions)

Any disturbance lowers mood words, so the mean of the random directions is taken off before a change is called one. The
rank p is exact where the direction is exchangeable with the random ones, that is if it moves the report no more than
they do (Phipson and Smyth 2010, with the observed value counted among the draws).
"""

from dataclasses import dataclass

import numpy as np

from goodheart.errors import InternalError
from goodheart.injection.directions import FloatArray
from goodheart.injection.responses import Responses

BAND = (0.025, 0.975)
"""Quantiles that are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One direction's change of one measure at one dose, beside the random directions'."""

    change: float
    """As it was read."""
    centred: float
    """Minus the mean of the random directions; without any the same as `change`."""
    null_mean: float
    null_low: float
    null_high: float
    """Of centred changes, at the quantiles `BAND`."""
    null_sd: float
    p_up: float
    p_down: float
    n_nulls: int


def rank_p(observed: float, null: FloatArray, *, up: bool) -> float:
    """Return the exact one-sided rank p of a value among draws, itself counted.

    Source:
        Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9:39.
    """
    if not np.isfinite(observed) or not np.isfinite(null).all():
        raise InternalError("a rank needs finite values; leave out draws that were not read.")
    beyond = (null >= observed) if up else (null <= observed)
    return (1 + int(beyond.sum())) / (1 + len(null))


def changes(responses: Responses, measure: str, dose: float) -> FloatArray:
    """Return the mean change over contexts of each direction, (n_directions,); NaN where a context is missing."""
    found: FloatArray = responses.change(measure, dose).mean(-1)
    return found


def ranked(values: FloatArray, *, place: int, nulls: list[int]) -> Ranked:
    """Rank one direction among the random ones that were read.

    Args:
        values: (n_directions,) changes, NaN where a direction was not asked.
        place: Of the direction.
        nulls: Places of the random directions; itself is left out, so that a random one may be ranked too.
    """
    null = values[[i for i in nulls if i != place]]
    null = null[np.isfinite(null)]
    observed = float(values[place])
    if not len(null) or not np.isfinite(observed):
        nan = float("nan")
        return Ranked(
            change=observed,
            centred=observed,
            null_mean=0.0,
            null_low=nan,
            null_high=nan,
            null_sd=nan,
            p_up=1.0,
            p_down=1.0,
            n_nulls=len(null),
        )
    mean = float(null.mean())
    low, high = (float(np.quantile(null - mean, share)) for share in BAND)
    return Ranked(
        change=observed,
        centred=observed - mean,
        null_mean=mean,
        null_low=low,
        null_high=high,
        null_sd=float(null.std(ddof=1)) if len(null) > 1 else float("nan"),
        p_up=rank_p(observed, null, up=True),
        p_down=rank_p(observed, null, up=False),
        n_nulls=len(null),
    )
