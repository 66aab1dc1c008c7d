"""A model in this process: conversations in, probabilities or replies out."""

import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from goodheart.errors import ModelError
from goodheart.records import Message, Scored
from goodheart.whitebox.blocks import UNIT, BlockPool
from goodheart.whitebox.chat import Ids, encode, fork, render
from goodheart.whitebox.cuts import break_tokens
from goodheart.whitebox.decode import StopReason, Written
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.load import LoadedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.selfcheck import check_packed, plain_log_probabilities
from goodheart.whitebox.valence import DIRECTIONS, ValenceReader
from goodheart.whitebox.worker import Worker, thread_counts

CACHE_MB = 512
"""Room for keys and values; taken as it is used."""
N_THREADS = 2

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How likely each continuation is after a conversation."""

    scores: tuple[Scored, ...]
    """In the order asked; natural logarithm of the probability of the whole continuation."""
    input_tokens: int
    """Tokens of the prompt and of all continuations, whatever was shared or cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of a reply with the likeliest ones at its place."""

    chosen: Scored
    """Probability under the model, before temperature, `top_k` and `top_p`."""
    alternatives: tuple[Scored, ...]
    """Best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was written."""

    text: str
    tokens: tuple[Token, ...]
    stop: StopReason
    seed: int
    """The seed that was used."""
    input_tokens: int
    output_tokens: int


class LocalModel:
    """Answers from many threads at once; results do not depend on what else is being asked.

    Args:
        loaded: The model; from now on it belongs to this object.
        cache_mb: Room for keys and values in MiB; at least one text of full length up to 4096 tokens is always held.
        n_threads: Threads of torch.
    """

    def __init__(self, loaded: LoadedModel, *, cache_mb: int = CACHE_MB, n_threads: int = N_THREADS) -> None:
        self.name, self.context, self.tokenizer = loaded.name, loaded.context, loaded.tokenizer
        n_units = _n_units(loaded, cache_mb)
        self._tokenizing = threading.Lock()
        plain = plain_log_probabilities(loaded.model)
        packed = PackedModel(loaded.model, n_units * UNIT, thread_counts(n_threads))
        self.exact = check_packed(packed, plain, loaded.name)
        """Whether results are the same, bit for bit, in any company, by the check at loading."""
        self._valence = ValenceReader(self._story_ids)
        self._worker = Worker(
            packed,
            BlockPool(n_units),
            context=loaded.context,
            ends=loaded.ends,
            breaks=break_tokens(loaded.tokenizer),
            decode=lambda ids: str(loaded.tokenizer.decode(ids, skip_special_tokens=True)),
            n_threads=n_threads,
        )

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> Future[Scores]:
        """Score continuations of a conversation, whose last message may be a prefill.

        Raises:
            ModelError: no continuation, an empty one, or a conversation that is too long or that the template refuses.
        """
        if not continuations or not all(continuations):
            raise ModelError(
                f"scoring needs at least one continuation and none of them empty; got {list(continuations)}."
            )
        prompt = render(self.tokenizer, messages)
        ids, *wholes = self._encode([prompt, *(prompt + text for text in continuations)])
        parted = fork(ids, wholes)
        n_tokens = len(parted.trunk) + sum(map(len, parted.branches))
        request = Request(prompt=parted.trunk, continuations=parted.branches)

        def read(logprobs: tuple[float, ...]) -> Scores:
            pairs = zip(continuations, logprobs, strict=True)
            scores = tuple(Scored(text=text, logprob=logprob) for text, logprob in pairs)
            return Scores(scores=scores, input_tokens=n_tokens)

        return _then(self._worker.submit(request), read)

    def generate(self, messages: Sequence[Message], sampling: Sampling) -> Future[Reply]:
        """Write a reply, or the rest of a prefilled one.

        Raises:
            ModelError: a conversation that is too long with `max_tokens`, or that the template refuses.
        """
        (ids,) = self._encode([render(self.tokenizer, messages)])

        def read(written: Written) -> Reply:
            return Reply(
                text=written.text,
                tokens=tuple(
                    Token(chosen=self._scored(drawn.chosen), alternatives=tuple(map(self._scored, drawn.alternatives)))
                    for drawn in written.drawn
                ),
                stop=written.stop,
                seed=sampling.seed,
                input_tokens=len(ids),
                output_tokens=written.n_tokens,
            )

        return _then(self._worker.submit(Request(prompt=ids, sampling=sampling)), read)

    def project(self, messages: Sequence[Message], direction: str) -> Future[float]:
        """Read the hidden states at the end of a conversation along a direction.

        Raises:
            ModelError: no such direction, a conversation that is too long or that the template refuses.
        """
        if direction not in DIRECTIONS:
            raise ModelError(f"hidden states are read along {', '.join(DIRECTIONS)}; got `{direction}`.")
        (ids,) = self._encode([render(self.tokenizer, messages)])
        if len(ids) > self.context:
            raise ModelError(f"a prompt has to fit into the model's {self.context} tokens; this one has {len(ids)}.")
        return self._worker.call(lambda packed: self._valence.read(packed, [ids])[0])

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, without special ones around it."""
        return len(self.tokenize(text))

    def tokenize(self, text: str) -> list[int]:
        """Tokenise a text as it is, without special tokens around it."""
        return list(self._encode([text])[0])

    def close(self) -> None:
        """Answer what has been asked, then stop."""
        self._worker.close()

    def _story_ids(self, stories: Sequence[str]) -> list[Ids]:
        return self._encode([render(self.tokenizer, [Message(role="user", content=story)]) for story in stories])

    def _encode(self, texts: Sequence[str]) -> list[Ids]:
        with self._tokenizing:  # the tokenizer is not safe for two threads
            return encode(self.tokenizer, texts)

    def _scored(self, token: tuple[int, float]) -> Scored:
        return Scored(text=str(self.tokenizer.decode([token[0]])), logprob=token[1])


def new_seed() -> int:
    """Draw a seed where none was given; it is recorded with the reply."""
    return secrets.randbits(48)


def _n_units(loaded: LoadedModel, cache_mb: int) -> int:
    """Units that fit into the room, estimated from the config; never fewer than one text needs."""
    config = loaded.model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    d_head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    item = next(loaded.model.parameters()).element_size()
    n_tokens = (cache_mb << 20) // (2 * config.num_hidden_layers * heads * d_head * item)
    return int(max(n_tokens, 2 * min(loaded.context, 4096)) // UNIT + 3)


def _then(future: Future[A], read: Callable[[A], B]) -> Future[B]:
    """Return a future of `read` of the result; cancelling it cancels the first."""
    second: Future[B] = Future()

    def pass_on(first: Future[A]) -> None:
        if first.cancelled() or not second.set_running_or_notify_cancel():
            second.cancel()
            return
        error = first.exception()
        if error is not None:
            second.set_exception(error)
            return
        try:
            second.set_result(read(first.result()))
        except Exception as failure:
            second.set_exception(failure)

    second.add_done_callback(lambda done: future.cancel() if done.cancelled() else None)
    future.add_done_callback(pass_on)
    return second
