"""What the repository's files may not hold, and that what they promise is there."""

import re
import shutil
import subprocess
import tomllib
from itertools import chain

import pytest

from .sources import ROOT

FORBIDDEN = {
    "a path of a machine": r"(?<![\w.])/(?:home|Users|root|work|mnt)/\w",
    "where packages come from": r"--(?:extra-)?index-url|--find-links|--trusted-host",
    "a private key or token": r"BEGIN [A-Z ]*PRIVATE KEY|\bsk-[A-Za-z0-9]{20,}|\bhf_[A-Za-z0-9]{20,}",
}


def tracked() -> list[str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = [f"{name}: {match}" for name in tracked() for match in matches(name, FORBIDDEN[what])]
    assert found == []


def matches(name: str, pattern: str) -> list[str]:
    path = ROOT / name
    if name == "tests/contracts/test_files.py" or not path.is_file():
        return []
    try:
        return re.findall(pattern, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return []


def test_the_constraints_pin_every_dependency_and_name_no_build() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []
    pinned = {normal(line.partition("==")[0]) for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    assert [name for name in wanted if normal(re.split(r"[>=<~! ]", name)[0]) not in pinned] == []


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [ROOT / name for name in tracked() if name.endswith(".md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists() and link != "docs/images/report.png"
    ]
    assert broken == []
