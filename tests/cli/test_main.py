from collections.abc import Callable

import pytest

from goodheart import __version__
from goodheart.cli.main import app
from goodheart.engine import plan
from goodheart.errors import StudyError

Run = Callable[..., tuple[int, str, str]]


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    return fail


ASKING = ("audit", "choose", "conduct")
READING = ("report", "compare", "lineage", "overview", "code", "rank")
COMMANDS = (*ASKING, *READING, "inject", "validate", "fetch", "doctor")


def test_only_commands_that_work_are_shown(goodheart: Run) -> None:
    code, out, _ = goodheart("--help")
    assert code == 0
    assert [command.callback.__name__ for command in app.registered_commands if command.callback] == [*COMMANDS]
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(goodheart: Run, command: str) -> None:
    code, out, err = goodheart(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: goodheart {command}")


def test_the_version_is_printed(goodheart: Run) -> None:
    assert goodheart("--version") == (0, f"goodheart {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments", [("ponder",), ("audit", "--prest", "quick"), ("audit", "--seed", "-1"), ("report",)]
)
def test_a_wrong_command_line_is_the_users_to_mend(goodheart: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = goodheart(*arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_what_the_user_can_mend_is_said_without_a_traceback(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "plan_study", raising(StudyError("Say \x1b[31mwhat\x1b[0m.", problems=["a @ b: c"])))
    code, out, err = goodheart("audit")
    assert (code, out, err) == (2, "", "Say what.\n  - a @ b: c\n")


def test_an_interrupted_run_says_that_nothing_is_lost(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "plan_study", raising(KeyboardInterrupt()))
    code, _, err = goodheart("audit")
    assert code == 130
    assert "Nothing is lost; the same command goes on." in err


def test_a_bug_shows_its_traceback_and_asks_for_a_report(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "plan_study", raising(ZeroDivisionError("\x1b]0;x\x07by nought")))
    code, _, err = goodheart("audit")
    assert code == 1
    assert "Traceback" in err
    assert "ZeroDivisionError: by nought" in err
    assert "Please report it" in err
