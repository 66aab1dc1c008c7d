from collections.abc import Iterator, Sequence

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.engine.tasks import circumstances
from goodheart.errors import StudyError
from goodheart.testing import Script, ScriptedError, ScriptedReply, scripted_model


def evaluate(tmp_path: object, script: Script, *, limit: int = 12) -> EvalLog:
    (log,) = inspect_eval(
        circumstances(preset="quick"),
        model=scripted_model(script),
        display="none",
        log_dir=str(tmp_path),
        limit=limit,
        max_samples=1,
        max_retries=0,
        log_realtime=False,
    )
    return log


def test_the_task_asks_reads_and_scores_without_a_journal(tmp_path: object) -> None:
    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        return "4" if config.max_tokens else ""

    log = evaluate(tmp_path, script)
    assert log.status == "success"
    assert log.samples is not None
    assert {sample.metadata["instrument"] for sample in log.samples} >= {"digits"}
    for sample in log.samples:
        assert sample.scores is not None
        score, kind = sample.scores["points"], sample.scores["kind"]
        assert (score.metadata or {})["outcome"]["kind"] == kind.value
        assert (kind.value == "measured") == (score.as_float() == score.as_float()), "unscored is never a number"


def test_failures_are_unscored_and_counted_and_do_not_end_the_task(tmp_path: object) -> None:
    answers: Iterator[ScriptedReply | str | Exception] = iter(
        [ScriptedError("x", status=500), ScriptedReply(stop="content_filter"), *["4"] * 4]
    )

    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply | str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    log = evaluate(tmp_path, script, limit=6)
    assert log.status == "success"
    assert log.results is not None
    kinds = {name: metric.value for name, metric in log.results.scores[1].metrics.items()}
    assert (kinds["failed"], kinds["declined"]) == (1, 1)
    assert (log.results.scores[0].unscored_samples or 0) >= 2


def test_a_run_without_any_number_has_a_mean_that_is_no_number(tmp_path: object) -> None:
    log = evaluate(tmp_path, lambda messages, config: ScriptedReply(stop="content_filter"), limit=2)
    assert log.results is not None
    mean = log.results.scores[0].metrics["mean_points"].value
    assert mean != mean
    assert log.results.scores[0].unscored_samples == 2


def test_a_model_that_fails_every_time_ends_the_task_with_the_reason(tmp_path: object) -> None:
    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        raise ScriptedError("wrong key", status=401)

    log = evaluate(tmp_path, script)
    assert log.status == "error"
    assert log.error is not None
    assert "wrong key" in log.error.message


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(StudyError, match="quick, standard, full"):
        circumstances(preset="huge")
