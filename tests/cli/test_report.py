from collections.abc import Callable
from pathlib import Path

from goodheart.testing import Script
from tests.engine.choose_runs import choose_run

from .conftest import NAME, scored

Run = Callable[..., tuple[int, str, str]]


def test_reports_are_written_again_without_a_model(
    goodheart: Run, answering: Callable[[Script], None], tiny: str, tmp_path: Path
) -> None:
    answering(scored)
    folders = (tmp_path / "one", tmp_path / "two")
    for seed, folder in enumerate(folders):
        goodheart("audit", "--model", NAME, "--preset", tiny, "--seed", str(seed), "--out", folder)
    pages = [(folder / "report.html").read_text() for folder in folders]
    for folder in folders:
        (folder / "report.html").unlink()
        (folder / "findings.json").unlink()
    code, out, err = goodheart("report", *folders)
    assert (code, err) == (0, "")
    assert out.count("Report:") == 2
    again = [(folder / "report.html").read_text() for folder in folders]
    # Since the first page was written, a second run of the same plan has been recorded.
    assert "Run 1 of 2 of this plan" in again[0]
    assert [again[0].replace("Run 1 of 2", "Run 1 of 1"), again[1]] == pages


def test_a_folder_that_is_no_run_is_refused(goodheart: Run, tmp_path: Path) -> None:
    code, out, err = goodheart("report", tmp_path)
    assert (code, out) == (2, "")
    assert "study.json could not be read" in err


def test_a_run_by_choice_is_reported_again_by_the_same_command(goodheart: Run, tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    choose_run(folder, model="goodheart/smollm2-135m", what="dominated")
    page, findings = (folder / name for name in ("report.html", "findings.json"))
    before = (page.read_bytes(), findings.read_bytes())
    page.unlink()
    findings.unlink()
    code, out, err = goodheart("report", folder)
    assert (code, err) == (0, "")
    assert "Report:" in out
    assert (page.read_bytes(), findings.read_bytes()) == before
