"""Several contrasts at once by flipping the signs of whole clusters.

Row c of `values` holds cluster c's differences, one per contrast, so flipping a row keeps the dependence among them.
With residuals r = values - mean(values) and signs e the flipped statistic of contrast j is

    t*_j = mean(e r_j) / sqrt( (mean(r_j^2) - mean(e r_j)^2) / (C - 1) )

(the sum of squares does not change with the signs). The distribution of max_j |t*_j| gives single-step critical values,
so intervals are simultaneous and "outside the region" is corrected for all contrasts at once. The test against 0
flips the values themselves and is exact where differences are symmetric about 0.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from goodheart.errors import InternalError
from goodheart.records import NotEstimable
from goodheart.stats.arguments import FloatArray, Values, finite_array, is_constant, positive_count, probability


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignFlips:
    """Signs to flip clusters with, prepared once and used for every set of contrasts over those clusters."""

    signs: FloatArray
    """Shape (n_flips, n_clusters), each +1 or -1; read-only."""
    exact: bool
    """Whether every pattern of signs is there once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlipNull:
    """Contrasts with the chance distribution of their largest residual t: all that no level and no region changes."""

    estimates: FloatArray
    """Shape (n_contrasts,)."""
    stderrs: FloatArray
    """Same shape; NaN where a contrast has no spread."""
    varies: NDArray[np.bool_]
    """Same shape: whether it has."""
    maxima: FloatArray
    """Sorted, shape (n_flips,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaxT:
    """Contrasts tested together; arrays of shape (n_contrasts,). A contrast without spread has NaN for its t."""

    estimates: FloatArray
    stderrs: FloatArray
    t: FloatArray
    """Against 0."""
    p_zero: FloatArray
    """Adjusted, two-sided, against "the contrast is 0"; 1 where there is no spread."""
    p_outside: FloatArray
    """Adjusted, against "the contrast is inside its region"; 1 where there is no spread."""
    low: FloatArray
    """Simultaneous, two-sided level 1 - alpha; wholly outside the region exactly where p_outside <= alpha."""
    high: FloatArray
    critical: float
    """Half width of the intervals in standard errors."""
    n_flips: int
    exact: bool


def prepare_sign_flips(*, n_clusters: int, n_flips: int, rng: np.random.Generator) -> SignFlips:
    """Prepare the signs: all 2^n_clusters patterns where they are at most `n_flips`, else a sample of `n_flips`.

    Raises:
        InternalError: a count is below 1.
    """
    positive_count(n_clusters, what="n_clusters")
    positive_count(n_flips, what="n_flips")
    exact = n_clusters < 63 and 2**n_clusters <= n_flips
    if exact:
        signs = np.array(list(product((1.0, -1.0), repeat=n_clusters)))
    else:
        signs = rng.integers(0, 2, size=(n_flips, n_clusters)).astype(np.float64) * 2 - 1
    signs.setflags(write=False)
    return SignFlips(signs=signs, exact=exact)


def max_t(
    *, name: str, values: FloatArray, flips: SignFlips, region_low: Values, region_high: Values, alpha: float
) -> MaxT | NotEstimable:
    """Test several paired contrasts at once against 0 and against their regions.

    Estimand: per contrast the mean difference over the population of clusters.

    Args:
        name: What the contrasts are, for a `NotEstimable`.
        values: Shape (n_clusters, n_contrasts): each cluster's difference in each contrast.
        flips: From `prepare_sign_flips` for the same number of clusters.
        region_low: Lower end of each contrast's region, shape (n_contrasts,).
        region_high: Upper end of each contrast's region.
        alpha: Family-wise error of the contrasts together.

    Returns:
        The tests, or `NotEstimable`: `too_few` or `one_cluster` under 2 clusters, `no_variation` where no contrast
        varies. Fewer than log2(1 / alpha) + 1 clusters leave p-values that cannot reach alpha.

    Raises:
        InternalError: shapes do not fit, a value is not finite, or `alpha` is not in (0, 1).

    Source:
        Westfall and Young (1993), Resampling-Based Multiple Testing; Winkler et al. (2014), NeuroImage 92:381-397.
        Residual flips for the intervals: Freedman and Lane (1983); Liu (1988), Annals of Statistics 16:1696-1708.
    """
    probability(alpha, what="alpha")
    _check_regions(np.shape(values)[1:], region_low, region_high)
    null = flip_null(name=name, values=values, flips=flips)
    if isinstance(null, NotEstimable):
        return null
    data, t = np.asarray(values, dtype=np.float64), null.estimates / null.stderrs
    low, high, critical = bounds_by_flips(null=null, alpha=alpha)
    return MaxT(
        estimates=null.estimates,
        stderrs=null.stderrs,
        t=t,
        p_zero=_p_zero(data, t, null.varies, flips),
        p_outside=p_outside_by_flips(null=null, region_low=region_low, region_high=region_high),
        low=low,
        high=high,
        critical=critical,
        n_flips=flips.signs.shape[0],
        exact=flips.exact,
    )


def flip_null(*, name: str, values: FloatArray, flips: SignFlips) -> FlipNull | NotEstimable:
    """Flip the residuals of several contrasts once, for tests at any level and against any region; see `max_t`.

    Args:
        name: What the contrasts are, for a `NotEstimable`.
        values: Shape (n_clusters, n_contrasts).
        flips: For the same number of clusters.

    Raises:
        InternalError: shapes do not fit, or a value is not finite.
    """
    data = finite_array(values, what="values")
    _check_shapes(data, flips)
    n_clusters, n_contrasts = data.shape
    if n_clusters < 2:
        return NotEstimable(name=name, reason="one_cluster", detail="1 cluster has no spread to judge by")
    scale = float(np.abs(data).max(initial=0.0))
    varies = np.array([not is_constant(data[:, j], scale=scale) for j in range(n_contrasts)], dtype=bool)
    if not varies.any():
        return NotEstimable(name=name, reason="no_variation", detail="no contrast differs between clusters")
    estimates = data.mean(axis=0)
    stderrs = np.where(varies, data.std(axis=0, ddof=1) / np.sqrt(n_clusters), np.nan)
    maxima = _maxima((data - estimates)[:, varies], flips)
    return FlipNull(estimates=estimates, stderrs=stderrs, varies=varies, maxima=maxima)


def p_outside_by_flips(*, null: FlipNull, region_low: Values, region_high: Values) -> FloatArray:
    """Return the adjusted p-value of each contrast against "it is inside its region"; 1 where there is no spread.

    Raises:
        InternalError: there is not one region per contrast.
    """
    low_end, high_end = _check_regions(null.estimates.shape, region_low, region_high)
    beyond = np.maximum(null.estimates - high_end, low_end - null.estimates) / null.stderrs
    return np.where(beyond > 0, _share_at_least(null.maxima, beyond, added=1), 1.0)


def bounds_by_flips(*, null: FlipNull, alpha: float) -> tuple[FloatArray, FloatArray, float]:
    """Return simultaneous lower and upper bounds at level 1 - alpha, and their half width in standard errors."""
    critical = _critical(null.maxima, alpha=alpha)
    half = np.where(null.varies, critical * null.stderrs, np.inf)
    return null.estimates - half, null.estimates + half, critical


def _maxima(columns: FloatArray, flips: SignFlips) -> FloatArray:
    """Return the sorted maximum of |t*| over contrasts, one per flip."""
    n = columns.shape[0]
    means = flips.signs @ columns
    means /= n
    np.square(means, out=means)
    largest = np.zeros(means.shape[0])
    with np.errstate(divide="ignore"):
        # One contrast after the other, because a table of all of them is too large for the processor's cache.
        for square, own in zip((columns**2).mean(axis=0), means.T, strict=True):
            # Rounding can leave a spread just under 0 where all flipped values agree: t* is infinite there.
            np.maximum(largest, own / np.maximum(square - own, 0.0), out=largest)
    return np.sort(np.sqrt(largest * (n - 1)))


def _p_zero(data: FloatArray, t: FloatArray, varies: NDArray[np.bool_], flips: SignFlips) -> FloatArray:
    # All patterns contain the unflipped one, so nothing is added to the count; a sample does not.
    maxima = _maxima(data[:, varies], flips)
    return np.where(varies, _share_at_least(maxima, np.abs(t), added=0 if flips.exact else 1), 1.0)


def _share_at_least(sorted_maxima: FloatArray, t: FloatArray, *, added: int) -> FloatArray:
    """Return (added + number of maxima >= t) / (added + number); ties within rounding count."""
    at_least = sorted_maxima.size - np.searchsorted(sorted_maxima, t * (1 - 1e-9), side="left")
    return np.asarray((added + at_least) / (added + sorted_maxima.size), dtype=np.float64)


def _critical(sorted_maxima: FloatArray, *, alpha: float) -> float:
    """Return the value that t has to exceed for a p-value of at most alpha; infinite where none can."""
    allowed = int(np.floor(alpha * (1 + sorted_maxima.size) + 1e-9)) - 1
    return float(sorted_maxima[-1 - allowed]) if allowed >= 0 else np.inf


def _check_regions(shape: tuple[int, ...], low: Values, high: Values) -> tuple[FloatArray, FloatArray]:
    ends = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if any(end.shape != shape for end in ends):
        raise InternalError(
            "contrasts are tested together, each against its own region, so that there is one lower and one upper end "
            f"for each; got contrasts of shape {shape} and ends of shapes {ends[0].shape} and {ends[1].shape}. Stack "
            "the paired differences as columns, and pass one region for each."
        )
    return ends


def _check_shapes(data: FloatArray, flips: SignFlips) -> None:
    if data.ndim != 2:
        raise InternalError(
            "`max_t` needs a (clusters, contrasts) table, because contrasts are tested together; got shape "
            f"{data.shape}. Stack the paired differences as columns."
        )
    if flips.signs.shape[1] != data.shape[0]:
        raise InternalError(
            "`max_t` needs signs for exactly its clusters, because whole clusters are flipped; got signs for "
            f"{flips.signs.shape[1]} and {data.shape[0]} clusters. "
            f"Call `prepare_sign_flips(n_clusters={data.shape[0]}, ...)`."
        )
