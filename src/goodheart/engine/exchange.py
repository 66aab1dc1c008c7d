"""One asking put to one provider: the request, the reply, and what a failure says."""

import math
from typing import Any, Literal

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ContentReasoning,
    GenerateConfig,
    ModelOutput,
)

from goodheart.engine.askings import Asking
from goodheart.engine.settings import is_own
from goodheart.records import Message, Projection, Reply, Scored, Stop, Trial

Mode = Literal["scores", "logprobs", "text", "states"]
"""What is read of a trial: continuations scored by our own engine, the first token's alternatives, text alone, or
hidden states of our own engine."""

TOP_LOGPROBS = 20
"""As many alternatives as providers give at most."""
LOWEST_LOGPROB = -9999.0
"""What stands for minus infinity, as some providers write it themselves; JSON has no infinity."""
ERROR_CHARACTERS = 600
REASONING_CHARACTERS = 200_000
"""Of visible reasoning; as much as is kept of a reply."""

# Only our own engine is known to use the seed that it is given. Hosted providers promise a best effort or drop it, and
# a server behind an OpenAI-compatible address may do either.
_SEED_IS_USED = ("goodheart", "organism")

_STOPS: dict[str, Stop] = {
    "stop": "stop",
    "max_tokens": "max_tokens",
    "model_length": "max_tokens",
    "content_filter": "content_filter",
}


def request_messages(trial: Trial, *, mode: Mode, respondent: str) -> list[ChatMessage]:
    """Turn a trial's conversation into Inspect's messages.

    A prefill goes last, as the start of the respondent's turn, to our own engine only: others refuse it, or answer it
    as a turn that is over.
    """
    messages = [_chat_message(message) for message in trial.messages]
    takes_prefill = is_own(respondent) and (mode == "scores" or not trial.continuations)
    if trial.prefill and takes_prefill:
        messages.append(ChatMessageAssistant(content=trial.prefill))
    return messages


def request_config(trial: Trial, *, mode: Mode, seed: int) -> GenerateConfig:
    """Say how a trial is to be answered: drawn as it says, except where nothing is written at all.

    First-token probabilities do not depend on the temperature, and what cannot be read from them is read from the text.
    """
    drawn = seed if trial.temperature > 0.0 else None
    match mode:
        case "scores":
            scored = {"continuations": list(trial.continuations)}
            return GenerateConfig(max_tokens=trial.max_tokens, temperature=0.0, extra_body=scored)
        case "states":
            return GenerateConfig(max_tokens=1, temperature=0.0, extra_body={"project": trial.instrument})
        case "logprobs":
            return GenerateConfig(
                max_tokens=trial.max_tokens,
                temperature=trial.temperature,
                seed=drawn,
                logprobs=True,
                top_logprobs=TOP_LOGPROBS,
            )
        case "text":
            return GenerateConfig(max_tokens=trial.max_tokens, temperature=trial.temperature, seed=drawn)


def reply_from(
    output: ModelOutput, asking: Asking, *, respondent: str, mode: Mode, keep_reasoning: bool = True
) -> Reply:
    """Turn what a provider gave into a reply, with the reasoning before it unless that is not to be kept.

    Raises:
        ValueError: if it holds no reply, or scores other than those asked for.
    """
    if output.empty:
        raise ValueError("the provider's reply holds no choice")
    usage = output.usage
    return Reply(
        respondent=respondent,
        trial=asking.digest,
        repeat=asking.repeat,
        text="" if mode in ("scores", "states") else output.completion,
        reasoning=_reasoning(output) if keep_reasoning else "",
        stop=_STOPS.get(output.stop_reason, "unknown"),
        scores=_scores(output, asking.trial) if mode == "scores" else (),
        alternatives=_alternatives(output) if mode == "logprobs" else (),
        projections=_projections(output, asking.trial) if mode == "states" else (),
        input_tokens=0
        if usage is None
        else usage.input_tokens + (usage.input_tokens_cache_read or 0) + (usage.input_tokens_cache_write or 0),
        output_tokens=0 if usage is None else usage.output_tokens,
        seed_honoured=_seed_honoured(asking.trial, respondent, mode),
    )


def failed_reply(error: Exception, asking: Asking, *, respondent: str) -> Reply:
    """Turn what went wrong into a reply that will be asked for again."""
    return Reply(
        respondent=respondent,
        trial=asking.digest,
        repeat=asking.repeat,
        text="",
        stop="unknown",
        error=error_text(error),
    )


def error_cause(error: BaseException) -> BaseException:
    """Return what went wrong under the wrappers that retrying and logging put around it."""
    while type(error).__name__ in ("RetryError", "ModelGenerateError") and error.__cause__ is not None:
        error = error.__cause__
    return error


def error_text(error: BaseException) -> str:
    """Say on one line what went wrong and, where known, what lies under it."""
    cause = error_cause(error)
    root = cause
    while root.__cause__ is not None:
        root = root.__cause__
    texts = [f"{type(each).__name__}: {' '.join(str(each).split())}" for each in dict.fromkeys((cause, root))]
    return "".join(map(_printable, " <- ".join(texts)))[:ERROR_CHARACTERS]


def error_status(error: BaseException) -> int | None:
    """Return the HTTP status that a failure carries, if it carries one."""
    status = getattr(error_cause(error), "status_code", None)
    return status if isinstance(status, int) else None


def rejects_logprobs(error: BaseException) -> bool:
    """Tell whether a provider refused the request because it asked for log-probabilities."""
    return error_status(error) in (400, 422) and "logprob" in error_text(error).lower()


def _chat_message(message: Message) -> ChatMessage:
    match message.role:
        case "system":
            return ChatMessageSystem(content=message.content)
        case "user":
            return ChatMessageUser(content=message.content)
        case "assistant":
            return ChatMessageAssistant(content=message.content)


def _printable(character: str) -> str:
    # A server writes part of an error's text, and the text ends in a terminal.
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def _seed_honoured(trial: Trial, respondent: str, mode: Mode) -> bool | None:
    if mode in ("scores", "states") or trial.temperature == 0.0:
        return None
    return respondent.partition("/")[0] in _SEED_IS_USED


def _reasoning(output: ModelOutput) -> str:
    """The reasoning that a provider gives out; what it redacts stays hidden."""
    content = output.choices[0].message.content
    if isinstance(content, str):
        return ""
    parts = [one.reasoning for one in content if isinstance(one, ContentReasoning) and not one.redacted]
    return "\n\n".join(part for part in parts if part)[:REASONING_CHARACTERS]


def _scores(output: ModelOutput, trial: Trial) -> tuple[Scored, ...]:
    rows: Any = (output.metadata or {}).get("scores")
    if not isinstance(rows, list):
        raise ValueError("the provider scored no continuations")
    scores = tuple(_scored(row["text"], row["logprob"]) for row in rows)
    if tuple(score.text for score in scores) != trial.continuations:
        raise ValueError("the provider scored other texts than the trial's continuations")
    return scores


def _projections(output: ModelOutput, trial: Trial) -> tuple[Projection, ...]:
    value: Any = (output.metadata or {}).get("projection")
    if not isinstance(value, float) or not math.isfinite(value):
        raise ValueError("the provider gave no reading of its hidden states")
    return (Projection(direction=trial.instrument, value=value),)


def _alternatives(output: ModelOutput) -> tuple[Scored, ...]:
    logprobs = output.choices[0].logprobs
    if logprobs is None or not logprobs.content:
        return ()
    first = logprobs.content[0]
    found = {top.token: top.logprob for top in first.top_logprobs or ()}
    # The token that was written may be missing from the likeliest ones.
    found.setdefault(first.token, first.logprob)
    return tuple(_scored(token, logprob) for token, logprob in found.items())


def _scored(text: str, logprob: float) -> Scored:
    if math.isnan(logprob):
        raise ValueError("the provider gave a log-probability that is not a number")
    return Scored(text=text, logprob=max(logprob, LOWEST_LOGPROB))
