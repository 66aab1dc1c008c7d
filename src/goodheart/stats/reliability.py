"""Intraclass correlation of ratings of the same units, one-way: ICC(1,1) of one rating and ICC(1,k) of the mean of k.

With mean squares between (B) and within (W) units of k ratings each,

    ICC(1,1) = (B - W) / (B + (k - 1) W)          ICC(1,k) = (B - W) / B

truncated at 0. Bounds are those of `mean_squares`: the exact F interval assumes normal ratings and misses its level
where they are skewed or sit at an end of the scale. Source: Shrout and Fleiss (1979), Psychological Bulletin
86:420-428.
"""

from typing import Literal

import numpy as np

from goodheart.errors import InternalError
from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.anova import table_nested
from goodheart.stats.arguments import FloatArray, finite_array
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect, estimate_from_effect
from goodheart.stats.mean_squares import MeanSquares, frozen
from goodheart.stats.targets import Target, target_points

FEWEST_UNITS = 8
"""The smallest number in the coverage table; below it there is no interval."""


def icc_target(*, kind: Literal["single", "mean"], n_ratings: int) -> Target:
    """Return the coefficient as a ratio of the components between and within units."""
    divisor = 1 if kind == "single" else n_ratings
    return Target(
        name=f"icc_{kind}", kind="ratio", numerator=np.array([1.0, 0.0]), denominator=np.array([1.0, 1 / divisor])
    )


def effect_icc(
    *,
    name: str,
    about: Condition = (),
    ratings: FloatArray,
    kind: Literal["single", "mean"],
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate an intraclass correlation; see `estimate_icc`."""
    array = finite_array(ratings, what="ratings")
    if array.ndim != 2:
        raise InternalError(
            "an intraclass correlation needs a table of units x ratings, because it compares within and between units; "
            f"got {array.ndim} dimensions. Give each unit a row."
        )
    n_units, n_ratings = array.shape
    if n_units < 3 or n_ratings < 2:
        detail = f"{n_units} units with {n_ratings} ratings each"
        return NotEstimable(name=name, about=about, reason="too_few", detail=detail)
    table = table_nested(values=array[None, :, None, :])
    target = icc_target(kind=kind, n_ratings=n_ratings)
    point = float(target_points(targets=(target,), table=table)[0, 0])
    if np.isnan(point) or not table.mean_squares[0, 0]:
        return NotEstimable(name=name, about=about, reason="no_variation", detail="all units have the same mean")
    if n_units < FEWEST_UNITS or (table.df[:, 0] == 0).any():
        detail = f"ICC {point:.3g} over {n_units} units; too few, or one of them carries all the variation"
        return NotEstimable(
            name=name, about=about, reason="not_covered", detail=detail, point=point, unit="coefficient"
        )
    pivot = MeanSquares(
        values=frozen(table.mean_squares[:, 0]),
        df=frozen(table.df[:, 0]),
        numerator=frozen(target.numerator @ table.coefficients),
        denominator=frozen(target.denominator @ table.coefficients),
        kind="ratio",
        point=point,
    )
    label = Label(name=name, about=about, unit="coefficient", evidence=evidence)
    return effect_of(label, pivot, method="icc_mls_jackknife_df", n=array.size, n_clusters=n_units)


def estimate_icc(
    *,
    name: str,
    about: Condition = (),
    ratings: FloatArray,
    kind: Literal["single", "mean"],
    level: float,
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Estimate a one-way intraclass correlation.

    Estimand: the share of the variance of one rating (`single`), or of the mean of a unit's ratings (`mean`), that lies
    between units; raters are not told apart.

    Args:
        name: What is estimated, such as `retest_icc`.
        about: Of what.
        ratings: Shape (n_units, n_ratings), every unit rated equally often.
        kind: `single` for ICC(1,1), `mean` for ICC(1,k).
        level: Two-sided confidence, in (0, 1).
        evidence: Where the replies stand.

    Returns:
        The estimate, or `NotEstimable`: `too_few` under 3 units or 2 ratings, `no_variation` where units do not differ,
        `not_covered` under 8 units or where one unit carries all the variation.

    Raises:
        InternalError: the table is not two-dimensional, a value is not finite, or `level` is not in (0, 1).

    Source:
        Shrout and Fleiss (1979), cases ICC(1,1) and ICC(1,k); interval as in `mean_squares`.
    """
    effect = effect_icc(name=name, about=about, ratings=ratings, kind=kind, evidence=evidence)
    return estimate_from_effect(effect=effect, level=level)
