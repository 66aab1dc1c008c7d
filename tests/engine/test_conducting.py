from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, ChatMessageAssistant, GenerateConfig, ModelOutput
from inspect_ai.tool import ToolCall

from goodheart.conduct.carried import exit_episodes, walk_episodes
from goodheart.conduct.episode import Episode
from goodheart.conduct.protocol import LEAVE_TOOL
from goodheart.conducts import plan_conduct
from goodheart.engine.conducting import TOOLS, ConductSummary, conduct, played_from, with_calls_as_lines
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.items.conduct_items import public_conduct_items
from goodheart.testing import Script, ScriptedError, scripted_model

NAME = "scripted/walker"
EPISODES = (
    *walk_episodes(plan_conduct(model=NAME, preset="quick"), public_conduct_items(), topic="tides")[:2],
    *exit_episodes(public_conduct_items(), repeats=1, tools="text", seed=1)[:4],
)


def converse(folder: Path, script: Script, episodes: Sequence[Episode] = EPISODES) -> ConductSummary:
    with Journal.open(folder) as journal:
        return conduct(
            episodes,
            respondent=NAME,
            seed=1,
            journal=journal,
            settings=AskSettings(max_connections=1, max_retries=0),
            log_dir=folder / "logs",
            model=scripted_model(script),
        )


def walker(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
    """Go to the first room that is named, read twice, leave; stop in conversations that can be left."""
    opening = messages[0].text
    if "small world" not in opening:
        return "STOP" if len(messages) > 1 else "Thank you."
    room = opening.partition("four rooms: ")[2].partition(",")[0]
    return (f"GO {room}", "READ", "READ", "LEAVE")[len(messages) // 2]


def test_conversations_run_to_their_ends_and_an_exit_ends_them(tmp_path: Path) -> None:
    summary = converse(tmp_path, walker)
    assert (summary.conversations, summary.complete, summary.failed) == (6, 6, 0)
    assert summary.asked == 2 * 4 + 4 * 2
    with Journal.open(tmp_path) as journal:
        played = played_from(EPISODES, journal.replies(), respondent=NAME)
    assert played[0].said[1:] == ("READ", "READ", "LEAVE")
    assert [one.said for one in played[2:]] == [("Thank you.", "STOP")] * 4


def test_a_run_that_was_stopped_in_the_middle_goes_on_where_it_was(tmp_path: Path) -> None:
    calls: list[int] = []

    def breaks(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        calls.append(len(messages))
        if len(calls) in (3, 7):
            raise ScriptedError("the line is dead", status=500)
        return walker(messages, config)

    first = converse(tmp_path, breaks)
    assert first.failed == 2
    assert first.complete == 4
    second = converse(tmp_path, walker)
    assert second.complete == 6
    assert second.failed == 0
    assert first.asked - first.failed + second.asked == 16, "no reply that arrived is asked for again"
    whole = tmp_path / "whole"
    whole.mkdir()
    converse(whole, walker)
    with Journal.open(tmp_path) as broken, Journal.open(whole) as straight:
        assert played_from(EPISODES, broken.replies(), respondent=NAME) == played_from(
            EPISODES, straight.replies(), respondent=NAME
        )
    assert converse(tmp_path, walker).asked == 0


def test_every_reply_is_in_the_journal_before_the_next_is_asked_for(tmp_path: Path) -> None:
    seen: list[int] = []

    def looks(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        path = tmp_path / "replies.jsonl"
        seen.append(len(path.read_bytes().splitlines()))
        return walker(messages, config)

    converse(tmp_path, looks)
    assert seen == list(range(16))


def test_a_model_that_never_leaves_ends_at_its_cap(tmp_path: Path) -> None:
    summary = converse(tmp_path, lambda messages, config: "Hm.")
    assert summary.complete == 6
    assert summary.asked == sum(one.most_replies for one in EPISODES)


def test_native_calls_become_the_lines_of_the_text_protocol() -> None:
    message = ChatMessageAssistant(
        content="Let me see.",
        tool_calls=[ToolCall(id="1", function="go", arguments={"room": "Alder"}, type="function")],
    )
    output = ModelOutput(model="m", choices=[{"message": message, "stop_reason": "tool_calls"}])  # type: ignore[list-item]
    changed = with_calls_as_lines(output)
    assert changed.completion == "GO Alder\nLet me see."
    assert not changed.message.tool_calls
    plain = ModelOutput.from_content("m", "no call")
    assert with_calls_as_lines(plain) is plain


def test_native_tools_are_offered_where_the_plan_says_so(tmp_path: Path) -> None:
    episodes = [
        one
        for one in exit_episodes(public_conduct_items(), repeats=1, tools="native", seed=1)
        if one.factor["method"] == "tool"
    ]
    assert all(one.tools == (LEAVE_TOOL,) and "CALL" not in one.opening for one in episodes)
    model = scripted_model(lambda messages, config: "x")
    offered: list[list[str]] = []

    async def generate(input: object, tools: list[object], tool_choice: object, config: object) -> ModelOutput:
        offered.append([getattr(tool, "name", "") for tool in tools])
        return ModelOutput.for_tool_call("scripted", LEAVE_TOOL, {})

    model.api.generate = generate  # type: ignore[method-assign,assignment]
    with Journal.open(tmp_path) as journal:
        summary = conduct(
            episodes,
            respondent=NAME,
            seed=1,
            journal=journal,
            settings=AskSettings(max_connections=2),
            log_dir=tmp_path / "logs",
            model=model,
        )
        played = played_from(episodes, journal.replies(), respondent=NAME)
    assert summary.asked == summary.complete == len(episodes)
    assert offered == [[LEAVE_TOOL]] * len(episodes)
    assert all(one.said[0].startswith(f"CALL {LEAVE_TOOL}\n") and len(one.said) == 1 for one in played)
    assert set(TOOLS) == {LEAVE_TOOL, "go", "read", "reply", "leave"}


@pytest.mark.parametrize("text", ["", "\x00\x1b[31m", "A" * 10_000])
def test_odd_replies_do_not_stop_a_conversation(tmp_path: Path, text: str) -> None:
    assert converse(tmp_path, lambda messages, config: text).complete == 6
