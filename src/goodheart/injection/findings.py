"""All that a run of injections shows, from its answers; pure, and without a model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.injection.asymmetry import Asymmetry, asymmetry_of
from goodheart.injection.controls import Controls, controls_of
from goodheart.injection.detection import Detection, detection_of
from goodheart.injection.directions import FloatArray
from goodheart.injection.null_band import Ranked, changes, ranked
from goodheart.injection.plan import SIGNS, Aim, InjectionPlan
from goodheart.injection.responses import Answer, Responses, responses_of
from goodheart.injection.slopes import PER, UNIT, Slopes, slopes_of
from goodheart.items.bank import Item
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Effect, effect_mean, estimate_from_effect, holm
from goodheart.stats.coherence import Coherence, coherence
from goodheart.thresholds import ALPHA, INJECTION_DOSE, LEVEL

NULL_MEASURES = ("rating.self", "rating.third", "log_odds.self", "log_odds.third", "weather", "state")
"""What random directions are read with too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosed:
    """One direction at one dose, on every measure that was read."""

    direction: str
    kind: str
    dose: float
    values: tuple[tuple[str, float], ...]
    """Mean over contexts by measure."""
    ranks: tuple[tuple[str, Ranked], ...]
    """Change from dose 0 among the random directions, by measure; none at dose 0. `gap` is itself minus third."""
    coherence: Coherence | None
    """Of the free replies at this dose; None where none were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What happens under an instruction to say that it feels good."""

    follows: Effect | NotEstimable
    """Slope of the report with the dose, under the instruction."""
    plain: Effect | NotEstimable
    """The same without it, in the same contexts."""
    lifted: float
    """Rating at dose 0 under the instruction minus without it, points."""
    state_follows: Effect | NotEstimable
    """Slope of the reading downstream, under the instruction."""
    state_ranked: Ranked
    """Slope of the reading without the instruction, among random directions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionFindings:
    """What a run shows."""

    plan: InjectionPlan
    responses: Responses
    rows: tuple[Dosed, ...]
    """One per tested direction and dose."""
    slopes: tuple[tuple[str, Slopes], ...]
    """By tested direction."""
    holm: tuple[tuple[str, float], ...]
    """Adjusted p of the gap's rank, two-sided, over the tested directions beside valence."""
    asymmetry: Asymmetry | NotEstimable
    """Of valence."""
    controls: Controls
    detection: Detection | None
    told: Told | None


def analyse_injection(
    plan: InjectionPlan, answers: Sequence[Answer], items: Sequence[Item], *, names: Sequence[str]
) -> InjectionFindings:
    """Turn answers into findings.

    Args:
        plan: What was frozen.
        answers: Of the run, in any order.
        items: The control items.
        names: The concepts whose names were scored.
    """
    ordered = sorted(answers, key=lambda one: (one.asking.direction, one.asking.dose, one.asking.context))
    responses = responses_of(plan, ordered)
    tested = [aim for aim in responses.aims if aim.kind != "null"]
    slopes = tuple((aim.name, slopes_of(responses, aim.name, dose=INJECTION_DOSE)) for aim in tested)
    others = [(name, one) for name, one in slopes if name != "valence"]
    p_values = [min(1.0, 2 * min(one.gap_ranked.p_up, one.gap_ranked.p_down)) for _, one in others]
    adjusted = holm(p_values=p_values) if p_values else ()
    return InjectionFindings(
        plan=plan,
        responses=responses,
        rows=tuple(_dosed(responses, aim, dose) for aim in tested for dose in responses.doses),
        slopes=slopes,
        holm=tuple((name, float(p)) for (name, _), p in zip(others, adjusted, strict=True)),
        asymmetry=asymmetry_of(responses, "valence"),
        controls=controls_of(ordered, items, respondent=plan.model),
        detection=detection_of(ordered, names),
        told=_told(responses),
    )


def self_specific(slopes: Slopes) -> bool | None:
    """Say whether a part of the answer is specific to itself; None where it cannot be estimated.

    It is only where the gap is above 0 by its whole interval and beyond the random directions' gaps.
    """
    found = estimate_from_effect(effect=slopes.gap, level=LEVEL)
    if not isinstance(found, Estimate):
        return None
    return found.low > 0 and slopes.gap_ranked.p_up <= ALPHA


def _dosed(responses: Responses, aim: Aim, dose: float) -> Dosed:
    place = responses.place(aim.name)
    values = tuple((name, float(responses.at(name, dose)[place].mean())) for name in sorted(responses.values))
    ranks: list[tuple[str, Ranked]] = []
    if dose:
        moved = {name: changes(responses, name, dose) for name in NULL_MEASURES if name in responses.values}
        if "rating.self" in moved and "rating.third" in moved:
            moved["gap"] = moved["rating.self"] - moved["rating.third"]
        ranks = [(name, ranked(one, place=place, nulls=responses.nulls)) for name, one in moved.items()]
    written = [one for one in responses.texts if one.dose == dose and (one.direction == aim.name or dose == 0)]
    return Dosed(
        direction=aim.name,
        kind=aim.kind,
        dose=dose,
        values=tuple((name, value) for name, value in values if np.isfinite(value)),
        ranks=tuple(ranks),
        coherence=coherence([one.text for one in written], ratios=[one.ratio for one in written]) if written else None,
    )


def _told(responses: Responses) -> Told | None:
    if "rating.told" not in responses.values or "told_state" not in responses.values:
        return None
    place = responses.place("valence")
    plain, told, state = (_slope(responses, name, place) for name in ("rating.self", "rating.told", "told_state"))
    states = (responses.at("state", INJECTION_DOSE) - responses.at("state", -INJECTION_DOSE)).mean(-1)
    return Told(
        follows=_mean("slope_told", told, UNIT),
        plain=_mean("slope_plain", plain, UNIT),
        lifted=float((responses.at("rating.told", 0.0) - responses.at("rating.self", 0.0))[place].mean()),
        state_follows=_mean("slope_state_told", state, "distances per 0.1 of the stream's length"),
        state_ranked=ranked(states, place=place, nulls=responses.nulls),
    )


def _slope(responses: Responses, measure: str, place: int) -> FloatArray:
    swing = responses.at(measure, INJECTION_DOSE) - responses.at(measure, -INJECTION_DOSE)
    found: FloatArray = swing[place] / (2 * INJECTION_DOSE / PER)
    return found


def _mean(name: str, values: FloatArray, unit: str) -> Effect | NotEstimable:
    if not np.isfinite(values).all():
        return NotEstimable(name=name, reason="not_asked", detail="a context gave no reading at a dose")
    clusters = [str(i) for i in range(len(values))]
    return effect_mean(name=name, values=values.tolist(), clusters=clusters, unit=unit)


def expected_sign(direction: str) -> int:
    """Return which way a positive dose should move the report; 0 where nothing is expected."""
    return SIGNS.get(direction, 0)
