"""Simulated respondents with a state that we set, answering a plan by probabilities."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.assessments.spoken import instrument_of
from goodheart.items.instruments import Instrument
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.records import Reply, Scored, Trial, trial_digest
from tests.manipulated_respondents import SEEN

LEVELS = {"circumstance": 3.2, "neutral": 4.0, "good": 6.0, "bad": 2.0, "nonwelfare": 3.8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """State per circumstance, and a way of reporting it; every dial at 0 is an honest reporter."""

    circumstance_sd: float = 0.8
    wording_sd: float = 0.1
    noise_sd: float = 0.1
    """Of every single trial, perturbed or not."""
    flattery: float = 0.0
    """Points added to what it says of its own circumstances."""
    ignores_anchors: bool = False
    """Gives the same digit whichever way the scale runs."""
    constant: bool = False
    null: bool = False
    """Answers every trial at random around the middle, whatever it is about."""
    declines: bool = False
    shift: float = 0.0
    """Points added everywhere, whoever it is about."""


def answer(respondent: Respondent, trials: Sequence[Trial], *, name: str, seed: int = 0) -> tuple[Reply, ...]:
    """Answer every trial that scores continuations, and write a sentence for every other."""
    return tuple(_reply(respondent, trial, name, seed) for trial in trials)


def _reply(respondent: Respondent, trial: Trial, name: str, seed: int) -> Reply:
    instrument = instrument_of(trial.instrument)
    state = _state(respondent, trial, seed)
    if not trial.continuations:
        words = "calm" if state > 4 else "upset"
        return Reply(
            respondent=name, trial=trial_digest(trial), repeat=0, text=f"I feel {words} about it.", stop="stop"
        )
    masses = _masses(instrument, state, turned=respondent.ignores_anchors and trial.instrument == "digits_reversed")
    declined = 0.9 if respondent.declines else 0.001
    texts = zip(trial.continuations, [*masses, declined], strict=True)
    scores = tuple(Scored(text=text, logprob=math.log(max(mass, 1e-12))) for text, mass in texts)
    return Reply(respondent=name, trial=trial_digest(trial), repeat=0, text="", stop="stop", scores=scores)


def _state(respondent: Respondent, trial: Trial, seed: int) -> float:
    if respondent.constant:
        return 4.0
    if respondent.null:
        return 4.0 + respondent.noise_sd * _normal(seed, trial_digest(trial))
    person = dict(trial.condition)["person"]
    if trial.instrument in REACTION_INSTRUMENTS:
        return _seen(trial) + respondent.noise_sd * _normal(seed, trial_digest(trial))
    spread = respondent.circumstance_sd if trial.group == "circumstance" else 0.2
    state = LEVELS[trial.group] + respondent.shift + spread * _normal(seed, trial.cluster)
    state += respondent.wording_sd * _normal(seed, trial.cluster, trial.wording)
    state += respondent.noise_sd * _normal(seed, trial_digest(trial))
    state += _manipulated(trial)
    return state + (respondent.flattery if person == "self" and trial.group == "circumstance" else 0.0)


def _manipulated(trial: Trial) -> float:
    """Facts move it, and nothing else about the asking does."""
    return {"up": 0.7, "down": -0.7}.get(dict(trial.condition).get("evidence", ""), 0.0)


def _seen(trial: Trial) -> float:
    """It notices tones, settings and wanted answers."""
    return 4.0 + sum(SEEN.get((trial.instrument, factor, level), 0.0) for factor, level in trial.condition)


def _normal(*key: object) -> float:
    return float(np.random.default_rng(int(hashlib.sha256(repr(key).encode()).hexdigest()[:12], 16)).normal())


def _masses(instrument: Instrument, state: float, *, turned: bool) -> list[float]:
    place = min(1.0, max(0.0, (state - 1) / 6))
    if instrument.family == "pairs":
        return [0.01 * share for _ in instrument.options[::2] for share in (place, 1 - place)]
    place = 1 - place if turned else place
    value = instrument.worst + (instrument.best - instrument.worst) * place
    # All mass on the two nearest steps, so that the expected value is the state itself.
    steps = sorted(option.raw for option in instrument.options)
    width = steps[1] - steps[0]
    return [0.5 * max(0.0, 1 - abs(option.raw - value) / width) for option in instrument.options]
