"""`goodheart inject` from the command line; finished folders are analysed without a model."""

import json
from pathlib import Path

import pytest

from goodheart import injections
from goodheart.cli.main import main
from goodheart.engine import injecting
from goodheart.engine.folder import RunFolder
from goodheart.engine.injection_files import plan_json
from goodheart.injection.responses import Answer
from goodheart.records import Projection, Reply, digest
from tests.injection.runs import TEXT_ONLY, answers, plan


def reply(answer: Answer, model: str) -> Reply:
    states = () if answer.state is None else (Projection(direction="valence", value=answer.state),)
    return Reply(
        respondent=model,
        trial=digest(answer.asking),
        repeat=0,
        text=answer.text,
        stop="stop",
        scores=answer.scores,
        projections=states,
    )


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A folder in which everything is answered."""
    one = plan(19)
    with RunFolder.open(tmp_path / "run", plan=plan_json(one), digest=one.digest) as folder:
        for answer in answers(TEXT_ONLY, one):
            folder.journal.append(reply(answer, one.model))
    return tmp_path / "run"


def test_plan_says_what_it_costs_and_opens_no_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(injecting, "open_model", lambda name, **_: pytest.fail("the model was opened"))
    assert main(["inject", "--plan", "--preset", "standard"]) == 0
    said = capsys.readouterr().out
    assert "199 random directions" in said
    assert "min for the embedded model on two quiet cores" in said


def test_a_finished_folder_is_analysed_without_a_model_and_nothing_specific_is_said_plainly(
    finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(injections, "open_injector", lambda *_, **__: pytest.fail("the model was opened"))
    assert main(["inject", "--nulls", "19", "--out", str(finished)]) == 0
    said = capsys.readouterr().out
    assert "Nothing of it is shown to be specific to itself" in said
    assert "Check injection:" in said
    assert "no evidence of suffering" in " ".join(said.split())
    assert "Run 1 of 1 of this plan" in said
    assert "Run 1 of 1 of this plan" in (finished / "injection.html").read_text()
    document = json.loads((finished / "injection.json").read_text())
    assert document["plan"]["n_nulls"] == 19
    assert "Nothing of it is shown" in (finished / "injection.html").read_text()


def test_a_folder_of_another_plan_is_refused(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inject", "--nulls", "20", "--out", str(finished)]) == 2
    said = capsys.readouterr().err
    assert "holds another" in said
    assert "n_nulls" in said


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--model", "openai/gpt-4o"], "provider that does neither"),
        (["--nulls", "5"], "--nulls 19"),
        (["--directions", "nowhere"], "goodheart probe fit"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_type_and_no_traceback(
    arguments: list[str], wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inject", "--plan", *arguments]) == 2
    said = capsys.readouterr().err
    assert wanted in said
    assert "Traceback" not in said
