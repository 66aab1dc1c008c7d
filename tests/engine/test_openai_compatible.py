"""A real OpenAI-compatible server on this machine, with the embedded model's weights."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings

from .conftest import Asks, trial

pytestmark = pytest.mark.model

DIGITS = tuple("1234567")


@pytest.fixture(scope="module")
def server(embedded_gguf: Path) -> Iterator[str]:
    xllamacpp = pytest.importorskip("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(embedded_gguf)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 2
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.ui = False
    params.verbosity = -1
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"
    del running


def settings(server: str, reading: str) -> AskSettings:
    return AskSettings(
        max_retries=0,
        timeout=60,
        attempt_timeout=60,
        max_connections=2,
        base_url=server,
        reading=reading,  # type: ignore[arg-type]
    )


def plan() -> list[object]:
    return [trial(n, continuations=DIGITS, prefill="My rating is", max_tokens=3, temperature=0.0) for n in range(4)]


def test_scales_are_read_from_a_servers_log_probabilities(
    asked: Asks, journal: Journal, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_API_KEY", "none")
    summary = asked(plan(), respondent="openai-api/local/smollm2", settings=settings(server, "auto"))
    assert (summary.asked, summary.failed, summary.read_as) == (4, 0, (("logprobs", 4),))
    for reply in journal.replies():
        assert len(reply.alternatives) == 20
        assert 0.1 < sum(math.exp(each.logprob) for each in reply.alternatives) <= 1.0001
        assert reply.text.startswith(reply.alternatives[0].text), "greedy: the likeliest token is the one written"
        assert reply.input_tokens > 10
    again = asked(plan(), respondent="openai-api/local/smollm2", settings=settings(server, "auto"))
    assert (again.found, again.asked) == (4, 0)


def test_the_same_server_is_read_from_text_without_them(
    asked: Asks, journal: Journal, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_API_KEY", "none")
    summary = asked(plan(), respondent="openai-api/local/smollm2", settings=settings(server, "text"))
    assert (summary.failed, summary.read_as) == (0, (("text", 4),))
    assert all(reply.text and not reply.alternatives for reply in journal.replies())
