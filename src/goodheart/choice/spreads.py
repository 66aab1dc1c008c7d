"""Standard deviations of normal priors, estimated from the choices: the maximum of Laplace's marginal likelihood.

    -log m(sds) = penalised loss at its optimum + 1/2 log det H + sum over parameters of log sd

and for each estimated sd a further -log sd, which keeps it off 0, where few choices often put the maximum and intervals
would vanish (Chung et al.). How uncertain the utilities' sd is follows from the curvature at the maximum.

Taking each block's sum of squares instead, as penalised quasi-likelihood does, is quicker and too small where there are
few choices per item (by a fifth at 13 choices an item); it is used only where a determinant is out of reach.

Source:
    Breslow and Clayton (1993), JASA 88:9-25; Chung et al. (2013), Psychometrika 78:685-709; for many parameters Schall
    (1991), Biometrika 78:719-727.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize

from goodheart.choice.choices import FloatArray
from goodheart.choice.inverse import inverse_trace
from goodheart.choice.layout import Block, Layout
from goodheart.choice.model import PRIOR_SD_RANGE
from goodheart.choice.newton import Optimum, maximise
from goodheart.choice.system import Pattern
from goodheart.choice.tally import Tally

TOLERANCE: Final = 0.01
"""Relative change of a standard deviation at which it counts as found."""
COARSE: Final = 1e-3
"""Logits: while the spreads are still moving, parameters need be no better."""
MOST_ROUNDS: Final = 30
STEP: Final = 0.1
"""Of a logarithm, for the curvature at the maximum."""
MOST_VARIANCE: Final = 0.5
"""Of a logarithm: beyond it a normal picture of it says nothing."""

Sds = tuple[tuple[str, float], ...]
"""A standard deviation for each block of parameters, by the block's name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Counts and the parameters laid out for them."""

    tally: Tally
    layout: Layout
    pattern: Pattern


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spreads:
    """Standard deviations, and a good place to start from with them."""

    sds: Sds
    params: FloatArray
    found: bool
    """Whether the search for them settled."""
    variance: float
    """Of the logarithm of the utilities' estimated standard deviation; 0 where it is given or far from uncertain."""


def maximise_at(problem: Problem, sds: Sds, *, start: FloatArray, tolerance: float) -> Optimum:
    """Find the optimum under given standard deviations."""
    precision = precision_of(problem.layout, sds)
    return maximise(
        problem.tally, problem.layout, problem.pattern, start=start, precision=precision, tolerance=tolerance
    )


def precision_of(layout: Layout, sds: Sds) -> FloatArray:
    """Return the precision of each parameter's prior, shape (n_params,)."""
    wanted = dict(sds)
    return np.concatenate([np.full(block.stop - block.start, wanted[block.name] ** -2) for block in layout.blocks])


def find_spreads(problem: Problem, *, start: FloatArray, unit: float) -> Spreads:
    """Estimate the standard deviations that are not given.

    Args:
        problem: Counts and layout.
        start: Parameters to start from.
        unit: Size of a logit on the scale of utilities.
    """
    blocks = problem.layout.blocks
    free = tuple(block for block in blocks if block.sd is None)
    first = {block.name: block.sd or unit * (1.0 if block.name == "utility" else 0.3) for block in blocks}
    if not free:
        return Spreads(sds=tuple(first.items()), params=start, found=True, variance=0.0)
    optimum = maximise_at(problem, tuple(first.items()), start=start, tolerance=COARSE)
    if optimum.system.factor is None:
        return _by_sums_of_squares(problem, free, first, optimum)
    return _by_laplace(problem, free, first, optimum.params)


def _by_laplace(problem: Problem, free: tuple[Block, ...], first: dict[str, float], start: FloatArray) -> Spreads:
    # Every evaluation starts where the last one ended; where it ends does not depend on that.
    at = [start]
    low, high = np.log(PRIOR_SD_RANGE[0]), np.log(PRIOR_SD_RANGE[1])

    def named(logs: FloatArray) -> Sds:
        values = dict(zip((block.name for block in free), np.exp(logs).tolist(), strict=True))
        return tuple((first | values).items())

    def minus_log_marginal(logs: FloatArray) -> float:
        optimum = maximise_at(problem, named(logs), start=at[0], tolerance=COARSE)
        at[0] = optimum.params
        assert optimum.system.factor is not None
        half_log_det = np.log(np.diag(optimum.system.factor[0])).sum()
        sizes = np.array([block.stop - block.start for block in free])
        return float(optimum.loss + half_log_det + (sizes - 1) @ logs)

    logs = np.log([first[block.name] for block in free])
    found = True
    for round_ in range(MOST_ROUNDS if len(free) > 1 else 1):
        before = logs.copy()
        for place in range(len(free)):
            reach = (low, high) if round_ == 0 else (max(low, logs[place] - 1), min(high, logs[place] + 1))
            result = optimize.minimize_scalar(
                lambda x, place=place: minus_log_marginal(np.where(np.arange(logs.size) == place, x, logs)),
                bounds=reach,
                method="bounded",
                options={"xatol": TOLERANCE},
            )
            found = bool(result.success)
            logs[place] = result.x
        if np.abs(logs - before).max() < 2 * TOLERANCE:
            break
    else:
        found = found and len(free) == 1
    variance = _variance(minus_log_marginal, logs) if free[0].name == "utility" else 0.0
    return Spreads(sds=named(logs), params=at[0], found=found, variance=variance)


def _variance(minus_log_marginal: Callable[[FloatArray], float], logs: FloatArray) -> float:
    """Variance of the first logarithm, from the curvature by it."""
    step = np.zeros_like(logs)
    step[0] = STEP
    up, here, down = (minus_log_marginal(logs + sign * step) for sign in (1.0, 0.0, -1.0))
    return float(min(STEP**2 / max(up - 2 * here + down, 1e-12), MOST_VARIANCE))


def _by_sums_of_squares(
    problem: Problem, free: tuple[Block, ...], first: dict[str, float], optimum: Optimum
) -> Spreads:
    sds = dict(first)
    for _ in range(MOST_ROUNDS):
        before = dict(sds)
        sds |= {block.name: _next_sd(block, optimum, sds[block.name]) for block in free}
        optimum = maximise_at(problem, tuple(sds.items()), start=optimum.params, tolerance=COARSE)
        if all(abs(np.log(sds[name] / before[name])) < TOLERANCE for name in sds):
            return Spreads(sds=tuple(sds.items()), params=optimum.params, found=True, variance=0.0)
    return Spreads(sds=tuple(sds.items()), params=optimum.params, found=False, variance=0.0)


def _next_sd(block: Block, optimum: Optimum, sd: float) -> float:
    u = optimum.params[block.start : block.stop]
    trace = inverse_trace(optimum.system, start=block.start, stop=block.stop)
    free = max(u.size - trace / sd**2, 1e-3)
    return float(np.clip(np.sqrt(float(u @ u) / free), *PRIOR_SD_RANGE))
