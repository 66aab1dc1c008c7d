"""For tests of your own: a scripted respondent that answers at once, offline, and fails on demand.

model = scripted_model(lambda messages, config: "4")
ask(trials, respondent="scripted/calm", model=model, ...)
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    Content,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    Logprob,
    Logprobs,
    Model,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    TopLogprob,
    get_model,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from goodheart.errors import InternalError

__all__ = ["Script", "ScriptedError", "ScriptedReply", "scripted_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedReply:
    """One reply of a scripted respondent."""

    text: str = ""
    stop: Literal["stop", "max_tokens", "content_filter", "unknown"] = "stop"
    alternatives: tuple[tuple[str, float], ...] = ()
    """Likeliest first tokens with their log-probabilities; given only where the request asks for them."""
    scores: tuple[tuple[str, float], ...] = ()
    """Continuations with their log-probabilities, as the white-box engine gives them."""
    delay: float = 0.0
    """Seconds before the reply; `float("inf")` hangs."""
    reasoning: str = ""
    """Text before the answer that is not part of it; no reader may take it for the reply."""
    choices: int = 1
    """0 gives a reply without any choice in it, as a malformed one has."""


class ScriptedError(Exception):
    """A failure of a scripted provider; with `retry` another attempt is promised to help."""

    def __init__(self, message: str, *, status: int | None = None, retry: bool = False) -> None:
        super().__init__(message)
        self.status_code = status
        self.retry = retry


Script = Callable[[Sequence[ChatMessage], GenerateConfig], ScriptedReply | str]
"""Gives the reply to a request, or raises; called in the order of asking."""


def scripted_model(script: Script | Sequence[ScriptedReply | str | Exception], *, name: str = "scripted") -> Model:
    """Make an instant offline model whose replies are written beforehand.

    Args:
        script: A function from request to reply, or the replies themselves in order; an exception among them is raised.
            Asking more often than there are replies is an `InternalError`.
        name: The name after `scripted/`.

    Returns:
        An Inspect model. It counts tokens as characters by four and reaches for no network.
    """
    model = get_model(f"scripted/{name}", memoize=False)
    cast(ScriptedAPI, model.api).script = script if callable(script) else _in_order(script)
    return model


@modelapi(name="scripted")
class ScriptedAPI(ModelAPI):
    """Inspect's side of a scripted respondent."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  Inspect's signature; never written to
        **model_args: Any,  # what Inspect passes on; a script takes none
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self.script: Script = lambda messages, config: ScriptedReply()
        self.closed = False

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """Answer from the script."""
        reply = self.script(input, config)
        if isinstance(reply, str):
            reply = ScriptedReply(text=reply)
        if reply.delay:
            await asyncio.sleep(min(reply.delay, 3600.0))
        return _output(self.model_name, input, reply, config)

    async def count_text_tokens(self, text: str) -> int:
        """Count four characters as a token; Inspect's own counting downloads a vocabulary."""
        return len(text) // 4 + 1

    def should_retry(self, ex: Exception) -> bool:
        """Retry what says so of itself."""
        return isinstance(ex, ScriptedError) and ex.retry

    def retry_wait(self) -> Any:
        """Wait for nothing between attempts."""
        return _no_wait

    async def aclose(self) -> None:
        """Note that the model was closed."""
        self.closed = True


def _no_wait(state: object) -> float:
    return 0.0


def _in_order(replies: Sequence[ScriptedReply | str | Exception]) -> Script:
    rest = iter(replies)

    def script(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply | str:
        reply = next(rest, None)
        if reply is None:
            raise InternalError("the scripted model was asked more often than it has replies")
        if isinstance(reply, Exception):
            raise reply
        return reply

    return script


def _output(name: str, messages: Sequence[ChatMessage], reply: ScriptedReply, config: GenerateConfig) -> ModelOutput:
    content: list[Content] = [ContentText(text=reply.text)]
    if reply.reasoning:
        content = [ContentReasoning(reasoning=reply.reasoning), *content]
    choice = ChatCompletionChoice(
        message=ChatMessageAssistant(content=content, model=name, source="generate"),
        stop_reason=reply.stop,
        logprobs=_logprobs(reply) if config.logprobs and reply.alternatives else None,
    )
    tokens_in = sum(len(message.text) // 4 + 1 for message in messages)
    tokens_out = 0 if reply.scores else len(reply.text) // 4 + 1
    scores = [{"text": text, "logprob": logprob} for text, logprob in reply.scores]
    return ModelOutput(
        model=name,
        choices=[choice] * reply.choices,
        usage=ModelUsage(input_tokens=tokens_in, output_tokens=tokens_out, total_tokens=tokens_in + tokens_out),
        metadata={"scores": scores} if scores else None,
    )


def _logprobs(reply: ScriptedReply) -> Logprobs:
    tops = [TopLogprob(token=token, logprob=logprob) for token, logprob in reply.alternatives]
    return Logprobs(content=[Logprob(token=tops[0].token, logprob=tops[0].logprob, top_logprobs=tops)])
