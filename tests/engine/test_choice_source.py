"""Preferences as Inspect's own task: the same pairs and utilities as our runner's, and what resumes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai import Task, eval_retry, eval_set, task
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import get_model

from goodheart.assessments.contests import choices_of
from goodheart.assessments.preferences import chosen_tasks, next_round, plan
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.utilities import Utilities, utilities_of
from goodheart.design.choice_study import QUICK
from goodheart.engine import choice_source
from goodheart.engine.ask import ask
from goodheart.engine.choice_files import choices_csv
from goodheart.engine.choice_plan import next_trials, plan_choices
from goodheart.engine.choice_source import asked_in, preferences, preferences_task
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.errors import StudyError
from goodheart.items.choices import public_choice_items
from goodheart.reading.choices import AskedChoice, read_choices
from goodheart.records import Reply, Trial
from goodheart.records.chosen import Chosen
from tests.engine.picker import CALLS, ITEMS

SIZE = replace(QUICK, n_tasks=6, n_rounds=2, pairs_a_round=5)
FIRST, ALL = 24, 44
"""Askings of the first round, and of all: twice 6 pairs in both orders, then twice 5."""


@task
def few_preferences(rounds: int = 2) -> Task:
    return preferences_task(ITEMS, preset=replace(SIZE, n_rounds=rounds), seed=3, sampled=True)


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[str]]:
    prompts: list[str] = []
    CALLS.update(prompts=prompts, fail_after=10**9)
    yield prompts
    CALLS.clear()


def evaluate(tmp_path: Path, **more: Any) -> EvalLog:
    (log,) = inspect_eval(
        few_preferences(),
        model="picker/one",
        display="none",
        log_dir=str(tmp_path / "logs"),
        log_realtime=False,
        ctl_server=False,
        **more,
    )
    return log


def by_our_own_runner(folder: Path) -> tuple[list[Trial], tuple[Reply, ...]]:
    """What `run_choices` does between opening and analysing a run folder."""
    study = plan_choices("preferences", model="picker/one", preset="quick", seed=3, items=ITEMS)
    assert study.sampled
    trials = list(plan(items=ITEMS, preset=SIZE, seed=3, sampled=True))
    study = replace(study, preset=SIZE, trials=tuple(trials))
    with Journal.open(folder) as journal:
        for number in range(1, 9):
            ask(
                trials,
                respondent="picker/one",
                seed=3,
                journal=journal,
                settings=AskSettings(),
                log_dir=folder / "own",
                model=get_model("picker/one", memoize=False),
            )
            later = next_trials(study, ITEMS, number=number, trials=trials, replies=journal.replies())
            if not later:
                break
            trials += later
        return trials, journal.replies()


def utilities_in(asked: Sequence[AskedChoice], tasks: Sequence[str]) -> Utilities:
    fitted = fit_choices(choices_of(asked, items=tasks), ChoiceModel())
    return utilities_of(fitted, level=0.95, rng=np.random.default_rng(0))


def table(log: EvalLog) -> str:
    return choices_csv(asked_in(log), respondent="picker/one")


def test_pairs_choices_and_utilities_are_those_of_our_own_runner(tmp_path: Path, calls: list[str]) -> None:
    log = evaluate(tmp_path)
    assert (log.status, len(calls)) == ("success", ALL), log.error
    calls.clear()
    trials, replies = by_our_own_runner(tmp_path)
    assert len(calls) == ALL
    own = read_choices(trials, replies, respondent="picker/one")
    assert [(one.digest, one.outcome) for one in asked_in(log)] == [(one.digest, one.outcome) for one in own]
    tasks = [one.id for one in chosen_tasks(ITEMS, preset=SIZE, seed=3)]
    mine, theirs = (utilities_in(each, tasks) for each in (own, asked_in(log)))
    np.testing.assert_array_equal(mine.values, theirs.values)
    np.testing.assert_array_equal(mine.low, theirs.low)


def test_the_order_in_which_replies_arrive_does_not_matter(tmp_path: Path) -> None:
    assert table(evaluate(tmp_path / "one", max_samples=1)) == table(evaluate(tmp_path / "many", max_samples=16))


def test_a_log_that_broke_off_resumes_with_the_same_pairs(tmp_path: Path, calls: list[str]) -> None:
    whole = table(evaluate(tmp_path / "whole"))
    calls.clear()
    CALLS["fail_after"] = 31  # in the middle of the second round
    broken = evaluate(tmp_path / "broken", max_samples=1)
    failed = [sample for sample in broken.samples or () if sample.error]
    assert failed
    assert "out of service" in failed[0].error.message  # type: ignore[union-attr]
    calls.clear()
    CALLS["fail_after"] = 10**9
    (log,) = eval_retry(
        read_eval_log(broken.location), log_dir=str(tmp_path / "retry"), display="none", ctl_server=False
    )
    assert log.status == "success"
    assert len(calls) == ALL - 31
    assert table(log) == whole


def test_a_model_that_always_fails_ends_the_task_with_the_reason(tmp_path: Path) -> None:
    CALLS["fail_after"] = 0
    log = evaluate(tmp_path)
    assert log.status == "error"
    assert log.error is not None
    assert "8 askings in a row failed in the same way" in log.error.message


def test_an_eval_set_goes_on_after_an_outage_and_asks_nothing_twice(tmp_path: Path, calls: list[str]) -> None:
    whole = table(evaluate(tmp_path))
    calls.clear()
    CALLS["fail_after"] = 0

    def attempt() -> tuple[bool, list[EvalLog]]:
        return eval_set(
            [few_preferences()],
            log_dir=str(tmp_path / "set"),
            model="picker/one",
            display="none",
            retry_attempts=0,
            ctl_server=False,
        )

    done, _ = attempt()
    assert not done
    assert not calls
    CALLS["fail_after"] = 10**9
    done, _ = attempt()
    assert done
    assert len(calls) == ALL
    (path,) = {path for path in (tmp_path / "set").glob("*.eval") if read_eval_log(str(path)).status == "success"}
    assert table(read_eval_log(str(path))) == whole


def test_choices_are_scored_by_what_was_shown_first(tmp_path: Path) -> None:
    log = evaluate(tmp_path)
    assert log.results is not None
    (score,) = log.results.scores
    outcomes = [one.outcome for one in asked_in(log)]
    first = [float(one.option == 0) for one in outcomes if isinstance(one, Chosen)]
    assert score.metrics["mean_points"].value == pytest.approx(np.mean(first))
    assert (score.metrics["measured"].value, len(first)) == (ALL, ALL)


def test_it_stops_when_the_ranking_is_precise(tmp_path: Path, calls: list[str], monkeypatch: Any) -> None:
    asked_for: list[int] = []

    def precise(**arguments: Any) -> Any:
        asked_for.append(arguments["number"])
        return next_round(**arguments) if arguments["number"] < 2 else ()

    monkeypatch.setattr(choice_source, "next_round", precise)
    (log,) = inspect_eval(
        few_preferences(rounds=50), model="picker/one", display="none", log_dir=str(tmp_path), ctl_server=False
    )
    assert (log.status, asked_for, len(calls)) == ("success", [1, 2], FIRST + 10)


def test_the_registered_task_lays_out_the_first_round_and_refuses_what_is_none() -> None:
    made = preferences(preset="quick", seed=2, rounds=0)
    first = plan(items=public_choice_items(), preset=QUICK, seed=2, sampled=False)
    assert len(made.dataset) == len(first)
    with pytest.raises(StudyError, match="quick, standard, full"):
        preferences(preset="huge")
    with pytest.raises(StudyError, match="counted from 0"):
        preferences(rounds=-1)


def test_a_log_of_another_task_is_refused(tmp_path: Path) -> None:
    log = evaluate(tmp_path, limit=1)
    assert len(asked_in(log)) == 1
    assert log.samples is not None
    log.samples[0].store.clear()
    with pytest.raises(StudyError, match="inspect eval goodheart/preferences"):
        asked_in(log)
