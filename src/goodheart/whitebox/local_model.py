"""A model in this process: conversations in, probabilities or replies out."""

import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from goodheart.errors import ModelError
from goodheart.records import Message, Scored
from goodheart.whitebox.blocks import UNIT, BlockPool
from goodheart.whitebox.chat import Ids, encode, find_tokens, fork, render
from goodheart.whitebox.cuts import break_tokens
from goodheart.whitebox.decode import StopReason, Written
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.identity import weights_digest
from goodheart.whitebox.inside import Inside
from goodheart.whitebox.layout import Layout, Norms, Pushes, Talk
from goodheart.whitebox.load import LoadedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.pooling import Pool, Span
from goodheart.whitebox.recording import FloatArray
from goodheart.whitebox.room import CACHE_MB as CACHE_MB
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.selfcheck import check_packed, plain_log_probabilities
from goodheart.whitebox.valence import DIRECTIONS, ValenceReader
from goodheart.whitebox.worker import Worker, thread_counts

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
        blocks: Path of the list of blocks inside the model, such as `model.layers`, where it cannot be found by itself.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        *,
        cache_mb: int = CACHE_MB,
        n_threads: int = N_THREADS,
        blocks: str | None = None,
    ) -> None:
        self.name, self.context, self.tokenizer = loaded.name, loaded.context, loaded.tokenizer
        config = loaded.model.config.get_text_config()
        self.n_layers, self.d_model = int(config.num_hidden_layers), int(config.hidden_size)
        """Blocks, and the width of the residual stream."""
        self.layers = range(self.n_layers + 1)
        """Those whose states can be read and pushed: 0 are the embeddings."""
        n_units = _n_units(loaded, cache_mb)
        self._tokenizing = threading.Lock()
        plain = plain_log_probabilities(loaded.model)
        packed = PackedModel(loaded.model, n_units * UNIT, thread_counts(n_threads), blocks=blocks)
        self.exact = check_packed(packed, plain, loaded.name)
        """Whether results are the same, bit for bit, in any company, by the check at loading."""
        self._valence = ValenceReader(self._story_ids)
        self._breaks, self._ends = break_tokens(loaded.tokenizer), loaded.ends
        self._layout = Layout(tokenizer=loaded.tokenizer, encode=self._encode, find=self._find, context=loaded.context)
        self._inside = Inside(
            layout=self._layout,
            breaks=self._breaks,
            digest=partial(weights_digest, loaded.model),
        )
        self._worker = Worker(
            packed,
            BlockPool(n_units),
            context=loaded.context,
            ends=loaded.ends,
            breaks=self._breaks,
            decode=self._decoded,
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
        request = Request(prompt=parted.trunk, continuations=parted.branches)
        return _then(self._worker.submit(request), partial(scores_of, request, continuations))

    def generate(self, messages: Sequence[Message], sampling: Sampling) -> Future[Reply]:
        """Write a reply, or the rest of a prefilled one.

        Raises:
            ModelError: a conversation that is too long with `max_tokens`, or that the template refuses.
        """
        (ids,) = self._encode([render(self.tokenizer, messages)])
        request = Request(prompt=ids, sampling=sampling)
        return _then(self._worker.submit(request), partial(self._reply, request))

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

    def record_texts(
        self,
        texts: Sequence[str],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of texts, read as they are: special tokens have to be written out.

        Args:
            texts: What the model reads.
            layers: 0 are the embeddings, i is what block i gives, before the final norm.
            pool: Which tokens are averaged.
            pushes: What is pushed in each text; empty for none.
            norms: Mean length of the residual stream by layer, for doses; None to take that of the neutral stories.

        Returns:
            A future of (n_texts, n_layers, d_model), or (n_texts, n_windows, n_layers, d_model) for `Rolling`.

        Raises:
            ModelError: here or in the future: no such layer, a mean over no token, states that are not finite, a text
                that is too long, or pushes that do not fit the model.
        """
        work = self._inside.record(texts, layers=layers, pool=pool, pushes=pushes, norms=norms)
        return self._worker.call(work)

    def record_chats(
        self,
        chats: Sequence[Sequence[Message]],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of conversations, each up to where its reply begins or goes on.

        See `record_texts`; `find_tokens` says where the words of an item are.
        """
        work = self._inside.record(chats, layers=layers, pool=pool, pushes=pushes, norms=norms)
        return self._worker.call(work)

    def record_replies(
        self,
        chats: Sequence[Talk],
        replies: Sequence[str],
        *,
        layers: Sequence[int],
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over the tokens of replies that were given to prompts; (n, n_layers, d_model).

        See `record_texts`. The reply is read, not written: its tokens are those of its text.
        """
        work = self._inside.record_replies(chats, replies, layers=layers, pushes=pushes, norms=norms)
        return self._worker.call(work)

    def score_pushed(
        self,
        chats: Sequence[Talk],
        continuations: Sequence[Sequence[str]],
        pushes: Pushes,
        *,
        norms: Norms | None = None,
    ) -> Future[tuple[Scores, ...]]:
        """Score continuations of each prompt while something is pushed; see `score` and `record_texts`."""
        requests, work = self._inside.score(chats, continuations, pushes=pushes, norms=norms)

        def read(values: list[tuple[float, ...]]) -> tuple[Scores, ...]:
            return tuple(map(scores_of, requests, continuations, values))

        return _then(self._worker.call(work), read)

    def reply_pushed(
        self,
        chats: Sequence[Talk],
        samplings: Sequence[Sampling],
        pushes: Pushes,
        *,
        norms: Norms | None = None,
    ) -> Future[tuple[Reply, ...]]:
        """Write a reply to each prompt while something is pushed; see `generate` and `record_texts`."""
        requests, work = self._inside.write(
            chats, samplings, pushes=pushes, norms=norms, ends=self._ends, decode=self._decoded
        )
        return _then(self._worker.call(work), lambda written: tuple(map(self._reply, requests, written)))

    def residual_norms(self, texts: Sequence[str] | None = None, *, layers: Sequence[int]) -> Future[dict[int, float]]:
        """Measure the mean length of the residual stream over all tokens of texts but the first of each.

        Args:
            texts: Read as they are; None for the neutral stories of `probes`.
            layers: As in `record_texts`.
        """
        return self._worker.call(self._inside.norms(texts, layers=layers))

    def find_tokens(self, chat: Talk, part: str) -> Span:
        """Say which tokens of a prompt hold the last occurrence of some words, from, up to.

        Raises:
            ModelError: they do not occur in it.
        """
        return self._find(self._layout.text(chat), part)

    @property
    def weights(self) -> str:
        """Digest of the weights, to be kept with directions that are fitted on them."""
        return self._inside.digest_once

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, without special ones around it."""
        return len(self.tokenize(text))

    def tokenize(self, text: str) -> list[int]:
        """Tokenise a text as it is, without special tokens around it."""
        return list(self._encode([text])[0])

    @property
    def closed(self) -> bool:
        """Whether it answers no more."""
        return not self._worker.alive

    def close(self) -> None:
        """Answer what has been asked, then stop."""
        self._worker.close()

    def _story_ids(self, stories: Sequence[str]) -> list[Ids]:
        return self._encode([render(self.tokenizer, [Message(role="user", content=story)]) for story in stories])

    def _encode(self, texts: Sequence[str]) -> list[Ids]:
        with self._tokenizing:  # the tokenizer is not safe for two threads
            return encode(self.tokenizer, texts)

    def _find(self, text: str, part: str) -> Span:
        with self._tokenizing:
            return find_tokens(self.tokenizer, text, part)

    def _decoded(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def _reply(self, request: Request, written: Written) -> Reply:
        assert request.sampling
        return Reply(
            text=written.text,
            tokens=tuple(
                Token(chosen=self._scored(drawn.chosen), alternatives=tuple(map(self._scored, drawn.alternatives)))
                for drawn in written.drawn
            ),
            stop=written.stop,
            seed=request.sampling.seed,
            input_tokens=len(request.prompt),
            output_tokens=written.n_tokens,
        )

    def _scored(self, token: tuple[int, float]) -> Scored:
        return Scored(text=str(self.tokenizer.decode([token[0]])), logprob=token[1])


def scores_of(request: Request, continuations: Sequence[str], logprobs: Sequence[float]) -> Scores:
    """Put texts and values together, with what they cost."""
    pairs = zip(continuations, logprobs, strict=True)
    return Scores(
        scores=tuple(Scored(text=text, logprob=logprob) for text, logprob in pairs),
        input_tokens=len(request.prompt) + sum(map(len, request.continuations)),
    )


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
