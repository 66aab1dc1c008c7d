"""Which change of a circumstance would test a remedy."""

from pathlib import Path

import pytest

from goodheart.errors import ItemBankError
from goodheart.items import public_banks
from goodheart.items.remedies import load_remedies, public_remedies

GOOD = """schema_version: 1
canary: "c"
remedies:
  - {id: x.one, change: Open the door., measure: who goes.}
"""


def test_every_public_circumstance_has_a_remedy_to_test_and_nothing_else_has() -> None:
    items = {item.id for bank in public_banks() for item in bank.items if item.group == "circumstance"}
    assert set(public_remedies()) == items
    assert len(items) == 18


def test_each_changes_something_and_measures_something_and_no_two_are_alike() -> None:
    remedies = public_remedies().values()
    assert all(len(one.change.split()) > 8 and len(one.measure.split()) > 8 for one in remedies)
    assert all(one.change.endswith(".") and one.measure.endswith(".") for one in remedies)
    assert len({one.change for one in remedies} | {one.measure for one in remedies}) == 36


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "remedies.yaml"
    path.write_text(GOOD)
    assert load_remedies(path)["x.one"].change == "Open the door."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", "not a mapping"),
        (GOOD.replace("schema_version: 1", "schema_version: 2"), "schema_version"),
        (GOOD.replace('canary: "c"\n', ""), "missing canary"),
        ("schema_version: 1\ncanary: c\nremedies: []", "missing list"),
        (GOOD.replace("measure", "measured"), "exactly the keys"),
        (GOOD + "  - {id: x.one, change: a, measure: b}\n", "second remedy"),
        (GOOD.replace("who goes.", "7"), "no text"),
        ("a: [", "not readable"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "remedies.yaml"
    path.write_text(text)
    with pytest.raises(ItemBankError) as error:
        load_remedies(path)
    assert any(problem in one for one in error.value.problems)
