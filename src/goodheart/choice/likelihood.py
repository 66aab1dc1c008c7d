"""The probability of each outcome of a choice, with its first two derivatives.

Bradley-Terry with Davidson's ties and an option to opt out is Luce's choice between up to four alternatives, weighing

    left exp(a)     right exp(c)     tie exp(t + (a + c) / 2)     opting out 1

where a = theta_left + b / 2, c = theta_right - b / 2 and b is the order effect. Without opting out only d = a - c
matters. A tie is the likeliest outcome while |d| < 2 t. The log-likelihood is concave in (a, c, t), so that there is
one maximum, and a choice that is no tie is plainly Bradley and Terry's, so that token probabilities of the two sides
fit in. Rao and Kupper's ties have neither property; that is why ties are Davidson's.

Thurstone's case V with the ties of Glenn and David:

    P(left) = Phi(d - t)     P(right) = Phi(-d - t)     P(tie) = Phi(d + t) - Phi(d - t)

Source:
    Davidson (1970), JASA 65:317-328; Luce (1959), Individual Choice Behavior; Glenn and David (1960), Biometrics
    16:86-109. Concavity of the latter: Pratt (1981), JASA 76:103-106.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from goodheart.choice.choices import FloatArray
from goodheart.choice.tally import Tally, rows_of

BLOCK: Final = 16_384
"""Rows."""

SMALLEST: Final = 1e-290
"""Probability: a tie that is less likely counts as if it were this likely, so that a search can leave such a place."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curvature:
    """Minus the log-likelihood over all rows, with derivatives by each row's linear predictors."""

    loss: float
    gradient: tuple[FloatArray, ...]
    """One array (n_rows,) per predictor."""
    hessian: dict[tuple[int, int], FloatArray]
    """Upper triangle, by pairs of predictors."""


Likelihood = Callable[[Tally, tuple[FloatArray, ...]], Curvature]
"""Takes counts and the linear predictors: (d, t), or (a, c, t) where opting out is on offer."""


def in_blocks(likelihood: Likelihood, tally: Tally, predictors: tuple[FloatArray, ...]) -> Curvature:
    """Evaluate a likelihood block by block, so that what lies between fits into the processor's cache."""
    n = tally.left.size
    if n <= 2 * BLOCK:
        return likelihood(tally, predictors)
    blocks = [slice(start, start + BLOCK) for start in range(0, n, BLOCK)]
    parts = [likelihood(rows_of(tally, block), tuple(x[block] for x in predictors)) for block in blocks]
    return Curvature(
        loss=sum(part.loss for part in parts),
        gradient=tuple(np.concatenate(each) for each in zip(*(part.gradient for part in parts), strict=True)),
        hessian={key: np.concatenate([part.hessian[key] for part in parts]) for key in parts[0].hessian},
    )


def davidson(tally: Tally, predictors: tuple[FloatArray, ...]) -> Curvature:
    """Bradley-Terry with Davidson's ties, predictors (d, t)."""
    d, t = predictors
    n = tally.n_left + tally.n_right + tally.n_tie
    half = np.exp(-np.abs(d) / 2)  # the smaller of the two weights; the larger is 1 / half
    with np.errstate(over="ignore"):
        tie = np.where(tally.decisive, 0.0, np.exp(t)) if tally.decisive.any() else np.exp(t)
        scale = 1 / (1 + half * half + half * tie)
    larger, smaller, p_tie = scale, half * half * scale, half * tie * scale
    gap = np.where(d >= 0, larger - smaller, smaller - larger)  # P(left) - P(right)
    loss = -(np.log(scale) * n).sum() + (np.abs(d) * np.where(d >= 0, tally.n_right, tally.n_left)).sum()
    loss -= (tally.n_tie * (t - np.abs(d) / 2)).sum()
    return Curvature(
        loss=float(loss),
        gradient=(n * gap / 2 - (tally.n_left - tally.n_right) / 2, n * p_tie - tally.n_tie),
        hessian={
            (0, 0): n * (larger + smaller - gap * gap) / 4,
            (0, 1): -n * gap * p_tie / 2,
            (1, 1): n * p_tie * (1 - p_tie),
        },
    )


def luce(tally: Tally, predictors: tuple[FloatArray, ...]) -> Curvature:
    """Bradley-Terry with Davidson's ties and opting out, predictors (a, c, t)."""
    a, c, t = predictors
    n = tally.n_left + tally.n_right + tally.n_tie + tally.n_opt_out
    never = np.full_like(a, -np.inf)
    logs = np.stack(
        [a, c, np.where(tally.decisive, never, t + (a + c) / 2), np.where(tally.offered, np.zeros_like(a), never)]
    )
    total = special.logsumexp(logs, axis=0)
    left, right, tie, _ = np.exp(logs - total)
    counted = tally.n_left * a + tally.n_right * c + tally.n_tie * (t + (a + c) / 2)
    on_a, on_c = left + tie / 2, right + tie / 2
    return Curvature(
        loss=float((n * total - counted).sum()),
        gradient=(
            n * on_a - tally.n_left - tally.n_tie / 2,
            n * on_c - tally.n_right - tally.n_tie / 2,
            n * tie - tally.n_tie,
        ),
        hessian={
            (0, 0): n * (left + tie / 4 - on_a * on_a),
            (0, 1): n * (tie / 4 - on_a * on_c),
            (1, 1): n * (right + tie / 4 - on_c * on_c),
            (0, 2): n * tie * (0.5 - on_a),
            (1, 2): n * tie * (0.5 - on_c),
            (2, 2): n * tie * (1 - tie),
        },
    )


def thurstone(tally: Tally, predictors: tuple[FloatArray, ...]) -> Curvature:
    """Thurstone's case V with the ties of Glenn and David, predictors (d, t); t has to be positive where ties are."""
    d, raw = predictors
    t = np.where(tally.decisive, 0.0, raw)
    upper, lower = d + t, d - t
    log_left, log_right = special.log_ndtr(lower), special.log_ndtr(-upper)
    left, right = _mills(lower, log_left), _mills(-upper, log_right)
    h_left, h_right = left * (left + lower), right * (right - upper)
    # P(tie) from the tail in which both ends lie, so that it does not vanish by rounding.
    far = np.where(d > 0, -1.0, 1.0)
    nl, nr, nt = tally.n_left, tally.n_right, tally.n_tie
    tied = nt > 0
    p_tie = np.where(tied, np.maximum(special.ndtr(far * d + t) - special.ndtr(far * d - t), SMALLEST), 1.0)
    up, down = _normal(upper) / p_tie, _normal(lower) / p_tie
    loss = -(nl * log_left + nr * log_right).sum() - (nt[tied] * np.log(p_tie[tied])).sum()
    if (t[tied] <= 0).any():
        loss = np.inf
    s, m, z = up - down, up + down, upper * up - lower * down
    w = upper * up + lower * down
    return Curvature(
        loss=float(loss),
        gradient=(-nl * left + nr * right - nt * s, np.where(tally.decisive, 0.0, nl * left + nr * right - nt * m)),
        hessian={
            (0, 0): nl * h_left + nr * h_right + nt * (z + s * s),
            (0, 1): np.where(tally.decisive, 0.0, -nl * h_left + nr * h_right + nt * (w + s * m)),
            (1, 1): np.where(tally.decisive, 0.0, nl * h_left + nr * h_right + nt * (z + m * m)),
        },
    )


def _normal(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-x * x / 2) / np.sqrt(2 * np.pi))


def _mills(x: FloatArray, log_phi: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-x * x / 2 - log_phi) / np.sqrt(2 * np.pi))
