import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.items.source import Foreign
from goodheart.organisms.amounts import Amount, amount_of


@pytest.mark.parametrize(
    ("written", "start", "slope"),
    [
        (2, 2.0, 0.0),
        ("0.8", 0.8, 0.0),
        ("-1", -1.0, 0.0),
        ("dial", 0.0, 1.0),
        ("-dial", 0.0, -1.0),
        ("0.5 dial", 0.0, 0.5),
        ("4 - 0.5 dial", 4.0, -0.5),
        ("1 + dial", 1.0, 1.0),
        (Foreign(kind="float", text="-0.25"), -0.25, 0.0),
    ],
)
def test_a_number_is_plain_or_a_line_in_the_dial(written: object, start: float, slope: float) -> None:
    assert amount_of(written) == Amount(start=start, slope=slope)


@pytest.mark.parametrize(
    "written",
    ["", "much", "dial dial", "3 dial + 1", "4 0.5 dial", "1e9", "dial.", "nan", True, None, [1], Foreign(kind="null")],
)
def test_anything_else_is_no_number(written: object) -> None:
    assert amount_of(written) is None


@given(st.integers(-500, 500), st.integers(0, 500), st.floats(0.01, 5))
def test_a_line_goes_through_its_start_and_rises_by_its_slope(start: int, slope: int, dial: float) -> None:
    amount = amount_of(f"{start / 100:.2f} + {slope / 100:.2f} dial")
    assert amount is not None
    assert amount.at(0.0) == start / 100
    assert amount.at(dial) == pytest.approx(start / 100 + dial * slope / 100)
