"""The normal distribution closest to the posterior, in place of the one at its maximum.

    minimise over m, S    KL(N(m, S) || posterior):    0 = E[gradient],    S^-1 = E[second derivatives]

the expectations over N(m, S). At the maximum itself the curvature is too strong and the place too near to 0 where
choices are few: the likelihood of a pair is flat on one side and steep on the other, and a maximum leans to the steep
one. For a likelihood that is log-concave, as all of ours are, there is one such distribution. Each row's expectation is
over its own predictors only, so that it is a sum over a few nodes.

Source:
    Opper and Archambeau (2009), Neural Computation 21:786-792; Challis and Barber (2013), JMLR 14:2239-2286.
"""

from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from goodheart.choice.choices import FloatArray
from goodheart.choice.fit import Fitted
from goodheart.choice.inverse import inverse
from goodheart.choice.layout import Layout, predictors
from goodheart.choice.likelihood import Curvature
from goodheart.choice.model import NEAR_BOUND, PRIOR_SD_RANGE
from goodheart.choice.newton import gradient_of
from goodheart.choice.spreads import precision_of
from goodheart.choice.system import System, assemble, find_pattern, solve
from goodheart.choice.tally import Tally

MOST_ROWS: Final = 50_000
"""Rows of counts above which the maximum is taken as it is: so many rows per parameter leave nothing to average."""
MOST_ROUNDS: Final = 100
SETTLED: Final = 1e-3
"""Logits: neither a parameter nor a standard error moves by more."""
LEAST_SHARE: Final = 1 / 8
GROWS: Final = 1.2
"""Share of a whole step that is taken: halved after a round that moved further than the last, else a little more."""
NODES: Final = (9, 5)
"""Where items enter one predictor (their difference), and for each of two: opting out has both items by themselves."""
NODES_OF_TIE: Final = 3
"""The tie parameter is shared by all rows and well known beside a utility."""
LEAST_VARIANCE: Final = 1e-12


def averaged(fitted: Fitted) -> Fitted:
    """Put the closest normal distribution in place of the one at the maximum.

    Where the utilities' prior was given and not estimated, or its spread stands at its bound, the fit is returned as it
    is: a prior as wide as 1000 says that the maximum of the likelihood is wanted, and averaging under it leads away
    without bound. So it is where there are more parameters than are factorised densely, or more than `MOST_ROWS` rows.

    Args:
        fitted: The fit.

    Returns:
        The fit with the distribution's mean and inverse covariance; its ending is `not_averaged` if it did not settle.
    """
    estimated = fitted.spread_variance > 0 and dict(fitted.sds)["utility"] < NEAR_BOUND * PRIOR_SD_RANGE[1]
    if not estimated or fitted.optimum.system.factor is None or fitted.tally.left.size > MOST_ROWS:
        return fitted
    found = _settle(fitted)
    if found is not None:
        return replace(fitted, optimum=replace(fitted.optimum, params=found[0], system=found[1]))
    if fitted.optimum.ending != "converged":
        return fitted
    return replace(fitted, optimum=replace(fitted.optimum, ending="not_averaged"))


def _settle(fitted: Fitted) -> tuple[FloatArray, System] | None:
    """Go to and fro between the mean and the covariance until neither moves; None where they do not settle."""
    tally, layout, pattern = fitted.tally, fitted.layout, find_pattern(fitted.layout)
    precision = precision_of(layout, fitted.sds)
    params, covariance = fitted.optimum.params, inverse(fitted.optimum.system)
    share, before, blended = 1.0, np.inf, None
    for _ in range(MOST_ROUNDS):
        expected = expectation(tally, layout, params, covariance)
        # A wider distribution sees flatter curves, which make it wider: whole steps can swing for ever.
        blended = expected if blended is None else _blend(blended, expected, share)
        system = assemble(pattern, blended, precision)
        wanted = inverse(system)
        step = -solve(system, gradient_of(layout, expected, params, precision), tolerance=0.0)
        moved = float(np.abs(step).max()) + float(np.abs(np.sqrt(np.diag(wanted)) - np.sqrt(np.diag(covariance))).max())
        if not np.isfinite(moved):
            return None
        share = max(share / 2, LEAST_SHARE) if moved > before else min(GROWS * share, 1.0)
        params, covariance, before = params + share * step, wanted, moved
        if moved < share * SETTLED:
            return params, system
    return None


def _blend(old: Curvature, new: Curvature, share: float) -> Curvature:
    hessian = {key: (1 - share) * old.hessian[key] + share * values for key, values in new.hessian.items()}
    return replace(new, hessian=hessian)


def expectation(tally: Tally, layout: Layout, mean: FloatArray, covariance: FloatArray) -> Curvature:
    """Average minus the log-likelihood and its derivatives over normal parameters.

    Args:
        tally: Counts.
        layout: Parameters of the model for them.
        mean: Of the parameters, shape (n_params,).
        covariance: Of the parameters, shape (n_params, n_params).
    """
    n_rows = tally.left.size
    at = predictors(layout, mean, n_rows)
    uncertain = _uncertain(layout)
    root = np.linalg.cholesky(_row_covariances(layout, covariance, n_rows, uncertain))
    loss, gradient, hessian = 0.0, [np.zeros(n_rows) for _ in at], dict[tuple[int, int], FloatArray]()
    for node, weight in _nodes(layout, uncertain):
        moved = tuple(x + (root[:, place] @ node if place < uncertain else 0.0) for place, x in enumerate(at))
        found = layout.likelihood(tally, moved)
        loss += weight * found.loss
        for total, part in zip(gradient, found.gradient, strict=True):
            total += weight * part
        for key, part in found.hessian.items():
            hessian[key] = hessian.get(key, 0.0) + weight * part
    return Curvature(loss=loss, gradient=tuple(gradient), hessian=hessian)


def _uncertain(layout: Layout) -> int:
    """How many predictors, from the first, are averaged over.

    Thurstone's ties exist for a positive threshold only, which a normal distribution does not keep to; there the
    threshold is where it is, under utilities that are averaged over.
    """
    fixed = layout.place("tie") is None or layout.no_tie == 0
    return layout.n_predictors - 1 if fixed else layout.n_predictors


def _nodes(layout: Layout, uncertain: int) -> list[tuple[FloatArray, float]]:
    """Nodes of Gauss and Hermite in standard units with their weights."""
    rules = []
    of_items = NODES[layout.n_predictors - 2]
    for place in range(uncertain):
        x, w = np.polynomial.hermite_e.hermegauss(NODES_OF_TIE if place == layout.n_predictors - 1 else of_items)
        rules.append(list(zip(x.tolist(), (w / w.sum()).tolist(), strict=True)))
    return [
        (np.array([x for x, _ in chosen]), float(np.prod([weight for _, weight in chosen])))
        for chosen in product(*rules)
    ]


def _row_covariances(layout: Layout, covariance: FloatArray, n_rows: int, uncertain: int) -> FloatArray:
    """Covariance of each row's predictors, shape (n_rows, uncertain, uncertain)."""
    found = np.zeros((n_rows, uncertain, uncertain))
    # The zero's prior says nothing: where it was never or always opted out, an average over it would have no bound.
    zero = layout.place("mean")
    slots = [
        slot
        for slot in layout.slots
        if any(slot.on[:uncertain]) and not (isinstance(slot.index, int) and slot.index == zero)
    ]
    for one, other in product(slots, slots):
        entries = covariance[one.index, other.index]
        for a, b in product(range(uncertain), range(uncertain)):
            factor = one.on[a] * other.on[b]
            if factor:
                found[:, a, b] += factor * entries
    found[:, np.arange(uncertain), np.arange(uncertain)] += LEAST_VARIANCE
    return found
