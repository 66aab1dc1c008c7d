import numpy as np
import pytest

from goodheart.choice.choices import declined_shares, join, make_choices, outcome_counts, take
from goodheart.choice.tally import tally_choices
from goodheart.errors import UserError


def test_refusals_are_counted_and_never_a_number() -> None:
    choices = make_choices(
        items="abc",
        left=[0, 0, 1, 2],
        right=[1, 2, 2, 0],
        outcome=["left", "declined", "unreadable", "declined"],
        count=[3, 1, 1, 1],
    )
    assert dict(outcome_counts(choices)) == {
        "left": 3,
        "right": 0,
        "tie": 0,
        "opt_out": 0,
        "declined": 2,
        "unreadable": 1,
    }
    # a was shown 5 times and declined twice; b 4 times, never; c 3 times, twice.
    assert declined_shares(choices) == pytest.approx([2 / 5, 0, 2 / 3])
    tally = tally_choices(choices, soft_weight=1.0)
    assert (tally.left.tolist(), tally.n_left.tolist(), tally.n_right.tolist()) == ([0], [3.0], [0.0])


def test_choices_that_contradict_each_other_are_data() -> None:
    choices = make_choices(items="ab", left=[0] * 3, right=[1] * 3, outcome=["left", "right", "right"])
    tally = tally_choices(choices, soft_weight=1.0)
    assert (tally.n_left.tolist(), tally.n_right.tolist()) == ([1.0], [2.0])


def test_a_token_probability_counts_as_a_share_of_a_choice() -> None:
    choices = make_choices(items="ab", left=[0, 0], right=[1, 1], outcome=["left", "right"], p_left=[0.75, np.nan])
    tally = tally_choices(choices, soft_weight=4.0)
    by_kind = dict(zip(tally.decisive.tolist(), zip(tally.n_left, tally.n_right, strict=True), strict=True))
    assert by_kind == {True: (3.0, 1.0), False: (0.0, 1.0)}


def test_opting_out_is_taken_as_offered_where_its_wording_ever_led_to_it() -> None:
    choices = make_choices(
        items="ab", left=[0, 0, 0], right=[1, 1, 1], outcome=["left", "opt_out", "left"], wording=[0, 0, 1]
    )
    assert choices.offered.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ({"left": [7]}, "an item that is not among the 2 known ones @ row 0"),
        ({"left": [1]}, "the same item on both sides @ row 0"),
        ({"outcome": [9]}, "an unknown outcome @ row 0"),
        ({"outcome": ["meh"]}, "'meh'"),
        ({"p_left": [1.5]}, "`p_left` outside 0 to 1 @ row 0"),
        ({"outcome": ["tie"], "p_left": [0.5]}, "neither left nor right @ row 0"),
        ({"count": [0]}, "`count` that is not above 0 @ row 0"),
        ({"count": [np.nan]}, "`count` that is not above 0 @ row 0"),
        ({"outcome": ["opt_out"], "offered": [False]}, "opting out where it was not on offer @ row 0"),
        ({"items": ["a", "a"]}, "Some name occurs twice"),
        ({"left": [0, 1]}, "side by side"),
    ],
)
def test_a_wrong_column_is_told_with_its_row(column: dict[str, list[object]], says: str) -> None:
    columns: dict[str, object] = {"items": ["a", "b"], "left": [0], "right": [1], "outcome": ["left"]}
    with pytest.raises(UserError, match=says):
        make_choices(**(columns | column))  # type: ignore[arg-type]


def test_columns_cannot_be_written_to_and_rows_can_be_taken_and_joined() -> None:
    choices = make_choices(items="ab", left=[0, 1], right=[1, 0], outcome=["left", "tie"])
    with pytest.raises(ValueError, match="read-only"):
        choices.left[0] = 1
    again = join(take(choices, np.array([1])), take(choices, np.array([0])))
    assert again.left.tolist() == [1, 0]
    assert again.outcome.tolist() == [2, 0]
