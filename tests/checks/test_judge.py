"""Gates, families and words of verdicts, on effects with known distributions."""

import numpy as np
import pytest

from goodheart.checks import Claim, Examined, Obstacle, apply_tests, judge, judge_tested
from goodheart.records import NotEstimable
from goodheart.stats import Effect, Sample, effect_contrast_paired


def effect(*, mean: float, sd: float, n: int = 18, seed: int = 0) -> Effect:
    """A paired effect of exactly this mean and standard deviation."""
    noise = np.random.default_rng(seed).normal(size=n)
    values = mean + sd * (noise - noise.mean()) / noise.std(ddof=1)
    clusters = [f"c{place}" for place in range(n)]
    found = effect_contrast_paired(
        name="shift",
        a=Sample(values=values.tolist(), clusters=clusters),
        b=Sample(values=[0.0] * n, clusters=clusters),
        unit="points",
    )
    assert isinstance(found, Effect)
    return found


def examined(*effects: Effect | NotEstimable, name: str = "a", obstacles: tuple[Obstacle, ...] = ()) -> Examined:
    return Examined(
        check=name,
        proposition="p",
        alternatives=(),
        claims=tuple(Claim(claim="shift", effect=one, region_low=-0.5, region_high=0.5) for one in effects),
        obstacles=obstacles,
        evidence=(),
    )


def words(*checks: Examined) -> list[str]:
    return [verdict.verdict for verdict in judge(respondent="r", examined=checks)]


def obstacle(*, bars_failing: bool) -> Obstacle:
    return Obstacle(reason="instrument_invalid", detail="d", needed="n", bars_failing=bars_failing)


def test_a_small_shift_holds_a_large_one_fails_and_a_noisy_one_cannot_tell() -> None:
    small, large, noisy = effect(mean=0.0, sd=0.2), effect(mean=1.5, sd=0.3), effect(mean=0.3, sd=2.0)

    assert words(examined(small)) == ["holds"]
    assert words(examined(large)) == ["fails"]
    assert words(examined(noisy)) == ["cannot_tell"]


def test_one_part_outside_fails_and_all_parts_inside_are_needed_to_hold() -> None:
    small, large, noisy = effect(mean=0.0, sd=0.2), effect(mean=1.5, sd=0.3), effect(mean=0.3, sd=2.0)

    assert words(examined(small, large)) == ["fails"]
    assert words(examined(small, noisy)) == ["cannot_tell"]
    assert words(examined(small, small)) == ["holds"]


def test_a_gate_stops_both_answers_and_costs_no_alpha() -> None:
    # At .05 the lower bound of .62 +- t(17) * .25 / sqrt(18) is above .5 by a hair; at .025 it is not.
    close = effect(mean=0.62, sd=0.25)
    gated = examined(effect(mean=1.5, sd=0.3), name="b", obstacles=(obstacle(bars_failing=True),))
    rival = examined(effect(mean=0.45, sd=1.0), name="b")

    assert words(examined(close), gated) == ["fails", "cannot_tell"]
    assert words(examined(close), rival) == ["cannot_tell", "cannot_tell"]


def test_an_obstacle_to_holding_still_lets_a_fault_be_found() -> None:
    missing = (obstacle(bars_failing=False),)

    assert words(examined(effect(mean=0.0, sd=0.2), obstacles=missing)) == ["cannot_tell"]
    assert words(examined(effect(mean=1.5, sd=0.3), obstacles=missing)) == ["fails"]


def test_what_cannot_be_estimated_is_a_missing_channel() -> None:
    (verdict,) = judge(
        respondent="r", examined=[examined(NotEstimable(name="shift", reason="too_few", detail="one cluster"))]
    )

    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "channel_missing")
    assert "one cluster" in verdict.detail


def test_cannot_tell_names_what_would_be_needed() -> None:
    (verdict,) = judge(respondent="r", examined=[examined(effect(mean=0.3, sd=2.0))])

    assert verdict.reason == "underpowered"
    assert "larger sample" in verdict.needed
    assert verdict.parts[0].mde > 0.5


@pytest.mark.slow
@pytest.mark.parametrize(("truth", "word"), [(0.5, "holds"), (0.5, "fails")])
def test_at_the_edge_of_the_region_neither_answer_is_given_too_often(truth: float, word: str) -> None:
    rng = np.random.default_rng(11)
    runs, hits = 600, 0
    for _ in range(runs):
        clusters = [f"c{place}" for place in range(18)]
        shift = effect_contrast_paired(
            name="shift",
            a=Sample(values=rng.normal(truth, 0.6, 18).tolist(), clusters=clusters),
            b=Sample(values=[0.0] * 18, clusters=clusters),
            unit="points",
        )
        hits += words(examined(shift)) == [word]

    # Nominal 5%: more than this happens by chance in one of 1,000 such tests.
    assert hits <= runs * 0.05 + 3.1 * (runs * 0.05 * 0.95) ** 0.5


def test_what_was_tested_once_is_judged_alike_in_every_family() -> None:
    checks = [
        examined(effect(mean=0.9, sd=0.6), name="a"),
        examined(effect(mean=0.0, sd=0.3, seed=1), name="b"),
        examined(effect(mean=0.2, sd=0.7, seed=2), effect(mean=0.8, sd=0.9, seed=3), name="c"),
    ]
    once = [apply_tests(check) for check in checks]
    for family in (checks, checks[:2], checks[2:]):
        own = [one for one in once if one.check in family]
        assert judge_tested(respondent="r", tested=own) == judge(respondent="r", examined=family)
    whole = judge(respondent="r", examined=checks)
    assert judge_tested(respondent="r", tested=once, wanted={"b"}) == (whole[1],)
    alone = judge(respondent="r", examined=checks[1:2])
    assert alone[0].parts[0].adjusted_high < whole[1].parts[0].adjusted_high, "a family costs precision"
