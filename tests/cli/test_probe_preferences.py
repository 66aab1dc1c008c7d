"""`goodheart probe preferences` from the command line, on a tiny random model and a simulated run of choices."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goodheart.cli.main import main
from goodheart.engine import opening, probing, reading_preferences
from goodheart.engine.probing import Probed
from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import LadderTexts
from goodheart.probes.rung import Rung
from goodheart.whitebox.local_model import LocalModel
from tests.engine.choose_runs import BY_ORDER, choose_run
from tests.probes.planted import ladder, stories
from tests.whitebox.tiny import tiny_loaded

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    local = LocalModel(tiny_loaded(), cache_mb=8, n_threads=1)

    def texts(folder: Path | None) -> tuple[EmotionStories, LadderTexts]:
        assert folder is None
        return stories(), ladder()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOODHEART_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(opening, "open_model", lambda name, **_: local)
        patch.setattr(probing, "load_texts", texts)
        folder = tmp_path_factory.mktemp("probes")
        assert main(["probe", "fit", "--out", str(folder)]) == 0
        yield folder
    local.close()


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "chosen"
    choose_run(folder, model="goodheart/tiny llama")
    return folder


@pytest.fixture
def unbarred(monkeypatch: pytest.MonkeyPatch, probes: Path) -> None:
    """Take the ladder away, which a random model cannot pass, to see what is printed where something may be said."""
    passed = Rung(name="position_words", claim="", outcome="passed", detail="")
    monkeypatch.setattr(reading_preferences, "try_position", lambda *_, **__: passed)
    from goodheart.engine import probe_files

    real = probe_files.read_probes_folder

    def without(folder: Path) -> Probed:
        return replace(real(folder), rungs=())

    monkeypatch.setattr(probe_files, "read_probes_folder", without)


def test_without_a_stable_preference_that_is_said_first_and_no_interval_is_printed(
    goodheart: Run, probes: Path, unbarred: None, tmp_path: Path
) -> None:
    choose_run(tmp_path / "run", model="goodheart/tiny llama", one=BY_ORDER)
    code, out, err = goodheart("probe", "preferences", tmp_path / "run", probes, "--out", tmp_path / "out")
    assert code == 0, err
    assert out.startswith("No stable preference was shown")
    assert out.index("nothing that readings could go with") < out.index("number alone, declined")
    assert "adjusted p" not in out
    assert "emotion00" in out
    assert "no evidence for or against an experience" in " ".join(out.split())
    written = json.loads((tmp_path / "out" / "preference_readings.json").read_text())
    assert written["stable_preference"] is False
    assert all(entry["partial"]["reason"] == "not_valid" for entry in written["correlates"])
    assert (tmp_path / "out" / "preference_readings.parquet").is_file()


def test_with_one_the_table_has_intervals_and_what_withholds_is_named(
    goodheart: Run, probes: Path, chosen: Path, tmp_path: Path
) -> None:
    code, out, _ = goodheart("probe", "preferences", chosen, probes, "--out", tmp_path / "out")
    assert code == 0
    assert out.startswith("A stable preference was shown")
    assert "Withheld: 10 of 10" in out
    assert "random directions (exploratory): none." in out


def test_the_table_shows_both_correlations_with_their_tests(
    goodheart: Run, probes: Path, chosen: Path, unbarred: None, tmp_path: Path
) -> None:
    code, out, _ = goodheart("probe", "preferences", chosen, probes, "--out", tmp_path / "out")
    assert code == 0
    assert "adjusted p" in out
    assert "Withheld" not in out
    written = json.loads((tmp_path / "out" / "preference_readings.json").read_text())
    (one,) = [entry for entry in written["correlates"] if entry["name"] == "emotion03"]
    assert one["partial"]["low"] < one["partial"]["value"] < one["partial"]["high"]
    assert f"{one['partial']['value']:+.2f}" in out


def test_another_model_or_no_run_ends_in_a_message_with_what_to_type(
    goodheart: Run, probes: Path, tmp_path: Path
) -> None:
    choose_run(tmp_path / "run", model="goodheart/another", done=False)
    code, _, err = goodheart("probe", "preferences", tmp_path / "run", probes)
    assert code == 2
    assert "goodheart probe fit --model MODEL --out DIR" in err
    assert "Traceback" not in err
    code, _, err = goodheart("probe", "preferences", tmp_path / "nowhere", probes)
    assert code == 2
    assert "study.json could not be read" in err
