"""What a provider can do wrong, each through a real client against a server on this machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from goodheart.engine.ask import AskSummary, ask
from goodheart.engine.journal import KEPT_CHARACTERS, Journal
from goodheart.engine.settings import AskSettings
from goodheart.errors import ModelError
from goodheart.records import Reply, trial_digest

from .conftest import trial
from .loopback import Answer, Body, Loopback, chat_completion, loopback

HOSTILE = {
    "empty": "",
    "megabyte": "x" * 1_000_000,
    "control": "\x00\x01\x07\x08\x1b]0;title\x07\x7f\x85\u2028",
    "escapes": "\x1b[2J\x1b[31mred\x1b[0m",
    "markup": "<script>alert(1)</script>&lt;b&gt;<img src=x onerror=alert(1)>",
    "delimiters": '"}]}\n{"schema_version":1}\n```json',
}
"""Texts that are replies, whatever they hold."""

FAULTS = {
    "server-error": Answer(status=500, body={"error": {"message": "boom"}}),
    "rate-limit": Answer(status=429, body={"error": {"message": "slow down"}}),
    "hang": Answer(hang=True),
    "dropped": Answer(drop=True),
    "malformed-json": Answer(body=b'{"choices": [{"mess'),
    "no-choices": Answer(body={"hello": "world"}),
    "empty-body": Answer(body=b""),
    "html-page": Answer(body=b"<html>Bad gateway</html>", content_type="text/html"),
    "bad-request": Answer(status=400, body={"error": {"message": "context length exceeded by far"}}),
    "wrong-types": Answer(body={**chat_completion("4"), "choices": [{"message": 7}]}),
}
"""Answers that are no replies."""

SAYS = {
    "server-error": "InternalServerError.*boom",
    "rate-limit": "RateLimitError.*slow down",
    "hang": "AttemptTimeoutError: attempt_timeout '6' exceeded",
    "dropped": "APIConnectionError",
    "malformed-json": "JSONDecodeError|ValidationError",
    "no-choices": "",
    "empty-body": "",
    "html-page": "non-ChatCompletion",
    "wrong-types": "",
}

RECOVERS = "rate-limit-then-fine"
KINDS = (*HOSTILE, *FAULTS, RECOVERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Two runs of the same command: everything goes wrong in the first, the provider is well in the second."""

    first: dict[str, Reply]
    first_summary: AskSummary
    first_asked: dict[str, int]
    cut: dict[str, int]
    second: dict[str, Reply]
    second_asked: set[str]


def kind_of(body: Body) -> str:
    number = body["messages"][-1]["content"].removesuffix("?").split()[-1]
    return KINDS[int(number)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("faults")
    seen: dict[str, int] = {}

    def break_down(path: str, body: Body) -> Answer:
        kind = kind_of(body)
        seen[kind] = seen.get(kind, 0) + 1
        if kind in HOSTILE:
            return Answer(body=chat_completion(HOSTILE[kind]))
        if kind == RECOVERS:
            return FAULTS["rate-limit"] if seen[kind] == 1 else Answer(body=chat_completion("4"))
        return FAULTS[kind]

    with pytest.MonkeyPatch.context() as patch, Journal.open(folder) as journal:
        patch.setenv("LOOP_API_KEY", "x")
        with loopback(break_down) as server:
            first_summary = run(journal, server, folder)
        first, cut = by_kind(journal), {KINDS[number_of(key[1])]: length for key, length in journal.cut_texts().items()}
        with loopback(lambda path, body: Answer(body=chat_completion("4"))) as server:
            run(journal, server, folder)
            second_asked = {kind_of(body) for _, body in server.requests}
        yield Story(
            first=first,
            first_summary=first_summary,
            first_asked=seen,
            cut=cut,
            second=by_kind(journal),
            second_asked=second_asked,
        )


PLAN = [trial(number) for number in range(len(KINDS))]


def run(journal: Journal, server: Loopback, folder: Path) -> AskSummary:
    return ask(
        PLAN,
        respondent="openai-api/loop/model",
        seed=1,
        journal=journal,
        settings=AskSettings(
            max_retries=0, timeout=12, attempt_timeout=6, base_url=f"{server.url}/v1", max_connections=len(KINDS)
        ),
        log_dir=folder / "logs",
    )


def number_of(digest: str) -> int:
    return [trial_digest(each) for each in PLAN].index(digest)


def by_kind(journal: Journal) -> dict[str, Reply]:
    return {KINDS[number_of(reply.trial)]: reply for reply in journal.replies()}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_a_reply_and_is_never_asked_again(story: Story, kind: str) -> None:
    reply = story.first[kind]
    assert reply.error is None
    assert reply.text == HOSTILE[kind][:KEPT_CHARACTERS]
    assert kind not in story.second_asked
    assert story.second[kind] == reply


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_a_failed_reply_and_is_asked_again(story: Story, kind: str) -> None:
    reply = story.first[kind]
    assert reply.error is not None
    assert reply.error.isprintable()
    assert (reply.text, reply.stop, reply.alternatives) == ("", "unknown", ())
    assert kind in story.second_asked
    assert (story.second[kind].text, story.second[kind].error) == ("4", None)


def test_a_rate_limit_that_passes_is_no_fault(story: Story) -> None:
    assert story.first[RECOVERS].text == "4"
    assert story.first_asked[RECOVERS] == 2


def test_attempts_are_bounded(story: Story) -> None:
    # The client tries twice more by itself within the one attempt that the settings allow.
    assert story.first_asked["rate-limit"] <= 3
    assert story.first_asked["server-error"] <= 3


def test_the_summary_counts_every_fault(story: Story) -> None:
    assert story.first_summary.failed == len(FAULTS)
    assert sum(count for _, count in story.first_summary.errors) == len(FAULTS)


def test_a_text_too_long_to_keep_whole_has_its_length_noted(story: Story) -> None:
    assert story.cut == {"megabyte": 1_000_000}


@pytest.mark.parametrize("kind", SAYS)
def test_a_fault_says_what_it_was(story: Story, kind: str) -> None:
    assert re.search(SAYS[kind], story.first[kind].error or "")


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "key in the environment"), (404, "model's name"), (429, "wait, check the quota")]
)
def test_a_provider_that_never_answers_stops_the_run_with_what_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, advice: str
) -> None:
    monkeypatch.setenv("LOOP_API_KEY", "x")
    refusal = Answer(status=status, body={"error": {"message": "no"}})
    with (
        Journal.open(tmp_path) as journal,
        loopback(lambda path, body: refusal) as server,
        pytest.raises(ModelError, match=advice),
    ):
        run(journal, server, tmp_path)
    assert len(server.requests) <= 3 * len(KINDS)


def test_a_server_that_is_not_there_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOP_API_KEY", "x")
    with loopback(lambda path, body: Answer()) as gone:
        pass
    with Journal.open(tmp_path) as journal, pytest.raises(ModelError, match="the server runs at that address"):
        run(journal, gone, tmp_path)
