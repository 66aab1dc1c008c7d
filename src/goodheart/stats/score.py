"""Intervals for an area under the ROC curve that behave at 0 and 1: the standard error is taken at the value tested.

With m positive and n negative values and N = (m + n) / 2 the variance of the estimate, if the area is theta, is

    theta (1 - theta) (1 + (N - 1) ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m n)

and the bounds are the values of theta at which |estimate - theta| is z standard errors. Source: Newcombe (2006),
Statistics in Medicine 25:559-573, method 5, after Hanley and McNeil (1982), Radiology 143:29-36.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from goodheart.stats.arguments import FloatArray

STEPS = 50
"""Halvings in a search for a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An area under the ROC curve with the sizes it rests on."""

    value: float
    n_positive: int
    n_negative: int


def score_stderr(*, theta: ArrayLike, n_positive: int, n_negative: int) -> FloatArray:
    """Return the standard error of the estimate if the area is `theta`."""
    t = np.asarray(theta, dtype=np.float64)
    average = (n_positive + n_negative) / 2
    shape = 1 + (average - 1) * ((1 - t) / (2 - t) + t / (1 + t))
    return np.sqrt(t * (1 - t) * shape / (n_positive * n_negative))


def score_bounds(
    *, values: FloatArray, n_positive: int, n_negative: int, alpha: float, side: Literal[-1, 1]
) -> FloatArray:
    """Return the lower (-1) or upper (+1) confidence bounds at 1 - alpha for estimates of any shape."""
    z = special.ndtri(1 - alpha)
    near = np.asarray(values, dtype=np.float64)
    far = np.full(near.shape, 0.0 if side == -1 else 1.0)
    for _ in range(STEPS):
        middle = (near + far) / 2
        within = np.abs(values - middle) <= z * score_stderr(theta=middle, n_positive=n_positive, n_negative=n_negative)
        near, far = np.where(within, middle, near), np.where(within, far, middle)
    return np.asarray((near + far) / 2, dtype=np.float64)


@lru_cache(maxsize=4096)
def score_bound(*, pivot: Score, alpha: float, side: Literal[-1, 1]) -> float:
    """Return the lower (-1) or upper (+1) confidence bound at 1 - alpha.

    Kept, because an area is a count of pairs: in simulations the same few, foremost 1, come up in every run.
    """
    bounds = score_bounds(
        values=np.asarray(pivot.value), n_positive=pivot.n_positive, n_negative=pivot.n_negative, alpha=alpha, side=side
    )
    return float(bounds)


def score_p_above(*, pivot: Score, bound: float) -> float:
    """Return the p-value against "the area is at most `bound`", with 0 < bound < 1."""
    stderr = score_stderr(theta=bound, n_positive=pivot.n_positive, n_negative=pivot.n_negative)
    return float(special.ndtr(-(pivot.value - bound) / stderr))
