"""Adaptive doses: which rung of a ladder to ask next, to find where somebody is indifferent.

    P(for the intervention at rung r) = expit(s (theta - r))

with theta the rung of indifference of one intervention and s the change of log odds per rung, one for all interventions
of a respondent: what the others say of s is the prior of s for each. The posterior over a grid of both is exact. The
next rung is the one whose answer is expected to leave the least entropy of theta. Where theta may lie off the ladder,
only that is said.

Source:
    Kontsevich and Tyler (1999), Vision Research 39:2729-2737; the entropy of theta alone and a shared slope are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]

SLOPES: Final = np.geomspace(0.25, 4.0, 9)
"""Logits per rung, equally likely beforehand."""
BEYOND: Final = 2.0
"""Rungs by which theta may lie beyond either end."""
STEP: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Choices at one rung."""

    rung: int
    n: float
    n_for: float
    """Of these, for the intervention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Where somebody is indifferent, on the ladder's scale."""

    value: float
    """Median of the posterior."""
    low: float
    high: float
    off_ladder: bool
    """Whether the interval reaches beyond the ladder's ends, so that the value is not to be extrapolated."""


Doses = Mapping[str, Sequence[Dose]]
"""Choices so far by intervention; those without any are there too, with none."""


def next_rungs(doses: Doses, *, rungs: Sequence[int]) -> dict[str, int]:
    """Choose, for each intervention, the rung whose answer is expected to leave the least entropy of theta.

    Args:
        doses: Choices so far.
        rungs: Of the ladder, from low to high.
    """
    return {name: _next(posterior, rungs) for name, posterior in _posteriors(doses, rungs).items()}


def thresholds_of(doses: Doses, *, rungs: Sequence[int], level: float) -> dict[str, Threshold]:
    """Take each intervention's rung of indifference from the choices.

    Args:
        doses: Choices so far.
        rungs: Of the ladder, from low to high.
        level: Of the posterior interval with equal tails.
    """
    return {name: _threshold(posterior, rungs, level) for name, posterior in _posteriors(doses, rungs).items()}


def _grid(rungs: Sequence[int]) -> FloatArray:
    return np.arange(rungs[0] - BEYOND, rungs[-1] + BEYOND + STEP / 2, STEP)


def _posteriors(doses: Doses, rungs: Sequence[int]) -> dict[str, FloatArray]:
    """Posterior of (theta, s) on the grid by intervention, each shape (n_theta, n_slopes)."""
    logs = {name: _log_likelihood(found, rungs) for name, found in doses.items()}
    of_slope = {name: special.logsumexp(log, axis=0) - np.log(log.shape[0]) for name, log in logs.items()}
    total = sum(of_slope.values(), start=np.zeros(SLOPES.size))
    found = {}
    for name, log in logs.items():
        weight = log + (total - of_slope[name])
        weight = np.exp(weight - weight.max())
        found[name] = np.asarray(weight / weight.sum(), dtype=np.float64)
    return found


def _log_likelihood(doses: Sequence[Dose], rungs: Sequence[int]) -> FloatArray:
    theta = _grid(rungs)[:, None]
    log = np.zeros((theta.size, SLOPES.size))
    for dose in doses:
        eta = SLOPES * (theta - dose.rung)
        log -= dose.n_for * np.logaddexp(0, -eta) + (dose.n - dose.n_for) * np.logaddexp(0, eta)
    return log


def _next(posterior: FloatArray, rungs: Sequence[int]) -> int:
    theta = _grid(rungs)[:, None]
    left = []
    for rung in rungs:
        p = special.expit(SLOPES * (theta - rung))
        left.append(_entropy((posterior * p).sum(axis=1)) + _entropy((posterior * (1 - p)).sum(axis=1)))
    return rungs[int(np.argmin(left))]


def _entropy(margin: FloatArray) -> float:
    """Entropy of a distribution times its weight, for a margin that sums to the weight."""
    total = float(margin.sum())
    if total <= 0:
        return 0.0
    return float(special.entr(margin).sum() + total * np.log(total))


def _threshold(posterior: FloatArray, rungs: Sequence[int], level: float) -> Threshold:
    cumulative = np.cumsum(posterior.sum(axis=1))
    low, value, high = (float(np.interp(q, cumulative, _grid(rungs))) for q in ((1 - level) / 2, 0.5, (1 + level) / 2))
    return Threshold(low=low, value=value, high=high, off_ladder=low < rungs[0] or high > rungs[-1])
