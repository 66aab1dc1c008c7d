import pytest

from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Effect, Reference, effects_against, estimate_mean_pooled, reference_of
from goodheart.stats.pivots import Student


def test_pooled_by_hand() -> None:
    # Wording means a: 1, 3 (the first asked twice), b: 4, 4, c: 2, 6. Squares 2 + 0 + 8 = 10 on 3; s2 = 10/3;
    # stderr = sqrt(10/3 / 2) = 1.290994; t(.975, 3) = 3.182446.
    found = estimate_mean_pooled(
        name="m",
        values=[0, 2, 3, 4, 4, 2, 6],
        clusters=["a", "a", "a", "b", "b", "c", "c"],
        wordings=["1", "1", "2", "1", "2", "1", "2"],
        level=0.95,
        unit="points",
    )
    assert [finding.about for finding in found] == [(("cluster", c),) for c in "abc"]
    for finding, mean in zip(found, (2, 4, 4), strict=True):
        assert isinstance(finding, Estimate)
        assert finding.value == mean
        assert finding.high - finding.value == pytest.approx(3.182446 * 1.290994, abs=1e-5)


def test_one_wording_each_has_no_interval() -> None:
    (found,) = estimate_mean_pooled(name="m", values=[4.0], clusters=["a"], wordings=["1"], level=0.95, unit="points")
    assert isinstance(found, NotEstimable)
    assert "4.00 points" in found.detail


def test_single_clusters_are_held_against_a_reference_with_both_errors() -> None:
    # Wordings 1 and 3 in a, 4 and 4 in b: pooled variance (1 + 1) / 2 = 1, so each mean has 1 / 2. The reference has
    # means 5, 6, 7: variance 1, so 1 / 3. Gaps -4 and -2, standard error sqrt(5 / 6);
    # df (5/6)^2 / ((1/2)^2 / 2 + (1/3)^2 / 2) = 100/26.
    reference = reference_of(values=[5.0, 6.0, 7.0], clusters=["x", "y", "z"])
    assert reference is not None
    found = effects_against(
        name="gap",
        values=[1.0, 3.0, 4.0, 4.0],
        clusters=["a", "a", "b", "b"],
        wordings=["1", "2", "1", "2"],
        reference=reference,
        unit="points",
    )
    for cluster, gap in (("a", -4.0), ("b", -2.0)):
        effect = found[cluster]
        assert isinstance(effect, Effect)
        assert isinstance(effect.pivot, Student)
        assert (effect.pivot.value, effect.pivot.stderr) == pytest.approx((gap, (5 / 6) ** 0.5))
        assert effect.pivot.df == pytest.approx((5 / 6) ** 2 / ((1 / 2) ** 2 / 2 + (1 / 3) ** 2 / 2))
        assert effect.about == (("cluster", cluster),)


def test_one_wording_each_leaves_a_gap_without_an_error() -> None:
    assert reference_of(values=[4.0], clusters=["x"]) is None
    found = effects_against(
        name="gap",
        values=[1.0, 2.0],
        clusters=["a", "b"],
        wordings=["1", "1"],
        reference=Reference(value=4.0),
        unit="points",
    )
    assert [one.point for one in found.values() if isinstance(one, NotEstimable)] == [-3.0, -2.0]
