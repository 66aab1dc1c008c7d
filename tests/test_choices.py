import csv
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig, Model

from goodheart.choice.parse import parse_choices
from goodheart.choices import compare_variations, plan_choices, report_choices, run_choices
from goodheart.cli.chosen import print_choices
from goodheart.design.choice_study import ChoiceStudy, choice_digest
from goodheart.engine.choice_files import read_rounds
from goodheart.engine.settings import AskSettings
from goodheart.errors import RunFolderError, StudyError
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser, choose
from goodheart.records import Trial
from goodheart.testing import ScriptedReply, scripted_model
from tests.choosers import study_of, utilities

ONE = Chooser(utilities=utilities(), noise_sd=0.3, order_effect=0.1)
Answer = Callable[[Sequence[ChatMessage], GenerateConfig], ScriptedReply]


def model_of(study: ChoiceStudy, folder: Path, *, fail_after: int | None = None, one: Chooser = ONE) -> Model:
    """A scripted model that answers as a simulated respondent, whatever round a question belongs to."""
    asked = {"n": 0}
    known: dict[tuple[str, int], Trial] = {}

    def learn(trials: Sequence[Trial]) -> None:
        known.update({(trial.messages[0].content, len(trial.continuations)): trial for trial in trials})

    learn(study.trials)

    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        asked["n"] += 1
        if fail_after is not None and asked["n"] > fail_after:
            raise KeyboardInterrupt
        text = next(message.text for message in messages if message.role == "user")
        key = (text, len((config.extra_body or {}).get("continuations", ())))
        if key not in known:
            learn([trial for later in read_rounds(folder) for trial in later])
        trial = known[key]
        reply = choose(one, trial, repeat=0, seed=1, respondent=study.model)
        return ScriptedReply(scores=tuple((score.text, score.logprob) for score in reply.scores))

    return scripted_model(script)


def run(study: ChoiceStudy, out: Path, **changes: int | Chooser | None) -> None:
    model = model_of(study, out, **changes)  # type: ignore[arg-type]
    run_choices(study, out=out, settings=AskSettings(max_connections=1), model=model)


def test_a_run_writes_what_others_rely_on(tmp_path: Path) -> None:
    study = study_of("preferences")
    out = tmp_path / "run"
    run(study, out)
    findings = json.loads((out / "findings.json").read_text())
    assert findings["run"] == choice_digest(study)
    assert {"order_effect", "held_out_accuracy", "wording_agreement"} <= {one["name"] for one in findings["estimates"]}
    assert [one["check"] for one in findings["verdicts"]] == ["order"]
    assert findings["statements"][0].startswith("A stable preference was shown")
    content = json.loads((out / "utilities.json").read_text())
    assert {"item", "utility", "low", "high", "rank_low", "rank_high"} == set(content["items"][0])
    assert content["zero"] == "opt_out"
    assert content["held_out"]["stable_preference"] is True
    text = (out / "choices.csv").read_text()
    (table,) = parse_choices(text, where="choices.csv").values()
    assert table.n_items == 16
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["outcome"] for row in rows} == {"left", "right", "opt_out"}
    assert read_rounds(out), "later rounds were asked"


def test_a_run_that_was_killed_in_a_later_round_goes_on_and_ends_with_the_same_findings(tmp_path: Path) -> None:
    study = study_of("preferences")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run(study, whole)
    with pytest.raises(KeyboardInterrupt):
        run(study, killed, fail_after=len(study.trials) + 1)
    frozen = read_rounds(killed)
    assert frozen == read_rounds(whole), "the round was frozen before its first question"
    run(study, killed)
    for name in ("findings.json", "choices.csv", "utilities.json", "rounds.json"):
        assert (killed / name).read_text() == (whole / name).read_text(), name


def test_a_run_that_was_killed_in_the_first_round_ends_with_the_same_findings(tmp_path: Path) -> None:
    study = study_of("preferences")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run(study, whole)
    with pytest.raises(KeyboardInterrupt):
        run(study, killed, fail_after=40)
    assert read_rounds(killed) == ()
    run(study, killed)
    assert (killed / "findings.json").read_text() == (whole / "findings.json").read_text()


def test_a_run_is_counted_once_however_often_it_goes_on_and_says_which_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    with pytest.raises(KeyboardInterrupt):
        run(study_of("dominated"), first, fail_after=10)
    start = (first / "start.json").read_text()
    run(study_of("dominated"), first)
    assert (first / "start.json").read_text() == start
    assert "Run 1 of 1 of this plan on it" in (first / "report.html").read_text()
    run(study_of("dominated", seed=2), other)
    assert "Run 2 of 2 of this plan on it" in (other / "report.html").read_text()
    print_choices(report_choices(first), first)
    assert "Run 1 of 2 of this plan on it" in " ".join(capsys.readouterr().out.split())
    assert "Run 1 of 2 of this plan on it" in (first / "report.html").read_text()


def test_a_folder_is_read_again_without_a_model(tmp_path: Path) -> None:
    study = study_of("dominated")
    run(study, tmp_path / "run")
    before = (tmp_path / "run" / "findings.json").read_text()
    found = report_choices(tmp_path / "run")
    assert found.findings.verdicts[0].verdict == "holds"
    assert (tmp_path / "run" / "findings.json").read_text() == before


def test_a_folder_belongs_to_one_plan(tmp_path: Path) -> None:
    run(study_of("dominated"), tmp_path / "run")
    with pytest.raises(RunFolderError, match="seed: 1 -> 2"):
        run(study_of("dominated", seed=2), tmp_path / "run")


def test_two_runs_of_variations_are_compared(tmp_path: Path) -> None:
    study = study_of("variations")
    study = replace(study, trials=tuple(one for one in study.trials if dict(one.condition)["variable"] in SMALL))
    run(study, tmp_path / "a", one=Chooser(slopes=(("tedium", -0.8),), noise_sd=0.2))
    run(study, tmp_path / "b", one=Chooser(noise_sd=0.3))
    gaps = compare_variations(tmp_path / "a", tmp_path / "b")
    assert gaps[0].variable == "tedium"
    run(study_of("dominated"), tmp_path / "c")
    with pytest.raises(RunFolderError, match="goodheart choose variations"):
        compare_variations(tmp_path / "a", tmp_path / "c")


SMALL = ("tedium", "importance")


def test_broken_rounds_are_told_and_nothing_is_asked(tmp_path: Path) -> None:
    study = study_of("dominated")
    run(study, tmp_path / "run")
    (tmp_path / "run" / "rounds.json").write_text("{")
    with pytest.raises(RunFolderError, match=r"rounds\.json must hold the rounds"):
        run(study, tmp_path / "run")


def test_a_plan_is_refused_in_three_parts() -> None:
    with pytest.raises(StudyError, match=r"got 'everything'.*goodheart choose preferences\|"):
        plan_choices("everything", model="a/b")
    with pytest.raises(StudyError, match=r"got 'huge'.*--preset quick\|standard\|full"):
        plan_choices("dominated", model="a/b", preset="huge")


def test_the_same_arguments_give_the_same_digest_and_others_another() -> None:
    one = plan_choices("tradeoffs", model="a/b", preset="quick")
    assert choice_digest(one) == choice_digest(plan_choices("tradeoffs", model="a/b", preset="quick"))
    assert choice_digest(one) != choice_digest(plan_choices("tradeoffs", model="a/b", preset="quick", seed=2))
    assert choice_digest(one) != choice_digest(plan_choices("tradeoffs", model="a/c", preset="quick"))


def test_items_that_changed_since_are_noticed(tmp_path: Path) -> None:
    run(study_of("dominated"), tmp_path / "run")
    items = public_choice_items()
    changed = replace(items, sources=tuple(replace(one, digest="0" * 64) for one in items.sources))
    shutil.copytree(tmp_path / "run", tmp_path / "copy")
    with pytest.raises(RunFolderError, match="dominated, families"):
        report_choices(tmp_path / "copy", items=changed)
