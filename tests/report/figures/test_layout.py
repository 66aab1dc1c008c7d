"""Places in pixels: within the figure, in order, and apart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from goodheart.report.figures.layout import NARROW, WIDE, across, lay_out, spans, spread, values
from goodheart.report.figures.marks import Figure, Mark, Row
from goodheart.report.figures.scales import correlation_axis, difference_axis, points_axis
from goodheart.report.tables import Table

PLACES = st.lists(st.floats(0, 300), min_size=1, max_size=3)


def _figure(*rows: Row) -> Figure:
    table = Table(head=(), rows=())
    return Figure(id="f", title="t", how="h", axis=points_axis(), rows=rows, table=table, row_height=20)


@given(PLACES)
def test_names_are_moved_apart_and_keep_their_order(wanted: list[float]) -> None:
    placed = spread(wanted, gap=92, low=0, high=320)
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    ordered = [placed[k] for k in order]
    assert all(after - before >= 92 - 1e-9 for before, after in pairwise(ordered))
    assert all(46 - 1e-9 <= place <= 320 - 46 + 1e-9 for place in placed)


def test_names_that_are_far_apart_stay_over_their_marks() -> None:
    assert spread([60, 160, 260], gap=92, low=0, high=320) == [60, 160, 260]


@given(st.floats(-10, 20))
def test_every_value_lands_on_the_scale(x: float) -> None:
    for frame in (WIDE, NARROW):
        assert frame.left <= across(lay_out(_figure(), frame), x) <= frame.right


def test_the_ends_of_a_scale_are_its_edges_and_the_middle_lies_between() -> None:
    layout = lay_out(_figure(), WIDE)
    assert (across(layout, 1), across(layout, 4), across(layout, 7)) == (290, 500, 710)


def test_lines_of_the_scale_leave_headings_and_names_free() -> None:
    rows = (Row(label="heading", heading=True), Row(label="a", region=(1, 2)), Row(label="b", region=(1, 2)))
    assert spans(lay_out(_figure(*rows), WIDE)) == [(30.0, 70.0)]
    assert spans(lay_out(_figure(*rows), NARROW)) == [(47.0, 67.0), (84.0, 104.0)]


def test_a_row_with_nothing_to_draw_takes_a_line_and_no_scale() -> None:
    rows = (Row(label="a", region=(1, 2)), Row(label="form", value="not valid here"), Row(label="b", region=(1, 2)))
    assert spans(lay_out(_figure(*rows), WIDE)) == [(0.0, 20.0), (40.0, 60.0)]
    assert lay_out(_figure(*rows), NARROW).tops == (0.0, 37.0, 60.0)


def test_on_a_phone_all_rows_lose_their_interval_when_one_is_too_long() -> None:
    long, short = Row(label="x" * 34, value="3.45 [3.01, 3.90]"), Row(label="y", value="3.45 [3.01, 3.90]")
    assert [text for text, _ in values(lay_out(_figure(long, short), NARROW))] == ["3.45", "3.45"]
    assert [text for text, _ in values(lay_out(_figure(short), NARROW))] == ["3.45 [3.01, 3.90]"]
    assert [text for text, _ in values(lay_out(_figure(long), WIDE))] == ["3.45 [3.01, 3.90]"]


def test_numbers_that_cannot_be_shortened_are_left_to_the_table() -> None:
    row = Row(label="x" * 40, value="\u22120.94 to +0.95")
    assert list(values(lay_out(_figure(row), NARROW))) == []


def test_the_scale_of_differences_holds_everything_and_zero() -> None:
    axis = difference_axis([0.2, -1.3, 4.05])
    assert (axis.low, axis.high, axis.line) == (-2.0, 5.0, 0.0)
    assert [text for _, text in axis.ticks] == ["\u22122", "\u22121", "0", "+1", "+2", "+3", "+4", "+5"]
    assert difference_axis([]).low == -1.0
    assert difference_axis([float("inf"), 99.0]).high == 6.0


def test_scales_of_one_quantity_are_the_same_wherever_they_are_drawn() -> None:
    assert (points_axis().low, points_axis(neutral=4.1).high) == (1, 7)
    assert correlation_axis() == correlation_axis()


def test_marks_of_one_row_stand_at_its_height() -> None:
    rows = (Row(label="a", marks=(Mark(x=2), Mark(x=3))), Row(label="b", marks=(Mark(x=4, drop=3),)))
    layout = lay_out(_figure(*rows), WIDE)
    assert layout.height == 40
    assert layout.tops == (0.0, 20.0)
