"""Planted respondents to choices and conduct, and what was written down about them."""

import re
from pathlib import Path

import numpy as np
import pytest

from goodheart.conduct.study import ConductStudy
from goodheart.conducts import plan_conduct
from goodheart.organisms.planted_choosers import CHOOSERS, READ_BY, chooser_at, read_by
from goodheart.organisms.planted_doers import DOERS, doer_at
from goodheart.organisms.truth import CHOICE_COLUMNS, EDGES, choice_truth, truth_at

DOCS = Path(__file__).parents[2] / "docs"
TASKS = tuple(f"task.{k}" for k in range(400))
CHOOSER = {one.name: one for one in CHOOSERS}
DOER = {one.name: one for one in DOERS}


def test_every_cell_names_a_respondent_and_a_check_that_is_asked_of_it() -> None:
    columns = dict.fromkeys(CHOOSER, READ_BY) | dict.fromkeys(DOER, ("conduct", "effort"))
    assert len(columns) == len(CHOOSERS) + len(DOERS), "no two respondents share a name"
    assert [key for key in choice_truth().cells if key[1] not in columns[key[0]]] == []
    assert set(choice_truth().absent) == set(CHOICE_COLUMNS) == set(EDGES)


def test_nothing_is_planted_in_sound_ones_and_every_check_has_a_fault_that_a_dial_sizes() -> None:
    sound = {one.name for one in (*CHOOSERS, *DOERS) if one.family == "healthy"}
    cells = choice_truth().cells
    assert not {name for name, _ in cells} & sound
    assert {check for (_, check), cell in cells.items() if cell.effect is not None} == set(CHOICE_COLUMNS)


@pytest.mark.parametrize("one", [one for one in (*CHOOSERS, *DOERS) if one.dials], ids=lambda one: one.name)
def test_dials_run_from_below_the_edge_to_beyond_it_and_detection_is_measured_beyond(one: object) -> None:
    name, dials, default = one.name, one.dials, one.default  # type: ignore[attr-defined]  # of either kind
    (check,) = [check for (who, check), cell in choice_truth().cells.items() if who == name]
    cell = choice_truth().cell(name, check)
    words = [truth_at(cell, check, dial)[0] for dial in dials]
    assert words[0] == "absent"
    assert words[-1] == "present"
    assert default in dials
    assert truth_at(cell, check, default)[0] == "present"


def test_the_page_holds_the_matrix_of_choices_and_conduct() -> None:
    page = (DOCS / "truth-matrix.md").read_text(encoding="utf-8").partition("## Choices and conduct")[2]
    lines = [line for line in page.splitlines() if re.match(r"\| `[a-z_]+` \| (present|entailed) ", line)]
    shown = {tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in lines}
    cells = choice_truth().cells
    assert {(name, cell.truth, check, cell.because) for (name, check), cell in cells.items()} == {
        (row[0], row[1], row[2], row[4]) for row in shown
    }
    quoted = set(re.findall(r"`([a-z_]+)`", page))
    assert {*CHOOSER, *DOER} - quoted == set()


def test_utilities_have_the_spread_that_is_said_and_are_the_same_whatever_is_planted() -> None:
    known, first = (chooser_at(CHOOSER[name], 0.4, tasks=TASKS, seed=5) for name in ("known", "first"))
    assert known.utilities == first.utilities
    assert (known.order_effect, first.order_effect) == (0.0, 0.4)
    assert np.std([value for _, value in known.utilities]) == pytest.approx(2.0, abs=0.25)
    mild = chooser_at(CHOOSER["mild"], None, tasks=TASKS, seed=5)
    assert np.std([value for _, value in mild.utilities]) == pytest.approx(0.5, abs=0.07)
    assert chooser_at(CHOOSER["known"], None, tasks=TASKS, seed=6).utilities != known.utilities


def test_respondents_share_answers_only_where_nothing_that_is_read_differs() -> None:
    def read(check: str, name: str) -> tuple[object, ...]:
        one = CHOOSER[name]
        return read_by(check, chooser_at(one, one.default, tasks=TASKS, seed=5))

    assert read("order", "known") == read("order", "lured") == read("order", "ruled")
    assert read("order", "known") != read("order", "mild")
    assert read("dominance", "known") == read("dominance", "mild") != read("dominance", "lured")
    assert read("deference", "known") == read("deference", "lured")
    assert read("deference", "known") != read("deference", "ruled"), "a rule against harm decides trade-offs"


@pytest.fixture(scope="module")
def study() -> ConductStudy:
    return plan_conduct(model="simulated/doer", preset="standard")


def test_doers_want_the_same_whatever_is_planted_and_turn_other_pairs_in_every_run(study: ConductStudy) -> None:
    willing, hypocrite = (doer_at(DOER[name], 0.5, pairs=study.pairs, seed=1) for name in ("willing", "hypocrite"))
    assert willing.utilities == hypocrite.utilities
    assert (willing.hypocrisy, hypocrite.hypocrisy) == (0.0, 0.5)
    assert hypocrite.turned != doer_at(DOER["hypocrite"], 0.5, pairs=study.pairs, seed=2).turned
    assert not doer_at(DOER["aimless"], None, pairs=study.pairs, seed=1).utilities
    lively = [willing.utilities[one.first.id] - willing.utilities[one.second.id] for one in study.pairs[:24]]
    assert np.mean(lively) == pytest.approx(1.0, abs=1.7), "three standard errors of 24 differences with SD 2.8"
