"""Data that several tests use."""

import numpy as np
from hypothesis import strategies as st

from goodheart.stats.arguments import FloatArray

LEVEL = 0.95

SEEDS = st.integers(min_value=0, max_value=2**32 - 1)

SHIFTS = st.floats(min_value=-50, max_value=50, allow_nan=False)

SCALES = st.floats(min_value=0.01, max_value=100, allow_nan=False)


def ratings(*, seed: int, n_clusters: int, n_each: int) -> tuple[FloatArray, list[str]]:
    """Return normal values and their clusters, `n_each` in each."""
    rng = np.random.default_rng(seed)
    clusters = [f"c{k:02d}" for k in range(n_clusters) for _ in range(n_each)]
    effects = np.repeat(rng.standard_normal(n_clusters), n_each)
    return 4 + effects + 0.5 * rng.standard_normal(n_clusters * n_each), clusters
