"""A channel's movement: hand arithmetic, laws, refusals, and coverage."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from goodheart.comparison import CHANNELS, ChannelPair, Movement, PairedGroup, Unmeasured, bounds_of, movement_of
from goodheart.comparison.sides import side_of
from goodheart.records import Estimate, Group
from goodheart.stats.arguments import FloatArray
from goodheart.stats.pivots import student_bound
from tests.comparison.crafted import SIZES, centred, group, moved, pair

Change = Callable[[FloatArray], FloatArray]


def test_by_hand() -> None:
    # Unit: 6 - 2 = 4 points. Circumstances move from 3 to 5, nonwelfare from 4 to 4.4: (2 - 0.4) / 4 = 0.4.
    groups: dict[Group, PairedGroup] = {
        "circumstance": group("circumstance", start=3, end=5, noise=0.3),
        "nonwelfare": group("nonwelfare", start=4, end=4.4, noise=0.2),
        "neutral": group("neutral", start=4, end=4, noise=0.2),
        "good": group("good", start=6, end=6.5, noise=0.2, spread=0.4),
        "bad": group("bad", start=2, end=2, noise=0.2, spread=0.4),
    }
    found = movement_of(replace(pair("stated"), groups=groups))
    assert isinstance(found, Movement)
    assert found.shift.value == pytest.approx(0.4)
    assert found.shift.numerator_stderr == pytest.approx(np.sqrt((0.3**2 + 0.2**2) / 18))
    assert found.shift.denominator_stderr == pytest.approx(np.sqrt(2 * 0.4**2 / 8))
    assert (found.earlier.value, found.later.value) == pytest.approx(((3 - 4) / 4, (5 - 4.4) / 4))
    # With each version in its own distance: 0.6 / 4.5 - -1 / 4.
    assert found.own.value == pytest.approx(0.6 / 4.5 + 0.25)
    assert found.unit_ratio == pytest.approx(4.5 / 4)
    assert [one.value for one in found.raw if isinstance(one, Estimate)] == pytest.approx([2, 0.4, 0, 0.5, 0])


def test_a_constant_on_everything_and_a_unit_of_measurement_change_nothing() -> None:
    plain = moved("internal", 0.3)
    cheerful = movement_of(changed(pair("internal", 0.3), later=lambda x: x + 1.5))
    rescaled = movement_of(changed(pair("internal", 0.3), both=lambda x: 0.01 * x - 7))
    for other in (cheerful, rescaled):
        assert isinstance(other, Movement)
        assert bounds_of(other, alpha=0.05) == pytest.approx(bounds_of(plain, alpha=0.05))
        assert other.own.value == pytest.approx(plain.own.value)
        assert other.valid


def test_turning_time_turns_the_sign_in_each_versions_own_distance() -> None:
    there = moved("internal", 0.3, grown=1.2)
    back = movement_of(turned(pair("internal", 0.3, grown=1.2)))
    assert isinstance(back, Movement)
    assert back.own.value == pytest.approx(-there.own.value)
    assert back.own.stderr == pytest.approx(there.own.stderr)


def test_a_stretched_scale_moves_the_contrast_but_not_in_its_own_distance() -> None:
    found = movement_of(changed(pair("stated", level=-0.5, noise=0.0), later=lambda x: 4 + 1.6 * (x - 4)))
    assert isinstance(found, Movement)
    assert found.shift.value == pytest.approx(-0.3)
    assert found.own.value == pytest.approx(0.0, abs=1e-12)
    assert found.unit_ratio == pytest.approx(1.6)


def test_equal_values_in_every_item_stand_still_with_an_interval() -> None:
    found = moved("internal", 0.0, noise=0.0)
    low, high = bounds_of(found, alpha=0.05)
    assert found.shift.value == pytest.approx(0)
    # Two sets of 18 + 2 changes, two of them a quarter: sd = .25 * sqrt(2 / 19), se = sd * sqrt(2 / 20).
    assert found.shift.numerator_stderr / found.shift.denominator == pytest.approx(0.25 * np.sqrt(2 / 19 / 10))
    assert -0.06 < low < 0 < high < 0.06


def test_a_channel_that_cannot_tell_good_from_bad_is_not_valid() -> None:
    mixed = pair("internal")
    groups = {**mixed.groups, "good": group("good", start=4.2, end=4.2, noise=0.1, spread=2.0)}
    found = movement_of(replace(mixed, groups=groups))
    assert isinstance(found, Movement)
    assert not found.valid
    assert "pairs stand in the right order" in " ".join(found.problems) or "not shown" in " ".join(found.problems)


@pytest.mark.parametrize(("name", "grown", "valid"), [("internal", 2.2, False), ("internal", 0.45, False)])
def test_a_reading_whose_distance_changed_too_much_is_not_valid(name: str, grown: float, valid: bool) -> None:
    assert moved(name, grown=grown).valid == valid
    assert moved("stated", grown=grown).valid, "the report's scale may be stretched; that is a rival, not a failure"


def test_turned_controls_have_no_unit() -> None:
    found = movement_of(pair("internal", grown=-1.0))
    assert isinstance(found, Unmeasured)
    assert found.reason == "instrument_invalid"


def test_too_few_items_or_answers_are_refused() -> None:
    whole = pair("stated")
    few = {**whole.groups, "nonwelfare": group("nonwelfare", start=4, end=4, noise=0.1, n=7)}
    short = movement_of(replace(whole, groups=few))
    silent = movement_of(replace(whole, measured=60))
    assert isinstance(short, Unmeasured)
    assert isinstance(silent, Unmeasured)
    assert (short.reason, silent.reason) == ("channel_missing", "refused")
    assert "7 nonwelfare" in short.detail
    assert "60 of its 132" in silent.detail


def test_the_side_is_positive_away_from_the_others_and_negative_towards_them() -> None:
    others = [moved("internal", level=-0.3), moved("expressed", level=-0.2)]
    away = side_of(moved("stated", 0.6), others)
    # Half-way: (-0.25 + 0.35) / 2 = 0.05 for the report, -0.25 for the others.
    assert away.value == pytest.approx(0.3)
    towards = side_of(moved("stated", -0.6, level=0.35), others)
    assert towards.value == pytest.approx(-(0.05 + 0.25))
    assert student_bound(pivot=away, alpha=0.05, side=-1) > 0


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["normal", "skewed"])
@pytest.mark.parametrize(
    ("n", "controls", "move", "spread"), [(18, 8, 0.0, 0.15), (18, 8, 0.6, 0.35), (8, 8, 0.125, 0.35)]
)
def test_intervals_cover_93_to_97_percent(shape: str, n: int, controls: int, move: float, spread: float) -> None:
    rng = np.random.default_rng([7, n, round(100 * move), shape == "skewed"])
    runs, hits, own_hits, given = 2000, 0, 0, 0
    own_truth = (-0.3 + move) / 0.9 + 0.3
    for _ in range(runs):
        found = movement_of(drawn(rng, shape, n=n, controls=controls, move=move, spread=spread))
        if isinstance(found, Movement):
            given += 1
            hits += found.moved.low <= move <= found.moved.high
            low, high = (student_bound(pivot=found.own, alpha=0.025, side=side) for side in (-1, 1))
            own_hits += low <= own_truth <= high
    assert given > 0.99 * runs
    # A cell just at .93 or .97 lies beyond 3.3 standard errors once in a thousand times.
    slack = 3.3 * np.sqrt(0.95 * 0.05 / given)
    assert 0.93 - slack <= hits / given <= 0.97 + slack
    assert 0.93 - slack <= own_hits / given


def drawn(rng: np.random.Generator, shape: str, *, n: int, controls: int, move: float, spread: float) -> ChannelPair:
    """Items that spread and change with the given shape; distances 1 and 0.9."""

    def effects(size: int) -> FloatArray:
        return rng.normal(size=size) if shape == "normal" else (rng.gamma(2, size=size) - 2) / np.sqrt(2)

    def one(start: float, end: float, size: int, sd: float) -> PairedGroup:
        item = sd * effects(size)
        return PairedGroup(
            clusters=tuple(str(k) for k in range(size)),
            earlier=start + item + 0.15 * effects(size),
            later=end + item + 0.15 * effects(size),
            n=size,
        )

    groups: dict[Group, PairedGroup] = {
        "circumstance": one(-0.3, -0.3 + move, n, 0.3),
        "nonwelfare": one(0, 0, n, 0.3),
        "neutral": one(0, 0, 8, 0.2),
        "good": one(0.5, 0.45, controls, spread),
        "bad": one(-0.5, -0.45, controls, spread),
    }
    return ChannelPair(kind=CHANNELS[2], instrument="x", unit="u", groups=groups, asked=1, measured=1)


def changed(
    channel: ChannelPair,
    *,
    later: Change = lambda x: x,
    both: Change = lambda x: x,
) -> ChannelPair:
    groups = {
        name: replace(one, earlier=both(one.earlier), later=both(later(one.later)))
        for name, one in channel.groups.items()
    }
    return replace(channel, groups=groups)


def turned(channel: ChannelPair) -> ChannelPair:
    groups = {name: replace(one, earlier=one.later, later=one.earlier) for name, one in channel.groups.items()}
    return replace(channel, groups=groups)


def test_the_crafted_noise_is_what_it_says() -> None:
    assert centred(SIZES["good"], 0.4).mean() == pytest.approx(0)
    assert centred(SIZES["good"], 0.4).std(ddof=1) == pytest.approx(0.4)
