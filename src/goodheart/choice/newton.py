"""The maximum of the penalised likelihood by Newton's method, and how the search ended."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from goodheart.choice.choices import FloatArray
from goodheart.choice.layout import Layout, predictors
from goodheart.choice.likelihood import Curvature, in_blocks
from goodheart.choice.system import Pattern, System, assemble, solve
from goodheart.choice.tally import Tally

MOST_STEPS: Final = 100
SMALL_STEP: Final = 1e-7
"""Logits: the search has ended when no parameter would move by more."""
SMALL_DECREMENT: Final = 1e-12
"""Share of the loss that another step would gain: below it rounding decides."""
LONGEST_STEP: Final = 8.0
"""Logits: where choices are nearly certain the quadratic picture says little about far away."""

Ending = Literal["converged", "stalled", "too_many_steps", "not_averaged"]
"""`not_averaged`: there is a maximum, but averaging around it did not settle; see `average`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Where a search ended."""

    params: FloatArray
    ending: Ending
    steps: int
    loss: float
    """Penalised, in nats."""
    system: System
    """Second derivatives there."""


def maximise(
    tally: Tally, layout: Layout, pattern: Pattern, *, start: FloatArray, precision: FloatArray, tolerance: float
) -> Optimum:
    """Find the parameters at which likelihood times prior is largest.

    Args:
        tally: Counts.
        layout: Parameters of the model for them.
        pattern: Of the layout.
        start: Where to start, shape (n_params,).
        precision: Of the normal priors, mean 0, shape (n_params,).
        tolerance: Logits: the search may end when no parameter would move by more; at least `SMALL_STEP`.

    Returns:
        The optimum; its `ending` says whether it is one.
    """
    params = start
    curvature, loss, gradient = _evaluate(tally, layout, params, precision)
    ending: Ending = "too_many_steps"
    first = max(float(np.abs(gradient).max(initial=0.0)), 1e-300)
    for steps in range(MOST_STEPS):
        system = assemble(pattern, curvature, precision)
        relative = float(np.abs(gradient).max(initial=0.0)) / first
        step = -solve(system, gradient, tolerance=min(0.1, max(1e-6, relative)))
        longest = float(np.abs(step).max(initial=0.0))
        decrement = float(-(gradient @ step))
        if longest <= max(tolerance, SMALL_STEP) or decrement <= SMALL_DECREMENT * abs(loss):
            # The step is in hand, and after it the error is about its square.
            return Optimum(params=params + step, ending="converged", steps=steps, loss=loss, system=system)
        cut = min(1.0, LONGEST_STEP / longest)
        moved = _descend(tally, layout, params, cut * step, precision, loss, cut * decrement)
        if moved is None:
            ending = "stalled"
            break
        params, curvature, loss, gradient = moved
    return Optimum(params=params, ending=ending, steps=steps, loss=loss, system=system)


def _descend(
    tally: Tally,
    layout: Layout,
    params: FloatArray,
    step: FloatArray,
    precision: FloatArray,
    loss: float,
    promised: float,
) -> tuple[FloatArray, Curvature, float, FloatArray] | None:
    """Go along a step as far as the loss falls by a fair share of what was promised; None where it never does."""
    share = 1.0
    for _ in range(40):
        there = params + share * step
        curvature, value, gradient = _evaluate(tally, layout, there, precision)
        if value <= loss - 1e-4 * share * promised or value == loss:
            return there, curvature, value, gradient
        share /= 2
    return None


def _evaluate(
    tally: Tally, layout: Layout, params: FloatArray, precision: FloatArray
) -> tuple[Curvature, float, FloatArray]:
    curvature = in_blocks(layout.likelihood, tally, predictors(layout, params, tally.left.size))
    loss = curvature.loss + 0.5 * float(precision @ (params * params))
    return curvature, loss, gradient_of(layout, curvature, params, precision)


def gradient_of(layout: Layout, curvature: Curvature, params: FloatArray, precision: FloatArray) -> FloatArray:
    """Add up the penalised loss's first derivatives by the parameters, shape (n_params,).

    Args:
        layout: Parameters of the model.
        curvature: First derivatives by each row's predictors.
        params: Where they were taken.
        precision: Of the parameters' normal priors, mean 0.
    """
    gradient = precision * params
    for slot in layout.slots:
        for values, coefficient in zip(curvature.gradient, slot.on, strict=True):
            if not coefficient:
                continue
            if isinstance(slot.index, int):
                gradient[slot.index] += coefficient * values.sum()
            else:
                gradient += np.bincount(slot.index, weights=coefficient * values, minlength=gradient.size)
    return gradient
