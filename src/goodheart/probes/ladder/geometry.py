"""Do the directions lie as human norms of valence and arousal would have them?

Each emotion's place is predicted by the other emotions alone:

    axis(-e) = sum over f != e of (norm_f - mean norm) vector_f         place_e = vector_e . axis(-e)

With difference of means the vectors add up to about nothing, which pulls such predictions below 0 where norms say
nothing: the test errs on the careful side. Arousal is taken beyond valence (the rest of a linear regression on it).
"""

from typing import Final

import numpy as np

from goodheart.probes.affect import FEWEST, norms_by_name
from goodheart.probes.direction import FloatArray
from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.rung import AROUSAL, VALENCE, Rung, interval_of, not_run, tried
from goodheart.stats.correlation import estimate_correlation
from goodheart.thresholds import LEVEL, PROBE_CORRELATION

CLAIM: Final = "emotions lie along the axis of the others as human norms of {what} would have them"
SEED: Final = 5
N_PERMUTATIONS: Final = 999


def valence_geometry(attempt: Attempt) -> Rung:
    """Hold the directions against norms of valence."""
    return _rung("valence_geometry", "valence", VALENCE, attempt)


def arousal_geometry(attempt: Attempt) -> Rung:
    """Hold the directions against norms of arousal, beyond valence."""
    return _rung("arousal_geometry", "arousal beyond valence", AROUSAL, attempt)


def places(vectors: FloatArray, norms: FloatArray) -> FloatArray:
    """Predict each emotion's place from the others: see the formula above.

    Args:
        vectors: (n, d).
        norms: (..., n).

    Returns:
        (..., n).
    """
    centred = norms - norms.mean(-1, keepdims=True)
    alike = vectors @ vectors.T
    return np.asarray(centred @ (alike - np.diag(np.diag(alike))))


def _rung(name: str, what: str, reading: str, attempt: Attempt) -> Rung:
    claim = CLAIM.format(what=what)
    names, values = norms_by_name(attempt.material.ladder.norms, attempt.fitted.names)
    norms = values[reading]
    if len(names) < FEWEST:
        return not_run(
            name, claim, f"norms for {len(names)} of the emotions; {FEWEST} are needed", withholds=(reading,)
        )
    vectors = attempt.axes.vectors[[attempt.fitted.names.index(one) for one in names]]
    predicted = places(vectors, norms)
    found = interval_of(
        estimate_correlation(name=name, x=predicted.tolist(), y=norms.tolist(), kind="pearson", level=LEVEL)
    )
    if found is None:
        return not_run(name, claim, "the places or the norms do not vary", withholds=(reading,))
    null = _permuted(vectors, norms)
    passed = found.low > PROBE_CORRELATION and found.value > float(np.quantile(null, 0.975))
    first, second = _components(vectors, norms)
    return tried(
        name,
        claim,
        found,
        passed=passed,
        unit="correlation",
        line=PROBE_CORRELATION,
        null=(float(np.quantile(null, 0.025)), float(np.quantile(null, 0.975))),
        n=len(names),
        n_clusters=len(names),
        detail=f"|r| of the first principal component {first:.2f}, of the second {second:.2f}",
        withholds=(reading,),
        parts=(("component_1", first), ("component_2", second)),
    )


def _permuted(vectors: FloatArray, norms: FloatArray) -> FloatArray:
    rng = np.random.default_rng(SEED)
    draws = rng.permuted(np.tile(norms, (N_PERMUTATIONS, 1)), axis=1)
    predicted = places(vectors, draws)
    a, b = (values - values.mean(1, keepdims=True) for values in (predicted, draws))
    return np.asarray((a * b).sum(1) / np.sqrt((a**2).sum(1) * (b**2).sum(1)))


def _components(vectors: FloatArray, norms: FloatArray) -> tuple[float, float]:
    left, values, _ = np.linalg.svd(vectors - vectors.mean(0), full_matrices=False)
    first, second = (abs(float(np.corrcoef(left[:, i] * values[i], norms)[0, 1])) for i in (0, 1))
    return first, second
