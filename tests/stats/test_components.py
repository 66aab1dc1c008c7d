import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import (
    Components,
    balanced_array,
    effect_named,
    estimate_components,
    estimate_components_crossed,
    estimate_components_nested,
    estimate_from_effect,
    finding_named,
    part_of_region,
)
from goodheart.stats.anova import MeanSquareTable, table_crossed, table_nested
from goodheart.stats.arguments import FloatArray
from goodheart.stats.simulate import Spread, simulate_ratings
from tests.stats.cases import LEVEL, SEEDS, SHIFTS

SPREAD = Spread(circumstance=0.8, wording=0.3, residual=0.3, perturbation=0.2, circumstance_perturbation=0.2)


def simulated(*, seed: int, n: int = 18, wordings: int = 2, replicates: int = 3) -> FloatArray:
    runs = simulate_ratings(
        shape="normal",
        n_runs=1,
        n_circumstances=n,
        n_wordings=wordings,
        n_replicates=replicates,
        spread=SPREAD,
        shift=0.0,
        rng=np.random.default_rng(seed),
    )
    return np.asarray(runs[0], dtype=np.float64)


def nested(values: FloatArray) -> Components:
    return estimate_components_nested(values=values, level=LEVEL, unit="points", design_wordings=2, design_replicates=3)


def crossed(values: FloatArray) -> Components:
    return estimate_components_crossed(
        values=values, level=LEVEL, unit="points", design_wordings=2, design_replicates=3
    )


def by_statsmodels(values: FloatArray, formula: str) -> list[float]:
    c, w, p = np.indices(values.shape)
    data = pandas.DataFrame({"y": values.ravel(), "c": c.ravel(), "w": w.ravel(), "p": p.ravel()})
    table = anova_lm(ols(formula, data).fit())
    return [float(square) for square in table["mean_sq"]]


def test_nested_by_hand() -> None:
    # Circumstances A: wordings (1, 3) and (5, 7); B: (2, 2) and (2, 6); C: (0, 2) and (1, 1). Wording means 2, 6; 2,
    # 4; 1, 1; circumstance means 4, 3, 1; grand mean 8/3. MS_residual = (2 + 2 + 0 + 8 + 2 + 0) / 6 = 7/3; MS_wording
    # = 2 * (8 + 2 + 0) / 3 = 20/3; MS_circumstance = 4 * (16/9 + 1/9 + 25/9) / 2 = 28/3.
    values = np.array([[[1, 3], [5, 7]], [[2, 2], [2, 6]], [[0, 2], [1, 1]]], dtype=float)
    table = table_nested(values=values[None])
    assert table.terms == ("circumstance", "wording", "residual")
    assert table.mean_squares[:, 0] == pytest.approx([28 / 3, 20 / 3, 7 / 3])
    # v_c = (28/3 - 20/3) / 4 = 2/3, v_w = (20/3 - 7/3) / 2 = 13/6, v_r = 7/3.
    assert table.points[:, 0] == pytest.approx([2 / 3, 13 / 6, 7 / 3])


def test_nested_mean_squares_agree_with_statsmodels() -> None:
    values = simulated(seed=1, n=6)
    expected = by_statsmodels(values, "y ~ C(c) + C(c):C(w)")
    assert table_nested(values=values[None]).mean_squares[:, 0] == pytest.approx(expected)


def test_crossed_mean_squares_agree_with_statsmodels() -> None:
    values = simulated(seed=2, n=6)
    c, p, cw, cp, residual = by_statsmodels(values, "y ~ C(c) + C(p) + C(c):C(w) + C(c):C(p)")
    table = table_crossed(values=values[None])
    found = dict(zip(table.terms, table.mean_squares[:, 0], strict=True))
    expected = {
        "circumstance": c,
        "perturbation": p,
        "wording": cw,
        "circumstance_perturbation": cp,
        "residual": residual,
    }
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("make", [table_nested, table_crossed])
def test_leaving_one_out_is_what_a_table_of_the_others_says(make: object) -> None:
    # The effective degrees of freedom rest on the mean squares without each circumstance: the algebra against doing it.
    values = simulated(seed=3, n=7)
    table = make(values=values[None])  # type: ignore[operator]
    assert isinstance(table, MeanSquareTable)
    without = np.stack(
        [make(values=np.delete(values, k, axis=0)[None]).mean_squares[:, 0] for k in range(7)],  # type: ignore[operator]
        axis=1,
    )
    logs = np.log(without)
    spread = ((logs - logs.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) * 6 / 7
    nominal = {
        "circumstance": 6,
        "wording": 7,
        "residual": 7 * 2 * 2 if make is table_nested else 7 * 2,
        "perturbation": 2,
        "circumstance_perturbation": 12,
    }
    expected = np.minimum([nominal[term] for term in table.terms], 2 / (1.35 * spread))
    assert table.df[:, 0] == pytest.approx(expected)


def test_shares_add_up_to_one_and_a_negative_component_counts_as_zero() -> None:
    for seed in range(20):
        for components in (nested(simulated(seed=seed)), crossed(simulated(seed=seed))):
            points = dict(components.points)
            shares = [points[finding.name] for finding in components.shares]
            assert sum(shares) == pytest.approx(1.0)
            assert min(shares) >= 0


def test_in_the_nested_design_g_is_phi_and_in_the_crossed_one_phi_is_smaller() -> None:
    values = simulated(seed=4)
    one, other = dict(nested(values).points), dict(crossed(values).points)
    assert one["g_single"] == one["phi_single"] == one["share_circumstance"]
    assert one["g_design"] == one["phi_design"] > one["g_single"]
    assert other["g_single"] > other["phi_single"]
    assert other["g_design"] > other["phi_design"] > other["phi_single"]


def test_coefficients_by_hand() -> None:
    # Of the components: v_c / (v_c + relative error), with the perturbation's main effect in Phi only.
    points = dict(crossed(simulated(seed=5)).points)
    c, w, p, cp, e = (
        points[f"variance_{name}"]
        for name in ("circumstance", "wording", "perturbation", "circumstance_perturbation", "residual")
    )
    assert points["g_single"] == pytest.approx(c / (c + w + cp + e))
    assert points["phi_single"] == pytest.approx(c / (c + w + p + cp + e))
    assert points["g_design"] == pytest.approx(c / (c + w / 2 + cp / 3 + e / 6))
    assert points["phi_design"] == pytest.approx(c / (c + w / 2 + p / 3 + cp / 3 + e / 6))


@given(seed=SEEDS, shift=SHIFTS)
@settings(max_examples=15)
def test_a_constant_changes_nothing_scale_scales_and_order_does_not_matter(seed: int, shift: float) -> None:
    values = simulated(seed=seed)
    rng = np.random.default_rng(seed)
    moved = crossed(rng.permutation(2 * (values + shift), axis=0))
    plain = crossed(values)
    for name, factor in (("sd_circumstance", 2), ("variance_residual", 4), ("phi_single", 1), ("share_wording", 1)):
        a, b = finding_named(components=plain, name=name), finding_named(components=moved, name=name)
        assert isinstance(a, Estimate)
        assert isinstance(b, Estimate)
        assert (b.value, b.low, b.high) == pytest.approx(
            (a.value * factor, a.low * factor, a.high * factor), rel=1e-6, abs=1e-8
        )


def test_every_interval_contains_its_point_and_lies_in_range() -> None:
    for seed in range(20):
        components = crossed(simulated(seed=seed, n=12))
        for finding in (*components.variances, *components.sds, *components.shares, *components.coefficients):
            assert isinstance(finding, Estimate)
            assert 0 <= finding.low <= finding.value <= finding.high
            if finding.name.startswith(("share", "g_", "phi_")):
                assert finding.high <= 1


def test_estimates_computed_together_are_those_of_the_single_effects() -> None:
    components = crossed(simulated(seed=6))
    for finding in (*components.variances, *components.sds, *components.shares, *components.coefficients):
        alone = estimate_from_effect(effect=effect_named(components=components, name=finding.name), level=LEVEL)
        assert isinstance(alone, Estimate)
        assert isinstance(finding, Estimate)
        assert (alone.value, alone.low, alone.high) == pytest.approx(
            (finding.value, finding.low, finding.high), abs=1e-9
        )
        assert (alone.unit, alone.n, alone.n_clusters, alone.method) == (
            finding.unit,
            finding.n,
            finding.n_clusters,
            finding.method,
        )


def test_reliability_of_at_least_seven_tenths_can_be_tested() -> None:
    steady = simulated(seed=7) * 0.2 + 2 * np.arange(18)[:, None, None]
    shaky = np.random.default_rng(8).standard_normal((18, 2, 3))
    for values, holds in ((steady, True), (shaky, False)):
        effect = effect_named(components=nested(values), name="phi_single")
        part = part_of_region(
            claim="reliability",
            effect=effect,
            region_low=0.7,
            region_high=1.0,
            level=LEVEL,
            alpha=0.05,
            n_parts=1,
            power=0.9,
        )
        assert (part.p_inside <= 0.05) == holds
        assert (part.p_outside <= 0.05) == (not holds)
        assert (part.adjusted_low >= 0.7) == holds


@pytest.mark.parametrize(("n", "shares", "spreads"), [(11, False, True), (7, False, False), (12, True, True)])
def test_small_designs_get_no_shares_and_smaller_ones_no_intervals(n: int, shares: bool, spreads: bool) -> None:
    components = nested(simulated(seed=9, n=n))
    share = finding_named(components=components, name="share_circumstance")
    phi = finding_named(components=components, name="phi_single")
    sd = finding_named(components=components, name="sd_circumstance")
    assert isinstance(share, Estimate) == isinstance(phi, Estimate) == shares
    assert isinstance(sd, Estimate) == spreads
    assert ("share_circumstance" in dict(components.points)) == shares
    assert "sd_circumstance" in dict(components.points)
    if isinstance(share, NotEstimable):
        assert share.reason == "too_few"
    if isinstance(sd, NotEstimable):
        assert sd.reason == "not_covered"
        assert "7 circumstances" in sd.detail


def test_one_wording_leaves_wording_within_circumstance_and_coefficients_unasked() -> None:
    components = crossed(simulated(seed=10, wordings=1))
    assert [finding.name for finding in components.shares] == [
        "share_circumstance_and_wording",
        "share_perturbation",
        "share_residual",
    ]
    assert {finding.reason for finding in components.coefficients if isinstance(finding, NotEstimable)} == {"not_asked"}
    assert len(components.coefficients) == 4


def test_one_replicate_leaves_the_residual_within_wording() -> None:
    for components in (nested(simulated(seed=11, replicates=1)), crossed(simulated(seed=11, replicates=1))):
        assert [finding.name for finding in components.sds] == ["sd_circumstance", "sd_wording_and_residual"]
        assert isinstance(finding_named(components=components, name="phi_single"), Estimate)


@pytest.mark.parametrize("shape", [(18, 1, 1), (2, 2, 3), (0, 2, 2)])
def test_nothing_to_compare_is_too_few(shape: tuple[int, int, int]) -> None:
    components = crossed(np.arange(float(np.prod(shape))).reshape(shape))
    findings = (*components.variances, *components.sds, *components.shares)
    assert {finding.reason for finding in findings if isinstance(finding, NotEstimable)} == {"too_few"}
    assert len(findings) == 15
    assert components.points == ()


def test_a_constant_answer_has_no_variation_and_one_moving_circumstance_no_interval() -> None:
    flat = nested(np.full((18, 2, 3), 4.1))
    assert {finding.reason for finding in flat.shares if isinstance(finding, NotEstimable)} == {"no_variation"}
    assert len(flat.shares) == 3
    moving = np.full((18, 2, 3), 4.1)
    moving[0] += np.random.default_rng(0).standard_normal((2, 3))
    lonely = finding_named(components=nested(moving), name="sd_residual")
    assert isinstance(lonely, NotEstimable)
    assert lonely.reason == "not_covered"
    assert "one circumstance carries" in lonely.detail


def test_a_reading_that_never_varies_within_a_wording_keeps_the_other_intervals() -> None:
    values = np.repeat(simulated(seed=12)[:, :, :1], 3, axis=2)
    components = nested(values)
    residual = finding_named(components=components, name="share_residual")
    assert isinstance(residual, NotEstimable)
    assert residual.reason == "no_variation"
    assert isinstance(finding_named(components=components, name="share_circumstance"), Estimate)


def test_the_short_form_is_the_crossed_design_with_its_own_sizes() -> None:
    values = simulated(seed=13)
    short = estimate_components(values=values, level=LEVEL, unit="points")
    assert short.coefficients == crossed(values).coefficients
    larger = estimate_components(values=simulated(seed=13, replicates=5), level=LEVEL, unit="points")
    assert larger.coefficients != crossed(simulated(seed=13, replicates=5)).coefficients


def test_a_balanced_table_becomes_an_array_in_sorted_order() -> None:
    found = balanced_array(
        name="x",
        values=[1, 2, 3, 4, 5, 6, 7, 8],
        clusters=["b", "b", "b", "b", "a", "a", "a", "a"],
        wordings=["w2", "w2", "w1", "w1", "v1", "v1", "v2", "v2"],
        replicates=["none", "greet", "none", "greet", "greet", "none", "greet", "none"],
    )
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [[[5, 6], [7, 8]], [[4, 3], [2, 1]]]


@pytest.mark.parametrize(
    ("values", "clusters", "wordings", "replicates", "reason"),
    [
        ([], [], [], [], "too_few"),
        ([1, 2, 3], ["a", "a", "b"], ["w", "v", "w"], ["r", "r", "r"], "unbalanced"),
        ([1, 2], ["a", "a"], ["w", "w"], ["r", "r"], "unbalanced"),
        ([1, 2, 3, 4], ["a", "a", "b", "b"], ["w", "w", "w", "w"], ["r", "s", "r", "t"], "unbalanced"),
    ],
)
def test_an_unbalanced_table_says_so(
    values: list[float], clusters: list[str], wordings: list[str], replicates: list[str], reason: str
) -> None:
    found = balanced_array(name="x", values=values, clusters=clusters, wordings=wordings, replicates=replicates)
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


def test_misuse_is_told_what_to_type() -> None:
    with pytest.raises(InternalError, match="balanced_array"):
        nested(np.ones((3, 2)))
    with pytest.raises(InternalError, match=r"`share_mood`.*variance_circumstance"):
        finding_named(components=nested(simulated(seed=1)), name="share_mood")
