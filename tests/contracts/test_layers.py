"""Imports go one way, as pyproject.toml draws them."""

import shutil
import subprocess
import sys
from pathlib import Path

from .sources import ROOT


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_every_layer_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


def test_a_contract_that_is_broken_is_noticed(tmp_path: Path) -> None:
    rules = (ROOT / "pyproject.toml").read_text()
    # The same contracts with two layers exchanged.
    turned = rules.replace('  "report",\n  "engine",\n', '  "engine",\n  "report",\n')
    assert turned != rules
    shutil.copy(ROOT / "README.md", tmp_path)
    (tmp_path / "pyproject.toml").write_text(turned)
    assert lint_imports(tmp_path).returncode == 1
