"""A contrast in units of another contrast: Fieller's interval for the ratio of two independent means.

With a numerator D (stderr s, on f degrees of freedom) and an independent denominator U (stderr u, on g), a ratio r is
tested by

    t(r) = (D - r * U) / sqrt(s**2 + r**2 * u**2)

on Satterthwaite's degrees of freedom, taken at the estimate D / U. The interval at alpha lies between the roots of

    (U**2 - q * u**2) * r**2 - 2 * D * U * r + D**2 - q * s**2        with q the square of t's quantile

and is bounded as long as the denominator is itself shown to differ from 0; else there is none.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate
from goodheart.stats.pivots import t_quantile, t_upper_tail
from goodheart.stats.student import TStatistic

METHOD = "fieller_clusters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Two independent estimates with what their uncertainty rests on; `numerator / denominator` is of interest."""

    numerator: float
    numerator_stderr: float
    """Above 0."""
    numerator_df: float
    denominator: float
    """Above 0."""
    denominator_stderr: float
    """At least 0; with 0 the denominator is a constant."""
    denominator_df: float

    @property
    def value(self) -> float:
        """The ratio."""
        return self.numerator / self.denominator


def ratio_of(*, numerator: TStatistic, denominator: TStatistic) -> Ratio:
    """Put two independent statistics into a ratio.

    Args:
        numerator: 0-dimensional, with a stderr above 0.
        denominator: 0-dimensional, positive.

    Raises:
        InternalError: the numerator has no spread or the denominator is not above 0.
    """
    if not (float(numerator.stderr) > 0 and float(denominator.value) > 0):
        raise InternalError(
            "a ratio needs a numerator with a spread and a denominator above 0, because its interval rests on both; "
            f"got stderr {float(numerator.stderr)!r} and denominator {float(denominator.value)!r}. "
            "Refuse the channel before dividing."
        )
    return Ratio(
        numerator=float(numerator.value),
        numerator_stderr=float(numerator.stderr),
        numerator_df=float(numerator.df),
        denominator=float(denominator.value),
        denominator_stderr=float(denominator.stderr),
        denominator_df=float(denominator.df) if float(denominator.stderr) > 0 else np.inf,
    )


def ratio_bound(*, ratio: Ratio, alpha: float, side: Literal[-1, 1]) -> float:
    """Return the one-sided lower (-1) or upper (+1) confidence bound at 1 - alpha; infinite where there is none."""
    quantile = t_quantile(p=1 - alpha, df=_df(ratio)) ** 2
    square = ratio.denominator**2 - quantile * ratio.denominator_stderr**2
    if square <= 0:
        return side * np.inf
    middle = ratio.numerator * ratio.denominator / square
    rest = (ratio.numerator**2 - quantile * ratio.numerator_stderr**2) / square
    return middle + side * float(np.sqrt(max(0.0, middle**2 - rest)))


def ratio_p_above(*, ratio: Ratio, bound: float) -> float:
    """Return the p-value against "the ratio is at most `bound`"; small speaks for above."""
    gap = ratio.numerator - bound * ratio.denominator
    stderr = np.hypot(ratio.numerator_stderr, bound * ratio.denominator_stderr)
    return t_upper_tail(t=float(gap / stderr), df=_df(ratio))


def ratio_p_below(*, ratio: Ratio, bound: float) -> float:
    """Return the p-value against "the ratio is at least `bound`"; small speaks for below."""
    return 1 - ratio_p_above(ratio=ratio, bound=bound)


def estimate_from_ratio(
    *, name: str, about: Condition, ratio: Ratio, level: float, unit: str, n: int, n_clusters: int
) -> Estimate:
    """Return the ratio with its two-sided interval.

    Estimand: the ratio of the two population means or contrasts that the numerator and the denominator estimate.

    Args:
        name: What is estimated.
        about: Of what, as sorted (factor, level) pairs.
        ratio: Of two independent statistics.
        level: Two-sided confidence, in (0, 1).
        unit: Of the ratio.
        n: Observations used.
        n_clusters: Independent units among them.

    Source:
        Fieller (1954), JRSS B 16:175-185; degrees of freedom as Satterthwaite (1946), Biometrics Bulletin 2:110-114.
    """
    alpha = (1 - level) / 2
    return Estimate(
        name=name,
        about=about,
        value=ratio.value,
        low=ratio_bound(ratio=ratio, alpha=alpha, side=-1),
        high=ratio_bound(ratio=ratio, alpha=alpha, side=1),
        level=level,
        unit=unit,
        n=n,
        n_clusters=n_clusters,
        method=METHOD,
    )


def _df(ratio: Ratio) -> float:
    """Satterthwaite's degrees of freedom of `numerator - value * denominator`."""
    own = ratio.numerator_stderr**2
    other = (ratio.value * ratio.denominator_stderr) ** 2
    below = own**2 / ratio.numerator_df + other**2 / ratio.denominator_df
    return (own + other) ** 2 / below if below > 0 else float("inf")
