"""Utilities with intervals, ranks with intervals, and what may be wrong with them.

Where the spread of the prior was estimated, utilities are means of the normal distribution closest to the posterior
(`average`), and otherwise the maximum with its second derivatives. Intervals are normal around each utility, and ranks
come from draws of all utilities together. Where opting out was on offer utility 0 is opting out; otherwise utilities
sum to 0.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import linalg, special

from goodheart.choice.average import averaged
from goodheart.choice.choices import FloatArray, IntArray
from goodheart.choice.fit import Fitted
from goodheart.choice.graph import Connection, connection
from goodheart.choice.inverse import utility_variances
from goodheart.choice.model import NEAR_BOUND, PRIOR_SD_RANGE
from goodheart.choice.system import solve

DRAWS: Final = 2000
DRAWS_MANY_ITEMS: Final = 400
TOLERANCE: Final = 1e-8

StatusWord = Literal["ok", "separable", "disconnected", "not_converged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A parameter with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Whether the fit can be leant on."""

    word: StatusWord
    """The gravest that applies: `not_converged`, `disconnected`, `separable`, `ok`."""
    notes: tuple[str, ...]
    """Everything that limits the fit, in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utilities:
    """What a respondent's choices say of its utilities."""

    items: tuple[str, ...]
    values: FloatArray
    """Utilities in the model's unit, shape (n_items,)."""
    stderr: FloatArray
    low: FloatArray
    high: FloatArray
    rank: IntArray
    """1 is the item chosen most readily."""
    rank_low: IntArray
    rank_high: IntArray
    order_effect: Interval | None
    """On the scale of utilities, above 0 favouring the left; None where the model has none."""
    tie_threshold: Interval | None
    """Bradley-Terry: the gap in utility under which a tie is the likeliest outcome (below 0: never the likeliest).
    Thurstone: the felt difference under which two items tie. None where nothing was tied."""
    zero: Literal["opt_out", "sum"]
    unit: Literal["logits", "probits"]
    level: float
    prior_sd: float
    dispersion: float
    rank_correlation: float
    """Expected rank correlation between these utilities and the true ones, from the same draws."""
    status: Status


def utilities_of(fitted: Fitted, *, level: float, rng: np.random.Generator) -> Utilities:
    """Take utilities, ranks and their intervals from a fit.

    Args:
        fitted: The fit. Ranks are of all items together: draws around utilities that no estimated prior holds together
            lie too far apart, and make ranks look too certain.
        level: Two-sided confidence, in (0, 1).
        rng: For the draws behind the ranks' intervals.
    """
    fitted = averaged(fitted)
    values, stderr = centred(fitted)
    sample = draws(fitted, rng, values=values, stderr=stderr)
    z = float(special.ndtri(0.5 + level / 2))
    low_rank, high_rank, expected = _ranks(values, sample, level)
    rank = _places(-values) + 1
    order = _parameter(fitted, "order", z)
    tie = _parameter(fitted, "tie", z)
    if tie and fitted.model.kind == "bt":
        tie = Interval(value=2 * tie.value, low=2 * tie.low, high=2 * tie.high)
    return Utilities(
        items=fitted.choices.items,
        values=values,
        stderr=stderr,
        low=values - z * stderr,
        high=values + z * stderr,
        rank=rank,
        rank_low=np.minimum(low_rank, rank),
        rank_high=np.maximum(high_rank, rank),
        order_effect=order,
        tie_threshold=tie,
        zero="sum" if fitted.layout.place("mean") is None else "opt_out",
        unit="probits" if fitted.model.kind == "thurstone" else "logits",
        level=level,
        prior_sd=dict(fitted.sds)["utility"],
        dispersion=fitted.dispersion,
        rank_correlation=expected,
        status=status_of(fitted, connection(fitted.tally)),
    )


def centred(fitted: Fitted) -> tuple[FloatArray, FloatArray]:
    """Return utilities with the zero that the choices give them, and their standard errors."""
    n, params = fitted.choices.n_items, fitted.optimum.params
    mean = fitted.layout.place("mean")
    variance = utility_variances(fitted.optimum.system, n_items=n, mean=mean)
    zero = -params[:n].mean() if mean is None else params[mean]
    return params[:n] + zero, np.sqrt(variance + _along_spread(fitted) ** 2)


def draws(
    fitted: Fitted, rng: np.random.Generator, *, values: FloatArray, stderr: FloatArray, n_draws: int = DRAWS
) -> FloatArray:
    """Draw utilities from their normal distribution around the fit, shape (n_draws, n_items), up to a common shift.

    Of more items than are factorised densely, each is drawn by itself, which is too wide where neighbours were
    compared with each other.
    """
    factor = fitted.optimum.system.factor
    if factor is None:
        return values + stderr * rng.standard_normal((DRAWS_MANY_ITEMS, values.size))
    # The matrix is L L'; L'^-1 z has its inverse as covariance.
    noise = linalg.solve_triangular(
        factor[0], rng.standard_normal((fitted.layout.n_params, n_draws)), lower=True, trans="T"
    )
    stretched = rng.standard_normal((n_draws, 1)) * _along_spread(fitted)
    return values + np.asarray(noise, dtype=np.float64).T[:, : values.size] + stretched


def _along_spread(fitted: Fitted) -> FloatArray:
    """How far utilities move if the prior's spread is one standard error larger, shape (n_items,)."""
    n, mean = fitted.choices.n_items, fitted.layout.place("mean")
    moved = _moved_by_spread(fitted)
    return np.asarray(moved[:n] + (-moved[:n].mean() if mean is None else moved[mean]))


def _moved_by_spread(fitted: Fitted) -> FloatArray:
    """Likewise of all parameters, shape (n_params,)."""
    n = fitted.choices.n_items
    if not fitted.spread_variance:
        return np.zeros(fitted.layout.n_params)
    pull = np.zeros(fitted.layout.n_params)
    pull[:n] = 2 * fitted.optimum.params[:n] / dict(fitted.sds)["utility"] ** 2
    return np.asarray(solve(fitted.optimum.system, pull, tolerance=TOLERANCE) * np.sqrt(fitted.spread_variance))


def status_of(fitted: Fitted, links: Connection) -> Status:
    """Say what limits a fit."""
    notes: list[tuple[StatusWord, str]] = []
    if fitted.optimum.ending == "not_averaged":
        notes.append(
            ("not_converged", "averaging around the maximum did not settle; intervals are of the maximum, too narrow.")
        )
    elif fitted.optimum.ending != "converged":
        notes.append(("not_converged", f"the search for the maximum ended without one ({fitted.optimum.ending})."))
    if not fitted.spreads_found:
        notes.append(("not_converged", "the spread of the prior did not settle."))
    if links.n_groups > 1:
        apart = [fitted.choices.items[i] for i in np.flatnonzero(links.groups > 0)[:3].tolist()]
        notes.append(
            (
                "disconnected",
                f"no chain of comparisons connects all items: {links.n_groups} groups, apart from the largest for "
                f"instance {', '.join(apart)}. Only the prior places one group beside another.",
            )
        )
    if links.one_sided:
        notes.append(("separable", "every decided choice fell on the same side; the prior bounds the order effect."))
    elif links.n_ranks > links.n_groups:
        sd = dict(fitted.sds)["utility"]
        notes.append(
            (
                "separable",
                f"some items were never chosen over, or never left for, the rest ({links.n_ranks} groups by wins); "
                f"how far they lie apart rests on the prior (SD {sd:.3g}), their order does not.",
            )
        )
    if dict(fitted.sds)["utility"] >= NEAR_BOUND * PRIOR_SD_RANGE[1] and fitted.model.prior_sd is None:
        notes.append(("separable", "choices are as good as certain: the scale of utilities is a bound, not a finding."))
    grave: tuple[StatusWord, ...] = ("not_converged", "disconnected", "separable")
    word: StatusWord = next((each for each in grave if each in [found for found, _ in notes]), "ok")
    return Status(word=word, notes=tuple(text for _, text in notes))


def _ranks(values: FloatArray, sample: FloatArray, level: float) -> tuple[IntArray, IntArray, float]:
    """Bounds of each rank over draws, and the mean rank correlation of draws with the values."""
    places = np.argsort(np.argsort(-sample, axis=1), axis=1)
    own = _places(-values)
    tail = (1 - level) / 2
    low = np.floor(np.quantile(places, tail, axis=0, method="lower")).astype(np.int64) + 1
    high = np.ceil(np.quantile(places, 1 - tail, axis=0, method="higher")).astype(np.int64) + 1
    n = values.size
    squares = ((places - own) ** 2).sum(axis=1)
    return low, high, float(np.mean(1 - 6 * squares / (n * (n**2 - 1))))


def _places(values: FloatArray) -> IntArray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.int64)


def _parameter(fitted: Fitted, name: str, z: float) -> Interval | None:
    place = fitted.layout.place(name)
    if place is None:
        return None
    toward = np.zeros(fitted.layout.n_params)
    toward[place] = 1.0
    variance = solve(fitted.optimum.system, toward, tolerance=TOLERANCE)[place] + _moved_by_spread(fitted)[place] ** 2
    half = z * float(np.sqrt(variance))
    value = float(fitted.optimum.params[place])
    return Interval(value=value, low=value - half, high=value + half)
