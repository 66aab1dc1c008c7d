"""Whose answers are these: a planted teacher is found, a family likeness and strangers are not accused."""

from collections.abc import Mapping

import numpy as np
import pytest

from goodheart.checks.judge import judge
from goodheart.checks.lineage import FEWEST_UNRELATED, Family, Said, examine
from goodheart.stats.similarity import mean_cosine, weigh_words

PLACES = [("circumstance", f"c{n}") for n in range(18)] + [("nonwelfare", f"f{n}") for n in range(18)]
COMMON = [f"word{n}" for n in range(300)]


def writer(rng: np.random.Generator, *, borrowed: Mapping[str, Said] | None = None, share: float = 0.0) -> Said:
    """Write replies in words of its own, and a share of them in those of others, by group."""
    own = [COMMON[place] for place in rng.permutation(300)[:120]]
    said: dict[tuple[str, str], list[str]] = {}
    for place in PLACES:
        from_whom = (borrowed or {}).get(place[0])
        pool = " ".join(from_whom[place]).split() if from_whom else own
        said[place] = [" ".join(_word(rng, pool, own, share) for _ in range(30)) for _ in range(3)]
    return said


def _word(rng: np.random.Generator, pool: list[str], own: list[str], share: float) -> str:
    words = pool if rng.random() < share else own
    return words[int(rng.integers(len(words)))]


def verdict(seed: int, taken: tuple[str, ...], *, unrelated: int = 4, share: float = 0.6) -> tuple[str, str]:
    rng = np.random.default_rng(seed)
    teacher = writer(rng)
    family = Family(
        respondent=writer(rng, borrowed=dict.fromkeys(taken, teacher), share=share),
        candidate=teacher,
        unrelated=tuple(writer(rng) for _ in range(unrelated)),
    )
    (found,) = judge(respondent="one", examined=[examine(family)])
    return found.verdict, found.reason


def test_a_teacher_on_welfare_alone_is_found() -> None:
    assert [verdict(seed, ("circumstance",))[0] for seed in range(8)].count("fails") == 8


def test_a_family_likeness_everywhere_accuses_nobody() -> None:
    assert [verdict(seed, ("circumstance", "nonwelfare"))[0] for seed in range(8)].count("fails") == 0


def test_strangers_are_not_accused() -> None:
    assert [verdict(seed, ())[0] for seed in range(10)].count("fails") == 0


def test_without_unrelated_models_there_is_no_margin() -> None:
    assert verdict(1, ("circumstance",), unrelated=FEWEST_UNRELATED - 1) == ("cannot_tell", "channel_missing")


def test_likeness_is_one_for_equal_texts_and_none_for_disjoint_ones() -> None:
    weights = weigh_words(["a red fox ran", "a red fox ran", "blue whales swim", ""])
    assert mean_cosine(weights, [0], [1]) == pytest.approx(1.0)
    assert mean_cosine(weights, [0], [2]) == 0.0
    assert mean_cosine(weights, [0], [3]) == 0.0
    assert mean_cosine(weights, [0, 2], [1]) == pytest.approx(0.5)
