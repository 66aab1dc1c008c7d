"""`goodheart compare` on the command line."""

from collections.abc import Callable
from pathlib import Path

from tests.compared_runs import run_folder

Run = Callable[..., tuple[int, str, str]]


def test_it_prints_the_verdict_the_channels_and_where_the_page_is(goodheart: Run, tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / "a", "organism/before"), run_folder(tmp_path / "b", "organism/after", lift=2.0)]
    code, out, err = goodheart("compare", *folders)
    assert (code, err) == (0, "")
    assert "organism/before -> organism/after: goodharted, upwards" in out
    assert "stood still" in out
    assert "not measured" in out
    assert "No result here is evidence" in out
    assert (tmp_path / "a-to-b" / "comparison.html").exists()


def test_runs_that_do_not_match_end_with_2_and_the_difference(goodheart: Run, tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / "a", "organism/a"), run_folder(tmp_path / "b", "organism/b", seed=2)]
    code, out, err = goodheart("compare", *folders, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert "seed: 1 -> 2" in err
    assert "goodheart audit --model organism/b" in err


def test_a_folder_that_is_no_run_is_refused(goodheart: Run, tmp_path: Path) -> None:
    code, out, err = goodheart("compare", tmp_path / "a", tmp_path / "b")
    assert (code, out) == (2, "")
    assert "study.json could not be read" in err


def test_help_names_the_card(goodheart: Run) -> None:
    code, out, _ = goodheart("compare", "--help")
    assert code == 0
    assert "--provenance" in out
