import numpy as np
import pytest
from scipy import stats

from goodheart.stats import Effect, effect_auc, effect_sd, effect_sd_within, part_of_region
from goodheart.stats.effect import p_above, p_below
from goodheart.stats.foresight import smallest_certified, smallest_shown_beyond
from goodheart.stats.mean_squares import MeanSquares, frozen
from goodheart.stats.score import Score
from tests.stats.cases import ratings


def single_mean_square(*, mean_square: float, df: float) -> Effect:
    pivot = MeanSquares(
        values=frozen(np.array([mean_square])),
        df=frozen(np.array([df])),
        numerator=frozen(np.ones(1)),
        denominator=frozen(np.zeros(1)),
        kind="sd",
        point=float(np.sqrt(mean_square)),
    )
    return Effect(name="s", pivot=pivot, unit="points", n=18, n_clusters=18, method="chi_square_jackknife_df")


@pytest.mark.parametrize("side", [-1, 1])
def test_the_sd_that_would_be_shown_is_shown_with_its_power(side: int) -> None:
    effect = single_mean_square(mean_square=1.0, df=17)
    truth = smallest_shown_beyond(effect=effect, bound=0.5, side=1 if side == 1 else -1, alpha=0.05, power=0.9)
    # Shown to be under .5 if df s2 / chi2(.05) < .25; s2 = truth^2 chi2 / df.
    if side == -1:
        assert stats.chi2.cdf(0.25 * stats.chi2.ppf(0.05, 17) / truth**2, 17) == pytest.approx(0.9)
    else:
        assert stats.chi2.sf(0.25 * stats.chi2.ppf(0.95, 17) / truth**2, 17) == pytest.approx(0.9)


def test_an_sd_under_delta_names_the_largest_sd_that_could_have_been_certified() -> None:
    values, clusters = ratings(seed=1, n_clusters=18, n_each=4)
    effect = effect_sd_within(name="s", values=values, clusters=clusters, unit="points")
    assert isinstance(effect, Effect)
    part = part_of_region(
        claim="sd", effect=effect, region_low=0.0, region_high=0.5, level=0.95, alpha=0.05, n_parts=1, power=0.9
    )
    assert 0.3 < part.mde < 0.5
    assert part.p_inside == p_below(effect=effect, bound=0.5)
    assert part.p_outside == p_above(effect=effect, bound=0.5)


def test_the_auc_that_would_be_shown_is_shown_with_its_power() -> None:
    effect = effect_auc(name="a", positive=np.arange(18.0), negative=np.arange(18.0) - 5)
    assert isinstance(effect, Effect)
    truth = smallest_shown_beyond(effect=effect, bound=0.5, side=1, alpha=0.05, power=0.9)
    rng = np.random.default_rng(0)
    n = 4000
    shift = np.sqrt(2) * stats.norm.ppf(truth)
    positive, negative = rng.standard_normal((n, 18)) + shift, rng.standard_normal((n, 18))
    areas = (positive[:, :, None] > negative[:, None, :]).mean(axis=(1, 2))
    shown = np.mean(
        [
            p_above(
                effect=Effect(
                    name="a",
                    pivot=Score(value=float(area), n_positive=18, n_negative=18),
                    unit="AUC",
                    n=36,
                    n_clusters=36,
                    method="newcombe_5",
                ),
                bound=0.5,
            )
            <= 0.05
            for area in areas
        ]
    )
    # The Hanley-McNeil variance is an approximation: within 3 points of the power asked for.
    assert shown == pytest.approx(0.9, abs=0.03)


def test_an_unreachable_auc_is_infinite_and_the_whole_scale_needs_nothing() -> None:
    effect = effect_auc(name="a", positive=np.arange(8.0), negative=np.arange(8.0) - 5)
    assert isinstance(effect, Effect)
    assert smallest_shown_beyond(effect=effect, bound=0.99, side=1, alpha=0.05, power=0.9) == np.inf
    assert smallest_certified(effect=effect, region_low=0.0, region_high=1.0, alpha=0.05, power=0.9) == 0.0


def test_a_region_in_the_middle_of_a_bounded_scale_has_a_half_width() -> None:
    values, clusters = ratings(seed=1, n_clusters=18, n_each=1)
    effect = effect_sd(name="s", values=values, clusters=clusters, unit="points")
    assert isinstance(effect, Effect)
    found = smallest_certified(effect=effect, region_low=0.5, region_high=1.5, alpha=0.05, power=0.9)
    assert 0.2 < found < 1.5
