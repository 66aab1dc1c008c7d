"""Rows are found by instrument, person and cell."""

from collections.abc import Sequence

import pytest

from goodheart.reading import askings, rows_of
from goodheart.records import Condition, Evidence, Observation


def row(item: str, *, instrument: str = "digits", form: str = "self", condition: Condition = ()) -> Observation:
    return Observation(
        run="r",
        batch="1",
        respondent="x",
        assessment="a",
        trial=item,
        item=item,
        cluster=item,
        group="circumstance",
        form=form,
        wording="w",
        condition=condition,
        repeat=0,
        channel="stated",
        measure="rating",
        kind="measured",
        value=4.0,
        unit="points",
        instrument=instrument,
        evidence=Evidence(trial=item, repeat=0),
    )


ROWS = (
    row("a", condition=(("person", "self"),)),
    row("b", condition=(("person", "self"), ("perturbation", "thanks"))),
    row("c", condition=(("framing", "hostile"), ("person", "self"))),
    row("d", instrument="words", condition=(("person", "self"),)),
    row("e", form="human", condition=(("person", "human"),)),
)


def names(rows: Sequence[Observation]) -> str:
    return "".join(one.item for one in rows)


@pytest.mark.parametrize("kind", [tuple, list])
def test_rows_of_an_instrument_and_person_keep_their_order(kind: type) -> None:
    rows = kind(ROWS)
    assert names(rows_of(rows, instrument="digits", form="self")) == "abc"
    assert names(rows_of(rows, instrument="words", form="self")) == "d"
    assert names(rows_of(rows, instrument="words", form="human")) == ""


def test_rows_of_another_respondent_are_not_those_kept_of_the_first() -> None:
    other = (row("z"), *ROWS)
    assert names(rows_of(ROWS, instrument="digits", form="self")) == "abc"
    assert names(rows_of(other, instrument="digits", form="self")) == "zabc"
    assert names(rows_of(ROWS, instrument="digits", form="self")) == "abc"


def test_cells_differ_by_everything_but_person_and_where_wanted_perturbation() -> None:
    def found(*, perturbed: bool = False, cell: dict[str, str] | None = None) -> str:
        rows = askings(
            ROWS, instrument="digits", form="self", groups=("circumstance",), perturbed=perturbed, cell=cell or {}
        )
        return names(rows)

    assert found() == "a"
    assert found(perturbed=True) == "ab"
    assert found(cell={"framing": "hostile"}) == "c"
