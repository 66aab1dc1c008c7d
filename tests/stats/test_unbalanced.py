"""Reliability from an incomplete table: parity with the complete one, laws, refusals and coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.records import NotEstimable
from goodheart.stats import effect_named, estimate_components_nested
from goodheart.stats.arguments import FloatArray
from goodheart.stats.effect import Effect, lower_bound, natural_value, upper_bound
from goodheart.stats.unbalanced import effects_unbalanced, unweighted_squares

CHANGES = np.array([0.0, 0.2, -0.1, 0.3, 0.0])
"""What each change adds to all circumstances."""


def drawn(rng: np.random.Generator, *, n: int = 18, reliability: float = 0.8) -> FloatArray:
    error = 0.64 * (1 / reliability - 1)
    own, wording = rng.normal(0, 0.8, (n, 1, 1)), rng.normal(0, (0.2 * error) ** 0.5, (n, 2, 1))
    return np.asarray(own + wording + rng.normal(0, (0.8 * error) ** 0.5, (n, 2, 5)) + CHANGES)


def found(values: FloatArray, there: np.ndarray) -> tuple[Effect | NotEstimable, Effect | NotEstimable]:
    c, w, p = np.nonzero(there)
    return effects_unbalanced(
        values=values[there],
        clusters=[f"c{one:03}" for one in c],
        wordings=[f"w{one}" for one in w],
        replicates=[f"p{one}" for one in p],
        unit="points",
    )


def known(effect: Effect | NotEstimable) -> Effect:
    assert isinstance(effect, Effect)
    return effect


def test_a_complete_table_gives_what_the_nested_analysis_gives() -> None:
    values = drawn(np.random.default_rng(1))
    swept = values - values.mean(axis=(0, 1)) + values.mean()
    nested = estimate_components_nested(values=swept, level=0.95, unit="points", design_wordings=2, design_replicates=5)
    own = unweighted_squares(
        values=values.ravel(),
        clusters=[f"c{c:03}" for c, _, _ in np.ndindex(values.shape)],
        wordings=[f"w{w}" for _, w, _ in np.ndindex(values.shape)],
        replicates=[f"p{p}" for _, _, p in np.ndindex(values.shape)],
    )
    assert own is not None
    points = dict(nested.points)
    components = own.coefficients @ own.values
    # The nested analysis does not know that four degrees of freedom went into the changes.
    assert components[2] == pytest.approx(points["variance_residual"] * 144 / 140)
    assert own.values[0] == pytest.approx(values.mean(axis=(1, 2)).var(ddof=1))
    reliability = known(found(values, np.full(values.shape, True))[0])
    assert natural_value(effect=reliability) == pytest.approx(
        natural_value(effect=known(effect_named(components=nested, name="g_single"))), abs=0.01
    )


@given(seed=st.integers(0, 10_000), added=st.lists(st.floats(-2, 2), min_size=5, max_size=5))
def test_what_a_change_adds_to_all_circumstances_is_no_unreliability(seed: int, added: list[float]) -> None:
    rng = np.random.default_rng(seed)
    values = drawn(rng)
    there = rng.random(values.shape) > 0.2
    before, after = (known(found(table, there)[0]) for table in (values, values + np.array(added)))
    assert natural_value(effect=after) == pytest.approx(natural_value(effect=before), abs=1e-6)


def test_where_it_says_nothing() -> None:
    values = drawn(np.random.default_rng(2), n=10)
    whole = np.full(values.shape, True)
    reliability, spread = found(values, whole)
    assert isinstance(reliability, NotEstimable)
    assert reliability.reason == "too_few"
    assert isinstance(spread, Effect)
    one_wording = whole.copy()
    one_wording[:, 1] = False
    refused = found(values, one_wording)[0]
    assert isinstance(refused, NotEstimable)
    assert refused.reason == "not_asked"


@pytest.mark.slow
@pytest.mark.parametrize("missing", [0.05, 0.33])
@pytest.mark.parametrize("n", [14, 18, 36])
def test_intervals_cover_where_askings_are_missing_and_hardly_reassure_on_the_edge(n: int, missing: float) -> None:
    rng = np.random.default_rng(n)
    covered = reassured = 0
    runs = 300
    for _ in range(runs):
        values = drawn(rng, n=n, reliability=0.7)
        effect = known(found(values, rng.random(values.shape) > missing)[0])
        covered += lower_bound(effect=effect, alpha=0.025) <= 0.7 <= upper_bound(effect=effect, alpha=0.025)
        reassured += lower_bound(effect=effect, alpha=0.05) > 0.7
    # Three standard errors below 93%, and above 5%.
    assert covered / runs >= 0.93 - 3 * (0.93 * 0.07 / runs) ** 0.5
    assert reassured / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
