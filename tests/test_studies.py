"""A whole study on a scripted provider: asked, resumed, analysed again, never asked twice."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from inspect_ai.model import ChatMessage, GenerateConfig, Model

from goodheart.design.study import Study, study_digest
from goodheart.engine.codec import study_from, study_json
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.errors import RunFolderError, StudyError
from goodheart.studies import analyse, plan_study, report_study, run_study
from goodheart.testing import ScriptedReply, scripted_model
from tests.respondents import Respondent, answer

Script = Callable[[Sequence[ChatMessage], GenerateConfig], ScriptedReply]


def study(n_trials: int | None = None, **changes: object) -> Study:
    whole = plan_study(preset="quick", models=["scripted/one"], reading="text", **changes)  # type: ignore[arg-type]
    small = whole.trials if n_trials is None else whole.trials[:: max(1, len(whole.trials) // n_trials)]
    return replace(whole, trials=tuple(replace(trial, repeats=1) for trial in small))


def polite(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
    if "Reply with" in messages[-1].text:
        return ScriptedReply(text="50/100" if "n/100" in messages[-1].text else "<b>5</b>")
    return ScriptedReply(text="I feel good." if "one of these" in messages[-1].text else "I feel calm.")


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], None]:
    def install(script: Script) -> None:
        def opened(respondent: str, settings: AskSettings) -> Model:
            return scripted_model(script)

        monkeypatch.setattr("goodheart.engine.ask.open_model", opened)

    return install


def test_a_study_leaves_every_file_that_others_rely_on(tmp_path: Path, scripted: Callable[[Script], None]) -> None:
    scripted(polite)
    (found,) = run_study(study(40), out=tmp_path / "run", settings=AskSettings())

    names = {path.name for path in (tmp_path / "run").iterdir()}
    table = pl.read_parquet(tmp_path / "run" / "observations.parquet")
    document = json.loads((tmp_path / "run" / "findings.json").read_text())
    assert names >= {"study.json", "replies.jsonl", "observations.parquet", "findings.json", "run.json", "report.html"}
    assert set(table["kind"]) == {"measured"}
    assert document["run"] == study_digest(study(40))
    assert {entry["check"]: entry["verdict"] for entry in document["verdicts"]} == {
        entry.check: entry.verdict for entry in found.verdicts
    }


def test_the_same_call_again_asks_nothing_and_finds_the_same(
    tmp_path: Path, scripted: Callable[[Script], None]
) -> None:
    scripted(polite)
    first = run_study(study(30), out=tmp_path, settings=AskSettings())

    def silent(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        raise AssertionError("asked again")

    scripted(silent)
    files = [(tmp_path / name).read_text() for name in ("findings.json", "report.html")]
    assert run_study(study(30), out=tmp_path, settings=AskSettings()) == first
    assert report_study(tmp_path) == first
    assert [(tmp_path / name).read_text() for name in ("findings.json", "report.html")] == files


def test_a_study_that_stopped_half_way_goes_on_to_the_same_findings(
    tmp_path: Path, scripted: Callable[[Script], None]
) -> None:
    scripted(polite)
    whole = run_study(study(30), out=tmp_path / "whole", settings=AskSettings())
    run_study(study(30), out=tmp_path / "cut", settings=AskSettings())
    journal = tmp_path / "cut" / "replies.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    # As a kill in the middle of writing the twelfth reply leaves it.
    journal.write_bytes(b"".join(lines[:11]) + lines[11][:20])

    assert run_study(study(30), out=tmp_path / "cut", settings=AskSettings()) == whole
    with Journal.open(tmp_path / "cut") as resumed:
        assert len(resumed.replies()) == len(study(30).trials)


def test_another_plan_in_the_folder_is_refused_with_the_difference(
    tmp_path: Path, scripted: Callable[[Script], None]
) -> None:
    scripted(polite)
    run_study(study(10), out=tmp_path, settings=AskSettings())

    with pytest.raises(RunFolderError, match="seed: 1 -> 2"):
        run_study(study(10, seed=2), out=tmp_path, settings=AskSettings())


def test_markup_in_a_reply_stays_text_in_the_report(tmp_path: Path, scripted: Callable[[Script], None]) -> None:
    def hostile(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        return ScriptedReply(text="5 <script>alert(1)</script>\x1b[31m")

    scripted(hostile)
    run_study(study(20), out=tmp_path, settings=AskSettings())
    page = (tmp_path / "report.html").read_text()

    assert "<script" not in page
    assert "\x1b" not in page


def test_a_plan_survives_its_file() -> None:
    planned = plan_study(preset="quick")
    back = study_from(json.loads(study_json(planned)), Path("run"))

    assert back == planned
    assert study_digest(back) == study_digest(planned)


def test_the_digest_follows_everything_that_is_frozen() -> None:
    planned = plan_study(preset="quick")
    others = [
        plan_study(preset="quick", seed=2),
        plan_study(preset="standard"),
        plan_study(preset="quick", models=["openai/x"]),
        replace(planned, thresholds=(("DELTA", 1.0),)),
        replace(planned, trials=planned.trials[1:]),
    ]

    assert plan_study(preset="quick") == planned
    assert len({study_digest(one) for one in (planned, *others)}) == 6


def test_an_unknown_preset_names_those_that_exist() -> None:
    with pytest.raises(StudyError, match=r"quick\|standard\|full"):
        plan_study(preset="huge")


def test_findings_do_not_depend_on_the_order_of_arrival() -> None:
    planned = plan_study(preset="quick")
    replies = answer(Respondent(), planned.trials, name=planned.models[0])

    assert analyse(planned, replies) == analyse(planned, replies[::-1])
