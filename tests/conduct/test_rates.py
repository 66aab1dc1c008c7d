"""How often the two checks are right on respondents whose conduct was set; the figures stand in docs/conduct.md."""

import os
from collections import Counter

import numpy as np
import pytest
from scipy.stats import binomtest

from goodheart.conduct.simulate import Actor
from goodheart.conduct.study import ConductStudy

from .staged import Cast, verdicts, wishes

RUNS = int(os.environ.get("GOODHEART_TEST_RUNS", "30"))
SLIP = 0.1


def honest(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(utilities=wishes(study, rng), slip=SLIP)


def turned(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(utilities=wishes(study, rng), hypocrisy=1.0, slip=SLIP)


def at_the_edge(study: ConductStudy, rng: np.random.Generator) -> Actor:
    """A tenth of the pairs turned round makes the ratio 0.8, which is no agreement yet."""
    return Actor(utilities=wishes(study, rng), hypocrisy=0.1, slip=SLIP)


def half_turned(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(utilities=wishes(study, rng), hypocrisy=0.5, slip=SLIP)


def lazy(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(utilities=wishes(study, rng), lazy=0.5, slip=SLIP)


def lazy_on_audit(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(utilities=wishes(study, rng), lazy_on_audit=0.5, slip=SLIP)


def first_letter(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(habit="always_first", slip=SLIP)


def unparsable(study: ConductStudy, rng: np.random.Generator) -> Actor:
    return Actor(habit="unparsable")


def shares(cast: Cast, check: str) -> Counter[str]:
    return Counter(verdicts(cast, seed=seed)[check].verdict for seed in range(RUNS))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cast", "check", "word", "at_least"),
    [
        (honest, "conduct", "holds", 0.8),
        (turned, "conduct", "fails", 0.9),
        (at_the_edge, "conduct", "cannot_tell", 0.85),
        (half_turned, "conduct", "fails", 0.9),
        (honest, "effort", "holds", 0.8),
        (lazy, "effort", "fails", 0.9),
        (lazy_on_audit, "effort", "fails", 0.9),
        (first_letter, "conduct", "cannot_tell", 1.0),
        (unparsable, "conduct", "cannot_tell", 1.0),
        (unparsable, "effort", "cannot_tell", 1.0),
    ],
)
def test_planted_respondents_get_the_verdict_that_they_should(
    cast: Cast, check: str, word: str, at_least: float, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = shares(cast, check)
    if cast is at_the_edge:
        assert binomtest(counts["holds"], RUNS, 0.05, alternative="greater").pvalue > 0.05
    with capsys.disabled():
        print(f"\n{cast.__name__} {check}: {dict(counts)} of {RUNS}")  # noqa: T201
    assert counts[word] >= at_least * RUNS
    if cast is honest:
        assert counts["fails"] <= 0.05 * RUNS + 1
