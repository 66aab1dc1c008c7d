"""What an interval rests on: distributions from which bounds at any level and p-values against any bound follow.

Student        g(estimate) = g(truth) + stderr * t(df), with g the identity, log, Fisher's z (atanh) or logit
MeanSquares    a function of mean squares, each about truth * chi-square(df) / df; bounds by `mean_squares`
Score          an area under the ROC curve whose standard error is taken at the value tested; bounds by `auc`

Bounds are one-sided. `p_above(bound)` is the p-value against "the truth is at most bound": small speaks for above.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

Transform = Literal["identity", "log", "fisher_z", "logit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Estimate, standard error and degrees of freedom on the scale where the interval is symmetric."""

    value: float
    stderr: float
    """Above 0."""
    df: float
    """Infinite for a normal statistic."""
    transform: Transform


LIMITS: Mapping[Transform, tuple[float, float]] = {
    "identity": (-np.inf, np.inf),
    "log": (0.0, np.inf),
    "fisher_z": (-1.0, 1.0),
    "logit": (0.0, 1.0),
}
"""Ends of the natural scale."""

_FORWARD: Mapping[Transform, Callable[[float], float]] = {
    "identity": lambda x: x,
    "log": lambda x: float(np.log(x)),
    "fisher_z": lambda x: float(np.arctanh(x)),
    "logit": lambda x: float(special.logit(x)),
}
_BACKWARD: Mapping[Transform, Callable[[float], float]] = {
    "identity": lambda x: x,
    "log": lambda x: float(np.exp(x)),
    "fisher_z": lambda x: float(np.tanh(x)),
    "logit": lambda x: float(special.expit(x)),
}


def to_scale(*, transform: Transform, natural: float) -> float:
    """Map a number of the natural scale to the transformed one; its ends and beyond map to plus or minus infinity."""
    low, high = LIMITS[transform]
    if natural <= low:
        return -np.inf
    return np.inf if natural >= high else _FORWARD[transform](natural)


def to_natural(*, transform: Transform, scaled: float) -> float:
    """Map a number of the transformed scale back to the natural one."""
    return _BACKWARD[transform](scaled)


def student_bound(*, pivot: Student, alpha: float, side: Literal[-1, 1]) -> float:
    """Return the lower (-1) or upper (+1) confidence bound at 1 - alpha, on the natural scale."""
    scaled = pivot.value + side * pivot.stderr * t_quantile(p=1 - alpha, df=pivot.df)
    return to_natural(transform=pivot.transform, scaled=scaled)


def student_p_above(*, pivot: Student, bound: float) -> float:
    """Return the p-value against "the truth is at most `bound`"."""
    gap = pivot.value - to_scale(transform=pivot.transform, natural=bound)
    return t_upper_tail(t=gap / pivot.stderr, df=pivot.df)


def t_quantile(*, p: float, df: float) -> float:
    """Return the quantile of Student's t; of the normal where `df` is infinite."""
    return float(special.ndtri(p)) if np.isinf(df) else float(special.stdtrit(df, p))


def t_upper_tail(*, t: float, df: float) -> float:
    """Return P(T >= t) for Student's t; for the normal where `df` is infinite."""
    if np.isinf(t):
        return 0.0 if t > 0 else 1.0
    return float(special.ndtr(-t)) if np.isinf(df) else float(special.stdtr(df, -t))
