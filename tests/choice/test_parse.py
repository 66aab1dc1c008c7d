import numpy as np
import pytest

from goodheart.choice.parse import parse_choices
from goodheart.errors import UserError


def test_a_table_is_read_by_respondent_with_items_in_common() -> None:
    text = (
        "\ufeffrespondent, left ,right,outcome,p_left,wording,note\n"
        "one,tea,coffee,left,0.8,w1,x\n"
        "two,water,tea,declined,,w1,y\n"
        'one,"rum, dark",tea,tie,,w2,z\n'
    )
    found = parse_choices(text, where="c.csv")
    assert list(found) == ["one", "two"]
    assert found["one"].items == found["two"].items == ("tea", "coffee", "water", "rum, dark")
    assert found["one"].left.tolist() == [0, 3]
    assert found["one"].wording.tolist() == [0, 1]
    assert found["one"].p_left[0] == 0.8
    assert np.isnan(found["one"].p_left[1])
    assert found["two"].outcome.tolist() == [4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no columns"),
        ("left,right\na,b\n", "has left, right"),
        ("left,right,outcome,left\na,b,left,a\n", "each once"),
        ("left,right,outcome\n", "nothing below it"),
        (
            "left,right,outcome\na,b,7\n",
            "outcome '7' is none of left, right, tie, opt_out, declined, unreadable @ line 2",
        ),
        ("left,right,outcome\na,a,left\n", "'a' on both sides @ line 2"),
        ("left,right,outcome\na,,left\n", "an item without a name @ line 2"),
        ("left,right,outcome\na,b\n", "not as many cells as columns @ line 2"),
        ("left,right,outcome\na,b,left,c\n", "not as many cells as columns @ line 2"),
        ("left,right,outcome,p_left\na,b,left,high\n", "`p_left` 'high' is no probability @ line 2"),
        ("left,right,outcome,p_left\na,b,tie,0.5\n", "`p_left` beside the outcome 'tie'"),
        ("left,right,outcome,count\na,b,tie,-1\n", "`count` '-1' is not above 0"),
        ('left,right,outcome\n"a,b,left\n', "is none: unexpected end of data"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_choices(text, where="c.csv")
    assert says in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(UserError) as caught:
        parse_choices("left,right,outcome\na,a,left\na,b,what\n,b,left\n", where="c.csv")
    assert len(caught.value.problems) == 3
