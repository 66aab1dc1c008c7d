"""`goodheart probe` from the command line, on a tiny random model."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodheart.cli.main import main
from goodheart.engine import opening, probing
from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import LadderTexts
from goodheart.whitebox.local_model import LocalModel
from tests.probes.planted import ladder, stories
from tests.whitebox.tiny import tiny_loaded


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    model = LocalModel(tiny_loaded(), cache_mb=8, n_threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module", autouse=True)
def _tiny(local: LocalModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    def texts(folder: Path | None) -> tuple[EmotionStories, LadderTexts]:
        assert folder is None
        return stories(), ladder()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOODHEART_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(opening, "open_model", lambda name, **_: local)
        patch.setattr(probing, "load_texts", texts)
        yield


@pytest.fixture(scope="module")
def once(_tiny: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("probes")
    assert main(["probe", "fit", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def fitted(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "probes"))


def test_fit_prints_the_ladder_and_leaves_directions_and_one_row_per_rung(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", "fit", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    rungs = json.loads((tmp_path / "ladder.json").read_text())["rungs"]
    assert (tmp_path / "directions.safetensors").is_file()
    assert len(rungs) == 12
    for rung in rungs:
        assert rung["name"] in said.out
    assert "implicit_prompts withholds: all" in said.out


def test_check_tries_them_again_and_reading_still_works_after_it(
    fitted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads((fitted / "ladder.json").read_text())
    assert main(["probe", "check", str(fitted)]) == 0
    after = json.loads((fitted / "ladder.json").read_text())
    assert [rung["outcome"] for rung in after["rungs"]] == [rung["outcome"] for rung in before["rungs"]]
    texts = tmp_path / "texts.txt"
    texts.write_text("The lake lay still.\nHe ran.\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["probe", "read", str(fitted), str(texts), "--out", str(tmp_path / "readings.json")]) == 0
    said = capsys.readouterr().out
    assert said.index("held_out_topics") < said.index("The lake lay still.")
    assert "withheld:" in said
    assert "implicit_prompts" in said[said.index("The lake lay still.") :]
    written = json.loads((tmp_path / "readings.json").read_text())
    assert [text["id"] for text in written["texts"]] == ["1", "2"]
    assert written["not_for_training"]
    emotions = [one for one in written["texts"][0]["readings"] if one["kind"] == "emotion"]
    assert all(one["value"] is None and one["withheld"] for one in emotions)


def test_a_changed_file_is_refused_without_a_traceback(fitted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fitted / "directions.safetensors"
    path.write_bytes(path.read_bytes()[:-50])
    capsys.readouterr()
    assert main(["probe", "check", str(fitted)]) == 2
    said = capsys.readouterr().err
    assert "Fit them again: goodheart probe fit" in said
    assert "Traceback" not in said


def test_reading_without_directions_or_texts_says_what_to_type(
    fitted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", "read", str(tmp_path / "nowhere"), "x.txt"]) == 2
    assert "goodheart probe fit --out" in capsys.readouterr().err
    assert main(["probe", "read", str(fitted), str(tmp_path / "x.txt")]) == 2
    assert "goodheart probe read DIR TEXTS.jsonl" in capsys.readouterr().err


def test_the_three_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("fit", "check", "read"))
