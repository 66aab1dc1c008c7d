"""The README's promises hold: its snippet runs and its commands exist."""

import re
import tomllib
from pathlib import Path

import pytest

import goodheart
from goodheart import AskSettings, Findings, Study
from goodheart.cli.main import main

from .sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_snippet_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    asked: list[tuple[Study, Path]] = []

    def run_study(study: Study, *, out: Path, settings: AskSettings) -> tuple[Findings, ...]:
        asked.append((study, out))
        return ()

    # All but the asking itself, which needs the model.
    monkeypatch.setattr(goodheart, "run_study", run_study)
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {})
    assert [(study.preset.name, out) for study, out in asked] == [("quick", Path("runs/first"))]


def test_every_command_it_shows_is_one_that_exists(capsys: pytest.CaptureFixture[str]) -> None:
    shown = set(re.findall(r"^\s*(?:\$ )?goodheart ([a-z]+)", README, flags=re.MULTILINE))
    assert {"audit", "report", "fetch", "doctor"} <= shown
    for command in sorted(shown):
        assert main([command, "--help"]) == 0
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"make ([a-z]+)", README)) <= set(targets)


def test_it_names_the_version_of_python_that_is_needed() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"Python {needed.removeprefix('>=')}" in README
