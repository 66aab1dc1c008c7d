"""`goodheart overview` on the command line."""

from collections.abc import Callable
from pathlib import Path

from tests.overview.folders import MODEL, audit_folder

Run = Callable[..., tuple[int, str, str]]


def test_it_prints_the_ladder_and_writes_beside_the_audit(goodheart: Run, tmp_path: Path) -> None:
    code, out, err = goodheart("overview", audit_folder(tmp_path / "audit", channels=True))
    assert (code, err) == (0, "")
    assert "reach C0 on the claim ladder" in out
    assert "goodheart inject" in out
    assert "No result here is evidence" in out
    assert (tmp_path / "audit-overview" / "overview.html").exists()


def test_folders_of_two_respondents_end_with_2_and_what_to_type(goodheart: Run, tmp_path: Path) -> None:
    folders = [audit_folder(tmp_path / "a"), audit_folder(tmp_path / "b", model=f"{MODEL}@report-tuned-1")]
    code, out, err = goodheart("overview", *folders, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert "goodheart compare" in err
    assert "Traceback" not in err


def test_help_says_that_no_model_is_asked(goodheart: Run) -> None:
    code, out, _ = goodheart("overview", "--help")
    assert code == 0
    assert "No model is asked" in out
