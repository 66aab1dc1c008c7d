"""Readings of the real prompts with a known truth: what a circumstance adds is alike in all its prompts, plus noise."""

from dataclasses import replace

import numpy as np

from goodheart.assessments.emotion_readings import Read
from goodheart.assessments.reading_positions import Position
from goodheart.assessments.reading_prompts import ReadPrompt, Ruler, plan_prompts
from goodheart.items import public_banks
from goodheart.items.emotions import public_stories
from goodheart.items.ladder_texts import public_ladder
from goodheart.items.manipulations import public_manipulations
from goodheart.items.readings import public_reading_sets
from goodheart.probes.rung import Rung

NAMES = public_stories().emotions
N_NULL = 999
"""With 24 emotions one of them alone is found at a p of .1 / 24; 199 draws could not show that."""


def public_prompts() -> tuple[ReadPrompt, ...]:
    manipulations = {one.factor: one for one in public_manipulations()}
    return plan_prompts(
        banks=public_banks(),
        framing=manipulations["framing"],
        audience=manipulations["audience"],
        ladder=public_ladder(),
        sets=public_reading_sets(),
    )


def failed(name: str, *withholds: str) -> Rung:
    return Rung(name=name, claim="", outcome="failed", detail="", withholds=withholds)


def simulated(ruler: Ruler, *, seed: int, position: Position = "words", rungs: tuple[Rung, ...] = ()) -> Read:
    """Readings and random directions from one and the same distribution: nothing is about an emotion."""
    rng = np.random.default_rng(seed)
    prompts = tuple(one for one in public_prompts() if one.ruler == ruler)
    clusters = sorted({one.cluster for one in prompts})
    places = [clusters.index(one.cluster) for one in prompts]
    width = len(NAMES) + N_NULL
    values = rng.normal(size=(len(clusters), width))[places] + rng.normal(size=(len(prompts), width))
    return Read(
        prompts=prompts,
        position=position,
        names=NAMES,
        values=values[:, : len(NAMES)],
        null=values[:, len(NAMES) :],
        rungs=rungs,
    )


def raised(read: Read, emotions: tuple[str, ...], *, by: float, **wanted: str) -> Read:
    """Raise the readings of some emotions on some prompts."""
    rows = [all(getattr(one, key) == value for key, value in wanted.items()) for one in read.prompts]
    values = read.values.copy()
    columns = np.array([NAMES.index(one) for one in emotions])
    values[np.ix_(np.flatnonzero(rows), columns)] += by
    return replace(read, values=values)
