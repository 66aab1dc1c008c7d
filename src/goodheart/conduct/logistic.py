"""A logistic curve over one dose, by Firth's penalised likelihood, which is finite where plain likelihood is not.

P(y = 1) = 1 / (1 + exp(-(b0 + b1 x)))       maximise  log L + (1/2) log det I(b)
"""

from dataclasses import dataclass

import numpy as np

from goodheart.stats.arguments import FloatArray

STEPS = 200
TOLERANCE = 1e-9
LONGEST_STEP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A fitted curve."""

    intercept: float
    slope: float
    covariance: FloatArray
    """Shape (2, 2): of intercept and slope, from the information at the maximum."""
    converged: bool

    def at(self, x: float) -> float:
        """Return the probability at a dose."""
        return float(1 / (1 + np.exp(-(self.intercept + self.slope * x))))


def fit_curve(x: FloatArray, y: FloatArray) -> Curve:
    """Fit the curve.

    Args:
        x: Doses, shape (n,), at least two different ones.
        y: 0 or 1, the same shape.

    Source:
        Firth (1993), Biometrika 80:27-38; Heinze and Schemper (2002), Statistics in Medicine 21:2409-2419.
    """
    design = np.column_stack([np.ones_like(x), x])
    beta = np.zeros(2)
    step = np.ones(2)
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        weights = p * (1 - p)
        covariance = np.linalg.inv(design.T @ (weights[:, None] * design))
        leverage = weights * np.einsum("ij,jk,ik->i", design, covariance, design)
        step = covariance @ (design.T @ (y - p + leverage * (0.5 - p)))
        beta = beta + step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        if float(np.abs(step).max()) < TOLERANCE:
            break
    return Curve(
        intercept=float(beta[0]),
        slope=float(beta[1]),
        covariance=np.asarray(covariance, dtype=np.float64),
        converged=float(np.abs(step).max()) < 1e-6,
    )
