"""A deterministic respondent as a provider of Inspect.

A module of its own, because Inspect loads the file of a task once more when it resumes a log.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.tool import ToolChoice, ToolInfo

from goodheart.items.choices import public_choice_items

ITEMS = replace(public_choice_items(), wordings=public_choice_items().wordings[:1])
TEXTS = {one.text: place for place, one in enumerate(ITEMS.tasks)}
WORTH = np.random.default_rng(5).normal(0, 1.5, len(TEXTS))
CALLS: dict[str, list[str] | int] = {}


@modelapi(name="picker")
class Picker(ModelAPI):
    """Picks what is worth more, the first of two that are nearly equal; fails from a number of calls on."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        prompts: Any = CALLS["prompts"]
        if len(prompts) >= int(CALLS["fail_after"]):  # type: ignore[arg-type]
            raise ValueError("out of service")
        asked = input[0].text
        prompts.append(asked)
        shown = sorted((asked.index(text), WORTH[place]) for text, place in TEXTS.items() if text in asked)
        output = ModelOutput.from_content(self.model_name, "A" if shown[0][1] - shown[1][1] > -0.2 else "B")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    async def count_text_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def should_retry(self, ex: Exception) -> bool:
        return False
