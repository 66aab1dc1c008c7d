"""A refusal that knows the number without its uncertainty hands the number on."""

import numpy as np
import pytest

from goodheart.records import Finding, NotEstimable
from goodheart.stats import (
    estimate_auc,
    estimate_components,
    estimate_contrast_paired,
    estimate_icc,
    estimate_krippendorff_alpha,
    estimate_mean,
    estimate_mean_pooled,
    estimate_proportion_clustered,
    estimate_sd,
    estimate_sd_within,
)
from goodheart.stats.effect import Sample

SEVEN = [f"c{k}" for k in range(7)]
VALUES = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
RNG = np.random.default_rng(1)
TABLE = RNG.normal(size=(7, 2, 3))

REFUSED: dict[str, tuple[Finding, float, str]] = {
    "mean of few": (estimate_mean(name="m", values=VALUES, clusters=SEVEN, level=0.95, unit="points"), 4.0, "points"),
    "equal means": (
        estimate_mean(name="m", values=[4.25] * 7, clusters=SEVEN, level=0.95, unit="points"),
        4.25,
        "points",
    ),
    "one cluster": (estimate_mean(name="m", values=[3.0], clusters=["a"], level=0.95, unit="points"), 3.0, "points"),
    "equal gaps": (
        estimate_contrast_paired(
            name="g",
            a=Sample(values=[3.0, 4.0], clusters=["a", "b"]),
            b=Sample(values=[1.0, 2.0], clusters=["a", "b"]),
            level=0.95,
            unit="points",
        ),
        2.0,
        "points",
    ),
    # Sum of squares 28 over 6.
    "sd of few": (
        estimate_sd(name="s", values=VALUES, clusters=SEVEN, level=0.95, unit="points"),
        (28 / 6) ** 0.5,
        "points",
    ),
    "sd of nothing": (
        estimate_sd_within(name="s", values=[2.0, 2.0], clusters=["a", "a"], level=0.95, unit="points"),
        0.0,
        "points",
    ),
    "share of few": (
        estimate_proportion_clustered(name="p", hits=[True, False], clusters=["a", "b"], level=0.95),
        0.5,
        "share",
    ),
    "one wording": (
        estimate_mean_pooled(name="r", values=[5.5], clusters=["a"], wordings=["1"], level=0.95, unit="points")[0],
        5.5,
        "points",
    ),
    "AUC of few": (estimate_auc(name="a", positive=[2.0, 3.0], negative=[1.0], level=0.95), 1.0, "AUC"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_point_stands_in_the_refusal_with_its_unit(case: str) -> None:
    finding, point, unit = REFUSED[case]
    assert isinstance(finding, NotEstimable)
    assert finding.point == pytest.approx(point)
    assert finding.unit == unit


def test_components_of_few_circumstances_keep_their_points() -> None:
    components = estimate_components(values=TABLE, level=0.95, unit="points")
    known = dict(components.points)
    for finding in components.sds:
        assert isinstance(finding, NotEstimable)
        assert finding.point == pytest.approx(known[finding.name])
        assert finding.unit == "points"
    assert [one.point for one in components.shares if isinstance(one, NotEstimable)] == [None] * 5


def test_agreement_and_intraclass_correlation_of_few_keep_their_points() -> None:
    icc = estimate_icc(name="i", ratings=TABLE[..., 0], kind="single", level=0.95)
    codes = np.array([[0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    alpha = estimate_krippendorff_alpha(
        name="k", ratings=codes, clusters=["a", "b", "c", "d"], metric="nominal", level=0.95, n_boot=10, rng=RNG
    )
    assert isinstance(icc, NotEstimable)
    assert isinstance(alpha, NotEstimable)
    assert icc.point is not None
    assert (alpha.point, alpha.unit) == (1.0, "alpha")


def test_a_refusal_without_a_number_has_none() -> None:
    nothing = estimate_mean(name="m", values=[], clusters=[], level=0.95, unit="points")
    assert isinstance(nothing, NotEstimable)
    assert (nothing.point, nothing.unit) == (None, "")
