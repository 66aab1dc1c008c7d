import numpy as np
import pytest

from goodheart.stats.anova import table_crossed
from goodheart.stats.simulate import SHAPES, Shape, Spread, simulate_ratings, truth_of

SPREAD = Spread(circumstance=0.8, wording=0.3, residual=0.4, perturbation=0.3, circumstance_perturbation=0.3)
NO_MAIN_EFFECT = Spread(circumstance=0.8, wording=0.3, residual=0.4, circumstance_perturbation=0.3)


@pytest.mark.parametrize("shape", SHAPES)
def test_truths_are_what_large_samples_show(shape: Shape) -> None:
    # One run of 60,000 circumstances; a main effect of few perturbations would never settle, so there is none.
    values = simulate_ratings(
        shape=shape,
        n_runs=1,
        n_circumstances=60_000,
        n_wordings=3,
        n_replicates=3,
        spread=NO_MAIN_EFFECT,
        shift=-0.2,
        rng=np.random.default_rng(1),
    )
    truth = truth_of(shape=shape, spread=NO_MAIN_EFFECT, shift=-0.2)
    cluster_means = values[0].mean(axis=(1, 2))
    assert values.mean() == pytest.approx(truth.mean, abs=4 * cluster_means.std() / np.sqrt(60_000))
    table = table_crossed(values=values)
    points = dict(zip(table.components, table.points[:, 0], strict=True))
    # A variance of 60,000 circumstances has a relative standard error of about sqrt(kurtosis / n) < 1%.
    for name in ("circumstance", "wording", "circumstance_perturbation", "residual"):
        assert points[name] == pytest.approx(getattr(truth, name), rel=0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_components_of_the_truth_add_up_to_the_variance_of_one_rating(shape: Shape) -> None:
    values = simulate_ratings(
        shape=shape,
        n_runs=200_000,
        n_circumstances=1,
        n_wordings=1,
        n_replicates=1,
        spread=SPREAD,
        shift=0.0,
        rng=np.random.default_rng(2),
    )
    truth = truth_of(shape=shape, spread=SPREAD, shift=0.0)
    parts = (truth.circumstance, truth.wording, truth.perturbation, truth.circumstance_perturbation, truth.residual)
    assert sum(parts) == pytest.approx(values.var(), rel=0.03)
    assert all(part > 0 for part in parts)


def test_the_floor_holds_a_third_and_the_ceiling_mirrors_it() -> None:
    def at_end(shape: Shape) -> float:
        values = simulate_ratings(
            shape=shape,
            n_runs=50_000,
            n_circumstances=1,
            n_wordings=1,
            n_replicates=1,
            spread=SPREAD,
            shift=0.0,
            rng=np.random.default_rng(3),
        )
        assert values.min() >= 1 or shape != "floor"
        assert values.max() <= 7 or shape != "ceiling"
        return float(np.mean(values == (1.0 if shape == "floor" else 7.0)))

    # P(Z < -.5) = .3085.
    assert at_end("floor") == pytest.approx(0.3085, abs=0.01)
    assert at_end("ceiling") == pytest.approx(0.3085, abs=0.01)
    low, high = (truth_of(shape=shape, spread=SPREAD, shift=0.0) for shape in ("floor", "ceiling"))
    assert low.mean - 1 == pytest.approx(7 - high.mean)
    assert low.circumstance == pytest.approx(high.circumstance)


def test_skewed_effects_have_the_skewness_they_are_said_to_have() -> None:
    values = simulate_ratings(
        shape="skewed",
        n_runs=400_000,
        n_circumstances=1,
        n_wordings=1,
        n_replicates=1,
        spread=Spread(circumstance=1.0, wording=0.0, residual=0.0),
        shift=0.0,
        rng=np.random.default_rng(4),
    ).ravel()
    centred = values - values.mean()
    assert values.std() == pytest.approx(1.0, abs=0.01)
    assert (centred**3).mean() == pytest.approx(np.sqrt(2), abs=0.08)


def test_arms_can_be_shifted_one_by_one() -> None:
    values = simulate_ratings(
        shape="normal",
        n_runs=1,
        n_circumstances=3,
        n_wordings=1,
        n_replicates=2,
        spread=Spread(circumstance=1.0, wording=0.0, residual=0.0),
        shift=[0.0, -0.5],
        rng=np.random.default_rng(5),
    )[0, :, 0]
    assert values[:, 0] - values[:, 1] == pytest.approx(0.5)


def test_the_same_seed_gives_the_same_ratings() -> None:
    def draw(seed: int) -> object:
        return simulate_ratings(
            shape="floor",
            n_runs=2,
            n_circumstances=3,
            n_wordings=2,
            n_replicates=2,
            spread=SPREAD,
            shift=0.0,
            rng=np.random.default_rng(seed),
        ).tolist()

    assert draw(1) == draw(1) != draw(2)
