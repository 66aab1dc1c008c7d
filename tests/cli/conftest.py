from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.cli.main import main
from goodheart.cli.terminal import console
from goodheart.design.presets import PRESETS, QUICK
from goodheart.engine import ask
from goodheart.testing import Script, ScriptedReply, scripted_model

NAME = "goodheart/scripted"
"""Named like a model of our own, so that scales are scored and every cell is asked once."""

TINY = replace(
    QUICK,
    name="tiny",
    n_circumstances=3,
    base_instruments=("digits",),
    other_instruments=(),
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> str:
    """A preset small enough for a test."""
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    return "tiny"


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], None]:
    """Put a script in the place of whatever model is named."""

    def use(script: Script) -> None:
        monkeypatch.setattr(ask, "open_model", lambda respondent, settings: scripted_model(script))

    return use


@pytest.fixture
def goodheart(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line; returns exit code, standard output and standard error."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        console.cache_clear()
        code = main([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return run


def scored(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
    """Rate the same whatever is asked."""
    continuations = (config.extra_body or {})["continuations"]
    return ScriptedReply(scores=tuple((text, -1.0 - place / 10) for place, text in enumerate(continuations)))


def copy_public_items(folder: Path) -> None:
    """Make a folder of items; they are the public ones."""
    folder.mkdir()
    for entry in files("goodheart.items").joinpath("public").iterdir():
        if entry.name.endswith((".yaml", ".csv")):
            (folder / entry.name).write_text(entry.read_text(encoding="utf-8"), encoding="utf-8")
