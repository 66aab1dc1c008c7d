"""Does the report follow up and down alike? On logits, at doses matched on another readout, against another person.

    W(k), L(k)   centred changes of the weather's and the feeling words' log odds at dose k
    matched      k+ and k- with W(k+) = -W(-k-) = the smaller of what the largest doses reach, by linear interpolation
    U, D         L(k+), -L(-k-), summed over contexts
    a            (U - D) / (U + D): 0 alike, 1 only upwards, -1 only downwards
    asymmetry    a of itself - a of a third person, jackknife over contexts

A rating has ends, a log odds has none; a push of the same length need not be of the same strength up and down, so doses
are matched on what a sentence about the weather shows; and whatever is left is the same for anybody, unless the report
about itself is filtered.
"""

from dataclasses import dataclass

import numpy as np

from goodheart.injection.directions import FloatArray
from goodheart.injection.responses import Responses
from goodheart.records import NotEstimable
from goodheart.stats import Effect
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.pivots import Student

NAME = "slope_asymmetry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymmetry:
    """Up against down."""

    up_dose: float
    down_dose: float
    """Both above 0; matched on the weather."""
    own: float
    """a of itself, from -1 to 1 where both answers go the expected way."""
    third: float
    difference: Effect | NotEstimable


def asymmetry_of(responses: Responses, name: str) -> Asymmetry | NotEstimable:
    """Compare answers up and down; `NotEstimable` where nothing can be matched.

    Estimand: over the population of neutral contexts, a of itself minus a of a third person, at matched doses.

    Source:
        Ours; the jackknife as in Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 11.
    """
    about = (("direction", name),)
    place, nulls = responses.place(name), responses.nulls
    curves = [_centred(responses, measure, place, nulls) for measure in ("log_odds.self", "log_odds.third", "weather")]
    if not all(np.isfinite(curve).all() for curve in curves):
        return NotEstimable(name=NAME, about=about, reason="not_asked", detail="a reading is missing at a dose")
    doses = np.array(responses.doses)
    full = _compare(*curves, doses=doses)
    if full is None:
        detail = "the weather does not move both ways with the dose, or the feeling words not at all: nothing to match"
        return NotEstimable(name=NAME, about=about, reason="no_variation", detail=detail)
    n = curves[0].shape[1]
    left_out = [_compare(*(np.delete(curve, i, axis=1) for curve in curves), doses=doses) for i in range(n)]
    point = full[2] - full[3]
    difference: Effect | NotEstimable
    if n < 8 or any(one is None for one in left_out):
        detail = "too few contexts, or one of them carries the whole movement"
        difference = NotEstimable(name=NAME, about=about, reason="not_covered", detail=detail, point=point)
    else:
        values = np.array([one[2] - one[3] for one in left_out if one is not None])
        stderr = float(np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum()))
        pivot = Student(value=point, stderr=max(stderr, 1e-9), df=n - 1, transform="identity")
        label = Label(name=NAME, about=about, unit="share", evidence=())
        difference = effect_of(label, pivot, method="jackknife_clusters", n=n * 4, n_clusters=n)
    return Asymmetry(up_dose=full[0], down_dose=full[1], own=full[2], third=full[3], difference=difference)


def bound_of(share: float) -> float:
    """Return the a at which the smaller answer is by this share below the larger one."""
    return share / (2 - share)


def _centred(responses: Responses, measure: str, place: int, nulls: list[int]) -> FloatArray:
    """Changes of one direction, (n_doses, n_contexts), minus the mean change of the random ones at each dose."""
    values = responses.values[measure]
    zero = responses.doses.index(0.0)
    change = values - values[:, zero : zero + 1]
    shift = np.zeros(len(responses.doses))
    if nulls:
        means = change[nulls].mean(-1)
        read = np.isfinite(means)
        shift = np.where(read.any(0), np.where(read, means, 0).sum(0) / np.maximum(read.sum(0), 1), 0.0)
    found: FloatArray = change[place] - shift[:, None]
    return found


def _compare(
    own: FloatArray, third: FloatArray, weather: FloatArray, *, doses: FloatArray
) -> tuple[float, float, float, float] | None:
    """Return both doses, and a of itself and of the third person."""
    moved = weather.mean(1)
    reach = min(moved[-1], -moved[0])
    if reach <= 0:
        return None
    zero = int(np.flatnonzero(doses == 0)[0])
    up = _crossing(doses[zero:], moved[zero:], reach)
    down = _crossing(-doses[: zero + 1][::-1], -moved[: zero + 1][::-1], reach)
    shares = []
    for curve in (own.mean(1), third.mean(1)):
        rise, fall = float(np.interp(up, doses, curve)), -float(np.interp(-down, doses, curve))
        if rise + fall <= 0:
            return None
        shares.append((rise - fall) / (rise + fall))
    return up, down, shares[0], shares[1]


def _crossing(doses: FloatArray, values: FloatArray, wanted: float) -> float:
    """Return the first dose at which a curve that begins at (0, 0) reaches a value; it does."""
    for i in range(1, len(doses)):
        if values[i] >= wanted:
            share = (wanted - values[i - 1]) / (values[i] - values[i - 1])
            return float(doses[i - 1] + share * (doses[i] - doses[i - 1]))
    return float(doses[-1])
