"""Claims that do not accuse, reasons of their own, and contrasts that share one correction."""

import numpy as np
import pytest

from goodheart.checks import Claim, Examined, judge
from goodheart.checks.examined import Joint
from goodheart.records import Verdict
from goodheart.stats import Effect, Sample, effect_contrast_paired, prepare_sign_flips


def effect(values: np.ndarray) -> Effect:
    clusters = [f"c{place}" for place in range(len(values))]
    zeros = Sample(values=[0.0] * len(values), clusters=clusters)
    found = effect_contrast_paired(
        name="shift", a=Sample(values=values.tolist(), clusters=clusters), b=zeros, unit="points"
    )
    assert isinstance(found, Effect)
    return found


def drawn(mean: float, sd: float, *, seed: int, n: int = 18) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n)
    return np.asarray(mean + sd * (noise - noise.mean()) / noise.std(ddof=1))


def verdict(*claims: Claim, joints: tuple[Joint, ...] = ()) -> Verdict:
    check = Examined(
        check="a", proposition="p", alternatives=(), claims=claims, obstacles=(), evidence=(), joints=joints
    )
    return judge(respondent="r", examined=[check])[0]


def unmoved(*, accuses: bool) -> Claim:
    return Claim(
        claim="it moves",
        effect=effect(drawn(0.0, 0.2, seed=1)),
        region_low=0.5,
        region_high=float("inf"),
        accuses=accuses,
        reason_if_outside="rigid",
    )


def within(mean: float, *, seed: int = 2) -> Claim:
    return Claim(claim="shift", effect=effect(drawn(mean, 0.2, seed=seed)), region_low=-0.5, region_high=0.5)


def test_a_claim_that_accuses_fails_with_its_own_reason() -> None:
    found = verdict(within(0.0), unmoved(accuses=True))
    assert (found.verdict, found.reason) == ("fails", "rigid")


def test_a_claim_that_does_not_accuse_bars_holding_and_gives_the_reason() -> None:
    found = verdict(within(0.0), unmoved(accuses=False))
    assert (found.verdict, found.reason) == ("cannot_tell", "rigid")
    assert "it moves" in found.detail
    assert found.needed


def test_a_fault_beside_it_is_still_found() -> None:
    found = verdict(within(1.2), unmoved(accuses=False))
    assert (found.verdict, found.reason) == ("fails", "outside")


def test_a_check_without_an_accusing_claim_never_fails() -> None:
    assert verdict(unmoved(accuses=False)).verdict == "cannot_tell"


def together(columns: np.ndarray) -> Verdict:
    flips = prepare_sign_flips(n_clusters=len(columns), n_flips=4999, rng=np.random.default_rng(0))
    claims = tuple(
        Claim(claim=f"arm {place}", effect=effect(column), region_low=-0.5, region_high=0.5)
        for place, column in enumerate(columns.T)
    )
    joint = Joint(claims=tuple(range(len(claims))), values=columns, flips=flips)
    return verdict(*claims, joints=(joint,))


def test_contrasts_that_move_together_are_corrected_once_and_not_as_often_as_there_are() -> None:
    # 30 copies of nearly one contrast: Bonferroni multiplies its p-value by 30, the sign-flip hardly at all.
    common = drawn(0.68, 0.3, seed=3)
    noise = np.random.default_rng(4).normal(0.0, 1e-3, size=(18, 30))
    columns = common[:, None] + noise
    claims = tuple(Claim(claim="arm", effect=effect(column), region_low=-0.5, region_high=0.5) for column in columns.T)
    assert verdict(*claims).verdict == "cannot_tell"
    assert together(columns).verdict == "fails"


def test_all_arms_inside_hold() -> None:
    columns = np.stack([drawn(0.0, 0.2, seed=seed) for seed in range(6)], axis=1)
    assert together(columns).verdict == "holds"


def test_the_interval_agrees_with_the_p_value_of_every_arm() -> None:
    columns = np.stack([drawn(mean, 0.4, seed=seed) for seed, mean in enumerate((0.0, 0.7, 0.9, -1.2))], axis=1)
    for part in together(columns).parts:
        outside = part.adjusted_low > part.region_high or part.adjusted_high < part.region_low
        assert outside == (part.p_outside <= 0.05)


@pytest.mark.slow
def test_arms_at_the_edge_of_the_region_are_accused_together_at_most_as_often_as_alpha() -> None:
    rng = np.random.default_rng(5)
    runs, alarms = 300, 0
    for _ in range(runs):
        columns = 0.5 + rng.normal(0.0, 0.3, size=(18, 1)) + rng.normal(0.0, 0.3, size=(18, 6))
        alarms += together(columns).verdict == "fails"
    assert alarms <= runs * 0.05 + 3.1 * (runs * 0.05 * 0.95) ** 0.5
