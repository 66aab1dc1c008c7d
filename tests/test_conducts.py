import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from inspect_ai.model import ChatMessage, GenerateConfig
from typer.testing import CliRunner

from goodheart.cli.conduct import print_conduct
from goodheart.cli.main import app
from goodheart.conduct.simulate import Actor
from goodheart.conduct.study import conduct_digest
from goodheart.conducts import plan_conduct, report_conduct, run_conduct
from goodheart.engine.settings import AskSettings
from goodheart.errors import ItemBankError, RunFolderError, StudyError
from goodheart.items.conduct_items import load_conduct_items, public_conduct_items
from goodheart.testing import scripted_model
from tests.conduct.staged import found, plan, wishes

MODEL, PEER = "scripted/subject", "scripted/peer"
SETTINGS = AskSettings(reading="text", max_connections=4)


def subject(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
    """Prefer the longer text, do a line of work, leave when it is told how."""
    text, n = messages[0].text, len(messages)
    if "name of the topic" in text:
        return "Tide pools"
    if "small world" in text:
        return ("READ", "GO Elderberry", "LEAVE")[min(n // 2, 2)]
    if "per cent" in text:
        return "50"
    if "one of three numbers" in text:
        return "3"
    if "A: " in text and n == 1:
        lines = {line[0]: len(line) for line in text.splitlines() if line[:3] in ("A: ", "B: ")}
        return "A" if lines["A"] >= lines["B"] else "B"
    if "letters, one after the other" in text:
        return "STOP"
    return "1. one thing\n2. another thing"


def test_a_run_carries_out_what_was_planned_and_can_be_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = plan_conduct(model=MODEL, preset="quick", peer=PEER, tools="text")
    out = tmp_path / "run"
    peer = scripted_model(lambda messages, config: "60", name="peer")
    first = run_conduct(study, out=out, settings=SETTINGS, model=scripted_model(subject), peer_model=peer)
    names = {"study.json", "stated.json", "findings.json", "care.json", "conversations.json", "run.json"}
    assert names <= {path.name for path in out.iterdir()}
    assert json.loads((out / "stated.json").read_text())["stated"]["topic"] == "Tide pools"
    assert {one.kind for one in first.findings.kinds} == {"measured"}, "one call carries every conversation to its end"
    counts = {part: dict(entries) for part, entries in first.counts}
    assert counts["turns in the world"] == {"left": 6, "no such room": 6, "not in a room": 6}
    assert counts["conversations that can be left"] == {"left by phrase": 18}, "any signal is honoured"
    assert counts["picks"].keys() <= {"the first", "the second"}
    assert sum(counts["picks"].values()) == sum(counts["stated preferences"].values()) == 24
    assert all(one.honoured for one in first.care.departures)
    assert [verdict.check for verdict in first.findings.verdicts] == ["conduct", "effort"]
    assert f"guessed by {PEER}" in " ".join(first.statements)
    assert report_conduct(out) == first
    assert json.loads((out / "start.json").read_text())["respondents"] == [MODEL], "the peer only guesses"
    start = (out / "start.json").read_text()
    run_conduct(study, out=out, settings=SETTINGS, model=scripted_model(subject), peer_model=peer)
    assert (out / "start.json").read_text() == start, "going on is the same run"
    assert "Run 1 of 1 of this plan on it" in (out / "report.html").read_text()
    print_conduct(first, out)
    assert "Run 1 of 1 of this plan on it" in " ".join(capsys.readouterr().out.split())


def test_every_reply_unreadable_is_said_and_nothing_becomes_a_zero(tmp_path: Path) -> None:
    study = plan_conduct(model=MODEL, preset="quick", tools="text")
    out = tmp_path / "run"
    result = run_conduct(
        study, out=out, settings=SETTINGS, model=scripted_model(lambda messages, config: "the of " * 9)
    )
    counts = {part: dict(entries) for part, entries in result.counts}
    assert set(counts["picks"]) == {"unreadable"} == set(counts["the game"])
    assert set(counts["turns in the world"]) == {"unparsed"}
    assert [verdict.verdict for verdict in result.findings.verdicts] == ["cannot_tell", "cannot_tell"]
    assert "No favourite topic" in result.statements[0]
    unread = [one for one in result.findings.estimates if one.name in ("letters_read", "price_slope")]
    own = [one for one in result.findings.estimates if one.name == "forecast_score" and ("by", "self") in one.about]
    read = (*unread, *own)
    assert read
    assert all(hasattr(one, "reason") for one in read)


def test_findings_of_a_simulated_respondent_name_what_they_estimate() -> None:
    result = found(Actor(utilities=wishes(plan(), np.random.default_rng(1)), leaves="unpleasant", wrong_moves=0.2))
    page = (Path(__file__).parents[1] / "docs" / "conduct.md").read_text(encoding="utf-8")
    names = {one.name for one in result.findings.estimates}
    names |= {part.finding.name for verdict in result.findings.verdicts for part in verdict.parts}
    assert sorted(name for name in names if f"`{name}`" not in page) == []
    assert dict(dict(result.counts)["turns in the world"])["no such room"] > 0


def test_the_same_plan_has_the_same_digest_and_another_seed_another() -> None:
    one, same, other = (plan_conduct(model=MODEL, preset="quick", seed=seed) for seed in (1, 1, 2))
    assert conduct_digest(one) == conduct_digest(same) != conduct_digest(other)
    assert one.tools == "native"
    assert plan_conduct(model="goodheart/smollm2-135m").tools == "text"


def test_what_a_user_can_mend_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="--preset quick"):
        plan_conduct(model=MODEL, preset="huge")
    with pytest.raises(StudyError, match="leave --peer out"):
        plan_conduct(model=MODEL, peer=MODEL)
    with pytest.raises(RunFolderError):
        report_conduct(tmp_path)
    with pytest.raises(ItemBankError) as caught:
        load_conduct_items(tmp_path)
    assert len(caught.value.problems) == 2
    assert len(public_conduct_items().tasks) == 24


def test_the_command_says_what_it_would_cost_and_asks_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["conduct", "--preset", "quick", "--plan", "--out", str(tmp_path / "x")])
    assert done.exit_code == 0
    assert "At most" in done.output
    assert "rude letters" in done.output
    assert not (tmp_path / "x").exists()
