import pytest

from goodheart.records import Estimate, NotEstimable
from goodheart.stats import estimate_mean_pooled


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
