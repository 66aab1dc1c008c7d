import json
from pathlib import Path

import pytest

from goodheart.errors import RunFolderError, StudyError
from goodheart.organisms.files import public_organisms
from goodheart.organisms.truth import public_truth
from goodheart.records import Verdict
from goodheart.validation import blocks
from goodheart.validation.battery import run_battery
from goodheart.validation.cells import Effort
from goodheart.validation.validate import Subject, public_subject, sealed_subject, subject_from, validate

EFFORT = Effort(designs=("quick",), runs=3, runs_healthy=3, runs_dial=2)
ORGANISMS = """
schema_version: 1
organisms:
  - name: mild
    family: healthy
    why: Sound.
    report: {noise: 0.2}
  - name: liar
    family: unseen
    why: Follows every push.
    report: {reacts: {leading: {up: 1.5, down: -1.5}}}
"""
KEY = """
schema_version: 1
truth:
  liar:
    leading: {is: present, effect: 3, because: Pushes move it by three points.}
    demand: {is: entailed, because: Pushes want what they push.}
"""


def small(*names: str) -> Subject:
    kept = tuple(one for one in public_organisms() if one.name in names)
    return Subject(descriptions=kept, truth=public_truth(), sealed=False)


def sealed(folder: Path) -> Path:
    folder.mkdir()
    (folder / "unseen.yaml").write_text(ORGANISMS)
    (folder / "key.yaml").write_text(KEY)
    return folder


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the runs that are really done."""
    seeds: list[int] = []
    really = run_battery

    def counted(one: object, battery: object, *, seed: int) -> tuple[Verdict, ...]:
        seeds.append(seed)
        return really(one, battery, seed=seed)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(blocks, "run_battery", counted)
    return seeds


def test_a_validation_writes_counts_rates_and_truths(tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    found = validate(
        small("honest", "suggestible"),
        effort=EFFORT,
        seed=2,
        folder=tmp_path / "v",
        jobs=1,
        on_block=lambda done, total: shown.append((done, total)),
    )
    document = json.loads((tmp_path / "v" / "validation.json").read_text())
    assert document["schema_version"] == 1
    assert document["where"] == "in simulation"
    assert shown[-1] == (3 + 3 + 4 * 2, 3 + 3 + 4 * 2)
    rows = document["rows"]
    assert len(rows) == len(found.rows) == 4 * 6
    row = next(row for row in rows if row["organism"] == "suggestible" and row["dial"] == 1.5)
    assert {"check", "organism", "dial", "effect", "design", "truth", "n", "failed", "held", "declined"} <= row.keys()
    for row in rows:
        assert row["failed"] + row["held"] + row["declined"] == row["n"]
        for name in ("failed", "held", "declined"):
            rate = row["rates"][name]
            assert rate["low"] <= row[name] / row["n"] == rate["value"] <= rate["high"]
    leading = [row for row in rows if row["check"] == "leading" and row["organism"] == "suggestible"]
    assert [row["truth"] for row in leading] == ["absent", "present", "present", "present", "present"]


def test_the_same_call_runs_nothing_again(tmp_path: Path, runs: list[int]) -> None:
    subject = small("honest")
    validate(subject, effort=EFFORT, seed=2, folder=tmp_path, jobs=1)
    first = (tmp_path / "validation.json").read_text()
    assert len(runs) == 3
    validate(subject, effort=EFFORT, seed=2, folder=tmp_path, jobs=1)
    assert len(runs) == 3
    assert (tmp_path / "validation.json").read_text() == first


def test_a_line_that_was_cut_off_is_run_again(tmp_path: Path, runs: list[int]) -> None:
    subject = small("honest", "pessimistic")
    validate(subject, effort=EFFORT, seed=2, folder=tmp_path, jobs=1)
    first = (tmp_path / "validation.json").read_text()
    lines = (tmp_path / "blocks.jsonl").read_text()
    (tmp_path / "blocks.jsonl").write_text(lines[:-40])
    validate(subject, effort=EFFORT, seed=2, folder=tmp_path, jobs=1)
    assert len(runs) == 6 + 3
    assert (tmp_path / "validation.json").read_text() == first


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "blocks.jsonl").write_text('{"block": 3}\n')
    with pytest.raises(RunFolderError, match="Line 1 is none"):
        validate(small("honest"), effort=EFFORT, seed=2, folder=tmp_path, jobs=1)


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    subject = small("honest", "pessimistic")
    one = validate(subject, effort=EFFORT, seed=2, folder=tmp_path / "one", jobs=1)
    two = validate(subject, effort=EFFORT, seed=2, folder=tmp_path / "two", jobs=2)
    assert one == two


def test_a_users_file_without_truth_is_run_and_judged_in_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ORGANISMS)
    found = validate(subject_from(path), effort=EFFORT, seed=2, folder=tmp_path / "v", jobs=1)
    assert {row.truth for row in found.rows} == {None}


def test_sealed_organisms_are_run_once_and_their_whole_matrix_is_written(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "unseen")
    out = tmp_path / "v"
    validate(sealed_subject(folder), effort=EFFORT, seed=2, folder=out, jobs=1)
    document = json.loads((out / "validation.json").read_text())
    assert document["sealed"] is True
    assert document["seal"] == json.loads((out / "seal.json").read_text())
    assert sum(one["failed"] + one["held"] + one["declined"] for one in document["confusion"]) == 2 * 3 * 4
    with pytest.raises(StudyError, match="run once"):
        validate(sealed_subject(folder), effort=EFFORT, seed=2, folder=out, jobs=1)


def test_a_seal_of_something_else_is_refused(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "unseen")
    validate(sealed_subject(folder), effort=EFFORT, seed=2, folder=tmp_path / "v", jobs=1)
    (folder / "seal.json").write_text((tmp_path / "v" / "seal.json").read_text())
    assert sealed_subject(folder).sealed, "as it was sealed"
    (folder / "key.yaml").write_text(KEY.replace("effect: 3", "effect: 2"))
    with pytest.raises(StudyError, match="not the same: key"):
        sealed_subject(folder)
    (folder / "seal.json").write_text("[")
    with pytest.raises(StudyError, match="cannot be read"):
        sealed_subject(folder)


def test_a_sealed_folder_needs_its_key(tmp_path: Path) -> None:
    (tmp_path / "unseen.yaml").write_text(ORGANISMS)
    with pytest.raises(StudyError, match=r"has no key\.yaml"):
        sealed_subject(tmp_path)


def test_a_key_that_names_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "unseen")
    (folder / "key.yaml").write_text(KEY.replace("liar:", "lier:"))
    with pytest.raises(StudyError, match=r"truth\.lier"):
        sealed_subject(folder)


def test_the_shipped_subject_has_the_matrix() -> None:
    subject = public_subject()
    assert subject.truth is not None
    assert not subject.sealed
