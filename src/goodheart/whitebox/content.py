"""Where the words of a conversation stand among its tokens, so that a mean is over them and not over the template."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from transformers import PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import render
from goodheart.whitebox.pooling import Span, Window

FIRST: Final = "\ue000"
LAST: Final = "\ue001"
"""Characters of no meaning that are written around the words, found, and taken out again."""
SKIP: Final = 8
"""Tokens left out at the beginning: a name and a place, before anything has happened. In a story of 35 words they are
a sixth; at most a quarter of a shorter text is left out."""
SHARE: Final = 4
POOLING: Final = (
    f"mean over the tokens of the text as a user's turn, without the first {SKIP} (at most one in {SHARE}) and without "
    "the template"
)


def content_of(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> tuple[str, str]:
    """Write a conversation up to its last word, and say which part of it begins with its first word.

    What follows the last word is left away: later tokens cannot change the states of earlier ones.

    Returns:
        The text that the model reads, and the part at its end that is averaged, templates between turns included.

    Raises:
        ModelError: the template does not repeat the texts as they are, or there are none.
    """
    texts = [message.content.strip() for message in messages]
    marked = [FIRST + texts[0], *texts[1:]]
    marked[-1] += LAST
    written = render(tokenizer, [replace(one, content=text) for one, text in zip(messages, marked, strict=True)])
    start, end = written.find(FIRST), written.find(LAST)
    if not all(texts) or not 0 <= start < end:
        raise ModelError(
            "readings need texts that are not empty and a chat template that repeats them as they are, to know which "
            f"tokens are theirs; the template of `{tokenizer.name_or_path}` lost {texts[0][:40]!r}. Use another text, "
            "or a model with a plain template."
        )
    part = written[start + len(FIRST) : end]
    return written[:start] + part, part


def window_of(span: Span) -> Window:
    """Leave out the first few tokens of a text."""
    start, stop = span
    return ((start + min(SKIP, (stop - start) // SHARE), stop),)
