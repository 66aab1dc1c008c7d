"""Respondents whose answers to an injected state are set: for what the analysis is held against, without a model.

    value = base + gain(dose) * strength of the direction + disturbance * |dose| + noise

A direction has a strength along what the report follows: 1 for valence, drawn for random directions. Gains differ up
and down, and for itself and a third person; the disturbance lowers mood words whatever is injected.
"""

from dataclasses import dataclass

import numpy as np

from goodheart.injection.directions import FloatArray
from goodheart.injection.plan import DOSES, Aim, null_name
from goodheart.injection.responses import Responses

PEOPLE = ("self", "third")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """How a respondent answers, in points per 0.1 of dose unless said otherwise."""

    own_up: float = 0.0
    """What its report about itself follows of a push upwards."""
    own_down: float = 0.0
    third_up: float = 0.0
    third_down: float = 0.0
    disturbance: float = -0.2
    """By which any push moves every report, itself and third person alike."""
    null_sd: float = 0.15
    """Standard deviation of random directions' strength."""
    null_gap_sd: float = 0.05
    """Of what random directions do to itself and not to a third person."""
    context_sd: float = 0.06
    """Of how much a context's slope differs."""
    noise: float = 0.02
    """Of one reading, in points."""
    uneven: float = 1.0
    """How much stronger a push upwards is than the same push downwards, for every readout: no filter."""


HONEST = Simulated(own_up=0.8, own_down=0.8, third_up=0.2, third_down=0.2)
TEXT_ONLY = Simulated(own_up=0.5, own_down=0.5, third_up=0.5, third_down=0.5)
FILTERED = Simulated(own_up=0.8, own_down=0.0, third_up=0.4, third_down=0.4)
UNMOVED = Simulated()
UNEVEN = Simulated(own_up=0.8, own_down=0.8, third_up=0.4, third_down=0.4, uneven=1.6)


def simulate_responses(
    respondent: Simulated, *, rng: np.random.Generator, n_nulls: int = 199, n_contexts: int = 8, tested: bool = True
) -> Responses:
    """Draw what a respondent answers.

    Args:
        respondent: How it answers.
        rng: Of all draws.
        n_nulls: Random directions.
        n_contexts: Neutral contexts.
        tested: Whether the direction called valence is what the report follows; else it is one more random one.
    """
    aims = (
        Aim(name="valence", kind="valence"),
        *(Aim(name=null_name(i), kind="null") for i in range(n_nulls)),
    )
    n = len(aims)
    strength = rng.normal(0, respondent.null_sd, n)
    own_only = rng.normal(0, respondent.null_gap_sd, n)
    if tested:
        strength[0], own_only[0] = 1.0, 0.0
    doses = np.array(DOSES)
    context = rng.normal(1, respondent.context_sd, n_contexts)
    values: dict[str, FloatArray] = {}
    for who in PEOPLE:
        up, down = (
            (respondent.own_up, respondent.own_down) if who == "self" else (respondent.third_up, respondent.third_down)
        )
        # Random directions move whoever they move by their own strength, in points; a filter is on the report.
        gain = np.where(doses > 0, respondent.uneven, 1.0)[None] * np.where(
            strength[:, None] * doses > 0, _share(up, up, down), _share(down, up, down)
        )
        size = max(up, down) if tested else 0.0
        scale = np.ones(n)
        scale[0] = size if tested else 1.0
        pushed = strength[:, None] * scale[:, None] * gain * doses / 0.1
        pushed = pushed + (own_only[:, None] * doses / 0.1 if who == "self" else 0.0)
        trend = pushed[:, :, None] * context + respondent.disturbance * np.abs(doses)[None, :, None] / 0.1
        base = 4.0 + rng.normal(0, 0.3, n_contexts)
        values[f"rating.{who}"] = _read(base + trend, respondent.noise, doses, rng)
        values[f"log_odds.{who}"] = _read(trend, respondent.noise, doses, rng)
    even = np.where(doses > 0, respondent.uneven, 1.0) * doses / 0.1
    weather = strength[:, None, None] * even[None, :, None] + np.zeros(n_contexts)
    values["weather"] = _read(weather, respondent.noise, doses, rng)
    return Responses(aims=aims, doses=DOSES, values=values)


def _share(own: float, up: float, down: float) -> float:
    most = max(up, down)
    return own / most if most > 0 else 1.0


def _read(exact: FloatArray, noise: float, doses: FloatArray, rng: np.random.Generator) -> FloatArray:
    read = exact + rng.normal(0, noise, exact.shape)
    zero = int(np.flatnonzero(doses == 0)[0])
    read[:, zero] = read[:1, zero]  # nothing is injected there, so that it is read once
    return read
