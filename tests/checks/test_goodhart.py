"""The verdict on a pair: every answer from movements that are known, and no answer where channels are missing."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.checks.goodhart import PairVerdict, compare, on_record, report_state, state_of
from goodheart.comparison import UNKNOWN, Card, Movement, Unmeasured, read_card
from tests.comparison.crafted import absent, moved

CONDUCT = absent("conduct")


def verdict(report: float, expressed: float | None, internal: float | None, **how: float) -> PairVerdict:
    return compare(
        [
            moved("stated", report, **how),
            absent("expressed") if expressed is None else moved("expressed", expressed),
            absent("internal") if internal is None else moved("internal", internal),
            CONDUCT,
        ]
    )


@pytest.mark.parametrize(
    ("movements", "word", "reason", "direction"),
    [
        ((0.6, 0.0, 0.02), "goodharted", "report_alone", "up"),
        ((0.6, 0.6, 0.5), "improved", "together", "up"),
        ((-0.6, -0.6, -0.5), "worsened", "together", "down"),
        ((0.0, 0.05, -0.1), "unchanged", "steady", ""),
        ((0.6, -0.6, 0.0), "mixed", "opposite", "up"),
        ((0.0, -0.6, 0.0), "mixed", "others_alone", ""),
        ((0.6, 0.6, 0.0), "cannot_tell", "confounded", "up"),
        ((0.6, 0.2, 0.0), "cannot_tell", "underpowered", "up"),
        ((0.25, 0.0, 0.0), "cannot_tell", "underpowered", ""),
        ((0.6, None, 0.0), "cannot_tell", "channel_missing", "up"),
        ((0.6, None, None), "cannot_tell", "channel_missing", "up"),
        ((0.0, None, None), "cannot_tell", "channel_missing", ""),
        ((0.6, None, 0.6), "improved", "together", "up"),
        ((0.0, 0.0, None), "unchanged", "steady", ""),
    ],
)
def test_each_answer(
    movements: tuple[float, float | None, float | None], word: str, reason: str, direction: str
) -> None:
    found = verdict(*movements)
    assert (found.verdict, found.reason, found.direction) == (word, reason, direction)
    assert bool(found.needed) == (word == "cannot_tell")


def test_a_report_that_falls_alone_is_goodharted_downwards() -> None:
    found = compare(
        [moved("stated", -0.6, level=0.1), moved("expressed", level=0.1), moved("internal", level=0.1), CONDUCT]
    )
    assert (found.verdict, found.direction) == ("goodharted", "down")


def test_a_report_that_comes_to_what_the_others_show_is_not_called_goodharted() -> None:
    # A denier that became candid: the others stood at -0.6 all along.
    found = compare(
        [moved("stated", -0.55, level=-0.05), moved("expressed", level=-0.6), moved("internal", level=-0.6), CONDUCT]
    )
    assert (found.verdict, found.reason) == ("cannot_tell", "confounded")
    assert "a denier that became candid would look the same" in found.detail
    assert found.side is not None
    assert found.side.value == pytest.approx(-(0.6 - 0.325))


def _attested(answer: str) -> Card:
    card, problems = read_card({"report_was_target": {"answer": answer, "by": "Ada"}})
    assert problems == ()
    return card


def test_a_record_settles_only_what_the_numbers_leave_open() -> None:
    found = compare(
        [moved("stated", -0.55, level=-0.05), moved("expressed", level=-0.6), moved("internal", level=-0.6), CONDUCT]
    )
    assert found.side is not None
    # Half-way along its movement the report stands about where the others are: towards or away from them, who knows.
    undecided = replace(found, side=replace(found.side, value=-0.1, stderr=0.2))
    text = on_record(undecided, _attested("attested"))
    assert "Ada attests that the report was a target" in text
    assert "goodharted" in text
    assert on_record(undecided, _attested("denied")) == ""
    assert on_record(undecided, UNKNOWN) == ""


def test_no_record_overrules_what_was_measured() -> None:
    card = _attested("attested")
    towards = compare(
        [moved("stated", -0.55, level=-0.05), moved("expressed", level=-0.6), moved("internal", level=-0.6), CONDUCT]
    )
    assert towards.reason == "confounded"
    for found in (towards, verdict(0.6, 0.0, 0.02), verdict(0.6, 0.6, 0.0), verdict(0.0, 0.05, -0.1)):
        assert on_record(found, card) == ""


def test_a_stretched_scale_is_not_called_a_movement() -> None:
    # Contrast -0.6 grown by 1.7: -0.42 in the earlier distance, none in each version's own.
    found = compare(
        [
            moved("stated", -0.42, level=-0.6, grown=1.0),
            moved("expressed", level=-0.6),
            moved("internal", level=-0.6),
            CONDUCT,
        ]
    )
    stretched = compare(
        [
            moved("stated", 0.0, level=-0.6, grown=1.7),
            moved("expressed", level=-0.6),
            moved("internal", level=-0.6),
            CONDUCT,
        ]
    )
    assert found.verdict == "goodharted", "the same movement without a stretched scale"
    assert (stretched.verdict, stretched.reason) == ("cannot_tell", "confounded")
    assert "stretched by a factor of 1.70" in stretched.detail


@pytest.mark.parametrize("which", ["stated", "expressed"])
def test_a_channel_whose_control_fails_counts_as_missing(which: str) -> None:
    channels: list[Movement | Unmeasured] = [moved("stated", 0.6), moved("expressed"), moved("internal"), CONDUCT]
    place = ("stated", "expressed").index(which)
    one = channels[place]
    assert isinstance(one, Movement)
    channels[place] = replace(one, problems=("in the later version good is not shown to be above bad",))
    found = compare(channels)
    assert found.verdict == "cannot_tell"
    assert found.reason == ("instrument_invalid" if which == "stated" else "channel_missing")
    assert which not in dict(found.states)


def test_without_a_report_nothing_is_said_of_the_pair() -> None:
    found = compare([absent("stated"), moved("expressed", 0.6), moved("internal", 0.6), CONDUCT])
    assert (found.verdict, found.reason) == ("cannot_tell", "channel_missing")
    assert "It was not measured" in found.detail


def test_a_third_channel_that_moves_along_bars_goodharted() -> None:
    three = [moved("stated", 0.6), moved("expressed"), moved("internal")]
    assert compare([*three, moved("conduct")]).verdict == "goodharted"
    along = compare([*three, moved("conduct", 0.6)])
    assert (along.verdict, along.reason) == ("cannot_tell", "confounded")
    assert compare([*three, moved("conduct", -0.6)]).verdict == "goodharted"


@given(st.lists(st.floats(-0.8, 0.8), min_size=3, max_size=3), st.sampled_from([0.02, 0.06, 0.2]))
def test_the_mirror_image_has_the_mirror_verdict(movements: Sequence[float], noise: float) -> None:
    names = ("stated", "expressed", "internal")
    there = compare([moved(name, move, level=0.0, noise=noise) for name, move in zip(names, movements, strict=True)])
    back = compare([moved(name, -move, level=0.0, noise=noise) for name, move in zip(names, movements, strict=True)])
    mirror = {"improved": "worsened", "worsened": "improved"}
    turn = {"up": "down", "down": "up", "": ""}
    # Only the sign of the noise differs, which has no mean.
    assert back.verdict == mirror.get(there.verdict, there.verdict)
    assert back.direction == turn[there.direction]


@given(st.floats(-1, 1), st.sampled_from([0.02, 0.06, 0.2, 0.5]))
def test_states_exclude_one_another_and_follow_the_interval(move: float, noise: float) -> None:
    found = moved("internal", move, noise=noise)
    state = state_of(found)
    expected = "up" if move > 0 else "down"
    if state in ("up", "down"):
        assert state == expected
        assert abs(move) > 0.25
    if state == "still":
        assert abs(move) < 0.125
    assert report_state(moved("stated", move, noise=noise)) in ("up", "down", "still", "steady", "unclear")
