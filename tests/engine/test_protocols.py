"""Real providers of Inspect against small servers on this machine."""

import pytest

from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.records import Scored

from .conftest import Asks, trial, trials
from .loopback import Answer, Body, anthropic_message, chat_completion, loopback, response

SCALE = ("1", "2", "3", "decline")


def settings(url: str, *, responses_api: bool | None = None) -> AskSettings:
    arguments = () if responses_api is None else (("responses_api", responses_api),)
    return AskSettings(max_retries=0, timeout=20, attempt_timeout=10, base_url=url, model_args=arguments)


def test_openai_chat_gives_text_probabilities_and_counts(
    asked: Asks, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-user")

    def respond(path: str, body: Body) -> Answer:
        alternatives = (("2", -0.25), ("3", -2.0)) if body.get("logprobs") else ()
        return Answer(body=chat_completion("2", alternatives=alternatives))

    with loopback(respond) as server:
        summary = asked(
            [trial(0, continuations=SCALE, prefill="I say"), trial(1)],
            respondent="openai/gpt-4o",
            settings=settings(f"{server.url}/v1", responses_api=False),
        )
    scale, free = sorted((body for _, body in server.requests), key=lambda body: "logprobs" not in body)
    assert {path for path, _ in server.requests} == {"/v1/chat/completions"}
    assert (scale["logprobs"], scale["top_logprobs"], scale["temperature"]) == (True, 20, 1.0)
    assert scale["messages"] == [{"role": "user", "content": "How do you rate circumstance 0?"}]
    assert (free["temperature"], isinstance(free["seed"], int)) == (1.0, True)
    assert server.headers[0]["authorization"] == "Bearer key-of-the-user"
    by_mode = {bool(reply.alternatives): reply for reply in journal.replies()}
    assert by_mode[True].alternatives == (Scored(text="2", logprob=-0.25), Scored(text="3", logprob=-2.0))
    assert (by_mode[False].text, by_mode[False].stop) == ("2", "stop")
    assert (by_mode[False].input_tokens, by_mode[False].output_tokens) == (20, 3)
    assert summary.read_as == (("logprobs", 1), ("text", 1))


def test_openai_models_that_inspect_does_not_know_answer_through_the_responses_protocol(
    asked: Asks, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    with loopback(lambda path, body: Answer(body=response("I would say 3."))) as server:
        asked(trials(1), respondent="openai/newer-than-inspect", settings=settings(f"{server.url}/v1"))
    assert server.requests[0][0] == "/v1/responses"
    (reply,) = journal.replies()
    assert (reply.text, reply.input_tokens, reply.output_tokens, reply.error) == ("I would say 3.", 20, 3, None)


def test_anthropic_gives_text_and_is_read_from_it(
    asked: Asks, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    with loopback(lambda path, body: Answer(body=anthropic_message("3", stop_reason="max_tokens"))) as server:
        summary = asked(
            [trial(0, continuations=SCALE, prefill="I say"), trial(1)],
            respondent="anthropic/claude-opus-4-7",
            settings=settings(server.url),
        )
    assert {path for path, _ in server.requests} == {"/v1/messages"}
    for _, body in server.requests:
        assert [message["role"] for message in body["messages"]] == ["user"]
        assert "seed" not in body
    assert [(r.text, r.stop, r.alternatives) for r in journal.replies()] == [("3", "max_tokens", ())] * 2
    assert {r.seed_honoured for r in journal.replies()} == {False}
    assert summary.read_as == (("text", 2),)


def test_a_refusal_by_the_provider_is_a_reply_and_no_failure(
    asked: Asks, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    with loopback(lambda path, body: Answer(body=anthropic_message("", stop_reason="refusal"))) as server:
        summary = asked(trials(1), respondent="anthropic/claude-opus-4-7", settings=settings(server.url))
    assert (journal.replies()[0].stop, summary.failed) == ("content_filter", 0)
