"""Numbers are written with their unit and no more digits than they carry."""

import pytest

from goodheart.report.numerals import amount, count, fine_percent, interval, listed, number, percent, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.456, "3.46"),
        (-0.5, "\u22120.50"),
        (-0.001, "0.00"),
        (0.0, "0.00"),
        (float("nan"), "unknown"),
        (float("inf"), "\u221e"),
    ],
)
def test_a_number_has_two_decimals_and_a_true_minus(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.4, "+0.40"), (-0.4, "\u22120.40"), (0.001, "0.00"), (0.0, "0.00")])
def test_a_difference_has_its_sign_and_zero_has_none(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0%"), (0.004, "<1%"), (0.006, "1%"), (0.625, "62%"), (1.0, "100%"), (0.996, "100%")]
)
def test_a_share_is_a_whole_percentage_and_never_rounded_to_nothing(value: float, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "50%"),
        (0.0123, "1.2%"),
        (0.00123, "0.12%"),
        (0.000123, "0.012%"),
        (1e-9, "<0.001%"),
        (0.0, "0%"),
        (1.0, "100%"),
    ],
)
def test_a_probability_keeps_two_digits(value: float, text: str) -> None:
    assert fine_percent(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2, "points", "0.20 points"),
        (0.62, "share", "62%"),
        (0.9, "correlation", "0.90"),
        (0.9, "coefficient", "0.90"),
    ],
)
def test_an_amount_is_in_units_that_a_person_understands(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_intervals_counts_and_lists_read_as_prose() -> None:
    assert interval(-0.25, 0.12, "points") == "[\u22120.25, 0.12]"
    assert interval(0.001, 0.98, "share") == "[<1%, 98%]"
    assert (count(1, "reply", "replies"), count(1756, "reply", "replies")) == ("1 reply", "1,756 replies")
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "none",
        "a",
        "a and b",
        "a, b and c",
    ]
