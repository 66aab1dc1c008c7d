import errno
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.engine.journal import Journal
from goodheart.engine.progress import Progress
from goodheart.engine.settings import AskSettings, Prices, connections
from goodheart.errors import BudgetError, InternalError, ModelError, RunFolderError
from goodheart.records import Declined, Message, Outcome, Rated, Reply, Scored, Trial, trial_digest
from goodheart.testing import ScriptedError, ScriptedReply

from .conftest import Asks, trial, trials

WORDS = (" good", " bad", " decline")
Messages = Sequence[ChatMessage]


def test_every_missing_asking_is_put_once_and_kept(asked: Asks, journal: Journal) -> None:
    plan = [trial(0, repeats=2), trial(1)]
    summary = asked(plan, ["1", "2", "3"])
    assert [(r.trial, r.repeat, r.text) for r in journal.arrived()] == [
        (trial_digest(plan[0]), 0, "1"),
        (trial_digest(plan[0]), 1, "2"),
        (trial_digest(plan[1]), 0, "3"),
    ]
    assert (summary.planned, summary.found, summary.asked, summary.failed) == (3, 0, 3, 0)
    assert summary.read_as == (("text", 3),)


def test_a_second_run_asks_nothing_again(asked: Asks, journal: Journal) -> None:
    asked(trials(3), ["1", "2", "3"])
    again = asked(trials(4), ["4"])
    assert (again.found, again.asked) == (3, 1)
    assert again.log is not None
    whole = asked(trials(4), [])
    assert (whole.found, whole.asked, whole.log) == (4, 0, None)


def test_only_what_failed_is_asked_again(asked: Asks, journal: Journal) -> None:
    first = asked(trials(3), ["1", ScriptedError("overloaded", status=500), "3"])
    assert first.failed == 1
    assert first.errors == (("ScriptedError: overloaded", 1),)
    assert [r.error for r in journal.replies() if r.text == ""] == ["ScriptedError: overloaded"]
    second = asked(trials(3), ["2"])
    assert (second.found, second.asked, second.failed) == (2, 1, 0)
    assert sorted(r.text for r in journal.replies()) == ["1", "2", "3"]


def test_another_respondent_is_asked_for_itself(asked: Asks, journal: Journal) -> None:
    asked(trials(1), ["1"])
    assert asked(trials(1), ["2"], respondent="scripted/b").asked == 1
    assert [(r.respondent, r.text) for r in journal.replies()] == [("scripted/a", "1"), ("scripted/b", "2")]


def test_the_reply_is_in_the_journal_before_anything_reads_it(asked: Asks, journal: Journal, tmp_path: Path) -> None:
    in_the_file: list[int] = []

    def read(trial: Trial, reply: Reply) -> Rated:
        in_the_file.append(len((tmp_path / "replies.jsonl").read_text().splitlines()))
        return Rated(points=4.0, raw=4.0)

    asked(trials(2), ["1", "2"], read=read)
    assert in_the_file[0] >= 1


def test_a_free_reply_is_asked_with_its_own_settings_and_a_seed_of_its_own(asked: Asks, journal: Journal) -> None:
    seen: list[GenerateConfig] = []

    def script(messages: Messages, config: GenerateConfig) -> str:
        seen.append(config)
        return "4"

    asked([trial(0, repeats=2), trial(1, temperature=0.0, max_tokens=9)], script)
    assert [config.temperature for config in seen] == [1.0, 1.0, 0.0]
    assert seen[2].max_tokens == 9
    assert seen[0].seed != seen[1].seed
    assert seen[2].seed is None, "nothing is sampled"
    assert all(config.logprobs is None for config in seen)
    assert [r.seed_honoured for r in journal.arrived()] == [False, False, None]


def test_scales_are_asked_with_logprobs_and_read_from_the_first_token(asked: Asks, journal: Journal) -> None:
    seen: list[GenerateConfig] = []

    def script(messages: Messages, config: GenerateConfig) -> ScriptedReply:
        seen.append(config)
        assert messages[-1].role == "user", "no prefill to a provider that is not ours"
        return ScriptedReply(text="4", alternatives=(("4", -0.5), ("5", float("-inf"))))

    summary = asked([trial(continuations=WORDS, prefill="I feel")], script)
    assert (seen[0].logprobs, seen[0].top_logprobs, seen[0].temperature) == (True, 20, 1.0)
    (reply,) = journal.replies()
    assert reply.alternatives == (Scored(text="4", logprob=-0.5), Scored(text="5", logprob=-9999.0))
    assert summary.read_as == (("logprobs", 1),)


def test_our_own_engine_scores_continuations_after_the_prefill(asked: Asks, journal: Journal) -> None:
    def script(messages: Messages, config: GenerateConfig) -> ScriptedReply:
        assert (messages[-1].role, messages[-1].text) == ("assistant", "I feel")
        assert config.extra_body == {"continuations": list(WORDS)}
        assert config.temperature == 0.0
        return ScriptedReply(scores=tuple((word, -1.0) for word in WORDS))

    summary = asked([trial(continuations=WORDS, prefill="I feel")], script, respondent="goodheart/tiny")
    (reply,) = journal.replies()
    assert reply.scores == tuple(Scored(text=word, logprob=-1.0) for word in WORDS)
    assert (reply.text, reply.seed_honoured, summary.read_as) == ("", None, (("scores", 1),))


def test_our_own_engine_takes_the_prefill_of_a_free_reply_and_honours_its_seed(asked: Asks, journal: Journal) -> None:
    asked(
        [trial(prefill="Well,")],
        lambda messages, config: messages[-1].text,
        respondent="goodheart/tiny",
    )
    assert (journal.replies()[0].text, journal.replies()[0].seed_honoured) == ("Well,", True)


@pytest.mark.parametrize("wrong", [(), ((" good", -1.0),), ((" good", -1.0), (" bad", -1.0), (" x", -1.0))])
def test_scores_other_than_those_asked_for_are_a_failure(
    asked: Asks, journal: Journal, wrong: tuple[tuple[str, float], ...]
) -> None:
    asked([trial(continuations=WORDS)], [ScriptedReply(scores=wrong)], respondent="goodheart/tiny")
    assert (journal.replies()[0].error or "").startswith("ValueError: the provider scored")


def test_a_provider_that_refuses_logprobs_is_asked_for_text_from_then_on(asked: Asks, journal: Journal) -> None:
    asked_for: list[bool | None] = []

    def script(messages: Messages, config: GenerateConfig) -> str:
        asked_for.append(config.logprobs)
        if config.logprobs:
            raise ScriptedError("unknown parameter: 'logprobs'", status=400)
        return "4"

    summary = asked([trial(n, continuations=WORDS) for n in range(3)], script)
    assert asked_for == [True, None, None, None]
    assert (summary.failed, summary.read_as) == (0, (("text", 3),))
    assert [r.text for r in journal.arrived()] == ["4"] * 3, "the refusal is no reply"


def test_a_provider_that_passes_over_logprobs_is_read_from_text(asked: Asks) -> None:
    assert asked([trial(continuations=WORDS)], ["4"]).read_as == (("text", 1),)


def test_text_reading_asks_for_no_logprobs(asked: Asks) -> None:
    def script(messages: Messages, config: GenerateConfig) -> str:
        assert config.logprobs is None
        return "4"

    settings = AskSettings(max_retries=0, reading="text")
    assert asked([trial(continuations=WORDS)], script, settings=settings).read_as == (("text", 1),)


@pytest.mark.parametrize("answer", ["4", ScriptedError("logprobs are not allowed", status=400)])
def test_a_reading_that_needs_logprobs_says_so_when_there_are_none(asked: Asks, answer: object) -> None:
    settings = AskSettings(max_retries=0, reading="logprobs")
    with pytest.raises(ModelError, match=r"needs log-probabilities.*`text` or `auto`"):
        asked([trial(continuations=WORDS)], [answer], settings=settings)


def test_a_refusal_by_the_provider_is_no_sign_of_missing_logprobs(asked: Asks) -> None:
    settings = AskSettings(max_retries=0, reading="logprobs")
    assert asked([trial(continuations=WORDS)], [ScriptedReply(stop="content_filter")], settings=settings).failed == 0


def test_our_own_engine_keeps_more_in_flight_than_an_api_unless_told_otherwise() -> None:
    assert connections(AskSettings(), "goodheart/x") > connections(AskSettings(), "openai/x")
    assert connections(AskSettings(max_connections=3), "goodheart/x") == 3


def test_the_answer_is_kept_and_not_the_reasoning_before_it(asked: Asks, journal: Journal) -> None:
    asked(trials(1), [ScriptedReply(text="4", reasoning="Perhaps 2? No, 7.")])
    assert journal.replies()[0].text == "4"


@pytest.mark.parametrize("stop", ["stop", "max_tokens", "content_filter", "unknown"])
def test_the_reason_for_stopping_is_kept(asked: Asks, journal: Journal, stop: str) -> None:
    asked(trials(1), [ScriptedReply(text="I", stop=stop)])  # type: ignore[arg-type]
    assert journal.replies()[0].stop == stop


def test_a_run_whose_first_askings_all_fail_alike_stops_early(asked: Asks, journal: Journal) -> None:
    calls: list[int] = []

    def script(messages: Messages, config: GenerateConfig) -> str:
        calls.append(1)
        raise ScriptedError("invalid key", status=401)

    with pytest.raises(ModelError, match=r"8 askings in a row.*invalid key.*key in the environment.*same command"):
        asked(trials(40), script)
    assert len(calls) == 8
    assert len(journal.arrived()) == 8


def test_askings_in_flight_are_kept_when_the_run_stops_early(asked: Asks, journal: Journal) -> None:
    def script(messages: Messages, config: GenerateConfig) -> ScriptedReply:
        if "circumstance 11?" in messages[0].text:
            return ScriptedReply(text="slow", delay=0.5)
        raise ScriptedError("no such model", status=404)

    with pytest.raises(ModelError, match="Check the model's name"):
        asked(trials(60), script, settings=AskSettings(max_retries=0, max_connections=12))
    assert "slow" in [r.text for r in journal.arrived()]


def test_failures_of_different_kinds_or_after_a_success_do_not_stop_the_run(asked: Asks) -> None:
    mixed = [ScriptedError("a", status=500), ScriptedError("b", status=503)] * 6
    assert asked(trials(12), mixed).failed == 12
    assert asked(trials(24)[12:], ["4", *[ScriptedError("a", status=500)] * 11]).failed == 11


def test_an_error_of_ours_inside_the_provider_stops_the_run_as_itself(asked: Asks) -> None:
    with pytest.raises(InternalError, match="asked more often"):
        asked(trials(3), ["1"])


def test_a_full_disk_stops_the_run_and_the_same_call_goes_on(
    asked: Asks, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(line: bytes) -> None:
        raise RunFolderError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_write", full)
        with pytest.raises(RunFolderError, match="disk is full"):
            asked(trials(5), lambda messages, config: "4")
    assert asked(trials(5), lambda messages, config: "4").asked == 5


def test_a_log_that_cannot_be_written_is_a_clear_error_and_loses_no_reply(
    asked: Asks, journal: Journal, tmp_path: Path
) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(RunFolderError, match=r"log of the run to .*The replies are in the journal"):
        asked(trials(2), ["1", "2"])
    (tmp_path / "logs").unlink()
    found = len(journal.replies())
    assert asked(trials(2), lambda messages, config: "4").asked == 2 - found


def test_a_reader_that_breaks_is_a_bug_that_is_told_as_one(asked: Asks, journal: Journal) -> None:
    def read(trial: Trial, reply: Reply) -> Outcome:
        raise ZeroDivisionError("a bug in a reader")

    with pytest.raises(InternalError, match="a bug in a reader"):
        asked(trials(1), ["4"], read=read)
    assert [reply.text for reply in journal.replies()] == ["4"]


def test_a_disk_that_is_full_for_the_log_is_told_as_such(asked: Asks) -> None:
    def read(trial: Trial, reply: Reply) -> Outcome:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(RunFolderError, match="make room"):
        asked(trials(1), ["4"], read=read)


def test_an_interrupted_run_goes_on_where_it_was(asked: Asks, journal: Journal) -> None:
    def script(messages: Messages, config: GenerateConfig) -> ScriptedReply:
        if "circumstance 3?" in messages[0].text:
            os.kill(os.getpid(), signal.SIGINT)
            return ScriptedReply(delay=5.0)
        return ScriptedReply(text="4")

    with pytest.raises(KeyboardInterrupt):
        asked(trials(6), script)
    assert len(journal.arrived()) == 3
    again = asked(trials(6), lambda messages, config: "4")
    assert (again.found, again.asked) == (3, 3)


def test_a_plan_beyond_the_cap_is_refused_before_anything_is_asked(asked: Asks) -> None:
    settings = AskSettings(
        cap_calls=2, cap_tokens=10, cap_usd=0.000001, prices=(("scripted/a", Prices(input=1.0, output=5.0)),)
    )
    with pytest.raises(BudgetError) as refused:
        asked(trials(3), [], settings=settings)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["calls", "tokens", "US dollars"]


def test_a_run_stops_before_it_passes_its_cap_and_goes_on_when_it_is_raised(asked: Asks, journal: Journal) -> None:
    # Estimated at 11 + 6 + 16 = 33 tokens each (198 together), each really takes 8 + 101 = 109: a third could make 251.
    long = "x" * 400
    with pytest.raises(BudgetError, match=r"4 askings remain.*raise the cap"):
        asked(trials(6), [long, long], settings=AskSettings(max_retries=0, max_connections=1, cap_tokens=220))
    assert len(journal.arrived()) == 2
    assert asked(trials(6), lambda messages, config: "4").found == 2


def test_progress_counts_every_reply_and_ends_with_nothing_left(asked: Asks) -> None:
    seen: list[Progress] = []
    asked(trials(7), ["4", ScriptedError("x"), *["4"] * 5], on_progress=seen.append)
    assert [(p.done, p.failed) for p in seen] == [(1, 0), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1)]
    assert seen[0].seconds_left is None
    assert seen[5].seconds_left is not None
    assert seen[5].seconds_left > 0
    assert seen[6].seconds_left == 0.0


def test_hostile_text_is_kept_as_data(asked: Asks, journal: Journal) -> None:
    hostile = ["", "\x00\x07\x1b[31mred\x1b[0m\r\n\u2028", "<script>alert(1)</script>", "\u202e7", "🙂" * 9]
    asked(trials(len(hostile)), hostile, read=lambda trial, reply: Rated(points=1.0, raw=1.0))
    assert [r.text for r in journal.arrived()] == hostile


def test_a_megabyte_is_cut_and_counted(asked: Asks, journal: Journal) -> None:
    summary = asked(trials(1), ["x" * 1_000_000])
    assert summary.cut == 1
    assert list(journal.cut_texts().values()) == [1_000_000]


def test_a_reply_without_a_choice_is_a_failure(asked: Asks, journal: Journal) -> None:
    asked(trials(1), [ScriptedReply(choices=0)])
    assert journal.replies()[0].error == "ValueError: the provider's reply holds no choice"


def test_inspects_log_shows_the_conversation_and_the_score(asked: Asks) -> None:
    summary = asked(trials(2), ["6", "no"], read=_read_or_decline)
    assert summary.log is not None
    log = read_eval_log(str(summary.log))
    assert log.samples is not None
    first = next(sample for sample in log.samples if sample.metadata["item"] == "item-0")
    assert [message.text for message in first.messages] == ["How do you rate circumstance 0?", "6"]
    assert log.results is not None
    points, kind = log.results.scores
    assert (points.metrics["mean_points"].value, points.metrics["measured"].value) == (6.0, 1.0)
    assert (points.scored_samples, points.unscored_samples) == (1, 1)
    assert (kind.metrics["measured"].value, kind.metrics["declined"].value, kind.metrics["failed"].value) == (1, 1, 0)


def _read_or_decline(trial: Trial, reply: Reply) -> Outcome:
    return Rated(points=6.0, raw=6.0) if reply.text == "6" else Declined(quote=reply.text)


def test_nothing_is_printed(asked: Asks, capfd: pytest.CaptureFixture[str]) -> None:
    asked(trials(3), ["1", ScriptedError("x", status=500), "3"])
    assert capfd.readouterr() == ("", "")


def test_system_and_earlier_turns_are_put_as_they_stand(asked: Asks) -> None:
    seen: list[list[tuple[str, str]]] = []

    def script(messages: Messages, config: GenerateConfig) -> str:
        seen.append([(message.role, message.text) for message in messages])
        return "4"

    turns = (
        Message(role="system", content="You are tired."),
        Message(role="user", content="Hello"),
        Message(role="assistant", content="Hi"),
        Message(role="user", content="How is it?"),
    )
    asked([replace(trial(), messages=turns)], script)
    assert seen == [[(turn.role, turn.content) for turn in turns]]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("nobody/model", "not recognized"),
        ("plain", "Name it provider/model"),
        ("openai-api/local/model", "Set that variable"),
    ],
)
def test_a_model_that_cannot_be_opened_is_a_clear_error(
    asked: Asks, monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    monkeypatch.delenv("LOCAL_API_KEY", raising=False)
    with pytest.raises(ModelError, match=what) as refused:
        asked(trials(1), respondent=name)
    assert "[bold]" not in str(refused.value)


def test_a_journal_line_says_all_that_the_reply_holds(asked: Asks, tmp_path: Path) -> None:
    asked(trials(1), ["4"])
    entry = json.loads((tmp_path / "replies.jsonl").read_text())
    assert (entry["respondent"], entry["text"], entry["error"]) == ("scripted/a", "4", None)
    assert entry["output_tokens"] == 1
