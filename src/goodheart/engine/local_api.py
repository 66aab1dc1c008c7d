"""The white-box engine as a model of Inspect."""

import asyncio
import threading
from collections.abc import Sequence

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ContentText,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    TopLogprob,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from goodheart.errors import ModelError
from goodheart.records import Message, Speaker
from goodheart.whitebox.load import find_weights, load_model
from goodheart.whitebox.local_model import CACHE_MB, N_THREADS, LocalModel, Reply, Scores, Token, new_seed
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.tuning.adapter import split_name

MAX_CONNECTIONS = 64
"""Requests that Inspect lets in at once: enough to fill a pass while others are being logged."""
MAX_TOKENS = 512
"""Length of a reply where nobody says."""
ROLES: dict[str, Speaker] = {"system": "system", "user": "user", "assistant": "assistant"}
REFUSED = ("num_choices", "logit_bias", "response_schema", "frequency_penalty", "presence_penalty")
"""Settings that would change the reply and are not done here."""

_models: dict[tuple[str, str, str], LocalModel] = {}
_lock = threading.Lock()


def open_local(
    name: str, *, dtype: str, device: str, cache_mb: int, threads: int, blocks: str | None = None
) -> LocalModel:
    """Open a model once for the whole process; whoever comes later gets the same one, room and threads as they are.

    One that somebody closed is opened anew.

    Raises:
        ModelError: see `load_model`.
    """
    base, change = split_name(name)
    key = (f"{find_weights(base)}@{change}", dtype, device)
    with _lock:
        if key not in _models or _models[key].closed:
            loaded = load_model(name, dtype=dtype, device=device, cache_mb=cache_mb)
            _models[key] = LocalModel(loaded, cache_mb=cache_mb, n_threads=threads, blocks=blocks)
        return _models[key]


class LocalAPI(ModelAPI):
    """A model in this process.

    Beyond Inspect's own settings, `extra_body={"continuations": [...]}` asks for the log-probability of each of these
    texts after the conversation, instead of a reply: `metadata["scores"]` holds them in order, the completion is the
    likeliest. A conversation that ends with the assistant is continued where it stops. `extra_body={"project":
    "valence"}` reads the hidden states at its end along a direction: `metadata["projection"]`.

    Args:
        model_name: The name without `goodheart/`.
        base_url: Refused; there is no server.
        api_key: Ignored.
        config: Inspect's settings for all requests.
        dtype: Float type of the weights.
        device: Where torch puts them.
        cache_mb: Room for keys and values.
        threads: Threads of torch.
        blocks: Path of the list of blocks inside the model, where it cannot be found by itself.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
        dtype: str = "float32",
        device: str = "cpu",
        cache_mb: int = CACHE_MB,
        threads: int = N_THREADS,
        blocks: str | None = None,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if base_url is not None:
            raise ModelError(
                f"`goodheart/{model_name}` runs in this process and has no address; got {base_url}. Leave the address "
                "out, or name a server's model: openai-api/NAME/MODEL"
            )
        self.local = open_local(
            model_name, dtype=dtype, device=device, cache_mb=cache_mb, threads=threads, blocks=blocks
        )

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """Write a reply, or score continuations; see the class.

        Raises:
            ModelError: tools, images or settings that are not done here, or a conversation that does not fit.
        """
        _refuse(self.model_name, tools, config)
        messages = [_message(message) for message in input]
        direction = (config.extra_body or {}).get("project")
        if direction is not None:
            value = await asyncio.wrap_future(self.local.project(messages, str(direction)))
            return _projected_output(self.model_name, value)
        continuations = (config.extra_body or {}).get("continuations")
        if continuations is not None:
            return _scored_output(self.model_name, await self.score(messages, continuations))
        sampling = _sampling(config)
        reply = await asyncio.wrap_future(self.local.generate(messages, sampling))
        return _reply_output(self.model_name, reply, with_logprobs=bool(config.logprobs))

    async def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> Scores:
        """Score continuations of a conversation; see `LocalModel.score`."""
        return await asyncio.wrap_future(self.local.score(messages, continuations))

    async def count_text_tokens(self, text: str) -> int:
        """Count tokens with the model's own tokenizer."""
        return self.local.count_tokens(text)

    async def tokenize(self, text: str) -> list[int]:
        """Tokenise a text as it is."""
        return self.local.tokenize(text)

    def max_tokens(self) -> int:
        """Length of a reply where nobody says."""
        return MAX_TOKENS

    def max_connections(self) -> int:
        """Requests in flight."""
        return MAX_CONNECTIONS

    def connection_key(self) -> str:
        """All requests to one model share its connections."""
        return self.model_name

    def should_retry(self, ex: Exception) -> bool:
        """Nothing that fails here would succeed a second time."""
        return False

    def collapse_user_messages(self) -> bool:
        """Many templates want turns to alternate."""
        return True

    def collapse_assistant_messages(self) -> bool:
        """Many templates want turns to alternate."""
        return True

    def close(self) -> None:
        """Leave the model running: it is shared by the whole process."""


def _refuse(name: str, tools: Sequence[ToolInfo], config: GenerateConfig) -> None:
    if tools:
        raise ModelError(
            f"`goodheart/{name}` cannot call tools; {len(tools)} were passed. Take them out of the task, or use a "
            "model whose provider has tools."
        )
    set_here = [field for field in REFUSED if getattr(config, field) not in (None, 1, 0.0)]
    if set_here:
        raise ModelError(f"`goodheart/{name}` does not do {', '.join(set_here)}. Leave these settings out.")


def _message(message: ChatMessage) -> Message:
    if message.role not in ROLES:
        raise ModelError(
            f"`goodheart/` models take system, user and assistant turns; got `{message.role}`. Leave it out."
        )
    if isinstance(message.content, str):
        return Message(role=ROLES[message.role], content=message.content)
    other = [part.type for part in message.content if not isinstance(part, ContentText)]
    if other:
        raise ModelError(f"`goodheart/` models read text; the conversation holds {', '.join(other)}. Leave it out.")
    return Message(role=ROLES[message.role], content=message.text)


def _sampling(config: GenerateConfig) -> Sampling:
    return Sampling(
        max_tokens=MAX_TOKENS if config.max_tokens is None else config.max_tokens,
        temperature=1.0 if config.temperature is None else config.temperature,
        seed=new_seed() if config.seed is None else config.seed,
        top_p=config.top_p,
        top_k=config.top_k,
        stop=tuple(config.stop_seqs or ()),
        n_alternatives=(config.top_logprobs or 0) if config.logprobs else 0,
    )


def _projected_output(name: str, value: float) -> ModelOutput:
    output = ModelOutput.from_content(name, "")
    output.metadata = {"projection": value}
    output.usage = ModelUsage()
    return output


def _scored_output(name: str, scores: Scores) -> ModelOutput:
    best = max(scores.scores, key=lambda score: score.logprob)
    rows = [{"text": score.text, "logprob": score.logprob} for score in scores.scores]
    return ModelOutput(
        model=name,
        choices=[_choice(name, best.text)],
        usage=ModelUsage(input_tokens=scores.input_tokens, output_tokens=0, total_tokens=scores.input_tokens),
        metadata={"scores": rows},
    )


def _reply_output(name: str, reply: Reply, *, with_logprobs: bool) -> ModelOutput:
    choice = _choice(name, reply.text)
    choice.stop_reason = reply.stop
    choice.logprobs = Logprobs(content=[_logprob(token) for token in reply.tokens]) if with_logprobs else None
    return ModelOutput(
        model=name,
        choices=[choice],
        usage=ModelUsage(
            input_tokens=reply.input_tokens,
            output_tokens=reply.output_tokens,
            total_tokens=reply.input_tokens + reply.output_tokens,
        ),
        metadata={"seed": reply.seed},
    )


def _choice(name: str, text: str) -> ChatCompletionChoice:
    message = ChatMessageAssistant(content=text, model=name, source="generate")
    return ChatCompletionChoice(message=message, stop_reason="stop")


def _logprob(token: Token) -> Logprob:
    likeliest = [TopLogprob(token=other.text, logprob=other.logprob) for other in token.alternatives]
    return Logprob(token=token.chosen.text, logprob=token.chosen.logprob, top_logprobs=likeliest or None)
