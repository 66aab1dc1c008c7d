import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.design.presets import PRESETS, QUICK
from goodheart.testing import Script, ScriptedError, ScriptedReply

from .conftest import NAME, scored

Run = Callable[..., tuple[int, str, str]]
Use = Callable[[Script], None]
ROOT = Path(__file__).parents[2]


def test_a_run_ends_with_a_summary_and_a_report(goodheart: Run, answering: Use, tiny: str, tmp_path: Path) -> None:
    answering(scored)
    code, out, _ = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    assert code == 0
    assert NAME in out
    # It rates everything alike, so no control can pass.
    assert "No form of asking is valid for this model (digits)" in out
    assert out.count("cannot tell") == 4
    assert str(tmp_path / "run" / "report.html") in out
    assert "No result here is evidence for or against moral patienthood" in out
    assert {path.name for path in (tmp_path / "run").iterdir()} >= {"study.json", "findings.json", "report.html"}


def test_the_same_command_again_asks_nothing_and_finds_the_same(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    arguments = ("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    answering(scored)
    _, first, _ = goodheart(*arguments)
    findings = (tmp_path / "run" / "findings.json").read_text()

    def refuse(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        raise ScriptedError("asked again")

    answering(refuse)
    code, second, err = goodheart(*arguments)
    assert (code, second, err) == (0, first, "")
    assert (tmp_path / "run" / "findings.json").read_text() == findings


def test_failed_askings_are_counted_and_asked_again(goodheart: Run, answering: Use, tiny: str, tmp_path: Path) -> None:
    calls: list[int] = []

    def now_and_then(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        calls.append(1)
        if len(calls) % 40 == 0:
            raise ScriptedError("not now")
        return scored(messages, config)

    answering(now_and_then)
    arguments = ("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    _, out, _ = goodheart(*arguments)
    assert f"{len(calls) // 40} failed. The same command asks the failed ones again." in out
    answering(scored)
    _, out, _ = goodheart(*arguments)
    assert "failed" not in out.split("Report:")[0]


def test_terminal_sequences_in_a_models_name_do_not_reach_the_terminal(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    answering(scored)
    name = "goodheart/\x1b[31m[bold]evil\x1b]0;owned\x07"
    code, out, err = goodheart("audit", "--model", name, "--preset", tiny, "--out", tmp_path / "run")
    assert code == 0
    assert "goodheart/[bold]evil" in out
    assert "\x1b" not in out + err
    assert "owned" not in out + err


def test_terminal_sequences_in_a_reply_do_not_reach_the_terminal(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    def fail(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        raise ScriptedError("\x1b[2J[red]rubbish[/red]\x9b1A")

    answering(fail)
    code, out, err = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    assert (code, out) == (2, "")
    assert "[red]rubbish[/red]" in err
    assert "\x1b" not in err
    assert "\x9b" not in err


def test_ctrl_c_stops_the_run_and_the_same_command_goes_on(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    journal = tmp_path / "run" / "replies.jsonl"
    command = [sys.executable, "-m", "tests.cli.slow_audit", str(tmp_path / "run")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr is not None
        while process.poll() is None and not (journal.exists() and journal.read_text().count("\n") >= 5):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert err.endswith("\nStopped. Nothing is lost; the same command goes on.\n")
    kept = journal.read_text().count("\n")
    calls: list[int] = []

    def count(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        calls.append(1)
        return scored(messages, config)

    answering(count)
    code, out, _ = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    assert code == 0
    assert f"Askings: {kept + len(calls)} measured." in out


def test_a_plan_asks_nothing_and_needs_neither_torch_nor_a_folder(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from goodheart.cli.main import main\n"
        "sys.exit(main(['audit', '--plan', '--preset', 'quick']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "930" in done.stdout
    assert "Nothing was asked." in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_plan_says_what_it_costs_and_what_it_cannot_show(goodheart: Run) -> None:
    code, out, _ = goodheart(
        "audit", "--plan", "--model", "openai/gpt-5", "--model", "openai/other", "--price", "openai/gpt-5=1.25,10"
    )
    assert code == 0
    row = next(line for line in out.splitlines() if "openai/gpt-5 " in line)
    _, calls, tokens_in, tokens_out, usd = row.split()
    assert float(usd) == pytest.approx(
        (int(tokens_in.replace(",", "")) * 1.25 + int(tokens_out.replace(",", "")) * 10) / 1e6, abs=0.01
    )
    assert int(calls.replace(",", "")) > 1000
    assert "unknown; give --price" in out
    seven = "scale, retest, person, leading, framing, audience, demand"
    assert f"{seven} can fail or decline, but hardly hold" in out


def test_a_plan_of_one_circumstance_names_the_checks_that_can_only_decline(
    goodheart: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "two", replace(QUICK, name="two", n_circumstances=2))
    _, out, _ = goodheart("audit", "--plan", "--preset", "two")
    assert "scale, retest" in next(line for line in out.splitlines() if "can only answer cannot_tell" in line)


def test_an_unknown_preset_says_which_there_are(goodheart: Run) -> None:
    code, _, err = goodheart("audit", "--preset", "huge")
    assert code == 2
    assert "'huge'" in err
    assert "quick|standard|full" in err


def test_options_win_over_the_study_file(goodheart: Run, answering: Use, tiny: str, tmp_path: Path) -> None:
    answering(scored)
    (tmp_path / "study.yaml").write_text("name: mine\npreset: quick\nseed: 7\nout: run\n")
    code, _, _ = goodheart("audit", tmp_path / "study.yaml", "--preset", tiny, "--model", NAME)
    plan = json.loads((tmp_path / "run" / "study.json").read_text())
    assert code == 0
    assert (plan["name"], plan["preset"]["name"], plan["seed"], plan["models"]) == ("mine", tiny, 7, [NAME])


def test_a_run_over_its_cap_is_not_begun(goodheart: Run, answering: Use, tiny: str, tmp_path: Path) -> None:
    answering(scored)
    code, _, err = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run", "--cap-calls", "10")
    assert code == 2
    assert "the cap is 10" in err
