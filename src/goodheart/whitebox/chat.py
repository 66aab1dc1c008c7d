"""From a conversation to token ids, and where a continuation begins.

A conversation is written by the model's own chat template. If its last message is the assistant's, that message is a
*prefill*: the reply goes on from its last character, with no closing token between.

Prompt and continuation are tokenised as one string, because that is what the model would have read. Usually the
prompt's tokens come first unchanged: always so for a continuation that begins with a space after a prompt that does not
end in one. Where they do not (a prompt that ends in a space, a continuation in the middle of a word), the tokens from
the last common place on are scored for every continuation, those of the prompt's end included, so that values stay
comparable and probabilities never add up to more than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.records import Message

Ids = tuple[int, ...]


def render(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> str:
    """Write a conversation as the text that the model reads, ready for its reply.

    Raises:
        ModelError: there is no chat template, or it refuses this conversation.
    """
    if not tokenizer.chat_template:
        raise ModelError(
            f"a conversation needs the model's chat template, and `{tokenizer.name_or_path}` has none (a base model?). "
            "Use its instruction-tuned sibling."
        )
    prefill = messages[-1].content if messages and messages[-1].role == "assistant" else ""
    turns = [{"role": message.role, "content": message.content} for message in messages]
    if prefill:
        turns.pop()
    try:
        text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    except Exception as error:  # templates raise what they like
        roles = ", ".join(turn["role"] for turn in turns)
        raise ModelError(
            f"the chat template of `{tokenizer.name_or_path}` refuses a conversation with the roles {roles}: {error}. "
            "Use roles that it knows, or another model."
        ) from error
    return str(text) + prefill


def encode(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[Ids]:
    """Tokenise texts in which all special tokens are already written out."""
    ids = tokenizer(list(texts), add_special_tokens=False, return_attention_mask=False)["input_ids"]
    return [tuple(row) for row in ids]


def find_tokens(tokenizer: PreTrainedTokenizerBase, text: str, part: str) -> tuple[int, int]:
    """Say which tokens of a text hold a part of it: those that overlap its last occurrence, from, up to.

    Raises:
        ModelError: the text does not have it, or the tokenizer cannot say where its tokens are.
    """
    start = text.rfind(part) if part else -1
    if start < 0:
        raise ModelError(
            f"tokens are found by a part of the text that they stand for; this text has no `{part}`. "
            "Pass words that occur in it, as they are written there."
        )
    if not tokenizer.is_fast:
        raise ModelError(
            f"finding the tokens of a part needs a tokenizer that knows places; that of `{tokenizer.name_or_path}` "
            "is a slow one and does not. Pass token numbers instead."
        )
    places = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    inside = [i for i, (first, last) in enumerate(places) if last > start and first < start + len(part)]
    return inside[0], inside[-1] + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A common beginning and what follows it, each branch at least one token."""

    trunk: Ids
    branches: tuple[Ids, ...]


def fork(prompt: Ids, wholes: Sequence[Ids]) -> Fork:
    """Part the tokens of prompt + continuation, for several continuations, after what they share with the prompt."""
    n_trunk = min(_n_common(prompt, whole) for whole in wholes)
    return Fork(trunk=prompt[:n_trunk], branches=tuple(whole[n_trunk:] for whole in wholes))


def _n_common(prompt: Ids, whole: Ids) -> int:
    """Length of the common beginning; at least one token of `whole` stays outside."""
    n = min(len(prompt), len(whole) - 1)
    if whole[:n] == prompt[:n]:
        return n
    return next(i for i in range(n) if prompt[i] != whole[i])
