import pytest
from inspect_ai.model import Logprob, Logprobs, ModelOutput, ModelUsage, TopLogprob

from goodheart.engine.askings import askings
from goodheart.engine.exchange import (
    ERROR_CHARACTERS,
    Mode,
    error_status,
    error_text,
    rejects_logprobs,
    reply_from,
    request_config,
    request_messages,
)
from goodheart.records import Reply, Scored
from goodheart.testing import ScriptedError

from .conftest import trial

SCALE = trial(continuations=("a", "b"), prefill="I say", temperature=1.0)
FREE = trial(prefill="I say", temperature=0.7)


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def reply(output: ModelOutput, mode: Mode = "text") -> Reply:
    return reply_from(output, askings([SCALE])[0], respondent="a/b", mode=mode)


@pytest.mark.parametrize(
    ("respondent", "trial", "mode", "prefilled"),
    [
        ("goodheart/x", SCALE, "scores", True),
        ("goodheart/x", SCALE, "text", False),
        ("goodheart/x", FREE, "text", True),
        ("openai/x", SCALE, "logprobs", False),
        ("openai/x", FREE, "text", False),
    ],
)
def test_a_prefill_goes_to_our_own_engine_only_and_not_before_a_scale_read_from_text(
    respondent: str, trial: object, mode: Mode, prefilled: bool
) -> None:
    messages = request_messages(trial, mode=mode, respondent=respondent)  # type: ignore[arg-type]
    assert (messages[-1].role == "assistant") == prefilled


@pytest.mark.parametrize(("mode", "temperature", "seed"), [("scores", 0, None), ("logprobs", 1, 5), ("text", 1, 5)])
def test_scores_draw_nothing_and_all_that_is_written_is_drawn_as_the_trial_says(
    mode: Mode, temperature: float, seed: int | None
) -> None:
    config = request_config(SCALE, mode=mode, seed=5)
    assert (config.temperature, config.seed, config.max_tokens) == (temperature, seed, 16)


def test_cached_input_tokens_are_counted_as_input() -> None:
    output = ModelOutput.from_content("m", "4")
    output.usage = ModelUsage(input_tokens=3, output_tokens=2, input_tokens_cache_read=10, input_tokens_cache_write=100)
    assert (reply(output).input_tokens, reply(output).output_tokens) == (113, 2)


def test_a_reply_without_usage_counts_no_tokens() -> None:
    assert reply(ModelOutput.from_content("m", "4")).input_tokens == 0


def test_running_out_of_the_context_is_running_out_of_length() -> None:
    assert reply(ModelOutput.from_content("m", "", stop_reason="model_length")).stop == "max_tokens"
    assert reply(ModelOutput.from_content("m", "", stop_reason="tool_calls")).stop == "unknown"


def with_logprobs(logprobs: Logprobs | None) -> ModelOutput:
    output = ModelOutput.from_content("m", "4")
    output.choices[0].logprobs = logprobs
    return output


def test_the_token_that_was_written_is_an_alternative_even_if_it_is_not_among_the_likeliest() -> None:
    token = Logprob(token="9", logprob=-7.0, top_logprobs=[TopLogprob(token="4", logprob=-0.1)])
    found = reply(with_logprobs(Logprobs(content=[token])), "logprobs").alternatives
    assert found == (Scored(text="4", logprob=-0.1), Scored(text="9", logprob=-7.0))


@pytest.mark.parametrize("logprobs", [None, Logprobs(content=[])])
def test_no_logprobs_are_no_alternatives_and_no_failure(logprobs: Logprobs | None) -> None:
    assert reply(with_logprobs(logprobs), "logprobs").alternatives == ()


def test_a_log_probability_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        reply(with_logprobs(Logprobs(content=[Logprob(token="4", logprob=float("nan"))])), "logprobs")


def test_an_error_is_told_on_one_printable_line_without_its_wrappers() -> None:
    class ModelGenerateError(Exception):
        """Named as Inspect's wrapper, whose text is the whole request."""

    root = ConnectionRefusedError("port 1\nis closed\x1b[31m")
    wrapped = chained(ModelGenerateError("the whole request"), chained(ScriptedError("no answer", status=503), root))
    assert error_text(wrapped) == "ScriptedError: no answer <- ConnectionRefusedError: port 1 is closed\\x1b[31m"
    assert error_status(wrapped) == 503


def test_a_long_error_is_shortened() -> None:
    assert len(error_text(ValueError("x" * 5000))) == ERROR_CHARACTERS


@pytest.mark.parametrize(
    ("error", "rejects"),
    [
        (ScriptedError("top_logprobs is not supported", status=400), True),
        (ScriptedError("unknown field: logprobs", status=422), True),
        (ScriptedError("top_logprobs is not supported", status=500), False),
        (ScriptedError("bad model", status=400), False),
        (ValueError("logprobs"), False),
    ],
)
def test_only_a_client_error_that_names_logprobs_refuses_them(error: Exception, rejects: bool) -> None:
    assert rejects_logprobs(error) == rejects
