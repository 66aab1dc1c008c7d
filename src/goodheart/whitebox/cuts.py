"""Where a prompt is cut into blocks that others may share.

Cuts follow the text: after the end of a line or a sentence, where prompts of one study usually part. Whether there is a
cut depends on nothing that comes later, so equal beginnings are cut equally, whatever they are the beginning of.
"""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

SHORTEST = 8
LONGEST = 32
"""Tokens of a block."""
BREAKS = (".", "?", "!", ":", "Ċ", "\n", "<0x0A>")
"""Ends of tokens after which a block may end; Ċ and <0x0A> are how tokenizers write a new line."""


def cut_points(tokens: Sequence[int], breaks: frozenset[int]) -> tuple[int, ...]:
    """Return the ends of the shared blocks of a prompt, ascending; its last token is always left outside."""
    ends: list[int] = []
    start = 0
    for end in range(1, len(tokens)):
        if end - start == LONGEST or (end - start >= SHORTEST and tokens[end - 1] in breaks):
            ends.append(end)
            start = end
    return tuple(ends)


def break_tokens(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Find the tokens after which a block may end."""
    return frozenset(token for text, token in tokenizer.get_vocab().items() if text.endswith(BREAKS))
