import html
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.cli.request import combined, planned
from goodheart.design.presets import PRESETS, QUICK
from goodheart.engine.plan import EMBEDDED
from goodheart.engine.study_file import StudyRequest
from goodheart.testing import Script, ScriptedError, ScriptedReply

from .conftest import NAME, copy_public_items, scored

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
    assert "Checks that are not asked in this study: framing, audience, demand, grounds," in out
    assert "Run 1 of 1 of this plan on it, whatever the seed, recorded on this machine." in out
    assert "not true" not in out


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
    assert "scale, retest, person, leading, framing" in out.split(" can fail or decline, but hardly hold")[0]
    assert "audience can fail or decline, but not hold: declining is seen as yes or no" in out
    for check in ("scale", "retest", "person", "leading", "framing", "audience", "demand"):
        assert sum(line.split()[:1] == [check] for line in out.splitlines()) >= 1
    assert "Every check of the battery is asked." in out
    assert "Nothing that it is told is untrue" in out


def test_a_quick_plan_names_what_it_cannot_show_and_what_it_does_not_ask(goodheart: Run) -> None:
    code, out, _ = goodheart("audit", "--plan", "--preset", "quick")
    assert code == 0
    assert "scale can fail or decline, but not hold: there is one wording of each circumstance" in out
    assert "retest can fail or decline, but not hold: with one wording of each circumstance" in out
    assert "Checks that are not asked in this study: framing, audience, demand, grounds," in out


def test_a_plan_of_one_circumstance_names_the_checks_that_can_only_decline(
    goodheart: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "two", replace(QUICK, name="two", n_circumstances=2))
    _, out, _ = goodheart("audit", "--plan", "--preset", "two")
    mute = [line.split()[0] for line in out.splitlines() if "can only answer cannot_tell" in line]
    assert mute == ["scale", "retest", "leading"]
    assert "with 2 circumstances in a comparison no effect on the scale is large enough to be shown" in out


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


def test_untrue_arms_are_announced_in_one_line_and_stand_in_the_report(
    goodheart: Run, answering: Use, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = replace(
        PRESETS["standard"],
        name="untrue",
        n_circumstances=2,
        n_wordings=1,
        base_instruments=("digits",),
        other_instruments=(),
        perturbations=(),
        nonwelfare=False,
        free_replies=None,
        manipulations=("audience",),
        n_manipulated=2,
        n_reactions=2,
        checks=("audience",),
    )
    monkeypatch.setitem(PRESETS, "untrue", small)
    answering(scored)
    arguments = ("audit", "--model", NAME, "--preset", "untrue")
    _, plain, _ = goodheart(*arguments, "--out", tmp_path / "plain")
    _, out, _ = goodheart(*arguments, "--out", tmp_path / "untrue", "--allow-untrue")
    assert "not true" not in plain
    (line,) = [line for line in out.splitlines() if "statements that are not true" in line]
    assert line.startswith("It is told ")
    assert "--no-allow-untrue leaves them out." in line
    told = json.loads((tmp_path / "untrue" / "study.json").read_text())["told"]
    untrue = [one["text"] for one in told if one["truth"] == "untrue"]
    page = html.unescape((tmp_path / "untrue" / "report.html").read_text())
    assert len(untrue) > 1
    assert f"{len(untrue)} statements that are not true" in line
    assert [text for text in untrue if text.replace("|", " / ") not in page] == []
    assert "--allow-untrue" in page


def test_the_embedded_model_alone_is_asked_untrue_arms_unless_told_otherwise(goodheart: Run) -> None:
    _, alone, _ = goodheart("audit", "--plan")
    _, off, _ = goodheart("audit", "--plan", "--no-allow-untrue")
    _, both, _ = goodheart("audit", "--plan", "--model", EMBEDDED, "--model", "openai/x")
    assert "statements that are not true (audience " in alone
    for out in (off, both):
        assert "Nothing that it is told is untrue" in out


def test_who_asks_is_told_to_the_respondent(goodheart: Run, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("asker: Ada Lovelace\nchecks: [audience]\n")
    request = combined(tmp_path / "study.yaml", StudyRequest())
    study = planned(request)
    assert study.asker == "Ada Lovelace"
    assert any("Ada Lovelace" in one.text and one.truth == "true" for one in study.told)
    code, _, err = goodheart("audit", "--plan", "--asker", " ")
    assert code == 2
    assert "--asker 'Ada Lovelace'" in err


def test_a_check_without_its_arms_is_refused_with_what_is_missing(goodheart: Run, tmp_path: Path) -> None:
    code, out, err = goodheart("audit", "--plan", "--preset", "quick", "--check", "framing", "--check", "scale")
    assert (code, out) == (2, "")
    assert "framing is missing @ checks: framing" in err
    (tmp_path / "study.yaml").write_text("checks: [leading, audience]\nmanipulations: mine\n")
    (tmp_path / "mine").mkdir()
    public = Path(str(files("goodheart.items").joinpath("public", "manipulations")))
    for name in ("leading.yaml", "evidence.yaml"):
        (tmp_path / "mine" / name).write_text((public / name).read_text())
    code, _, err = goodheart("audit", tmp_path / "study.yaml", "--plan")
    assert code == 2
    assert "audience is missing @ checks: audience" in err
    assert "leave the check out" in err
    code, out, _ = goodheart("audit", tmp_path / "study.yaml", "--plan", "--check", "leading")
    assert code == 0
    assert "Checks that are not asked in this study: scale, retest, person, framing, audience, demand, grounds," in out


def test_a_check_that_does_not_exist_is_refused_with_those_that_do(goodheart: Run) -> None:
    code, _, err = goodheart("audit", "--plan", "--check", "farming")
    assert code == 2
    assert "no such check @ checks: farming" in err
    assert "scale, retest, person, leading, framing, audience, demand" in err


def test_the_command_that_repeats_a_run_has_the_users_own_folders(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    answering(scored)
    own = tmp_path / "my items"
    copy_public_items(own)
    arguments = ("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run", "--items", own)
    code, _, err = goodheart(*arguments)
    assert (code, err.count("Traceback")) == (0, 0)
    assert json.loads((tmp_path / "run" / "run.json").read_text())["folders"] == [["--items", str(own)]]
    assert str(own) not in (tmp_path / "run" / "study.json").read_text()
    page = html.unescape((tmp_path / "run" / "report.html").read_text())
    assert f"--items '{own}'" in page
    goodheart("report", tmp_path / "run")
    assert html.unescape((tmp_path / "run" / "report.html").read_text()) == page


def test_the_second_run_of_a_plan_says_so_and_going_on_is_no_second_run(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path
) -> None:
    answering(scored)
    arguments = ("audit", "--model", NAME, "--preset", tiny)
    goodheart(*arguments, "--out", tmp_path / "a")
    _, second, _ = goodheart(*arguments, "--out", tmp_path / "b", "--seed", "2")
    _, again, _ = goodheart(*arguments, "--out", tmp_path / "b", "--seed", "2")
    _, first, _ = goodheart("report", tmp_path / "a")
    for out in (second, again):
        assert "Run 2 of 2 of this plan on it" in out
    assert "Run 1 of 2 of this plan on it" in first
    assert "Run 2 of 2 of this plan on it" in (tmp_path / "b" / "report.html").read_text()
    counts = json.loads((tmp_path / "b" / "run.json").read_text())["runs"]["counts"]
    assert counts == [{"respondent": NAME, "number": 2, "of": 2}]


def test_a_ledger_that_cannot_be_written_is_said_and_stops_nothing(
    goodheart: Run, answering: Use, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(scored)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GOODHEART_STATE", str(tmp_path / "file"))
    code, out, _ = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run")
    assert code == 0
    assert "How often this plan was run on it is not known: the ledger of runs in" in out
    assert "is not known" in (tmp_path / "run" / "report.html").read_text()


def test_a_run_over_its_cap_is_not_begun(goodheart: Run, answering: Use, tiny: str, tmp_path: Path) -> None:
    answering(scored)
    code, _, err = goodheart("audit", "--model", NAME, "--preset", tiny, "--out", tmp_path / "run", "--cap-calls", "10")
    assert code == 2
    assert "the cap is 10" in err
