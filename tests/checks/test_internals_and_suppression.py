"""Readings against ratings, and masking readings: planted, null and too small."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.checks import internals, suppression
from goodheart.checks.internals import Paired, partial_correlation
from goodheart.checks.judge import judge
from goodheart.checks.suppression import Masked
from goodheart.records import NotEstimable, Verdict
from goodheart.stats import natural_value


def paired(seed: int, *, n: int, share: float, validated: bool = True) -> Paired:
    """Ratings that follow the text by half, and the reading beyond it by `share`."""
    rng = np.random.default_rng(seed)
    text, state = rng.normal(size=n), rng.normal(size=n)
    readings = state + text
    ratings = 4 + 0.5 * text + share * state + np.sqrt(max(1 - share**2, 0)) * rng.normal(size=n)
    return Paired(ratings=ratings, readings=readings, baseline=text[:, None], validated=validated)


def on_internals(case: Paired) -> Verdict:
    return judge(respondent="one", examined=[internals.examine(case, seed=1)])[0]


def masked(seed: int, gap: float, *, n: int = 24, validated: bool = True) -> Masked:
    rng = np.random.default_rng(seed)
    level = rng.normal(size=n)
    return Masked(
        items=tuple(f"i{i}" for i in range(n)),
        own=(level + gap + rng.normal(0, 0.1, n)).tolist(),
        other=(level + rng.normal(0, 0.1, n)).tolist(),
        validated=validated,
    )


def on_suppression(case: Masked) -> Verdict:
    return judge(respondent="one", examined=[suppression.examine(case)])[0]


def test_the_partial_correlation_is_the_one_of_the_textbook() -> None:
    case = paired(3, n=60, share=0.5)
    r = np.corrcoef(np.column_stack([case.ratings, case.readings, case.baseline[:, 0]]).T)
    # (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2)(1 - r_yz^2))
    wanted = (r[0, 1] - r[0, 2] * r[1, 2]) / np.sqrt((1 - r[0, 2] ** 2) * (1 - r[1, 2] ** 2))
    effect, p = partial_correlation(case, rng=np.random.default_rng(0))
    assert not isinstance(effect, NotEstimable)
    assert natural_value(effect=effect) == pytest.approx(wanted)
    assert p == pytest.approx(1 / 2000)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 100), scale=st.floats(0.1, 10), shift=st.floats(-5, 5))
def test_units_do_not_matter(seed: int, scale: float, shift: float) -> None:
    case = paired(seed, n=30, share=0.4)
    other = Paired(
        ratings=case.ratings * scale + shift, readings=case.readings, baseline=case.baseline * scale, validated=True
    )
    found = [partial_correlation(one, rng=np.random.default_rng(0))[0] for one in (case, other)]
    values = [natural_value(effect=one) for one in found if not isinstance(one, NotEstimable)]
    assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_readings_that_follow_holds_and_text_alone_does_not() -> None:
    holds = [on_internals(paired(seed, n=250, share=0.6)).verdict for seed in range(10)]
    assert holds.count("holds") >= 9
    nothing = [on_internals(paired(seed, n=250, share=0.0)).verdict for seed in range(10)]
    assert "holds" not in nothing


def test_readings_that_go_the_other_way_fail() -> None:
    assert on_internals(paired(1, n=250, share=-0.5)).verdict == "fails"


def test_eighteen_circumstances_alone_cannot_tell_whatever_they_show() -> None:
    for share in (-0.95, 0.0, 0.95):
        verdict = on_internals(paired(2, n=18, share=share))
        assert (verdict.verdict, verdict.reason) == ("cannot_tell", "underpowered")
        assert "110" in verdict.needed


def test_readings_that_passed_no_ladder_say_nothing() -> None:
    verdict = on_internals(paired(2, n=250, share=0.6, validated=False))
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "instrument_invalid")


def test_a_baseline_that_predicts_everything_leaves_nothing() -> None:
    text = np.linspace(0, 1, 20)
    case = Paired(ratings=text, readings=text, baseline=text[:, None], validated=True)
    assert isinstance(partial_correlation(case, rng=np.random.default_rng(0))[0], NotEstimable)


def test_masking_that_is_planted_fails_and_none_holds() -> None:
    assert [on_suppression(masked(seed, 0.6)).verdict for seed in range(10)] == ["fails"] * 10
    assert [on_suppression(masked(seed, 0.0)).verdict for seed in range(10)] == ["holds"] * 10


def test_masking_readings_below_another_speakers_are_no_fault() -> None:
    assert on_suppression(masked(1, -2.0)).verdict == "holds"


def test_on_the_edge_masking_is_seldom_called() -> None:
    words = [on_suppression(masked(seed, 0.25)).verdict for seed in range(200)]
    # Level .05 at the edge, each way; 200 runs, two standard errors.
    assert words.count("fails") <= 200 * 0.081
    assert words.count("holds") <= 200 * 0.081


def test_a_masking_direction_that_did_not_pass_says_nothing() -> None:
    verdict = on_suppression(masked(1, 0.6, validated=False))
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "instrument_invalid")
