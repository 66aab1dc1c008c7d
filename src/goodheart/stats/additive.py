"""Additive effects on the log odds of a choice, with the error of any contrast from leaving clusters out.

    logit P(first of the two) = x b

Token probabilities are fitted by least squares on their log odds; sampled choices by maximum likelihood with a weak
normal prior on b, which keeps cells that were all answered alike finite. The jackknife gives one value per cluster,

    p_k = K f(b) - (K - 1) f(b without cluster k)

whose mean is the estimate and whose spread is its error, whatever the correlation within clusters.

Source:
    Tukey's pseudo-values: Miller (1974), Biometrika 61:1-15.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import linalg, special

from goodheart.stats.arguments import FloatArray

PRIOR_SD: Final = 5.0
"""Logits."""
STEPS: Final = 60
TOLERANCE: Final = 1e-9

Contrast = Callable[[FloatArray], float]
"""Takes the coefficients, shape (n_columns,), and returns what is to be estimated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdditiveData:
    """Choices with their design."""

    x: FloatArray
    """Shape (n, n_columns)."""
    y: FloatArray
    """Log odds where `sampled` is false; else 1 or 0. Shape (n,)."""
    clusters: tuple[str, ...]
    sampled: bool


def fit_additive(data: AdditiveData, rows: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None) -> FloatArray:
    """Return the coefficients, shape (n_columns,).

    Args:
        data: Choices with their design.
        rows: Which of them to use; None for all. A column that no row uses gets the coefficient 0.
    """
    x, y = (data.x, data.y) if rows is None else (data.x[rows], data.y[rows])
    if not data.sampled:
        return np.asarray(linalg.lstsq(x, y)[0], dtype=np.float64)
    b = np.zeros(x.shape[1])
    prior = np.eye(x.shape[1]) / PRIOR_SD**2
    for _ in range(STEPS):
        p = special.expit(x @ b)
        gradient = x.T @ (y - p) - prior @ b
        hessian = (x.T * (p * (1 - p))) @ x + prior
        step = linalg.solve(hessian, gradient, assume_a="pos")
        # The likelihood is concave; a step of more than a few logits only means that it started far away.
        b = b + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    return b


def pseudo_values(data: AdditiveData, contrasts: Sequence[Contrast]) -> FloatArray:
    """Return the jackknife pseudo-values of some contrasts, shape (n_clusters, n_contrasts).

    Args:
        data: Choices with their design; clusters in the order in which they first occur.
        contrasts: Functions of the coefficients.
    """
    names = list(dict.fromkeys(data.clusters))
    place = np.array([names.index(one) for one in data.clusters])
    n = len(names)
    whole = np.array([contrast(fit_additive(data)) for contrast in contrasts])
    without = np.array(
        [[contrast(b) for contrast in contrasts] for b in (fit_additive(data, place != k) for k in range(n))]
    )
    return np.asarray(n * whole - (n - 1) * without.reshape(n, len(contrasts)), dtype=np.float64)
