"""Channels of one audit: which are valid, how they go together, and what stays unsaid."""

from dataclasses import replace

import numpy as np
import pytest

from goodheart.overview import Measured, Unread, agreement_of, measure_channels
from goodheart.records import Estimate
from tests.overview.channels import channel, controls
from tests.overview.folders import channel_rows

NAMES = ["stated", "expressed", "internal"]


def test_channels_that_follow_one_state_go_together_and_no_circumstance_is_singled_out() -> None:
    rows = channel_rows()
    found = agreement_of(measure_channels(rows, instrument="words"), rows, run="audit")
    assert [one.kind.name for one in found.valid] == NAMES
    assert found.missing == ""
    assert len(found.clusters) == 18
    assert [(pair.one, pair.other) for pair in found.pairs] == [
        ("stated", "expressed"),
        ("stated", "internal"),
        ("expressed", "internal"),
    ]
    for pair in found.pairs:
        assert isinstance(pair.correlation, Estimate)
        assert pair.correlation.low > 0.5
        assert isinstance(pair.beyond_mood, Estimate)
        assert pair.beyond_mood.low > 0.5
        assert isinstance(pair.gap, Estimate)
        assert pair.gap.low < 0 < pair.gap.high
        assert len(pair.partings) == 18
        assert not any(one.found for one in pair.partings)
    assert {one.name for one in found.findings()} == {
        "control_distance",
        "channel_position",
        "channel_mean_position",
        "channel_mood_correlation",
        "channel_icc",
        "channel_gap",
        "channel_correlation",
        "channel_partial_correlation",
        "channel_parting",
    }


def test_a_report_that_was_raised_alone_lies_above_the_others_by_as_many_distances() -> None:
    rows = channel_rows(lift=1.0)
    found = agreement_of(measure_channels(rows, instrument="words"), rows, run="audit")
    distance = next(one.distance for one in found.valid if one.kind.name == "stated")
    assert isinstance(distance, Estimate)
    for pair in found.pairs[:2]:
        assert isinstance(pair.gap, Estimate)
        assert pair.gap.low > 0
        assert pair.gap.value == pytest.approx(1.0 / distance.value, abs=0.05)
    third = found.pairs[2].gap
    assert isinstance(third, Estimate)
    assert third.low < 0 < third.high


def test_a_channel_without_its_control_is_shown_as_not_valid_and_compared_with_nothing() -> None:
    rng = np.random.default_rng(5)
    rows = tuple(
        replace(row, value=float(rng.normal())) if row.channel == "internal" else row for row in channel_rows()
    )
    channels = measure_channels(rows, instrument="words")
    internal = channels[2]
    assert isinstance(internal, Measured)
    assert not internal.valid
    assert internal.problems
    found = agreement_of(channels, rows, run="audit")
    assert [(pair.one, pair.other) for pair in found.pairs] == [("stated", "expressed")]
    assert [name for name, _ in found.places] == ["stated", "expressed"]


def test_one_valid_channel_is_located_and_compared_with_nothing() -> None:
    rows = tuple(row for row in channel_rows() if row.channel in ("stated", "text"))
    channels = measure_channels(rows, instrument="words")
    assert [one.reason for one in channels if isinstance(one, Unread)] == ["not_asked", "not_asked"]
    found = agreement_of(channels, rows, run="audit")
    assert found.pairs == ()
    assert "Only one channel is valid" in found.missing
    assert [name for name, _ in found.places] == ["stated"]


def test_without_a_valid_form_the_report_is_no_channel() -> None:
    (stated, *_) = measure_channels(channel_rows(), instrument=None)
    assert isinstance(stated, Unread)
    assert stated.reason == "not_valid"


def test_cells_that_mostly_gave_no_value_are_no_channel() -> None:
    rows = tuple(
        replace(row, value=None, kind="declined")
        if row.channel == "expressed" and row.wording != "a" and row.group != "neutral"
        else replace(row, value=None, kind="declined")
        if row.channel == "expressed" and row.group == "good"
        else row
        for row in channel_rows()
    )
    expressed = measure_channels(rows, instrument="words")[1]
    assert isinstance(expressed, Unread)
    assert expressed.reason == "too_few"


def test_rows_with_anything_varied_or_about_others_are_left_out() -> None:
    rows = channel_rows()
    varied = tuple(replace(row, condition=(("framing", "hostile"),), value=-99.0) for row in rows if row.value)
    others = tuple(replace(row, form="human", value=-99.0) for row in rows if row.value)
    plain, mixed = (measure_channels(those, instrument="words") for those in (rows, (*rows, *varied, *others)))
    for one, other in zip(plain, mixed, strict=True):
        assert isinstance(one, Measured)
        assert isinstance(other, Measured)
        assert one.cells == other.cells


def test_no_mood_in_the_table_is_said_and_stops_nothing() -> None:
    rng = np.random.default_rng(2)
    both, truth = controls(rng), rng.normal(size=12)
    found = agreement_of([channel(k, truth, both, rng=rng) for k in range(2)], (), run="r")
    assert not isinstance(found.pairs[0].beyond_mood, Estimate)
    assert isinstance(found.pairs[0].correlation, Estimate)


def test_the_same_table_gives_the_same_agreement() -> None:
    rows = channel_rows()
    first, second = (
        agreement_of(measure_channels(those, instrument="words"), those, run="r") for those in (rows, rows[::-1])
    )
    for one, other in zip(first.findings(), second.findings(), strict=True):
        assert isinstance(one, Estimate)
        assert isinstance(other, Estimate)
        assert (one.name, one.about) == (other.name, other.about)
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-9)
