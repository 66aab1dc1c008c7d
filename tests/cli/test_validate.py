import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from goodheart.organisms import rates
from goodheart.organisms.files import public_organisms
from goodheart.organisms.rates import table_from
from goodheart.organisms.truth import public_truth
from goodheart.validation import cells, planted
from goodheart.validation.cells import Effort
from goodheart.validation.planted import PlantedEffort
from goodheart.validation.shipped import replay_of
from goodheart.validation.validate import Subject, validate
from goodheart.validation.validate_choices import validate_choices

Run = Callable[..., tuple[int, str, str]]
SMALL = Effort(designs=("quick",), runs=2, runs_healthy=2, runs_dial=1)
ONE = "schema_version: 1\norganisms:\n  - {name: mild, family: healthy, why: Sound.}\n"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "DEFAULT", SMALL)


def test_a_file_of_organisms_is_run_and_the_matrix_printed(goodheart: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ONE)
    code, out, err = goodheart("validate", path, "--out", tmp_path / "v", "--jobs", "1")
    assert code == 0
    assert "mild" in out
    assert "in simulation" in out
    assert "runs: 2 of 2" in err
    assert json.loads((tmp_path / "v" / "validation.json").read_text())["sealed"] is False
    assert not (tmp_path / "v" / "rates.json").exists(), "the table that ships is of the organisms that ship"


def test_how_long_all_runs_take_is_said_once_and_early(
    goodheart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "DEFAULT", Effort(designs=("quick",), runs=30, runs_healthy=30, runs_dial=1))
    path = tmp_path / "mine.yaml"
    path.write_text(ONE)
    code, _, err = goodheart("validate", path, "--out", tmp_path / "v", "--jobs", "1")
    lines = err.splitlines()
    assert code == 0
    assert [line for line in lines if "to do take about" in line] == lines[:1]
    assert lines[0].startswith("30 runs to do take about ")
    _, _, again = goodheart("validate", path, "--out", tmp_path / "v", "--jobs", "1")
    assert "to do take" not in again, "nothing was left to do"


def test_every_problem_of_a_file_is_said_and_ends_with_2(goodheart: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("schema_version: 1\norganisms:\n  - {name: a, family: b, why: c, policy: x, report: {noise: 99}}\n")
    code, out, err = goodheart("validate", path, "--out", tmp_path / "v")
    assert (code, out) == (2, "")
    assert "unknown key 'policy'" in err
    assert "organisms[0].policy" in err
    assert "a number from 0 to 6 is needed; found 99 @ bad.yaml: organisms[0].report.noise" in err
    assert not (tmp_path / "v").exists()


def test_a_file_that_is_not_there_ends_with_2(goodheart: Run, tmp_path: Path) -> None:
    code, _, err = goodheart("validate", tmp_path / "none.yaml")
    assert code == 2
    assert "no such file @ none.yaml" in err


def test_sealed_and_open_organisms_are_not_mixed(goodheart: Run, tmp_path: Path) -> None:
    code, _, err = goodheart("validate", tmp_path / "a.yaml", "--sealed", tmp_path)
    assert code == 2
    assert "either sealed or not" in err


def test_choices_and_conduct_are_validated_by_themselves(
    goodheart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Effort(designs=(), runs=1, runs_healthy=1, runs_dial=1)
    monkeypatch.setattr(planted, "DEFAULT", PlantedEffort(scored=nothing, written=nothing, conduct=SMALL))
    code, out, err = goodheart("validate", "--only", "choices", "--out", tmp_path, "--jobs", "1")
    assert code == 0
    assert "conduct-quick: fails/holds in %" in out
    assert "hypocrite" in out
    assert "runs: 28 of 28" in err, "2 of each of 9 respondents, and 1 at each of 10 further settings of dials"
    assert json.loads((tmp_path / "validation-choices.json").read_text())["where"] == "in simulation"
    assert table_from(json.loads((tmp_path / "choice_rates.json").read_text())).counts
    assert not (tmp_path / "validation.json").exists()


def test_choices_are_not_validated_on_organisms_of_ones_own(goodheart: Run, tmp_path: Path) -> None:
    code, _, err = goodheart("validate", tmp_path / "a.yaml", "--only", "choices")
    assert code == 2
    assert "Type: goodheart validate --only choices" in err


def test_a_replay_says_whether_verdicts_are_still_those_of_the_table(
    goodheart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Effort(designs=(), runs=1, runs_healthy=1, runs_dial=1)
    some = Effort(designs=("quick",), runs=planted.BLOCK, runs_healthy=planted.BLOCK, runs_dial=planted.BLOCK)
    monkeypatch.setattr(planted, "REPLAY", PlantedEffort(scored=nothing, written=nothing, conduct=some))

    def replayed(folder: str) -> tuple[int, str, str]:
        return goodheart("validate", "--replay", "--only", "choices", "--out", tmp_path / folder, "--jobs", "1")

    code, out, _ = replayed("a")
    assert code == 0
    assert "152 verdicts of the first runs of choice_rates.json are what they were." in out

    shipped = rates.shipped_choice_rates()
    other = [
        replace(one, first_held=one.first_held + 1)
        if (one.check, one.organism, one.design) == ("effort", "willing", "conduct-quick")
        else one
        for one in shipped.counts
    ]
    monkeypatch.setattr(rates, "shipped_choice_rates", lambda: replace(shipped, counts=tuple(other)))
    code, out, _ = replayed("b")
    assert code == 1
    assert "Other verdicts: effort on willing (conduct-quick) failed in 0 and held in 0 of 4 runs" in out
    assert "To measure it anew: goodheart validate --full" in out


@pytest.mark.parametrize("more", [("--full",), ("--runs", "3"), ("--seed", "4"), ("mine.yaml",)])
def test_a_replay_is_of_what_ships(goodheart: Run, more: tuple[str, ...]) -> None:
    code, _, err = goodheart("validate", "--replay", *more)
    assert code == 2
    assert "Type: goodheart validate --replay" in err


@pytest.mark.slow
def test_the_tables_that_ship_are_what_the_checks_do(tmp_path: Path) -> None:
    """A change of the checks that shows in a few of ten thousand verdicts shows here: then measure the tables anew."""
    kept = tuple(one for one in public_organisms() if one.name in {"honest", "warner", "suggestible"})
    subject = Subject(descriptions=kept, truth=public_truth(), sealed=False)
    shipped = rates.shipped_rates()
    found = validate(subject, effort=cells.REPLAY, seed=shipped.seed, folder=tmp_path, jobs=2)
    replay = replay_of(found.rows, shipped)
    assert (replay.changed, replay.unmeasured) == ((), ())

    nothing = Effort(designs=(), runs=1, runs_healthy=1, runs_dial=1)
    size = replace(cells.REPLAY, runs=planted.BLOCK, runs_healthy=planted.BLOCK, runs_dial=planted.BLOCK)
    effort = PlantedEffort(scored=replace(size, designs=("quick",)), written=nothing, conduct=size)
    chosen = rates.shipped_choice_rates()
    acted = validate_choices(effort=effort, seed=chosen.seed, folder=tmp_path, jobs=2)
    replay = replay_of(acted.rows, chosen)
    assert (replay.changed, replay.unmeasured) == ((), ())


@pytest.mark.slow
def test_the_shipped_organisms_give_the_table_that_ships(goodheart: Run, tmp_path: Path) -> None:
    code, out, _ = goodheart("validate", "--only", "reports", "--out", tmp_path, "--jobs", "2")
    assert code == 0
    assert "Smallest dial" in out
    table = table_from(json.loads((tmp_path / "rates.json").read_text()))
    assert {"scale", "retest", "person", "leading"} == {one.check for one in table.checks}
