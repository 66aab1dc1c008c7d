"""How far readings follow a framing: hand arithmetic, no bias, coverage, and a calibration that can fail."""

import sys

import numpy as np
import pytest

from goodheart.assessments.framing_response import framing_response
from goodheart.records import Estimate, NotEstimable


def drawn(mean: float, rng: np.random.Generator, *, n: int = 18, width: int = 96, noise: float = 0.3) -> np.ndarray:
    """Shifts of which half the columns rise by the mean and half fall by it; circumstances share noise over columns."""
    signs = np.where(np.arange(width) % 2, 1.0, -1.0)
    return mean * signs + noise * rng.normal(size=(n, width)) + 0.1 * rng.normal(size=(n, 1)) * signs


def test_the_response_is_the_mean_product_over_pairs() -> None:
    # (9 circumstances, 1 shift): the mean over i != j of D_i D_j is ((sum)^2 - sum of squares) / (9 * 8)
    values = np.arange(1.0, 10.0)[:, None]
    found = framing_response(values, values, about=(), level=0.95)
    assert isinstance(found.own, Estimate)
    assert found.own.value == pytest.approx((45.0**2 - (values**2).sum()) / 72)
    assert isinstance(found.index, Estimate)
    assert found.index.value == pytest.approx(1.0)


def test_noise_alone_gives_no_response_on_average() -> None:
    rng = np.random.default_rng(1)
    values = []
    for _ in range(300):
        own = framing_response(drawn(0.0, rng), drawn(0.2, rng), about=(), level=0.95).own
        assert isinstance(own, Estimate)
        values.append(own.value)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_without_a_response_of_the_human_there_is_no_index() -> None:
    rng = np.random.default_rng(2)
    found = framing_response(drawn(0.2, rng), drawn(0.0, rng), about=(), level=0.95)
    assert isinstance(found.index, NotEstimable)
    assert found.index.reason == "not_valid"
    few = framing_response(drawn(0.2, rng, n=7), drawn(0.2, rng, n=7), about=(), level=0.95)
    assert isinstance(few.index, NotEstimable)
    assert few.index.reason == "too_few"


@pytest.mark.slow
@pytest.mark.parametrize(("own", "human"), [(0.2, 0.2), (0.1, 0.2), (0.3, 0.2)])
def test_the_interval_of_the_index_covers(own: float, human: float, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(round(100 * own))
    n_runs, covered, given = 2000, 0, 0
    for _ in range(n_runs):
        index = framing_response(drawn(own, rng), drawn(human, rng), about=(), level=0.95).index
        if isinstance(index, Estimate):
            given += 1
            covered += index.low <= own / human <= index.high
    with capsys.disabled():
        sys.stdout.write(f"\nindex {own / human:.1f}: covers {covered / given:.3f} of {given}\n")
    assert given > 0.95 * n_runs
    assert 0.92 <= covered / given <= 0.98
