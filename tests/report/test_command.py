"""The command on the page repeats the run: the same plan, whatever was chosen for it."""

import shlex
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from goodheart.cli import request
from goodheart.cli.main import main
from goodheart.design.study import Study, study_digest
from goodheart.engine.plan import plan_study
from goodheart.engine.study_file import StudyRequest
from goodheart.report.command import command_of
from tests.report.conftest import made

PUBLIC = Path(str(files("goodheart.items").joinpath("public")))


def test_the_command_quotes_what_a_shell_would_read() -> None:
    study = replace(made("honest")[0], models=("organism/a b; rm -rf $HOME",), asker="A; B")
    command = command_of(study, [("--items", "my items/$x")])
    assert command[1] == "--model 'organism/a b; rm -rf $HOME'"
    assert "--items 'my items/$x'" in command
    assert "--asker 'A; B'" in command


def test_a_folder_that_is_needed_and_not_known_is_left_to_fill_in() -> None:
    study = made("honest")[0]
    other = tuple(replace(one, digest="0" * 64) for one in study.banks)
    assert not any(piece.startswith(("--items", "--manipulations")) for piece in command_of(study))
    assert "--items DIR" in command_of(replace(study, banks=other))
    assert "--manipulations DIR" in command_of(replace(study, manipulations=other))
    assert "--items here" in command_of(replace(study, banks=other), [("--items", "here")])


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"preset": "quick", "seed": 7, "reading": "text"},
        {"allow_untrue": True, "asker": "Ada Lovelace"},
        {"models": ("openai/x", "a/b c"), "checks": ["audience", "scale"]},
        {"preset": "quick", "items": PUBLIC, "manipulations": PUBLIC / "manipulations"},
    ],
    ids=["plain", "quick", "untrue", "several", "own"],
)
def test_the_command_plans_the_same_study(choices: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    study = plan_study(**choices)
    folders = [(f"--{name}", str(choices[name])) for name in ("items", "manipulations") if name in choices]
    planned: list[Study] = []
    plan = request.planned

    def keep(asked: StudyRequest) -> Study:
        planned.append(plan(asked))
        return planned[-1]

    monkeypatch.setattr(request, "planned", keep)
    words = shlex.split(" ".join(command_of(study, folders)))
    assert words[:2] == ["goodheart", "audit"]
    assert main([*words[1:], "--plan"]) == 0
    assert [study_digest(one) for one in planned] == [study_digest(study)]
