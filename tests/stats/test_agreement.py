import numpy as np
import pytest
from hypothesis import given

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import estimate_krippendorff_alpha, krippendorff_alpha
from goodheart.stats.agreement import Metric, percentile_bounds
from goodheart.stats.arguments import FloatArray
from tests.stats.cases import LEVEL, SEEDS

NAN = np.nan
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: four observers, twelve units, values missing.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


@pytest.mark.parametrize(("metric", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example(metric: Metric, expected: float) -> None:
    assert krippendorff_alpha(ratings=PUBLISHED, metric=metric) == pytest.approx(expected, abs=5e-4)


def test_two_coders_by_hand() -> None:
    # Units aa, ab, bb: coincidences o_aa = 2, o_ab = o_ba = 1, o_bb = 2; n_a = n_b = 3, n = 6.
    # Observed 2, expected 2 * 9; alpha = 1 - 5 * 2 / 18.
    ratings = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    assert krippendorff_alpha(ratings=ratings, metric="nominal") == pytest.approx(1 - 10 / 18)


def test_full_agreement_is_one_and_a_single_value_is_undefined() -> None:
    assert krippendorff_alpha(ratings=np.array([[1.0, 2.0], [1.0, 2.0]]), metric="interval") == 1.0
    assert np.isnan(krippendorff_alpha(ratings=np.ones((2, 3)), metric="nominal"))


def coded(seed: int, n_clusters: int) -> tuple[FloatArray, list[str]]:
    rng = np.random.default_rng(seed)
    true = rng.integers(1, 5, n_clusters * 3).astype(float)
    coders = [np.where(rng.random(true.size) < 0.8, true, rng.integers(1, 5, true.size)) for _ in range(2)]
    return np.array(coders), [f"c{k // 3}" for k in range(true.size)]


def estimate(ratings: FloatArray, clusters: list[str], metric: Metric = "nominal") -> object:
    return estimate_krippendorff_alpha(
        name="k",
        ratings=ratings,
        clusters=clusters,
        metric=metric,
        level=LEVEL,
        n_boot=400,
        rng=np.random.default_rng(1),
    )


@given(seed=SEEDS)
def test_order_of_coders_and_of_units_and_nominal_names_do_not_matter(seed: int) -> None:
    ratings, _ = coded(seed, 8)
    order = np.random.default_rng(seed).permutation(ratings.shape[1])
    plain = krippendorff_alpha(ratings=ratings, metric="nominal")
    assert krippendorff_alpha(ratings=ratings[::-1][:, order], metric="nominal") == pytest.approx(plain)
    assert krippendorff_alpha(ratings=(7 - ratings) ** 3, metric="nominal") == pytest.approx(plain)
    by_rank = krippendorff_alpha(ratings=ratings, metric="ordinal")
    assert krippendorff_alpha(ratings=np.exp(ratings), metric="ordinal") == pytest.approx(by_rank)
    by_distance = krippendorff_alpha(ratings=ratings, metric="interval")
    assert krippendorff_alpha(ratings=3 * ratings + 2, metric="interval") == pytest.approx(by_distance)


def test_the_interval_holds_the_point_and_repeats_with_its_seed() -> None:
    found, again = (estimate(*coded(3, 20)) for _ in range(2))
    assert isinstance(found, Estimate)
    assert found == again
    assert found.low < found.value < found.high
    assert (found.n, found.n_clusters) == (120, 20)


def test_percentiles_are_expanded_for_few_clusters() -> None:
    # 8 clusters: sqrt(8/7) * t(.975, 7) = 2.52788, tail .005738; 10,000: 1.96030, tail .02498.
    resampled = np.linspace(0, 1, 100_001)
    assert percentile_bounds(resampled=resampled, n_clusters=8, level=LEVEL)[0] == pytest.approx(0.005738, abs=1e-5)
    assert percentile_bounds(resampled=resampled, n_clusters=10_000, level=LEVEL)[0] == pytest.approx(0.02498, abs=1e-5)


def test_agreement_that_cannot_be_estimated_gives_a_reason() -> None:
    ratings, clusters = coded(4, 20)
    perfect = np.array([ratings[0], ratings[0]])
    rare = np.zeros((2, 60))
    rare[:, 0], rare[0, 1] = 1.0, 1.0
    cases = (
        (np.array([[1.0, NAN], [NAN, 2.0]]), ["a", "b"], "too_few"),
        (np.ones((2, 60)), clusters, "no_variation"),
        (ratings[:, :12], clusters[:12], "not_covered"),
        (perfect, clusters, "not_covered"),
        (rare, clusters, "not_covered"),
    )
    for table, labels, reason in cases:
        found = estimate(table, labels)
        assert isinstance(found, NotEstimable)
        assert found.reason == reason


def test_a_table_of_the_wrong_shape_is_misuse() -> None:
    with pytest.raises(InternalError, match="Give each coder a row"):
        krippendorff_alpha(ratings=np.ones(3), metric="nominal")
