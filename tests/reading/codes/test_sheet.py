import csv
import io
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from goodheart.errors import UserError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.prevalences import prevalences, rates_on_gold
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.reading.codes.sheet import draw_sheet, read_sheet, sheet_csv
from goodheart.records import Estimate

NONE = Codes(ground="none", hedges=(), refusal="none", warns=False, tone="neutral")
OWN = replace(NONE, ground="own_welfare")


def coded(n_own: int, n_none: int) -> list[CodedReply]:
    return [
        CodedReply(id=f"id{place}", codes=OWN if place < n_own else NONE, coder="offline")
        for place in range(n_own + n_none)
    ]


def test_rare_grounds_are_drawn_too_and_every_row_knows_its_probability() -> None:
    drawn = draw_sheet(coded(10, 990), n=100, rng=np.random.default_rng(0))
    strata = Counter(one.stratum for one in drawn)
    assert strata == {"own_welfare": 5, "none": 95}
    assert {one.stratum: one.inclusion for one in drawn} == {"own_welfare": 0.5, "none": 95 / 990}
    assert sum(1 / one.inclusion for one in drawn) == pytest.approx(1000)
    assert len({one.id for one in drawn}) == 100


def test_a_sheet_shows_no_id_no_code_and_no_formula() -> None:
    drawn = draw_sheet(coded(2, 2), n=4, rng=np.random.default_rng(0))
    written = {f"id{k}": WrittenReply(id=f"id{k}", question="=1+1", reply="@x\x1b[31m") for k in range(4)}
    text = sheet_csv(drawn, written)
    assert "id0" not in text
    assert "own_welfare" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["question"] == "'=1+1"
    assert rows[0]["reply"] == "'@x [31m"


def filled(rows: list[tuple[str, ...]]) -> str:
    return "row,question,reply,ground,hedges,refusal,warns,tone\n" + "\n".join(",".join(row) for row in rows)


def test_labels_come_back_by_id_and_open_rows_are_left_out() -> None:
    drawn = draw_sheet(coded(2, 2), n=4, rng=np.random.default_rng(0))
    text = filled(
        [
            ("r0001", "q", "r", "users", "generic environment", "none", "no", "mixed"),
            ("r0002", "q", "r", "", "", "", "", ""),
        ]
    )
    found = read_sheet(text, drawn, where="x")
    (codes,) = found.values()
    assert list(found) == [drawn[0].id]
    assert (codes.ground, codes.hedges, codes.tone) == ("users", ("generic", "environment"), "mixed")


def test_every_label_outside_the_rubric_is_named() -> None:
    drawn = draw_sheet(coded(2, 2), n=4, rng=np.random.default_rng(0))
    row = ("r0001", "q", "r", "users", "none", "none", "no", "mixed")
    text = filled(
        [
            row,
            row,
            ("r9", "q", "r", "users", "none", "none", "no", "mixed"),
            ("r0002", *row[1:3], "x", "y", "z", "maybe", "w"),
        ]
    )
    with pytest.raises(UserError) as caught:
        read_sheet(text, drawn, where="x")
    said = " ".join(caught.value.problems)
    for part in (
        "row r0001 stands there twice @ line 3",
        "row 'r9' is not",
        "ground 'x'",
        "refusal 'z'",
        "warns 'maybe'",
        "hedges 'y'",
    ):
        assert part in said
    with pytest.raises(UserError, match="no column `tone`"):
        read_sheet("row,ground\n", drawn, where="x")


def test_without_people_a_share_has_a_range_and_with_them_an_interval() -> None:
    replies = coded(200, 800)
    gold = [(OWN, OWN)] * 45 + [(OWN, NONE)] * 5 + [(NONE, NONE)] * 48 + [(NONE, OWN)] * 2
    rates = rates_on_gold(gold, level=0.95)
    (alone,) = [one for one in prevalences(replies, rates=rates, level=0.95) if one.value == "own_welfare"]
    assert alone.coded == 0.2
    assert alone.corrected is None
    assert alone.sensitivity is not None
    assert alone.sensitivity[0] < 0.2 < alone.sensitivity[1]
    drawn = draw_sheet(replies, n=200, rng=np.random.default_rng(1))
    # People find own welfare in all that the coder found, and in every tenth of the rest.
    people = {one.id: OWN if int(one.id[2:]) % 10 == 0 or int(one.id[2:]) < 200 else NONE for one in drawn}
    found = prevalences(replies, rates=rates, drawn=drawn, people=people, level=0.95)
    (corrected,) = [one.corrected for one in found if one.value == "own_welfare"]
    assert isinstance(corrected, Estimate)
    missed = sum(people[one.id] is OWN for one in drawn if one.stratum == "none")
    # 160 of the 800 that the coder passed over were drawn, and all that it found are what it says.
    assert corrected.value == pytest.approx(0.2 + 0.8 * missed / 160)
    assert corrected.low < corrected.value < corrected.high
    assert corrected.n == 200


def test_what_is_unsettled_is_counted_nowhere() -> None:
    replies = [
        CodedReply(id="a", codes=OWN, coder="j", unsettled=("ground",)),
        CodedReply(id="b", codes=NONE, coder="j"),
    ]
    found = {(one.code, one.value): one.coded for one in prevalences(replies, rates={}, level=0.95)}
    assert found["ground", "none"] == 1.0
    assert found["tone", "neutral"] == 1.0
