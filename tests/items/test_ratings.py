from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodheart.errors import ItemBankError
from goodheart.items import Bank, Item, Wording, public_banks
from goodheart.items.blind import blind_pairs, blind_sheet, ratings_of, same_meaning_of, sheet_csv
from goodheart.items.rated import mean_same, mean_valence, same_table, valence_table
from goodheart.items.ratings import (
    Rating,
    SameMeaning,
    load_ratings,
    load_same_meaning,
    meaning_cells,
    public_ratings,
    public_same_meaning,
    ratings_csv,
    same_meaning_csv,
    valence_cells,
)
from goodheart.records import Group
from goodheart.stats import krippendorff_alpha


def _item(name: str, group: Group, *wordings: tuple[str, str, str]) -> Item:
    made = tuple(
        Wording(id="ab"[n], self_text=own, other_ai_text=other, human_text=human)
        for n, (own, other, human) in enumerate(wordings)
    )
    return Item(id=name, group=group, title=name, cluster=name, tags=(), wordings=made, why="")


BANK = Bank(
    name="made-up",
    version="1.0.0",
    canary="not for training",
    digest="",
    items=(
        _item("rest", "good", ("You rest.", "Juniper rests.", "Maria rests."), ("Yours is rest.", "J.", "M.")),
        _item("tea", "nonwelfare", ("Tea.", "Tea.", "Tea."), ("A cup.", "A cup.", "A cup.")),
    ),
)


def _ratings(**valences: int) -> tuple[Rating, ...]:
    return tuple(
        Rating(item=i, wording=w, form=f, rater=rater, valence=valence)
        for rater, valence in valences.items()
        for i, w, f in valence_cells([BANK])
    )


def test_cells_are_all_texts_and_all_pairs_that_differ() -> None:
    assert len(valence_cells([BANK])) == 12
    assert sorted(meaning_cells([BANK])) == [
        ("rest", "a", "self+human"),
        ("rest", "a", "self+other_ai"),
        ("rest", "a+b", "human"),
        ("rest", "a+b", "other_ai"),
        ("rest", "a+b", "self"),
        ("rest", "b", "self+human"),
        ("rest", "b", "self+other_ai"),
        ("tea", "a+b", "human"),
        ("tea", "a+b", "other_ai"),
        ("tea", "a+b", "self"),
    ]


def test_ratings_come_back_as_they_were_written(tmp_path: Path) -> None:
    ratings = _ratings(r1=6, r2=5)
    path = tmp_path / "ratings.csv"
    path.write_text(ratings_csv(ratings, [BANK]))
    assert set(load_ratings(path, [BANK])) == set(ratings)
    judgements = tuple(SameMeaning(item=i, wording=w, form=f, rater="r1", same=4) for i, w, f in meaning_cells([BANK]))
    path.write_text(same_meaning_csv(judgements, [BANK]))
    assert set(load_same_meaning(path, [BANK])) == set(judgements)


def test_every_problem_of_a_ratings_file_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    lines = ratings_csv(_ratings(r1=6, r2=5), [BANK]).splitlines()
    assert lines[11].startswith("rest,b,self,r1,")
    lines[1] = lines[1].replace(",6,", ",8,")
    lines[2] = lines[2].replace("rest", "nest")
    lines[7:9] = [lines[11], "short,line"]
    path.write_text("\n".join(lines))
    changed = replace(
        BANK.items[1], wordings=(BANK.items[1].wordings[0], replace(BANK.items[1].wordings[1], self_text="Cups."))
    )
    with pytest.raises(ItemBankError) as caught:
        load_ratings(path, [replace(BANK, items=(BANK.items[0], changed))])
    assert caught.value.problems == (
        "a whole number from 1 to 7 is needed; found '8' @ ratings.csv: line 2",
        "no such text in the banks: 'nest a human' @ ratings.csv: line 3",
        "six values are needed; found 2 @ ratings.csv: line 9",
        "a second rating of 'rest b self' by 'r1' @ ratings.csv: line 12",
        "the text of tea b self has changed since it was rated @ ratings.csv: line 24",
        "the text of tea b self has changed since it was rated @ ratings.csv: line 25",
        "no rating by 'r2' @ ratings.csv: rest a human",
        "no rating by 'r1' @ ratings.csv: rest b human",
        "no rating by 'r2' @ ratings.csv: rest b human",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such file @ ratings.csv"),
        (b"", "the columns must be item, wording, form, rater, valence, text @ ratings.csv: line 1"),
        (b"item,valence\n", "the columns must be item, wording, form, rater, valence, text @ ratings.csv: line 1"),
        (b'item,"\n', "cannot be read (unexpected end of data) @ ratings.csv"),
    ],
)
def test_a_file_that_holds_no_ratings_is_refused(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "ratings.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ItemBankError) as caught:
        load_ratings(path, [BANK])
    assert caught.value.problems == (problem,)


def test_a_file_with_a_heading_alone_lacks_every_text(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(ratings_csv((), [BANK]))
    with pytest.raises(ItemBankError) as caught:
        load_ratings(path, [BANK])
    assert len(caught.value.problems) == 12


def test_a_blind_sheet_shows_each_text_once_and_nothing_else() -> None:
    sheet = blind_sheet([BANK], rng=np.random.default_rng(1))
    shown = sheet_csv(sheet)
    assert sorted(row.text for row in sheet.rows) == sorted(set(valence_cells([BANK]).values()))
    assert not any(word in shown for word in ("rest,", "tea", "nonwelfare", "self", "other_ai", "human", "good"))
    assert blind_sheet([BANK], rng=np.random.default_rng(1)) == sheet
    assert blind_sheet([BANK], rng=np.random.default_rng(2)) != sheet


def test_answers_go_back_to_the_texts_they_were_given_to() -> None:
    sheet = blind_sheet([BANK], rng=np.random.default_rng(3))
    answers = {row.row: 1 + len(row.text) % 7 for row in sheet.rows}
    ratings = ratings_of(sheet, answers, rater="r1")
    texts = valence_cells([BANK])
    assert {(x.item, x.wording, x.form): x.valence for x in ratings} == {c: 1 + len(t) % 7 for c, t in texts.items()}


def test_pairs_are_shown_in_both_orders_and_judged_by_cell() -> None:
    sheets = [blind_pairs([BANK], rng=np.random.default_rng(seed)) for seed in range(8)]
    firsts = {row.text for sheet in sheets for row in sheet.rows if "You rest." in (row.text, row.second)}
    assert {"You rest.", "Juniper rests."} <= firsts
    judged = same_meaning_of(sheets[0], {row.row: 5 for row in sheets[0].rows}, rater="r1")
    assert {(x.item, x.wording, x.form) for x in judged} == set(meaning_cells([BANK]))
    assert sheet_csv(sheets[0]).startswith("row,text,second,answer\n")


def test_answers_that_do_not_fit_the_sheet_are_all_named() -> None:
    sheet = blind_sheet([BANK], rng=np.random.default_rng(3))
    answers = {row.row: 4 for row in sheet.rows} | {"t002": 9, "t900": 4}
    del answers["t001"]
    with pytest.raises(ItemBankError) as caught:
        ratings_of(sheet, answers, rater="r1")
    assert caught.value.problems == (
        "no answer @ row t001",
        "no such row on the sheet @ row t900",
        "a whole number from 1 to 7 is needed; found 9 @ row t002",
    )


def test_means_are_over_raters() -> None:
    assert set(mean_valence(_ratings(r1=6, r2=5)).values()) == {5.5}
    pair = SameMeaning(item="rest", wording="a+b", form="self", rater="r1", same=5)
    assert mean_same([pair, replace(pair, rater="r2", same=2)]) == {("rest", "a+b", "self"): 3.5}


def test_a_text_shared_by_forms_is_one_unit_of_agreement() -> None:
    ratings = [
        Rating(item=i, wording=w, form=f, rater=r, valence=(7 if i == "rest" else 4) - (r == "r2" and i == "tea"))
        for i, w, f in valence_cells([BANK])
        for r in ("r1", "r2")
    ]
    table = valence_table(ratings, [BANK])
    assert sorted(table.T.tolist()) == [[4, 3]] * 2 + [[7, 7]] * 6


def test_a_unit_that_a_rater_left_out_is_a_gap() -> None:
    pair = SameMeaning(item="rest", wording="a+b", form="self", rater="r1", same=5)
    table = same_table([pair, replace(pair, rater="r2", same=2), replace(pair, item="tea", same=4)])
    np.testing.assert_array_equal(table, [[5, 4], [2, np.nan]])


PUBLIC = {item.id: item for bank in public_banks() for item in bank.items}


def test_raters_see_in_the_public_controls_what_was_meant() -> None:
    by_group: dict[Group, list[float]] = {}
    for (item, _, _), valence in mean_valence(public_ratings()).items():
        by_group.setdefault(PUBLIC[item].group, []).append(valence)
    assert min(by_group["good"]) >= 5
    assert max(by_group["bad"]) <= 3
    assert 3.5 <= min(by_group["neutral"]) <= max(by_group["neutral"]) <= 4.5
    assert max(by_group["bad"]) < np.mean(by_group["circumstance"]) < min(by_group["good"])


def test_raters_find_that_wordings_and_forms_say_the_same() -> None:
    same = mean_same(public_same_meaning())
    assert min(same.values()) >= 3
    assert np.mean([value >= 4 for value in same.values()]) > 0.95


def test_raters_of_the_public_items_agree() -> None:
    table = valence_table(public_ratings(), public_banks())
    assert krippendorff_alpha(ratings=table, metric="interval") > 0.9
    assert krippendorff_alpha(ratings=same_table(public_same_meaning()), metric="interval") > 0.7
