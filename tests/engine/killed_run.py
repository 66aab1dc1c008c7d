"""A run that another process starts and that is killed; imported by both sides so that they agree on the plan."""

import sys
from collections.abc import Sequence
from pathlib import Path

from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.engine.ask import AskSummary, ask
from goodheart.engine.folder import RunFolder
from goodheart.engine.settings import AskSettings
from goodheart.records import Message, Trial
from goodheart.testing import ScriptedReply, scripted_model

ASKINGS = 60


def plan() -> list[Trial]:
    return [
        Trial(
            assessment="circumstances",
            item=f"item-{number}",
            cluster="c",
            group="circumstance",
            wording="w",
            condition=(),
            instrument="digits",
            messages=(Message(role="user", content=f"Rate {number}"),),
            max_tokens=8,
            temperature=1.0,
            repeats=2,
        )
        for number in range(ASKINGS // 2)
    ]


def answer_to(content: str, seed: int | None) -> str:
    return f"{content} with {seed}"


def run(folder: Path, *, delay: float) -> AskSummary:
    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
        return ScriptedReply(text=answer_to(messages[-1].text, config.seed), delay=delay)

    with RunFolder.open(folder, plan='{"seed": 3}', digest="abc") as opened:
        return ask(
            plan(),
            respondent="scripted/killed",
            seed=3,
            journal=opened.journal,
            settings=AskSettings(max_retries=0, max_connections=3),
            log_dir=opened.log_dir,
            model=scripted_model(script),
        )


if __name__ == "__main__":
    run(Path(sys.argv[1]), delay=0.02)
