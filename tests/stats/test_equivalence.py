import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import (
    Effect,
    Sample,
    effect_auc,
    effect_contrast_paired,
    effect_correlation,
    effect_sd,
    part_of_region,
    smallest_fault_shown,
    with_max_t,
)
from goodheart.stats.effect import lower_bound, natural_limits, p_above, p_below, upper_bound
from goodheart.stats.pivots import Student, Transform
from tests.stats.cases import LEVEL


def student(*, value: float, stderr: float, df: float = 17, transform: Transform = "identity") -> Effect:
    pivot = Student(value=value, stderr=stderr, df=df, transform=transform)
    return Effect(name="gap", pivot=pivot, unit="points", n=36, n_clusters=18, method="t_paired_clusters")


def various_effects() -> list[Effect]:
    rng = np.random.default_rng(11)
    clusters = [f"c{k}" for k in range(18)]
    x = rng.standard_normal(18)
    found = [
        effect_contrast_paired(
            name="g",
            a=Sample(values=x, clusters=clusters),
            b=Sample(values=rng.standard_normal(18), clusters=clusters),
            unit="points",
        ),
        effect_correlation(name="r", x=x, y=x + rng.standard_normal(18), kind="spearman"),
        effect_sd(name="s", values=x, clusters=clusters, unit="points"),
        effect_auc(name="a", positive=x + 1, negative=rng.standard_normal(18)),
        student(value=-0.3, stderr=0.2, transform="log"),
        student(value=1.1, stderr=0.4, transform="logit"),
    ]
    assert all(isinstance(effect, Effect) for effect in found)
    return [effect for effect in found if isinstance(effect, Effect)]


def test_p_inside_is_statsmodels_tost() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal(18), rng.standard_normal(18)
    clusters = [f"c{k}" for k in range(18)]
    effect = effect_contrast_paired(
        name="g", a=Sample(values=a, clusters=clusters), b=Sample(values=b, clusters=clusters), unit="points"
    )
    part = part_of_region(
        claim="no shift", effect=effect, region_low=-0.9, region_high=0.9, level=LEVEL, alpha=0.05, n_parts=1, power=0.9
    )
    assert part.p_inside == pytest.approx(DescrStatsW(a - b).ttost_mean(-0.9, 0.9)[0])


def test_by_hand_with_many_degrees_of_freedom() -> None:
    # Value .2, stderr .1: z to .5 is 3, to -.5 is 7: p_inside = P(Z > 3) = .00135. Interval .2 -/+ 1.6449 * .1.
    part = part_of_region(
        claim="no shift",
        effect=student(value=0.2, stderr=0.1, df=np.inf),
        region_low=-0.5,
        region_high=0.5,
        level=LEVEL,
        alpha=0.05,
        n_parts=3,
        power=0.9,
    )
    assert part.p_inside == pytest.approx(0.00135, abs=1e-5)
    assert part.p_outside == 1.0
    assert (part.adjusted_low, part.adjusted_high) == pytest.approx((0.2 - 0.16449, 0.2 + 0.16449), abs=1e-4)
    # Smallest margin with the truth at 0: (z(.95) + z(.95)) * .1.
    assert part.mde == pytest.approx(0.32897, abs=1e-4)
    assert isinstance(part.finding, Estimate)
    assert part.finding.high == pytest.approx(0.2 + 1.95996 * 0.1, abs=1e-4)


def test_outside_is_corrected_for_the_number_of_parts_and_inside_is_not() -> None:
    def part(n_parts: int, value: float) -> tuple[float, float]:
        found = part_of_region(
            claim="c",
            effect=student(value=value, stderr=0.1, df=np.inf),
            region_low=-0.5,
            region_high=0.5,
            level=LEVEL,
            alpha=0.05,
            n_parts=n_parts,
            power=0.9,
        )
        return found.p_inside, found.p_outside

    # .7 is 2 stderr above .5: P(Z > 2) = .02275, times 4.
    assert part(1, 0.7)[1] == pytest.approx(0.02275, abs=1e-5)
    assert part(4, 0.7)[1] == pytest.approx(0.0910, abs=1e-4)
    assert part(1, 0.2)[0] == part(4, 0.2)[0]


@given(
    value=st.floats(-3, 3),
    stderr=st.floats(0.01, 1),
    df=st.sampled_from([3.0, 17.0, np.inf]),
    half=st.floats(0.05, 2),
    n_parts=st.integers(1, 20),
    alpha=st.floats(0.001, 0.1),
    alpha_outside=st.floats(0.001, 0.1),
)
def test_the_adjusted_interval_tells_the_same_story_as_the_p_values(
    value: float, stderr: float, df: float, half: float, n_parts: int, alpha: float, alpha_outside: float
) -> None:
    part = part_of_region(
        claim="c",
        effect=student(value=value, stderr=stderr, df=df),
        region_low=-half,
        region_high=half,
        level=LEVEL,
        alpha=alpha,
        n_parts=n_parts,
        power=0.9,
        alpha_outside=alpha_outside,
    )
    assume(abs(part.p_inside - alpha) > 1e-9)
    assume(abs(part.p_outside - alpha_outside) > 1e-9)
    inside = -half <= part.adjusted_low and part.adjusted_high <= half
    outside = part.adjusted_low > half or part.adjusted_high < -half
    assert inside == (part.p_inside <= alpha)
    assert outside == (part.p_outside <= alpha_outside)


@pytest.mark.parametrize("alpha", [0.001, 0.025, 0.3])
def test_the_p_value_against_a_bound_is_the_alpha_of_that_bound(alpha: float) -> None:
    for effect in various_effects():
        low, high = lower_bound(effect=effect, alpha=alpha), upper_bound(effect=effect, alpha=alpha)
        assert low < high
        assert p_above(effect=effect, bound=low) == pytest.approx(alpha, rel=1e-4)
        assert p_below(effect=effect, bound=high) == pytest.approx(alpha, rel=1e-4)


def test_the_ends_of_a_scale_are_certain() -> None:
    for effect in various_effects():
        lowest, highest = natural_limits(effect=effect)
        assert p_above(effect=effect, bound=lowest) == 0.0
        assert p_below(effect=effect, bound=highest) == 0.0
        assert p_above(effect=effect, bound=highest) == 1.0
        assert p_below(effect=effect, bound=lowest) == 1.0


def test_a_correlation_of_at_least_seven_tenths_has_one_bound() -> None:
    # Fisher z .97296 + 3 * .1: P(Z > 3). The truth that is certified at power .9 lies (1.6449 + 1.2816) * .1 above in
    # z.
    part = part_of_region(
        claim="order",
        effect=student(value=np.arctanh(0.7) + 0.3, stderr=0.1, df=np.inf, transform="fisher_z"),
        region_low=0.7,
        region_high=1.0,
        level=LEVEL,
        alpha=0.05,
        n_parts=1,
        power=0.9,
    )
    assert part.p_inside == pytest.approx(0.00135, abs=1e-5)
    assert part.mde == pytest.approx(np.tanh(np.arctanh(0.7) + 0.29264), abs=1e-5)


def test_no_estimate_neither_holds_nor_fails() -> None:
    missing = NotEstimable(name="g", reason="one_cluster", detail="")
    part = part_of_region(
        claim="c", effect=missing, region_low=-1, region_high=1, level=LEVEL, alpha=0.05, n_parts=1, power=0.9
    )
    assert part.finding == missing
    assert (part.p_inside, part.p_outside, part.mde) == (1.0, 1.0, np.inf)
    assert (part.adjusted_low, part.adjusted_high) == (-np.inf, np.inf)


def test_the_smallest_fault_shown_lies_beyond_the_region_by_the_noncentral_step() -> None:
    # One of 4 parts at .05: (z(.9875) + z(.9)) * .1 = (2.2414 + 1.2816) * .1 beyond .5.
    found = smallest_fault_shown(
        effect=student(value=0.0, stderr=0.1, df=np.inf),
        region_low=-0.5,
        region_high=0.5,
        alpha=0.05,
        n_parts=4,
        power=0.9,
    )
    assert found == pytest.approx(0.35230, abs=1e-4)


def test_the_sign_flip_result_replaces_bonferroni_but_not_an_interval_that_lies_inside() -> None:
    def part(value: float) -> tuple[float, float, float]:
        plain = part_of_region(
            claim="c",
            effect=student(value=value, stderr=0.1),
            region_low=-0.5,
            region_high=0.5,
            level=LEVEL,
            alpha=0.05,
            n_parts=3,
            power=0.9,
        )
        found = with_max_t(part=plain, p_outside=0.04, low=0.55, high=1.5)
        assert found.p_outside == 0.04
        return found.adjusted_low, found.adjusted_high, plain.adjusted_low

    assert part(0.9)[:2] == (0.55, 1.5)
    low, _, plain_low = part(0.0)
    assert low == plain_low


def test_an_empty_region_is_misuse() -> None:
    with pytest.raises(InternalError, match="Swap the ends"):
        part_of_region(
            claim="c",
            effect=student(value=0, stderr=1),
            region_low=0.5,
            region_high=-0.5,
            level=LEVEL,
            alpha=0.05,
            n_parts=1,
            power=0.9,
        )
