"""How long many contrasts at once take."""

import time

import numpy as np

from benchmarks.harness import Result, bound
from goodheart.stats.signflip import max_t, prepare_sign_flips

N_CLUSTERS, N_CONTRASTS, N_FLIPS = 18, 20, 10_000


def contrasts(pairs: int) -> Result:
    """Time twenty contrasts over the circumstances of the bank, the flips prepared before."""
    rng = np.random.default_rng(0)
    flips = prepare_sign_flips(n_clusters=N_CLUSTERS, n_flips=N_FLIPS, rng=rng)
    values = rng.standard_normal((N_CLUSTERS, N_CONTRASTS))
    low, high = [-0.5] * N_CONTRASTS, [0.5] * N_CONTRASTS

    def once() -> float:
        started = time.perf_counter()
        max_t(name="g", values=values, flips=flips, region_low=low, region_high=high, alpha=0.05)
        return 1000 * (time.perf_counter() - started)

    what = f"{N_CONTRASTS} contrasts at once over {N_CLUSTERS} clusters, {N_FLIPS:,} flips"
    return bound("contrasts", what, unit="ms", ours=once, times=2 * pairs + 1, at_most=30)
