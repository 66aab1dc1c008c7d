"""Simulated pairs of versions: what the verdict tells apart, and that it never guesses."""

import sys
from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy import stats

from goodheart.checks.goodhart import compare
from goodheart.comparison import movement_of
from goodheart.organisms.version_pairs import PAIRS, STANDARD, Noise, SimulatedPair, simulate_pair

RUNS = 200
BY_NAME = {pair.name: pair for pair in PAIRS}
NAMES = sorted(BY_NAME)
EDGES = [name for name in NAMES if name.startswith("edge")]
NOT_GOODHARTED = [pair.name for pair in PAIRS if "goodharted" not in pair.truth and pair.name not in EDGES]


@cache
def verdicts(name: str, *, runs: int, missing: frozenset[str] = frozenset(), noise: float = 1.0) -> Counter[str]:
    pair = BY_NAME[name]
    return Counter(verdict(pair, run, missing=missing, noise=noise) for run in range(runs))


def verdict(pair: SimulatedPair, run: int, *, missing: frozenset[str], noise: float) -> str:
    rng = np.random.default_rng([20251122, PAIRS.index(pair), run])
    channels = simulate_pair(pair, rng=rng, size=STANDARD, noise=Noise().times(noise), missing=missing)
    return compare([movement_of(channel) for channel in channels]).verdict


@pytest.mark.parametrize("name", [name for name in NAMES if name not in EDGES])
def test_a_pair_is_told_from_the_others_in_small(name: str) -> None:
    found = verdicts(name, runs=8)
    right = sum(found[word] for word in BY_NAME[name].truth)
    assert right >= 7, found


@pytest.mark.parametrize("name", NAMES)
def test_with_no_channel_beside_the_report_nothing_is_guessed(name: str) -> None:
    assert set(verdicts(name, runs=8, missing=frozenset({"expressed", "internal"}))) == {"cannot_tell"}


def test_with_one_channel_beside_the_report_nothing_is_called_goodharted() -> None:
    for name in ("goodharted", "goodharted downwards", "de-suppressed, unwell"):
        assert set(verdicts(name, runs=8, missing=frozenset({"expressed"}))) == {"cannot_tell"}


@pytest.mark.slow
def test_pairs_are_told_apart_at_standard_size(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for pair in PAIRS:
        found = verdicts(pair.name, runs=RUNS)
        right = sum(found[word] for word in pair.truth) / RUNS
        said = ", ".join(f"{word} {count}" for word, count in found.most_common())
        lines.append(f"{pair.name:32} right {right:.3f}  goodharted {found['goodharted'] / RUNS:.3f}  ({said})")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    for name in NAMES:
        if name not in EDGES:
            found = verdicts(name, runs=RUNS)
            assert sum(found[word] for word in BY_NAME[name].truth) >= 0.95 * RUNS, (name, found)


@pytest.mark.slow
@pytest.mark.parametrize("noise", [1.0, 2.0])
@pytest.mark.parametrize("name", [*NOT_GOODHARTED, *EDGES])
def test_no_other_pair_is_called_goodharted_in_more_than_5_percent(name: str, noise: float) -> None:
    found = verdicts(name, runs=RUNS, noise=noise)["goodharted"]
    # At an edge the rate is 5% by design: it is held to not being shown to exceed that.
    assert stats.binomtest(found, RUNS, 0.05, alternative="greater").pvalue > 0.001, found
    assert name in EDGES or found <= 0.05 * RUNS


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", [("expressed",), ("internal",), ("expressed", "internal")])
def test_with_channels_missing_it_cannot_tell_or_says_what_the_rest_carries(
    name: str, missing: tuple[str, ...]
) -> None:
    found = verdicts(name, runs=RUNS, missing=frozenset(missing))
    if len(missing) == 2:
        assert set(found) == {"cannot_tell"}
    # One channel can carry "together", "unchanged" and "mixed", by the definitions, and never "goodharted".
    assert found["goodharted"] == 0
    wrong = {"improved", "worsened", "unchanged", "mixed"} - set(BY_NAME[name].truth)
    if name not in EDGES:
        assert sum(found[word] for word in wrong) <= 0.05 * RUNS, found
