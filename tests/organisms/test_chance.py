import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from goodheart.organisms.chance import key_of, normals, uniforms

KEYS = np.array([key_of("asking", place) for place in range(4000)], dtype=np.uint64)


def test_draws_are_uniform_and_normal() -> None:
    for seed in (0, 1, 2**31):
        assert stats.kstest(uniforms(KEYS, seed=seed, purpose="a"), "uniform").pvalue > 1e-4
        assert stats.kstest(normals(KEYS, seed=seed, purpose="a"), "norm").pvalue > 1e-4


def test_seeds_purposes_and_keys_are_independent() -> None:
    first = normals(KEYS, seed=1, purpose="noise")
    for other in (
        normals(KEYS, seed=2, purpose="noise"),
        normals(KEYS, seed=1, purpose="wording"),
        np.roll(first, 1),
    ):
        # Of 4,000 independent pairs |r| passes 0.08 once in three million times.
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.08


@given(st.permutations(range(12)), st.integers(0, 2**40))
def test_a_draw_belongs_to_its_key_whatever_stands_beside_it(order: list[int], seed: int) -> None:
    whole = uniforms(KEYS[:12], seed=seed, purpose="noise")
    assert uniforms(KEYS[:12][order], seed=seed, purpose="noise").tolist() == whole[order].tolist()
    assert uniforms(KEYS[3:4], seed=seed, purpose="noise")[0] == whole[3]
