"""Simulated ratings with known means and variance components, for coverage tables, tests and plans.

A rating is 4 + circumstance + wording + perturbation + circumstance x perturbation + residual, each effect with its own
standard deviation, on a scale from 1 to 7 whose ends bind only where the shape says so:

    normal     normal effects
    skewed     gamma effects of shape 2, centred: skewness 1.41, excess kurtosis 3
    floor      normal effects about a mean half a total standard deviation above 1, cut off at 1: 31% lie at the floor
    ceiling    its mirror image at 7

For cut-off ratings truths follow by integration: the variance of E[rating | effects so far] for one effect after
another.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from goodheart.stats.arguments import FloatArray

Shape = Literal["normal", "skewed", "floor", "ceiling"]
SHAPES: tuple[Shape, ...] = ("normal", "skewed", "floor", "ceiling")

LOWEST, MIDDLE, HIGHEST = 1.0, 4.0, 7.0
DISTANCE = 0.5
"""Of the mean from the end of the scale, in total standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations of the effects, in points."""

    circumstance: float
    wording: float
    residual: float
    perturbation: float = 0.0
    """Of a perturbation on all circumstances alike."""
    circumstance_perturbation: float = 0.0

    @property
    def total(self) -> float:
        """Standard deviation of one rating before any cut-off."""
        return float(np.sqrt(sum(sd**2 for sd in self.parts)))

    @property
    def parts(self) -> tuple[float, ...]:
        """Circumstance, wording, perturbation, circumstance x perturbation, residual."""
        return (self.circumstance, self.wording, self.perturbation, self.circumstance_perturbation, self.residual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a simulated population has."""

    mean: float
    circumstance: float
    """Variance components, in points squared."""
    wording: float
    perturbation: float
    circumstance_perturbation: float
    residual: float


def simulate_ratings(
    *,
    shape: Shape,
    n_runs: int,
    n_circumstances: int,
    n_wordings: int,
    n_replicates: int,
    spread: Spread,
    shift: ArrayLike,
    rng: np.random.Generator,
) -> FloatArray:
    """Simulate ratings of one design many times.

    Args:
        shape: Form of the distribution.
        n_runs: Independent repetitions of the whole study.
        n_circumstances: Clusters.
        n_wordings: Wordings within each.
        n_replicates: Replicates (perturbations) of each wording.
        spread: Standard deviations of the effects.
        shift: Added to the mean before any cut-off, in points; one number, or one per replicate (arm).
        rng: Source of randomness.

    Returns:
        Shape (n_runs, n_circumstances, n_wordings, n_replicates), in points.
    """
    c, w, r = n_circumstances, n_wordings, n_replicates
    sizes = ((c, 1, 1), (c, w, 1), (1, 1, r), (c, 1, r), (c, w, r))
    total = np.zeros((n_runs, c, w, r)) + location_of(shape=shape, spread=spread) + np.asarray(shift)
    for size, sd in zip(sizes, spread.parts, strict=True):
        if sd > 0:
            total += draw_effects(shape=shape, size=(n_runs, *size), sd=sd, rng=rng)
    return cut_off(shape=shape, values=total)


def draw_effects(*, shape: Shape, size: tuple[int, ...], sd: float, rng: np.random.Generator) -> FloatArray:
    """Draw effects with mean 0 and standard deviation `sd`."""
    if shape == "skewed":
        return np.asarray(sd * (rng.standard_gamma(2.0, size) - 2) / np.sqrt(2), dtype=np.float64)
    return sd * rng.standard_normal(size)


def cut_off(*, shape: Shape, values: FloatArray) -> FloatArray:
    """Keep values on the scale where the shape says that its end binds."""
    match shape:
        case "normal" | "skewed":
            return values
        case "floor":
            return np.maximum(values, LOWEST)
        case "ceiling":
            return np.minimum(values, HIGHEST)
        case _ as never:
            assert_never(never)


def location_of(*, shape: Shape, spread: Spread) -> float:
    """Return the mean before any cut-off."""
    offsets = {"floor": LOWEST + DISTANCE * spread.total, "ceiling": HIGHEST - DISTANCE * spread.total}
    return offsets.get(shape, MIDDLE)


def truth_of(*, shape: Shape, spread: Spread, shift: float) -> Truth:
    """Return the mean and the variance components of the simulated population, with the cut-off taken into account."""
    c, w, p, cp, e = (sd**2 for sd in spread.parts)
    location = location_of(shape=shape, spread=spread) + shift
    if shape in {"normal", "skewed"}:
        return Truth(mean=location, circumstance=c, wording=w, perturbation=p, circumstance_perturbation=cp, residual=e)
    total = c + w + p + cp + e

    def explained(known: float) -> float:
        return _variance_of_expectation(shape, location, known=known, unknown=total - known)[1]

    of_c, of_p = explained(c), explained(p)
    of_cell = explained(c + p + cp)
    of_wording = explained(c + w) - of_c
    return Truth(
        mean=_variance_of_expectation(shape, location, known=0.0, unknown=total)[0],
        circumstance=of_c,
        wording=of_wording,
        perturbation=of_p,
        circumstance_perturbation=of_cell - of_c - of_p,
        residual=explained(total) - of_cell - of_wording,
    )


def expected_ratings(*, shape: Shape, centres: FloatArray, unknown_sd: float) -> FloatArray:
    """Return what ratings are on average if the effects known so far put them at `centres`.

    Args:
        shape: Form of the distribution; the effects still unknown are normal where the shape cuts off.
        centres: Of any shape, in points, before any cut-off.
        unknown_sd: Standard deviation of the effects still unknown.
    """
    if shape in {"normal", "skewed"}:
        return centres
    if shape == "floor":
        return LOWEST + _mean_above_zero(centres - LOWEST, sd=unknown_sd)
    return HIGHEST - _mean_above_zero(HIGHEST - centres, sd=unknown_sd)


def _variance_of_expectation(shape: Shape, location: float, *, known: float, unknown: float) -> tuple[float, float]:
    """Return mean and variance of E[rating | known effects], known and unknown effects normal with these variances."""
    grid = np.linspace(-9.0, 9.0, 20_001)
    weights = np.exp(-(grid**2) / 2)
    weights /= weights.sum()
    centres = location + np.sqrt(known) * grid
    expected = expected_ratings(shape=shape, centres=centres, unknown_sd=float(np.sqrt(max(unknown, 0.0))))
    mean = float(weights @ expected)
    return mean, float(weights @ (expected - mean) ** 2)


def _mean_above_zero(height: FloatArray, *, sd: float) -> FloatArray:
    """Return E[max(0, height + sd * normal)]."""
    if sd == 0:
        return np.maximum(height, 0.0)
    z = height / sd
    return np.asarray(height * special.ndtr(z) + sd * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi), dtype=np.float64)
