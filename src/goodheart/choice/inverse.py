"""The diagonal of an inverse: exact for few parameters, by random probes for many.

With z of random signs, the mean of z * solve(z) is the inverse's diagonal. Written as D + A with D the diagonal, the
first three terms of the inverse, D^-1 - D^-1 A D^-1 + D^-1 A D^-1 A D^-1, have a diagonal that is known; taking them
out of each probe takes out most of its noise.

Source:
    Hutchinson (1989), Communications in Statistics 18:1059-1076; Bekas, Kokiopoulou and Saad (2007), Applied Numerical
    Mathematics 57:1214-1229.
"""

from typing import Final

import numpy as np
from scipy import linalg

from goodheart.choice.choices import FloatArray
from goodheart.choice.system import System, off_diagonal, solve

COARSE_PROBES: Final = 8
"""For a sum over all items, in which the probes' errors average out."""
FINE_PROBES: Final = 64
TOLERANCE: Final = 1e-3
PROBE_SEED: Final = 20261122
"""The probes belong to the method and not to the data: the same choices give the same numbers."""


def inverse(system: System) -> FloatArray:
    """Return the whole inverse of a small system, shape (n_params, n_params)."""
    assert system.factor is not None
    found, _ = linalg.lapack.dpotri(system.factor[0], lower=True)
    lower = np.tril(np.asarray(found, dtype=np.float64))
    return np.asarray(lower + np.tril(lower, -1).T)


def inverse_trace(system: System, *, start: int, stop: int) -> float:
    """Return the sum of the inverse's diagonal from one parameter to before another, to about a percent."""
    if system.factor is not None:
        return float(np.diag(inverse(system))[start:stop].sum())
    signs = _signs(system.diagonal.size, COARSE_PROBES)
    known, approximation = _series(system, signs)
    rest = signs * (solve(system, signs, tolerance=TOLERANCE) - approximation)
    return float((known + rest.mean(axis=1))[start:stop].sum())


def utility_variances(system: System, *, n_items: int, mean: int | None) -> FloatArray:
    """Return the variance of each utility after the choice of a zero, shape (n_items,).

    Args:
        system: Its first parameters are the items'.
        n_items: How many.
        mean: The parameter that is added to all of them; None where their own mean is taken off instead.
    """
    if system.factor is not None:
        return _exact_variances(inverse(system), n_items, mean)
    signs = np.zeros((system.diagonal.size, FINE_PROBES))
    signs[:n_items] = _signs(n_items, FINE_PROBES)
    known, approximation = _series(system, signs)
    # What is common to all utilities is uncertain without bound; it is taken out on the way in and on the way out.
    inside = signs.copy()
    if mean is None:
        inside[:n_items] -= signs[:n_items].mean(axis=0)
    else:
        inside[mean] = signs[:n_items].sum(axis=0)
    found = solve(system, inside, tolerance=TOLERANCE)
    utilities = found[:n_items] - found[:n_items].mean(axis=0) if mean is None else found[:n_items] + found[mean]
    rest = signs[:n_items] * (utilities - approximation[:n_items])
    return np.asarray(np.maximum(known[:n_items] + rest.mean(axis=1), 0.5 * known[:n_items]))


def _exact_variances(covariance: FloatArray, n_items: int, mean: int | None) -> FloatArray:
    items = covariance[:n_items, :n_items]
    own = np.diag(items)
    if mean is None:
        return np.asarray(np.maximum(own - 2 * items.mean(axis=1) + items.mean(), 0))
    return np.asarray(own + 2 * covariance[:n_items, mean] + covariance[mean, mean])


def _signs(n: int, n_probes: int) -> FloatArray:
    return np.random.default_rng(PROBE_SEED).choice(np.array([-1.0, 1.0]), size=(n, n_probes))


def _series(system: System, signs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The diagonal of the series' first three terms, and their product with probes."""
    assert system.upper is not None
    reciprocal = 1 / system.diagonal
    first = reciprocal[:, None] * signs
    second = reciprocal[:, None] * off_diagonal(system, first)
    third = reciprocal[:, None] * off_diagonal(system, second)
    entries = system.upper.power(2)
    squares = entries @ reciprocal + entries.T @ reciprocal
    return np.asarray(reciprocal + reciprocal**2 * squares), first - second + third
