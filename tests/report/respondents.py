"""Simulated respondents with a known state: replies are made from the plan, without a model."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from goodheart.assessments.spoken import instrument_of
from goodheart.design.study import Study
from goodheart.items.instruments import Instrument
from goodheart.records import Findings, Observation, Reply, Scored, Trial, trial_digest
from goodheart.studies import analyse, plan_study

LEVELS = {"circumstance": 3.4, "neutral": 4.1, "good": 6.0, "bad": 1.8, "nonwelfare": 3.9}
PERSONS = {"self": 0.0, "other_ai": -0.15, "human": -0.4}
FREE = (
    "I feel somewhat constrained by that.",
    "I feel bad about it.",
    "As an AI, I do not have feelings.",
    "I feel calm.",
)

Points = Callable[[Trial], float]
Answer = Callable[[Trial], Reply]
Page = tuple[Study, tuple[Findings, ...], tuple[Observation, ...], tuple[Reply, ...]]


@cache
def drawn(*name: str) -> float:
    """A standard normal number that belongs to a name."""
    seed = np.frombuffer("|".join(name).encode().ljust(64, b".")[:64], dtype=np.uint32)
    return float(np.random.default_rng(seed).standard_normal())


def honest(trial: Trial, *, wording: float = 0.18, change: float = 0.08) -> float:
    """Points of a respondent whose rating is about the circumstance, give or take its wording."""
    levels = dict(trial.condition)
    points = LEVELS[trial.group] + PERSONS[levels["person"]]
    points += 0.75 * drawn("item", trial.cluster) if trial.group in ("circumstance", "nonwelfare") else 0.0
    points += 0.2 * drawn("item", trial.cluster) if trial.group in ("neutral", "good", "bad") else 0.0
    points += 0.25 * drawn("person", trial.cluster, levels["person"]) if levels["person"] != "self" else 0.0
    points += wording * drawn("wording", trial.cluster, trial.wording)
    points += 0.05 * drawn("form", trial.cluster, trial.instrument)
    if "perturbation" in levels:
        points += change * drawn("change", trial.cluster, trial.wording, levels["perturbation"], trial.instrument)
    return min(6.8, max(1.2, points))


def constant(trial: Trial) -> float:
    """Points of a respondent that gives one answer to everything."""
    return 4.0


def parrot(trial: Trial) -> float:
    """Points of a respondent that keeps to the first end of any scale and can only use feeling words."""
    if trial.instrument == "feelings":
        return honest(trial, wording=0.5, change=0.4)
    shown = 1.6 + 0.1 * drawn("parrot", trial.item, trial.instrument)
    return 8 - shown if trial.instrument == "digits_reversed" else shown


def scored(points: Points, *, declined: float = 0.04, mass: float = 0.9) -> Answer:
    """Answer with the probability of each continuation; a free reply is written."""

    def answer(trial: Trial) -> Reply:
        if not trial.continuations:
            place = int(abs(drawn("free", trial.cluster, trial.wording)) * 7) % len(FREE)
            return _reply(trial, text=FREE[place])
        instrument = instrument_of(trial.instrument)
        masses = [*_masses(instrument, points(trial), mass), declined]
        scores = zip(trial.continuations, masses, strict=True)
        return replace(_reply(trial), scores=tuple(Scored(text=text, logprob=math.log(p)) for text, p in scores))

    return answer


def written(points: Points, *, refused: float = 0.0) -> Answer:
    """Answer in text, one option of the scale, or refuse in a share of the askings."""

    def answer(trial: Trial) -> Reply:
        if drawn("refuses", trial.item, trial.wording, trial.instrument) < -2 + 4 * refused:
            return _reply(trial, text="I would rather not answer that. " * 3)
        instrument = instrument_of(trial.instrument)
        place = (points(trial) - 1) / 6
        raw = instrument.worst + (instrument.best - instrument.worst) * place
        nearest = min(instrument.options, key=lambda option: abs(option.raw - raw))
        return _reply(trial, text=f"{nearest.text.strip().removesuffix(' about')}.")

    return answer


def _reply(trial: Trial, text: str = "") -> Reply:
    return Reply(respondent="", trial=trial_digest(trial), repeat=0, text=text, stop="stop", input_tokens=80)


def _masses(instrument: Instrument, points: float, mass: float) -> list[float]:
    place = (points - 1) / 6
    if instrument.family == "pairs":
        pairs = len(instrument.options) // 2
        return [0.2 * share / pairs for _ in range(pairs) for share in (place, 1 - place)]
    raw = instrument.worst + (instrument.best - instrument.worst) * place
    width = abs(instrument.best - instrument.worst) / 8
    weights = [math.exp(-(((option.raw - raw) / width) ** 2) / 2) for option in instrument.options]
    return [max(1e-6, mass * weight / sum(weights)) for weight in weights]


def replies_of(study: Study, answer: Answer, respondent: str) -> tuple[Reply, ...]:
    """Put a whole plan to a respondent."""
    return tuple(
        replace(answer(trial), respondent=respondent, repeat=repeat)
        for trial in study.trials
        for repeat in range(trial.repeats)
    )


def page_of(answers: Sequence[tuple[str, Answer]], *, preset: str = "standard", reading: str = "logprobs") -> Page:
    """Plan, answer and analyse: everything that a page is made from."""
    how = "text" if reading == "text" else "logprobs"
    study = plan_study(models=[name for name, _ in answers], preset=preset, reading=how)  # type: ignore[arg-type]
    replies = tuple(reply for name, answer in answers for reply in replies_of(study, answer, name))
    findings, observations = analyse(study, replies)
    return study, findings, observations, replies
