"""An audit of a slow scripted model, as a process of its own that can be interrupted."""

import sys
from collections.abc import Sequence

from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.cli.main import main
from goodheart.design.presets import PRESETS
from goodheart.engine import ask
from goodheart.testing import ScriptedReply, scripted_model

from .conftest import NAME, TINY, scored


def slowly(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
    return ScriptedReply(scores=scored(messages, config).scores, delay=0.2)


if __name__ == "__main__":
    PRESETS["tiny"] = TINY
    ask.open_model = lambda respondent, settings: scripted_model(slowly)  # type: ignore[attr-defined]
    arguments = ["audit", "--model", NAME, "--preset", "tiny", "--max-connections", "4", "--out", sys.argv[1]]
    sys.exit(main(arguments))
