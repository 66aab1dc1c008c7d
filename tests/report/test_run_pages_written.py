"""Runs by choice and of conduct write their page into the run folder, and write it again from the journal."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from goodheart.choices import report_choices
from goodheart.cli.chosen import print_choices
from goodheart.conducts import plan_conduct, report_conduct, run_conduct
from goodheart.engine.run_record import started_on
from goodheart.testing import scripted_model
from tests.choosers import study_of
from tests.report.choosing import pages as choosing
from tests.report.conducting import pages as conducting
from tests.report.outline import outline, words_of
from tests.report.test_hostile import OWN
from tests.test_choices import run
from tests.test_conducts import MODEL, SETTINGS, subject

LINK = re.compile(r"#[\w-]+")


def test_a_run_by_choice_writes_its_page_and_the_command_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    run(study_of("dominated"), out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"Last started on {started_on(out)} (UTC)" in words_of(page)
    print_choices(report_choices(out), out)
    assert (out / "report.html").read_text(encoding="utf-8") == page
    assert "report.html" in capsys.readouterr().out.replace("\n", "")


def test_a_run_of_conduct_writes_its_page(tmp_path: Path) -> None:
    out = tmp_path / "run"
    study = plan_conduct(model=MODEL, preset="quick", tools="text")
    run_conduct(study, out=out, settings=SETTINGS, model=scripted_model(subject))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "goodheart conduct --model scripted/subject" in words_of(page)
    (out / "run.json").unlink()
    report_conduct(out)
    assert (out / "report.html").read_text(encoding="utf-8") == page.replace(
        page[page.index(" Last started") : page.index("(UTC).") + 6], ""
    )


@pytest.mark.parametrize("text", ["", "{", '{"started": "soon"}', '{"started": 1e400}', "[]"])
def test_a_day_that_is_not_known_is_left_out(tmp_path: Path, text: str) -> None:
    assert started_on(tmp_path) == ""
    (tmp_path / "run.json").write_text(text)
    assert started_on(tmp_path) == ""
    (tmp_path / "run.json").write_text('{"started": 1769817600.0}')
    assert started_on(tmp_path) == "2026-01-31"


@pytest.mark.parametrize(
    ("page_of", "case"),
    [(room.page_of, case) for room in (choosing, conducting) for case in sorted(room.CASES)],
)
def test_every_page_is_one_file_without_script_and_every_link_has_its_target(
    page_of: Callable[[str], str], case: str
) -> None:
    page = page_of(case)
    found = outline(page)
    assert set(found.tags) <= OWN
    assert not [name for _, name in found.attributes if name.startswith("on") or name in ("src", "style")]
    assert all(LINK.fullmatch(link) and link[1:] in found.ids for link in found.links)
    assert len(found.ids) == len(set(found.ids))
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
