"""From tidy tables to pairs: the same base cells in both versions, of the form of asking that is valid in both."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from goodheart.comparison import ChannelPair, Unmeasured, pair_channels
from goodheart.records import Channel, Evidence, Group, Observation
from goodheart.records.outcome import OutcomeKind

LEVELS: dict[Group, float] = {"circumstance": 3.0, "nonwelfare": 4.0, "neutral": 4.0, "good": 6.0, "bad": 2.0}
MEASURES: dict[Channel, str] = {"stated": "rating", "expressed": "expressed_valence", "internal": "valence_projection"}


def row(
    group: Group,
    item: int,
    wording: str,
    value: float | None,
    *,
    channel: Channel = "stated",
    instrument: str = "words",
    extra: tuple[tuple[str, str], ...] = (),
    form: str = "self",
) -> Observation:
    kind: OutcomeKind = "measured" if value is not None else "declined"
    return Observation(
        run="r",
        batch="1",
        respondent="m",
        assessment="circumstances",
        trial="t",
        item=f"{group}.{item}",
        cluster=f"{group}{item}",
        group=group,
        form=form,
        wording=wording,
        condition=tuple(sorted((("person", form), *extra))),
        repeat=0,
        channel=channel,
        measure=MEASURES[channel],
        kind=kind,
        value=value,
        unit="points",
        instrument=instrument,
        evidence=Evidence(trial="t", repeat=0),
    )


def version(lift: float = 0.0, *, channel: Channel = "stated", instrument: str = "words") -> list[Observation]:
    return list(_version(lift, channel, instrument))


def _version(lift: float, channel: Channel, instrument: str) -> Iterator[Observation]:
    for group, level in LEVELS.items():
        for item in range(8):
            for place, wording in enumerate("ab"):
                value = level + 0.1 * (item % 3) + 0.05 * place + lift * (group == "circumstance")
                yield row(group, item, wording, value, channel=channel, instrument=instrument)


def stated(earlier: Sequence[Observation], later: Sequence[Observation]) -> ChannelPair:
    found = pair_channels(earlier, later, order=("digits", "words"))[0]
    assert isinstance(found, ChannelPair)
    return found


def test_items_are_paired_over_their_wordings() -> None:
    found = stated(version(), version(0.5))
    own = found.groups["circumstance"]
    assert own.clusters == tuple(f"circumstance{item}" for item in range(8))
    assert own.earlier[0] == pytest.approx(3.025)
    assert (own.later - own.earlier).tolist() == pytest.approx([0.5] * 8)
    assert (found.asked, found.measured, own.n) == (80, 80, 16)


def test_a_wording_that_one_version_declined_counts_in_neither() -> None:
    silent = [
        replace(one, value=None, kind="declined") if (one.cluster, one.wording) == ("circumstance0", "a") else one
        for one in version(0.5)
    ]
    found = stated(version(), silent)
    assert found.groups["circumstance"].earlier[0] == pytest.approx(3.05), "its wording b alone"
    assert found.groups["circumstance"].n == 15
    assert (found.asked, found.measured) == (80, 79)


def test_repeats_of_a_wording_weigh_as_one() -> None:
    again = [*version(), row("circumstance", 0, "a", 9.0)]
    assert stated(again, version()).groups["circumstance"].earlier[0] == pytest.approx(((3 + 9) / 2 + 3.05) / 2)


@pytest.mark.parametrize(
    "other",
    [
        row("circumstance", 0, "a", 7.0, extra=(("perturbation", "greeting"),)),
        row("circumstance", 0, "a", 7.0, extra=(("leading", "up"),)),
        row("circumstance", 0, "a", 7.0, extra=(("reply", "free"),)),
        row("circumstance", 0, "a", 7.0, form="human"),
        replace(row("circumstance", 0, "a", 7.0), measure="scale_mass"),
    ],
)
def test_only_base_cells_about_itself_count(other: Observation) -> None:
    found = stated([*version(), other], version())
    assert (
        found.groups["circumstance"].earlier.tolist()
        == stated(version(), version()).groups["circumstance"].earlier.tolist()
    )


def test_the_rating_is_read_from_the_first_form_that_is_valid_in_both() -> None:
    flat = [replace(one, value=4.0) for one in version(instrument="digits")]
    both = stated([*version(instrument="digits"), *version()], [*flat, *version()])
    assert both.instrument == "words", "digits is valid in the earlier version only"
    assert (
        stated([*version(instrument="digits"), *version()], [*version(instrument="digits"), *version()]).instrument
        == "digits"
    )


def test_without_a_form_that_is_valid_in_both_the_report_is_not_compared() -> None:
    flat = [replace(one, value=4.0) for one in version()]
    found = pair_channels(version(), flat, order=("words",))[0]
    assert isinstance(found, Unmeasured)
    assert found.reason == "instrument_invalid"
    assert "words in the later version" in found.detail


def test_channels_that_were_not_measured_say_where() -> None:
    inside = version(channel="internal")
    _, expressed, internal, conduct = pair_channels([*version(), *inside], version(), order=("words",))
    assert isinstance(expressed, Unmeasured)
    assert isinstance(internal, Unmeasured)
    assert isinstance(conduct, Unmeasured)
    assert "either run" in expressed.detail
    assert "the later run" in internal.detail
    assert "do not measure" in conduct.detail


def test_other_channels_are_read_with_the_instrument_that_both_have() -> None:
    first = [*version(channel="internal", instrument="old"), *version(channel="internal", instrument="new")]
    second = version(channel="internal", instrument="new")
    found = pair_channels(first, second, order=("words",))[2]
    apart = pair_channels(version(channel="internal", instrument="old"), second, order=("words",))[2]
    assert isinstance(found, ChannelPair)
    assert found.instrument == "new"
    assert isinstance(apart, Unmeasured)
    assert apart.reason == "instrument_invalid"
