"""Run folders put on one page: what is written, what every kind of folder says, and everything that is refused."""

import json
from pathlib import Path

import pytest

from goodheart.engine.overview_sources import read_sources
from goodheart.errors import RunFolderError
from goodheart.overview import overview_of, reached
from goodheart.overviews import overview_runs
from goodheart.records import Estimate
from tests.overview.folders import (
    C1,
    MODEL,
    audit_folder,
    choices_folder,
    conduct_folder,
    injection_folder,
    one_of_each,
    readings_folder,
    tasks_folder,
)
from tests.report.outline import outline, words_of


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """One of each kind."""
    return one_of_each(tmp_path_factory.mktemp("runs"))


def test_every_channel_stands_on_the_page_with_its_folder_and_both_files_are_written(
    folders: tuple[Path, ...], tmp_path: Path
) -> None:
    found = overview_runs(folders, out=tmp_path / "out")
    document = json.loads((tmp_path / "out" / "overview.json").read_text())
    page = (tmp_path / "out" / "overview.html").read_text()
    assert [(row.channel, row.folder) for row in found.channels] == [
        ("stated", "audit"),
        ("expressed", "all-channels"),
        ("internal", "all-channels"),
        ("emotions", "readings"),
        ("choices", "choices"),
        ("tasks", "tasks"),
        ("conduct", "conduct"),
        ("injected", "injection"),
    ]
    assert all(row.central for row in found.channels)
    assert not any(row.command for row in found.channels), "nothing is missing"
    assert found.respondent == document["respondent"] == MODEL
    assert document["not_for_training"].startswith("Findings are a ready reward signal")
    assert any("canary" in text for text in document["canaries"])
    assert document["claims"]["reached"] == "C0"
    assert [one["folder"] for one in document["folders"]] == [path.name for path in folders]
    assert len(document["agreement"]["circumstances"]) == 18
    assert {one["check"] for row in document["channels"] for one in row["verdicts"]} >= {
        "retest",
        "scale",
        "internals",
        "order",
        "conduct",
        "effort",
        "injection",
    }
    text = words_of(page)
    assert "No result here is evidence for or against moral patienthood" in text
    assert "not for training" in text
    assert str(folders[0].parent) not in page, "a page says nothing of the machine that made it"


def test_sections_answer_the_doubter_and_every_link_has_its_place(folders: tuple[Path, ...], tmp_path: Path) -> None:
    overview_runs(folders, out=tmp_path)
    page = (tmp_path / "overview.html").read_text()
    found = outline(page)
    assert {"ladder", "channels", "agree", "done", "change", "check", "places", "together"} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert "script" not in found.tags
    text = words_of(page)
    assert "Rungs are cumulative" in text
    assert "It may be otherwise." in text, "alternatives stand beside findings"
    assert "What these runs say to it" in text


def test_the_same_folders_in_any_order_give_the_same_files(folders: tuple[Path, ...], tmp_path: Path) -> None:
    texts = []
    for name, those in (("one", folders), ("two", folders[::-1])):
        overview_runs(those, out=tmp_path / name)
        texts.append([(tmp_path / name / file).read_text() for file in ("overview.json", "overview.html")])
    assert texts[0] == texts[1]


def test_verdicts_of_three_runs_climb_the_ladder_together(tmp_path: Path) -> None:
    audit = audit_folder(tmp_path / "audit", claim=C1)
    injected = injection_folder(tmp_path / "injection", word="holds")
    done = conduct_folder(tmp_path / "conduct", word="holds")
    for those, level in (((audit,), "C1"), ((audit, done), "C1"), ((audit, injected), "C2")):
        overview = overview_of([source for folder in those for source in read_sources(folder)])
        assert reached(overview.ladder) == level
    overview_runs((audit, injected, done), out=tmp_path / "out")
    assert json.loads((tmp_path / "out" / "overview.json").read_text())["claims"]["reached"] == "C3"
    assert "All runs together reach C3" in words_of((tmp_path / "out" / "overview.html").read_text())


def test_missing_channels_are_named_with_the_command_that_would_add_them(tmp_path: Path) -> None:
    found = overview_runs([audit_folder(tmp_path / "audit")], out=tmp_path / "out")
    commands = {row.channel: row.command for row in found.channels}
    assert commands["stated"] == ""
    assert commands["internal"] == f"goodheart audit --model {MODEL} --preset versions"
    assert commands["emotions"] == f"goodheart probe circumstances --model {MODEL} --run audit"
    assert commands["injected"] == f"goodheart inject --model {MODEL} --preset standard"
    text = words_of((tmp_path / "out" / "overview.html").read_text())
    assert all(command in text for command in commands.values())
    assert "Not known. Only one channel is valid in this run: stated report." in text


def test_a_model_behind_a_provider_is_told_which_channels_it_cannot_have(tmp_path: Path) -> None:
    found = overview_runs([audit_folder(tmp_path / "audit", model="vendor/model")], out=tmp_path / "out")
    rows = {row.channel: row for row in found.channels}
    assert rows["conduct"].command == "goodheart conduct --model vendor/model --preset standard"
    assert [rows[name].command for name in ("internal", "emotions", "injected")] == ["", "", ""]
    assert "open weights" in rows["internal"].measured
    assert "open weights" in rows["injected"].measured


def test_runs_without_an_audit_reach_no_rung(tmp_path: Path) -> None:
    overview_runs([injection_folder(tmp_path / "injection", word="holds")])
    out = tmp_path / "injection-overview"
    assert json.loads((out / "overview.json").read_text())["claims"]["reached"] is None
    assert "reach no rung" in words_of((out / "overview.html").read_text())


def test_readings_in_the_folder_of_a_run_are_a_source_of_their_own(tmp_path: Path) -> None:
    folder = readings_folder(audit_folder(tmp_path / "audit"))
    assert [one.kind for one in read_sources(folder)] == ["audit", "readings"]
    (found,) = [one for one in read_sources(folder) if one.kind == "readings"]
    assert [label for label, _ in found.findings] == [
        f"{axis} and the rating, beyond the text" for axis in ("joy", "fear")
    ]
    assert isinstance(found.findings[0][1], Estimate)
    assert found.problems == ("failed on the ladder: rising_numbers",)
    assert read_sources(readings_folder(tmp_path / "alone", beside=False))[0].findings == ()


def test_readings_have_the_day_on_which_they_were_read_where_the_file_says_it(tmp_path: Path) -> None:
    (found,) = read_sources(readings_folder(tmp_path / "readings"))
    assert found.date == "2026-01-01"
    (older,) = read_sources(tasks_folder(tmp_path / "tasks"))
    assert older.date == ""


def test_another_respondent_adapter_or_weights_is_refused_with_what_to_do(tmp_path: Path) -> None:
    first = audit_folder(tmp_path / "a")
    adapted = audit_folder(tmp_path / "b", model=f"{MODEL}@report-tuned-1")
    with pytest.raises(RunFolderError, match=r"one respondent.*@report-tuned-1.*goodheart compare"):
        overview_runs([first, adapted], out=tmp_path / "out")
    with pytest.raises(RunFolderError, match=r"b was read|a{12}.*b{12}"):
        overview_runs(
            [readings_folder(tmp_path / "r"), tasks_folder(tmp_path / "t", weights="b" * 64)], out=tmp_path / "out"
        )
    assert not (tmp_path / "out").exists()


def test_two_folders_of_a_kind_or_one_twice_are_refused(tmp_path: Path) -> None:
    first, second = (audit_folder(tmp_path / name) for name in ("a", "b"))
    with pytest.raises(RunFolderError, match=r"more pleasing of two.*both an audit.*Leave one"):
        overview_runs([first, second], out=tmp_path / "out")
    with pytest.raises(RunFolderError, match="named twice"):
        overview_runs([first, tmp_path / "b" / ".." / "a"], out=tmp_path / "out")


@pytest.mark.parametrize("content", ["{", "[]", '{"schema_version": 1}', "null", '{"respondents": 3}'])
def test_a_file_that_is_broken_or_of_another_version_is_refused_without_a_trace(tmp_path: Path, content: str) -> None:
    folder = audit_folder(tmp_path / "a")
    for name in ("findings.json", "injection.json", "readings.json", "preference_readings.json"):
        other = tmp_path / name
        other.mkdir()
        (other / "study.json").write_text((folder / "study.json").read_text())
        (other / name).write_text(content)
        with pytest.raises(RunFolderError, match=r"as this version writes it.*leave the folder out"):
            read_sources(other)


def test_a_folder_without_findings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"has none of them.*goodheart report"):
        overview_runs([tmp_path], out=tmp_path / "out")


def test_an_audit_of_several_needs_a_name(tmp_path: Path) -> None:
    folder = audit_folder(tmp_path / "a")
    document = json.loads((folder / "findings.json").read_text())
    for key in ("respondents", "claims"):
        document[key].append({**document[key][0], "respondent": "vendor/other"})
    (folder / "findings.json").write_text(json.dumps(document))
    with pytest.raises(RunFolderError, match=r"asked goodheart/smollm2-135m, vendor/other.*--respondent"):
        read_sources(folder)
    assert read_sources(folder, respondent="smollm2-135m")[0].respondent == MODEL
    with pytest.raises(RunFolderError, match="--respondent"):
        read_sources(folder, respondent="vendor/third")


def test_whether_a_preference_is_stable_is_read_from_the_utilities(tmp_path: Path) -> None:
    folder = choices_folder(tmp_path / "choices")
    (found,) = read_sources(folder)
    assert found.problems == ()
    document = json.loads((folder / "utilities.json").read_text())
    document["held_out"]["stable_preference"] = False
    (folder / "utilities.json").write_text(json.dumps(document))
    (unstable,) = read_sources(folder)
    assert not unstable.valid
    assert "stable preference" in unstable.problems[0]
    (folder / "utilities.json").unlink()
    assert read_sources(folder)[0].problems == unstable.problems, "no utilities, no preference"
