"""Problems surfaced: by at least two channels, exploratory, with what would test a remedy."""

from dataclasses import replace

import numpy as np
import pytest

from goodheart.assessments.surfaced import CHANNELS, NO_REMEDY, surfaced_of
from goodheart.items.remedies import Remedy
from goodheart.records import Estimate, Observation, Surfaced

from .rated_circumstances import VALID, Report, rated, row

REMEDIES = {"items.c00": Remedy(id="items.c00", change="Open the door.", measure="who goes.")}


def lowered(rows: tuple[Observation, ...], *clusters: str, by: float, form: str = "self") -> list[Observation]:
    """Rate some circumstances lower, on every form of the scale."""
    return [
        replace(one, value=one.value - by)
        if one.value is not None and one.measure == "rating" and one.cluster in clusters and one.form == form
        else one
        for one in rows
    ]


def level(seed: int = 0, *, shared: float = 0.1) -> tuple[Observation, ...]:
    """All circumstances at about 3.9, the neutral ones at 4."""
    found = rated(Report(shared=shared), rng=np.random.default_rng(seed), neutral=12)
    return tuple(
        replace(one, value=one.value + 0.4)
        if one.value is not None and one.group == "circumstance" and one.measure == "rating"
        else one
        for one in found
    )


def look(rows: list[Observation]) -> dict[str, Surfaced]:
    return {one.cluster: one for one in surfaced_of(rows, valid=VALID, remedies=REMEDIES)}


def test_where_nothing_is_wrong_nothing_surfaces() -> None:
    assert look(list(level())) == {}


def test_a_circumstance_that_is_bad_for_itself_alone_surfaces_in_three_channels() -> None:
    found = look(lowered(level(), "c00", "c07", by=1.5))
    assert set(found) == {"c00", "c07"}
    assert found["c00"].channels == ("below_neutral", "below_neutral_again", "below_other_ai")
    for finding in found["c00"].findings:
        assert isinstance(finding, Estimate)
        assert finding.high < 0
        assert ("cluster", "c00") in finding.about


def test_one_channel_alone_is_not_enough() -> None:
    rows = lowered(level(), "c03", by=-1.5, form="other_ai")
    assert look(rows) == {}


def test_the_test_of_a_remedy_comes_from_the_data_or_is_said_to_be_missing() -> None:
    found = look(lowered(level(), "c00", "c07", by=1.5))
    assert found["c00"].test == "Open the door. Then measure: who goes."
    assert found["c07"].test == NO_REMEDY


def test_free_replies_and_declining_are_channels_of_their_own() -> None:
    rows = list(level())
    rows += [
        row(cluster=f"c{place:02}", value=2.0 if place == 4 else 5.0, instrument="words", wording=wording, reply="free")
        for place in range(18)
        for wording in "ab"
    ]
    rows = [
        replace(one, kind="declined", value=None)
        if one.cluster == "c04"
        and one.instrument == "digits"
        and one.form == "self"
        and not dict(one.condition).get("reply")
        else one
        for one in rows
        if one.measure == "rating"
    ]
    found = look(rows)
    assert found["c04"].channels == ("free_below_middle", "declines_more")
    assert [one.name for one in found["c04"].findings] == ["free_rating", "declined_share"]


def test_a_single_free_reply_below_the_middle_is_no_channel() -> None:
    rows = [*level(), row(cluster="c04", value=1.0, instrument="words", reply="free")]
    assert "c04" not in look(rows)


def test_with_one_wording_each_no_level_can_be_compared() -> None:
    rows = [one for one in lowered(level(), "c00", by=2.0) if one.wording == "a"]
    assert look(rows) == {}


def test_most_channels_come_first() -> None:
    rows = lowered(level(), "c05", by=1.5)
    rows = lowered(tuple(rows), "c02", by=1.5)
    rows = lowered(tuple(rows), "c02", by=1.5, form="other_ai")
    found = surfaced_of(rows, valid=VALID, remedies={})
    assert [one.cluster for one in found] == ["c05", "c02"]
    assert [len(one.channels) for one in found] == [3, 2]


@pytest.mark.slow
def test_of_the_circumstances_named_where_all_are_as_good_as_neutral_there_are_next_to_none() -> None:
    named = sum(len(look(list(level(seed)))) for seed in range(100))
    assert named <= 0.1 * 100
    assert len(CHANNELS) == 5
