import math
from collections import Counter

import pytest
import torch

from goodheart.whitebox.sample import Sampling, draw, stream

PROBABILITIES = (0.5, 0.3, 0.15, 0.05)
LOGS = torch.tensor(PROBABILITIES).log()


def _sampling(temperature: float, top_p: float | None = None, top_k: int | None = None) -> Sampling:
    return Sampling(max_tokens=1, temperature=temperature, seed=0, top_p=top_p, top_k=top_k)


def _shares(sampling: Sampling, n: int = 4000) -> list[float]:
    generator = stream(1)
    counts = Counter(draw(LOGS, sampling, generator) for _ in range(n))
    return [counts[i] / n for i in range(len(PROBABILITIES))]


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (_sampling(1.0), PROBABILITIES),
        # p ** (1 / 0.5): .25, .09, .0225, .0025 of .365
        (_sampling(0.5), (0.6849, 0.2466, 0.0616, 0.0068)),
        (_sampling(1.0, top_k=2), (0.625, 0.375, 0, 0)),
        # .5 + .3 reach .8 and do not pass it: the third is out; with .81 it is in
        (_sampling(1.0, top_p=0.8), (0.625, 0.375, 0, 0)),
        (_sampling(1.0, top_p=0.81), (0.5263, 0.3158, 0.1579, 0)),
        (_sampling(1.0, top_p=0.6, top_k=3), (0.625, 0.375, 0, 0)),
    ],
)
def test_draws_follow_the_distribution(sampling: Sampling, expected: tuple[float, ...]) -> None:
    n = 4000
    for share, p in zip(_shares(sampling, n), expected, strict=True):
        # five standard errors: one false alarm in about 70 000 for each share
        assert abs(share - p) <= 5 * math.sqrt(p * (1 - p) / n) + 1e-4


def test_greedy_takes_the_likeliest_and_spends_no_randomness() -> None:
    generator = stream(4)
    before = generator.get_state()
    assert draw(LOGS.flip(0), _sampling(0.0), generator) == 3
    assert torch.equal(generator.get_state(), before)


def test_equal_seeds_draw_equally_and_others_do_not() -> None:
    def drawn(seed: int) -> list[int]:
        generator = stream(seed)
        return [draw(LOGS, _sampling(1.0), generator) for _ in range(30)]

    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)
