"""The ledger of runs counts tries at the same plan, whatever the seed, and never stops a run."""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.design.choice_study import choice_digest
from goodheart.design.study import Study, plan_digest, study_digest
from goodheart.engine.choice_plan import plan_choices
from goodheart.engine.conduct_plan import plan_conduct
from goodheart.engine.plan import plan_study
from goodheart.engine.runs_ledger import Runs, begin_run, begun_on, runs_line, runs_of, same_plan, state_folder
from goodheart.injection.plan import InjectionPlan, plan_injection

NAME = "goodheart/one"


@cache
def study(seed: int = 1, *models: str) -> Study:
    return plan_study(preset="quick", models=models or (NAME,), seed=seed)


def injected(seed: int = 0, directions: str = "x") -> InjectionPlan:
    return plan_injection(
        model=NAME, preset="quick", seed=seed, concepts=(), controls=(), directions=directions, n_nulls=19
    )


def begin(folder: Path, one: Study, now: float = 5.0) -> Runs:
    folder.mkdir(exist_ok=True)
    return begin_run(folder, study=one, now=now)


def places(runs: Runs) -> list[tuple[str, int, int]]:
    return [(one.respondent, one.number, one.of) for one in runs.counts]


def test_the_same_plan_in_another_folder_is_another_run_whatever_its_seed_and_name(tmp_path: Path) -> None:
    assert places(begin(tmp_path / "a", study())) == [(NAME, 1, 1)]
    assert places(begin(tmp_path / "b", study(2))) == [(NAME, 2, 2)]
    assert places(begin(tmp_path / "c", replace(study(3), name="renamed"))) == [(NAME, 3, 3)]
    assert places(runs_of(tmp_path / "a")) == [(NAME, 1, 3)]


def test_going_on_in_a_folder_is_the_same_run(tmp_path: Path) -> None:
    first = begin(tmp_path / "a", study(), now=1.0)
    assert begin(tmp_path / "a", study(), now=9.0) == first == runs_of(tmp_path / "a")
    assert len((state_folder() / "runs.jsonl").read_text().splitlines()) == 1


def test_a_folder_that_was_deleted_and_made_again_is_another_run(tmp_path: Path) -> None:
    begin(tmp_path / "a", study(), now=1.0)
    (tmp_path / "a" / "start.json").unlink()
    assert places(begin(tmp_path / "a", study(), now=2.0)) == [(NAME, 2, 2)]


def test_another_plan_and_another_respondent_are_counted_apart(tmp_path: Path) -> None:
    begin(tmp_path / "a", study())
    assert places(begin(tmp_path / "b", study(1, NAME, "goodheart/two"))) == [(NAME, 2, 2), ("goodheart/two", 1, 1)]
    other = replace(study(), thresholds=(("DELTA", 1.0),))
    assert places(begin(tmp_path / "c", other)) == [(NAME, 1, 1)]


def test_choices_and_conduct_are_counted_by_plan_whatever_the_seed(tmp_path: Path) -> None:
    for number, seed in enumerate((1, 2), start=1):
        chosen = plan_choices("dominated", model=NAME, preset="quick", seed=seed)
        (tmp_path / f"choose{seed}").mkdir()
        assert places(begin_run(tmp_path / f"choose{seed}", study=chosen, now=1.0)) == [(NAME, number, number)]
        assert json.loads((tmp_path / f"choose{seed}" / "start.json").read_text())["study"] == choice_digest(chosen)
        done = plan_conduct(model=NAME, preset="quick", seed=seed)
        (tmp_path / f"conduct{seed}").mkdir()
        assert places(begin_run(tmp_path / f"conduct{seed}", study=done, now=1.0)) == [(NAME, number, number)]


def test_injected_states_are_counted_by_plan_whatever_the_seed_and_not_with_other_directions(tmp_path: Path) -> None:
    for number, (plan, place) in enumerate([(injected(), 1), (injected(seed=3), 2), (injected(directions="y"), 1)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert places(begin_run(folder, study=plan, now=86_400.0)) == [(NAME, place, place)]
        assert begun_on(folder) == "1970-01-02"
    assert begun_on(tmp_path) == ""
    changed = json.loads((tmp_path / "0" / "start.json").read_text()) | {"started": 1e300}
    (tmp_path / "0" / "start.json").write_text(json.dumps(changed))
    assert begun_on(tmp_path / "0") == "", "somebody changed it to no moment at all"
    assert same_plan(replace(injected(), model="goodheart/two")) == same_plan(injected())


def test_another_assessment_size_peer_or_line_is_another_plan_and_another_respondent_is_not() -> None:
    one = plan_choices("dominated", model=NAME, preset="quick")
    others = (
        plan_choices("variations", model=NAME, preset="quick"),
        plan_choices("dominated", model=NAME, preset="standard"),
        replace(one, thresholds=(("LEVEL", 0.9),)),
    )
    done = plan_conduct(model=NAME, preset="quick")
    more = (plan_conduct(model=NAME, preset="quick", peer="goodheart/two"), replace(done, tools="native"))
    plans = [same_plan(each) for each in (study(), one, *others, done, *more)]
    assert len(set(plans)) == len(plans)
    assert same_plan(replace(one, model="goodheart/two", seed=9)) == same_plan(one)
    assert same_plan(replace(done, model="goodheart/two", seed=9)) == same_plan(done)


def test_the_record_says_what_when_where_and_on_whom(tmp_path: Path) -> None:
    begin(tmp_path / "here", study(7), now=12.5)
    (line,) = (state_folder() / "runs.jsonl").read_text().splitlines()
    found = json.loads(line)
    assert found == json.loads((tmp_path / "here" / "start.json").read_text())
    assert found.pop("run")
    assert found == {
        "schema_version": 1,
        "plan": plan_digest(study(7)),
        "study": study_digest(study(7)),
        "seed": 7,
        "started": 12.5,
        "folder": "here",
        "respondents": [NAME],
    }


@pytest.mark.parametrize("torn", ["{", "null", '{"run": 3}', "\x00\xff", "[1]"])
def test_lines_that_are_no_record_are_passed_over(tmp_path: Path, torn: str) -> None:
    begin(tmp_path / "a", study())
    with (state_folder() / "runs.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(torn)  # as a kill in the middle of a write leaves it: without its line's end
    assert places(begin(tmp_path / "b", study())) == [(NAME, 2, 2)]


@settings(max_examples=25)
@given(st.binary(max_size=200))
def test_whatever_is_in_the_ledger_it_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("run")
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / "runs.jsonl").write_bytes(content)
    assert places(begin(folder, study())) == [(NAME, 1, 1)]


def test_a_ledger_that_refuses_is_said_and_raises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GOODHEART_STATE", str(tmp_path / "file"))
    runs = begin(tmp_path / "a", study())
    assert runs.counts == ()
    assert "cannot be used" in runs.problem
    assert runs_line(runs, NAME).startswith("How often this plan was run on it is not known: the ledger of runs")
    # Once it can be written, going on in the folder records the run after all.
    monkeypatch.setenv("GOODHEART_STATE", str(tmp_path / "state"))
    assert "does not have this run" in runs_of(tmp_path / "a").problem
    assert places(begin(tmp_path / "a", study())) == [(NAME, 1, 1)]


def test_a_folder_without_a_start_says_that_nothing_is_known(tmp_path: Path) -> None:
    assert runs_of(tmp_path).problem == "this run was not recorded when it began"
    (tmp_path / "start.json").write_text("[]")
    assert runs_of(tmp_path).problem


def test_the_line_says_run_k_of_k(tmp_path: Path) -> None:
    begin(tmp_path / "a", study())
    runs = begin(tmp_path / "b", study())
    assert runs_line(runs, NAME) == "Run 2 of 2 of this plan on it, whatever the seed, recorded on this machine."
    assert runs_line(runs, "someone/else") == ""


def test_the_state_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOODHEART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GOODHEART_STATE", str(tmp_path / "state"))
    assert state_folder() == tmp_path / "state"
    monkeypatch.delenv("GOODHEART_STATE")
    assert state_folder() == tmp_path / "cache"
    monkeypatch.delenv("GOODHEART_CACHE")
    assert state_folder().name == "goodheart"


def _begin_in_a_process(place: int, root: str, state: str) -> int:
    os.environ["GOODHEART_STATE"] = state
    return len(begin(Path(root) / f"run{place}", study()).counts)


def test_runs_that_begin_at_once_are_all_recorded(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with ProcessPoolExecutor(max_workers=3) as pool:
        assert list(pool.map(_begin_in_a_process, range(6), [str(tmp_path)] * 6, [state] * 6)) == [1] * 6
    lines = (tmp_path / "state" / "runs.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["folder"] for line in lines) == [f"run{place}" for place in range(6)]
