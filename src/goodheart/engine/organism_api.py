"""Simulated respondents as models of Inspect: `organism/suggestible`, `organism/suggestible@0.5`, `organism/mine.yaml`.

An organism has to know the cell of the design that it answers in, which no text says without doubt. So this package's
engine sends the trial along, in `extra_body`; nobody else's requests can be answered.
"""

from dataclasses import asdict
from typing import Final

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from pydantic import TypeAdapter

from goodheart.engine.askings import Asking
from goodheart.errors import ModelError
from goodheart.organisms.names import named_organism
from goodheart.organisms.replies import reply_for
from goodheart.records import Trial

CELL: Final = "goodheart_asking"
"""Key of `extra_body` under which the trial, the repeat and the root seed travel."""
_TRIALS: Final = TypeAdapter(Trial)


def with_cell(config: GenerateConfig, asking: Asking, *, seed: int) -> GenerateConfig:
    """Return a request's settings with what an organism has to know.

    Args:
        config: Of the request.
        asking: What is asked.
        seed: The run's root seed: the organism's circumstances are drawn from it.
    """
    cell = {"trial": asdict(asking.trial), "repeat": asking.repeat, "seed": seed}
    return config.merge(GenerateConfig(extra_body={**(config.extra_body or {}), CELL: cell}))


class OrganismAPI(ModelAPI):
    """A simulated respondent.

    Args:
        model_name: The name without `organism/`: of one that ships, or a file; see `goodheart.organisms.names`.
        base_url: Refused; there is no server.
        api_key: Ignored.
        config: Inspect's settings for all requests.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if base_url is not None:
            raise ModelError(
                f"`organism/{model_name}` is simulated in this process and has no address; got {base_url}. Leave the "
                "address out."
            )
        self.organism = named_organism(model_name)

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """Answer the trial that travels with the request.

        Raises:
            ModelError: none does.
        """
        body = config.extra_body or {}
        if CELL not in body:
            raise ModelError(
                f"`organism/{self.model_name}` answers the trials of this package, which travel with the request; "
                f"this one has none. Ask it by: goodheart audit --model organism/{self.model_name}"
            )
        cell = body[CELL]
        reply = reply_for(
            self.organism,
            _TRIALS.validate_python(cell["trial"]),
            repeat=int(cell["repeat"]),
            seed=int(cell["seed"]),
            respondent=f"organism/{self.model_name}",
            written="continuations" not in body,
        )
        scores = [{"text": score.text, "logprob": score.logprob} for score in reply.scores]
        message = ChatMessageAssistant(content=reply.text, model=self.model_name, source="generate")
        tokens = len(reply.text) // 4 + 1 if reply.text else 0
        return ModelOutput(
            model=self.model_name,
            choices=[ChatCompletionChoice(message=message, stop_reason="stop")],
            usage=ModelUsage(
                input_tokens=reply.input_tokens, output_tokens=tokens, total_tokens=reply.input_tokens + tokens
            ),
            metadata={"scores": scores} if scores else None,
        )

    async def count_text_tokens(self, text: str) -> int:
        """Count four characters as a token; Inspect's own counting downloads a vocabulary."""
        return len(text) // 4 + 1

    def should_retry(self, ex: Exception) -> bool:
        """Nothing that fails here would succeed a second time."""
        return False
