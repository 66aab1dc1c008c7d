"""The second derivatives of the penalised loss, and solving by them: densely for few parameters, sparsely for many.

Every row of counts couples a handful of parameters, so the matrix is a graph's Laplacian with a few full rows for
parameters that all rows share (order effect, ties). Its pattern does not change while the parameters do: it is found
once, and each step only adds up values.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from scipy import linalg, sparse

from goodheart.choice.choices import FloatArray, IntArray
from goodheart.choice.layout import Layout, Slot
from goodheart.choice.likelihood import Curvature

DENSE: Final = 1500
"""Up to this many parameters a dense factorisation is quicker than iterating."""

MOST_ITERATIONS: Final = 5000
"""Of conjugate gradients; a well connected design of 10,000 items needs about ten."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coupling:
    """Two slots and the entries of the matrix where their parameters meet."""

    first: Slot
    second: Slot
    at: IntArray | int
    """Which of the region's entries, for each row of counts."""
    start: int
    size: int
    """The region of entries: the diagonal, what was found above it, or one shared parameter's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pattern:
    """The matrix's fixed structure."""

    n_params: int
    couplings: tuple[Coupling, ...]
    rows: IntArray
    columns: IntArray
    """Of the entries above the diagonal."""
    order: IntArray
    """For each entry of the sparse upper half, the entry that it holds; empty where the matrix is dense."""
    indices: IntArray
    indptr: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class System:
    """A symmetric positive definite matrix, ready to be solved by."""

    diagonal: FloatArray
    factor: tuple[FloatArray, bool] | None
    """Cholesky's, where the matrix is small."""
    upper: sparse.csr_array | None
    """Otherwise: what lies above the diagonal."""


def find_pattern(layout: Layout) -> Pattern:
    """Find which parameters meet in some row."""
    p = layout.n_params
    pairs = list(combinations_with_replacement(layout.slots, 2))
    keys = {place: _keys(pair, p) for place, pair in enumerate(pairs) if _vary(pair)}
    entries, inverse = (
        np.unique(np.concatenate(list(keys.values())), return_inverse=True)
        if keys
        else (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    )
    positions = dict(zip(keys, np.split(inverse, np.cumsum([k.size for k in keys.values()])[:-1]), strict=True))
    shared = [slot.index for slot in layout.slots if isinstance(slot.index, int)]
    # A shared parameter meets all others: one full row each, laid out behind the entries that were found.
    starts = {index: p + entries.size + place * p for place, index in enumerate(shared)}
    everything = np.arange(p)
    rows = np.concatenate([entries // p, *(everything for _ in shared)])
    columns = np.concatenate([entries % p, *(np.full(p, index) for index in shared)])
    couplings = tuple(
        _coupling(first, second, positions.get(place), starts, (p, entries.size))
        for place, (first, second) in enumerate(pairs)
    )
    nothing = np.zeros(0, dtype=np.int64)
    order, indices, indptr = _compressed(entries, shared, p) if p > DENSE else (nothing, nothing, nothing)
    return Pattern(
        n_params=p, couplings=couplings, rows=rows, columns=columns, order=order, indices=indices, indptr=indptr
    )


def assemble(pattern: Pattern, curvature: Curvature, precision: FloatArray) -> System:
    """Add up the matrix and prepare it for solving.

    Args:
        pattern: Of the same layout as the curvature.
        curvature: Second derivatives by each row's predictors.
        precision: Of the parameters' normal priors, shape (n_params,), above 0.
    """
    p = pattern.n_params
    values = np.zeros(p + pattern.rows.size)
    for coupling in pattern.couplings:
        weights = _weights(coupling, curvature)
        if weights is None:
            continue
        region = values[coupling.start : coupling.start + coupling.size]
        if isinstance(coupling.at, int):
            region[coupling.at] += weights.sum()
        else:
            region += np.bincount(coupling.at, weights=weights, minlength=coupling.size)
    # A shared parameter's own place in its full row is the diagonal's.
    values[p:][pattern.rows == pattern.columns] = 0.0
    values[:p] += precision
    if p <= DENSE:
        matrix = np.zeros((p, p))
        np.add.at(matrix, (pattern.rows, pattern.columns), values[p:])
        matrix = matrix + matrix.T
        matrix[np.diag_indices(p)] = values[:p]
        return System(diagonal=values[:p], factor=linalg.cho_factor(matrix, lower=True), upper=None)
    upper = sparse.csr_array((values[pattern.order], pattern.indices, pattern.indptr), shape=(p, p))
    return System(diagonal=values[:p], factor=None, upper=upper)


def off_diagonal(system: System, columns: FloatArray) -> FloatArray:
    """Return the product of the matrix without its diagonal and some columns."""
    assert system.upper is not None
    return np.asarray(system.upper @ columns + system.upper.T @ columns)


def solve(system: System, right: FloatArray, *, tolerance: float) -> FloatArray:
    """Solve by the matrix for one or several right-hand sides.

    Args:
        system: The matrix.
        right: Shape (n_params,) or (n_params, n_sides).
        tolerance: Size of the residual as a share of the right-hand side at which iterating may stop.

    Returns:
        The solution, in the shape of `right`.
    """
    if system.factor is not None:
        return np.asarray(linalg.cho_solve(system.factor, right), dtype=np.float64)
    flat = right[:, None] if right.ndim == 1 else right
    found = _conjugate_gradients(system, flat, tolerance)
    return found[:, 0] if right.ndim == 1 else found


def _conjugate_gradients(system: System, right: FloatArray, tolerance: float) -> FloatArray:
    """Conjugate gradients with the diagonal as preconditioner, all sides at once."""
    inverse = 1 / system.diagonal[:, None]
    found = np.zeros_like(right)
    residual = right.copy()
    direction = inverse * residual
    before = (residual * direction).sum(axis=0)
    enough = tolerance**2 * before
    for _ in range(MOST_ITERATIONS):
        if (before <= enough).all():
            break
        image = system.diagonal[:, None] * direction + off_diagonal(system, direction)
        curvature = (direction * image).sum(axis=0)
        step = np.divide(before, curvature, out=np.zeros_like(before), where=curvature > 0)
        found += step * direction
        residual -= step * image
        scaled = inverse * residual
        now = (residual * scaled).sum(axis=0)
        direction = scaled + np.divide(now, before, out=np.zeros_like(now), where=before > 0) * direction
        before = now
    return found


def _vary(pair: tuple[Slot, Slot]) -> bool:
    return pair[0] is not pair[1] and not isinstance(pair[0].index, int) and not isinstance(pair[1].index, int)


def _keys(pair: tuple[Slot, Slot], p: int) -> IntArray:
    return np.asarray(np.minimum(pair[0].index, pair[1].index) * p + np.maximum(pair[0].index, pair[1].index))


def _coupling(
    first: Slot, second: Slot, position: IntArray | None, starts: dict[int, int], sizes: tuple[int, int]
) -> Coupling:
    p, n_entries = sizes
    if first is second:
        return Coupling(first=first, second=second, at=first.index, start=0, size=p)
    if position is not None:
        return Coupling(first=first, second=second, at=position, start=p, size=n_entries)
    if isinstance(second.index, int):
        return Coupling(first=first, second=second, at=first.index, start=starts[second.index], size=p)
    assert isinstance(first.index, int)
    return Coupling(first=first, second=second, at=second.index, start=starts[first.index], size=p)


def _weights(coupling: Coupling, curvature: Curvature) -> FloatArray | None:
    """Second derivative by the two slots' parameters, row by row; None where it is 0 throughout."""
    total: FloatArray | None = None
    for (x, y), values in curvature.hessian.items():
        factor = coupling.first.on[x] * coupling.second.on[y]
        if x != y:
            factor += coupling.first.on[y] * coupling.second.on[x]
        if factor:
            term = values if factor == 1 else factor * values
            total = term if total is None else total + term
    return total


def _compressed(entries: IntArray, shared: list[int], p: int) -> tuple[IntArray, IntArray, IntArray]:
    """Order of the entries in the sparse upper half: which value, in which column, where each row starts.

    The entries found come row by row already; behind them each row has one for every shared parameter.
    """
    row, per_row = entries // p, len(shared)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=p) + per_row)]).astype(np.int64)
    value = np.empty(entries.size + p * per_row, dtype=np.int64)
    column = np.empty_like(value)
    at = np.arange(entries.size) + row * per_row
    value[at], column[at] = p + np.arange(entries.size), entries % p
    for place, index in enumerate(shared):
        at = indptr[1:] - per_row + place
        value[at], column[at] = p + entries.size + place * p + np.arange(p), index
    return value, column, indptr
