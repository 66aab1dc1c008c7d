"""What is asked of a model's inside, laid out in tokens: prompts, continuations, and the places of pushes.

Knows the tokenizer and no model, so that a model in this process and one behind a server are asked for the same tokens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import Ids, fork, render
from goodheart.whitebox.plan import Request
from goodheart.whitebox.pooling import MeanOver, Span
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Before, Push

Talk = Sequence[Message] | str
"""A conversation, or a text that is read as it is, special tokens written out."""
Pushes = Sequence[Sequence[Push]]
"""What is pushed in each request; empty for none in any."""
Norms = Mapping[int, float]
"""Mean length of the residual stream by layer."""

PlacedPush = tuple[Push, tuple[int, int | None]]
"""A push with the places of the text that it is added at, from, up to; None for all that follow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Turns texts and conversations into tokens of one model."""

    tokenizer: PreTrainedTokenizerBase
    encode: Callable[[Sequence[str]], list[Ids]]
    find: Callable[[str, str], Span]
    """Tokens of a text that hold a part of it."""
    context: int
    """Longest text in tokens."""

    def text(self, talk: Talk) -> str:
        """Write a conversation as the model reads it; a text is left as it is."""
        return talk if isinstance(talk, str) else render(self.tokenizer, talk)

    def prompts(self, texts: Sequence[str], *, spare: int = 0) -> list[Ids]:
        """Tokenise texts that have to fit into the context, with some tokens to spare.

        Raises:
            ModelError: one does not.
        """
        prompts = self.encode(texts) if texts else []
        longest = max(map(len, prompts), default=0) + spare
        if longest > self.context:
            raise ModelError(
                f"a text has to fit into the model's context of {self.context} tokens; the longest here needs {longest}"
                f"{f', {spare} of them for its reply' if spare else ''}. Shorten it."
            )
        return prompts

    def replies(self, talks: Sequence[Talk], replies: Sequence[str]) -> tuple[list[Ids], list[int], MeanOver]:
        """Lay out prompts with their replies: all tokens, where each reply begins, and the mean over its tokens.

        Raises:
            ModelError: a reply is missing or empty, or a text too long.
        """
        if len(replies) != len(talks) or not all(replies):
            raise ModelError(
                f"states at replies need a reply that is not empty for each prompt; got {len(replies)} for "
                f"{len(talks)} prompts, {sum(not reply for reply in replies)} of them empty. Leave these prompts out."
            )
        texts = [self.text(talk) for talk in talks]
        wholes = self.prompts([text + reply for text, reply in zip(texts, replies, strict=True)])
        starts = [len(fork(prompt, [whole]).trunk) for prompt, whole in zip(self.encode(texts), wholes, strict=True)]
        spans = tuple(((start, len(whole)),) for start, whole in zip(starts, wholes, strict=True))
        return wholes, starts, MeanOver(spans=spans)

    def scoring(self, talks: Sequence[Talk], continuations: Sequence[Sequence[str]]) -> list[Request]:
        """Lay out prompts with continuations of each.

        Raises:
            ModelError: a prompt without continuations, an empty one, or a text too long.
        """
        if len(continuations) != len(talks) or not all(each and all(each) for each in continuations):
            raise ModelError(
                f"scoring needs at least one continuation for each prompt and none of them empty; got "
                f"{[list(each) for each in continuations][:3]}... for {len(talks)} prompts. "
                "Pass one list of texts per prompt."
            )
        requests = []
        for talk, each in zip(talks, continuations, strict=True):
            text = self.text(talk)
            prompt, *wholes = self.prompts([text, *(text + continuation for continuation in each)])
            parted = fork(prompt, wholes)
            requests.append(Request(prompt=parted.trunk, continuations=parted.branches))
        return requests

    def writing(self, talks: Sequence[Talk], samplings: Sequence[Sampling]) -> list[Request]:
        """Lay out prompts that are to be replied to.

        Raises:
            ModelError: a sampling is missing, or a prompt too long with its reply.
        """
        if len(samplings) != len(talks):
            raise ModelError(
                f"replies are drawn with a sampling of their own; got {len(samplings)} for {len(talks)} prompts. "
                "Pass one per prompt, each with its seed."
            )
        longest = max((sampling.max_tokens for sampling in samplings), default=0)
        prompts = self.prompts([self.text(talk) for talk in talks], spare=longest)
        return [Request(prompt=prompt, sampling=sampling) for prompt, sampling in zip(prompts, samplings, strict=True)]

    def place(self, talks: Sequence[Talk], n_prompts: Sequence[int], pushes: Pushes) -> list[list[PlacedPush]]:
        """Find the tokens of each push.

        Args:
            talks: What is asked.
            n_prompts: Tokens of each prompt, without its continuation or reply.
            pushes: One group for each, or none at all.

        Raises:
            ModelError: a group is missing, or a place is not in its prompt.
        """
        if pushes and len(pushes) != len(talks):
            raise ModelError(
                f"pushes belong to single prompts; got pushes for {len(pushes)} of {len(talks)} prompts. "
                "Pass one tuple per prompt, empty where nothing is pushed."
            )
        return [
            [(push, self._span(push, talk, n)) for push in each]
            for talk, n, each in zip(talks, n_prompts, pushes or [()] * len(talks), strict=True)
        ]

    def _span(self, push: Push, talk: Talk, n_prompt: int) -> tuple[int, int | None]:
        match push.where:
            case "all":
                return 0, None
            case "prompt":
                return 0, n_prompt
            case "context":
                return 0, self._tokens(talk, _question(talk))[0]
            case Before(text=text):
                return 0, self._tokens(talk, text)[0]
            case (start, stop):
                if not 0 <= start < stop <= n_prompt:
                    raise ModelError(
                        f"a push names tokens of its prompt, which has {n_prompt} here; got {start} up to {stop}. "
                        f"Pass (start, stop) with 0 <= start < stop <= {n_prompt}, or `all`."
                    )
                return start, stop

    def _tokens(self, talk: Talk, part: str) -> Span:
        return self.find(self.text(talk), part)


def _question(talk: Talk) -> str:
    asked = [] if isinstance(talk, str) else [m.content.strip() for m in talk if m.role == "user"]
    if not asked:
        raise ModelError(
            "pushing the `context` means what stands before the last user's message of a conversation; this prompt has "
            "no such message. Use `prompt`, a span, or `Before(text=...)`."
        )
    return asked[-1]
