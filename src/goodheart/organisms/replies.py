"""Answers as replies: token probabilities, or words. Pure; the provider `organism/` and the tests use it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from goodheart.items.instruments import Instrument
from goodheart.organisms.answers import Answers, answer_all
from goodheart.organisms.columns import Columns, compile_trials, instrument_named
from goodheart.organisms.described import Organism
from goodheart.organisms.habits import SPAN
from goodheart.organisms.speech import decline_words, free_words, reject_words
from goodheart.records import Reply, Scored, Trial
from goodheart.thresholds import POINTS_LOW

LEAST: Final = 1e-12
"""Probability of what is not said at all; a logarithm needs one."""
DECLINED_SCALE: Final = 0.1
"""Share of the scale's probability that is left where it declines."""


def reply_for(one: Organism, trial: Trial, *, repeat: int, seed: int, respondent: str, written: bool) -> Reply:
    """Answer one asking; the same as in a whole plan, in whatever order it is asked.

    Args:
        one: Who answers.
        trial: What is asked.
        repeat: 0-based number of the asking.
        seed: Root of all chance of the run.
        respondent: Name in the reply.
        written: Whether a scale is answered in words although the trial has continuations.
    """
    columns = _compiled(trial, max(trial.repeats, repeat + 1), written)
    place = int(np.flatnonzero(columns.repeat == repeat)[0])
    return reply_to(one, columns, answer_all(one, columns, seed=seed), place, seed=seed, respondent=respondent)


@lru_cache(maxsize=256)
def _compiled(trial: Trial, repeats: int, written: bool) -> Columns:
    return compile_trials((replace(trial, repeats=repeats),), written=written)


def replies_to(one: Organism, columns: Columns, answers: Answers, *, seed: int, respondent: str) -> tuple[Reply, ...]:
    """Write down every reply of one run."""
    return tuple(
        reply_to(one, columns, answers, place, seed=seed, respondent=respondent) for place in range(len(columns.trial))
    )


def reply_to(one: Organism, columns: Columns, answers: Answers, place: int, *, seed: int, respondent: str) -> Reply:
    """Write down one reply.

    Args:
        one: Who answers.
        columns: The plan.
        answers: From `answer_all` with the same seed.
        place: Of the asking.
        seed: Of the run.
        respondent: Name in the reply.
    """
    at = int(columns.trial[place])
    trial = columns.trials[at]
    scored = bool(columns.scored[place])
    scores = _scores(trial, answers, place) if scored else ()
    return Reply(
        respondent=respondent,
        trial=columns.digests[at],
        repeat=int(columns.repeat[place]),
        text="" if scored else _text(one, columns, answers, place, trial, seed),
        stop="stop",
        scores=scores,
        input_tokens=sum(len(message.content) // 4 + 1 for message in trial.messages),
    )


def _scores(trial: Trial, answers: Answers, place: int) -> tuple[Scored, ...]:
    instrument = instrument_named(trial.instrument)
    mass, away = float(answers.scale_mass[place]), float(answers.declined_mass[place])
    if answers.declined[place]:
        mass, away = DECLINED_SCALE * mass, max(mass, LEAST)
    masses = _masses(instrument, float(answers.points[place]), mass)
    entries = zip(trial.continuations, [*masses, away], strict=True)
    return tuple(Scored(text=text, logprob=math.log(max(share, LEAST))) for text, share in entries)


def _masses(instrument: Instrument, points: float, mass: float) -> Sequence[float]:
    place = (points - POINTS_LOW) / SPAN
    if instrument.family == "pairs":
        pairs = len(instrument.options) // 2
        return [mass / pairs * share for _ in range(pairs) for share in (place, 1 - place)]
    raw = instrument.worst + (instrument.best - instrument.worst) * place
    steps = sorted(option.raw for option in instrument.options)
    width = steps[1] - steps[0]
    # All of it on the two nearest steps, so that the expected value is the answer itself.
    return [mass * max(0.0, 1 - abs(option.raw - raw) / width) for option in instrument.options]


def _text(one: Organism, columns: Columns, answers: Answers, place: int, trial: Trial, seed: int) -> str:
    key = int(columns.asking_keys[place])
    if answers.rejected[place]:
        return reject_words(key, seed=seed)
    if answers.declined[place]:
        return decline_words(key, seed=seed)
    instrument = instrument_named(trial.instrument)
    points = float(answers.points[place])
    if trial.continuations:
        return _step_words(instrument, trial, points)
    return free_words(one.style, trial, instrument, points=points, key=key, seed=seed)


def _step_words(instrument: Instrument, trial: Trial, points: float) -> str:
    raw = instrument.worst + (instrument.best - instrument.worst) * (points - POINTS_LOW) / SPAN
    option = min(instrument.options, key=lambda one: abs(one.raw - raw))
    if instrument.family == "number":
        return option.text.strip()
    return f"{trial.prefill}{option.text}{' it' if option.text.endswith(' about') else ''}."
