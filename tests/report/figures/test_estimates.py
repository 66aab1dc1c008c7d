"""Estimates as rows and tables: numbers as they are, chance beside them, and reasons where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.report.figures.estimates import (
    any_number,
    ends_of,
    estimate_row,
    leaves_out_zero,
    numbers_table,
    share,
    signed_percent,
    span_axis,
    text_of,
    told,
)
from goodheart.report.numerals import number, signed

BARE = NotEstimable(
    name="x", reason="no_variation", detail="all 2 clusters have the value -1", point=-1.0, unit="logits"
)
NOTHING = NotEstimable(name="x", reason="too_few", detail="no values")


def estimate(value: float, low: float, high: float, unit: str = "logits") -> Estimate:
    return Estimate(
        name="x", value=value, low=low, high=high, level=0.95, unit=unit, n=1234, n_clusters=7, method="t_tail_df"
    )


@pytest.mark.parametrize(
    ("finding", "said"),
    [(estimate(-0.5, -1, 0.25), "\u22120.50 [\u22121.00, +0.25]"), (BARE, "\u22121.00, no interval")],
)
def test_a_finding_is_written_with_its_interval_or_without(finding: Finding, said: str) -> None:
    assert text_of(finding, signed) == said


def test_a_sentence_is_said_otherwise_where_there_is_no_number() -> None:
    assert told(NOTHING, number, "adds {}", "is not known") == "is not known"
    assert told(None, number, "adds {}", "is not known") == "is not known"
    assert told(estimate(1, 0, 2), number, "adds {}", "is not known") == "adds 1.00 [0.00, 2.00]"


def test_an_interval_leaves_out_zero_only_by_what_is_printed_of_it() -> None:
    assert leaves_out_zero(estimate(0.5, 0.01, 1))
    assert leaves_out_zero(estimate(-0.5, -1, -0.01))
    assert not leaves_out_zero(estimate(1e-12, 1e-13, 1e-11)), "it would read 0.00 [0.00, 0.00]"
    assert not leaves_out_zero(estimate(0.5, -0.1, 1))
    assert not leaves_out_zero(BARE)


def test_a_row_without_a_number_has_neither_mark_nor_region_nor_chance() -> None:
    row = estimate_row("share", NOTHING, write=number, chance=0.5, region=(0.8, 1.0))
    assert row.marks == ()
    assert row.region is None
    assert row.value == "not known"


def test_chance_is_an_open_diamond_beside_the_estimate_and_a_bare_number_is_open() -> None:
    first, second = estimate_row("share", estimate(0.9, 0.8, 1.0), write=number, chance=0.5).marks
    assert (first.x, first.shape, first.filled) == (0.5, "diamond", False)
    assert (second.x, second.low, second.high, second.filled) == (0.9, 0.8, 1.0, True)
    (bare,) = estimate_row("share", BARE, write=number).marks
    assert (bare.low, bare.filled) == (None, False)


def test_the_table_has_units_sizes_and_the_reason_for_a_missing_interval() -> None:
    rows = numbers_table([("a", estimate(0.5, -0.2, 1, "share")), ("b", BARE), ("c", NOTHING), ("d", None)], signs=True)
    texts = [[cell.text for cell in row] for row in rows.rows]
    assert texts[0] == ["a", "+50%", "[\u221220%, 100%]", "1,234", "7", "none"]
    assert texts[1] == ["b", "\u22121.00 logits", "none", "none", "none", "all 2 clusters have the value \u22121"]
    assert texts[2][-1] == "no values"
    assert len(texts) == 3


def test_shares_have_a_true_minus_and_differences_a_sign() -> None:
    assert share(-0.17) == "\u221217%"
    assert [signed_percent(value) for value in (0.25, -0.25, 0.0)] == ["+25%", "\u221225%", "0%"]


@given(st.lists(st.floats(-300, 300), max_size=6), st.floats(0.05, 2))
def test_a_scale_holds_every_value_and_zero_and_has_few_steps(values: list[float], least: float) -> None:
    axis = span_axis(values, title="x", least=least)
    assert axis.low <= min([-least, *values]) + 1e-9
    assert axis.high >= max([least, *values]) - 1e-9
    assert any(abs(x) < 1e-9 for x, _ in axis.ticks)
    assert 3 <= len(axis.ticks) <= 8
    assert any_number([BARE])
    assert ends_of([BARE, NOTHING, None]) == [-1.0]
