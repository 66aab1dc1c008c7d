"""A model behind a server: texts and conversations in; means of states, probabilities or replies out.

The same calls as `LocalModel` for recording and steering, with the same meaning. What differs: layer 0, the embeddings,
is not served; every prompt is run whole, and its states travel before they are averaged, one prompt at a time and
connection; and results depend on the server's float type and, by rounding, on what it runs beside.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from transformers import PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.probes import valence_stories
from goodheart.records import Message
from goodheart.whitebox.chat import Ids, encode, find_tokens
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.layout import Layout, Norms, PlacedPush, Pushes, Talk
from goodheart.whitebox.local_model import Reply, Scores, scores_of
from goodheart.whitebox.pooling import Pool, Rolling, Span, Window, windows_of
from goodheart.whitebox.recording import FloatArray, check_layers
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.server import Server
from goodheart.whitebox.served.writing import Writer
from goodheart.whitebox.steering import check_pushes, shifts_of

CONNECTIONS = 16
"""Requests that are under way at once; the server batches them."""

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What is known of a model behind a server."""

    name: str
    """With the provider, as a user names it."""
    n_layers: int
    d_model: int
    context: int
    """Longest text in tokens."""
    weights: str
    """What stands for the weights; see `opening.fingerprint`."""
    loses_count: bool
    """Whether a push on the first tokens would also be added to tokens that are written."""


class ServedModel:
    """Answers from many threads at once.

    Args:
        server: Where it is; closed with this object.
        served: What is known of it.
        tokenizer: Its own.
        connections: Requests under way at once.
    """

    def __init__(
        self,
        server: Server,
        served: Served,
        tokenizer: PreTrainedTokenizerBase,
        *,
        connections: int = CONNECTIONS,
    ) -> None:
        self.name, self.n_layers, self.d_model = served.name, served.n_layers, served.d_model
        self.context, self.weights, self.tokenizer = served.context, served.weights, tokenizer
        self.layers = range(1, served.n_layers + 1)
        """Those whose states can be read and pushed."""
        self._server, self._tokenizing = server, threading.Lock()
        self._layout = Layout(tokenizer=tokenizer, encode=self._encode, find=self._find, context=served.context)
        self._writer = Writer(server, decode=self._decoded, singly=served.loses_count)
        self._calls = ThreadPoolExecutor(1, thread_name_prefix="served-calls")
        self._requests = ThreadPoolExecutor(connections, thread_name_prefix="served-requests")
        self._norms: dict[int, float] = {}

    def record_texts(
        self,
        texts: Sequence[str],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of texts; see `LocalModel.record_texts`."""
        return self._record(texts, layers=layers, pool=pool, pushes=pushes, norms=norms)

    def record_chats(
        self,
        chats: Sequence[Sequence[Message]],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of conversations; see `LocalModel.record_chats`."""
        return self._record(chats, layers=layers, pool=pool, pushes=pushes, norms=norms)

    def record_replies(
        self,
        chats: Sequence[Talk],
        replies: Sequence[str],
        *,
        layers: Sequence[int],
        pushes: Pushes = (),
        norms: Norms | None = None,
    ) -> Future[FloatArray]:
        """Average the residual stream over the tokens of replies; see `LocalModel.record_replies`."""
        wholes, starts, pool = self._layout.replies(chats, replies)
        placed = self._layout.place(chats, starts, pushes)
        return self._calls.submit(lambda: self._means(wholes, placed, layers=layers, pool=pool, norms=norms))

    def score_pushed(
        self,
        chats: Sequence[Talk],
        continuations: Sequence[Sequence[str]],
        pushes: Pushes,
        *,
        norms: Norms | None = None,
    ) -> Future[tuple[Scores, ...]]:
        """Score continuations of each prompt while something is pushed; see `LocalModel.score_pushed`."""
        requests = self._layout.scoring(chats, continuations)
        placed = self._layout.place(chats, [len(request.prompt) for request in requests], pushes)

        def run() -> tuple[Scores, ...]:
            shifts = self._shifts(placed, norms)
            asked = [(i, branch) for i, request in enumerate(requests) for branch in request.continuations]
            values = iter(self._each(lambda one: self._sum(requests[one[0]].prompt, one[1], shifts[one[0]]), asked))
            return tuple(
                scores_of(request, texts, [next(values) for _ in texts])
                for request, texts in zip(requests, continuations, strict=True)
            )

        return self._calls.submit(run)

    def reply_pushed(
        self,
        chats: Sequence[Talk],
        samplings: Sequence[Sampling],
        pushes: Pushes,
        *,
        norms: Norms | None = None,
    ) -> Future[tuple[Reply, ...]]:
        """Write a reply to each prompt while something is pushed; see `LocalModel.reply_pushed`."""
        requests = self._layout.writing(chats, samplings)
        placed = self._layout.place(chats, [len(request.prompt) for request in requests], pushes)

        def run() -> tuple[Reply, ...]:
            shifts = self._shifts(placed, norms)
            return tuple(self._each(lambda one: self._writer.write(*one), list(zip(requests, shifts, strict=True))))

        return self._calls.submit(run)

    def residual_norms(self, texts: Sequence[str] | None = None, *, layers: Sequence[int]) -> Future[dict[int, float]]:
        """Measure the mean length of the residual stream; see `LocalModel.residual_norms`."""
        prompts = self._layout.prompts(texts if texts is not None else valence_stories().neutral)
        return self._calls.submit(lambda: self._lengths(prompts, layers))

    def find_tokens(self, chat: Talk, part: str) -> Span:
        """Say which tokens of a prompt hold the last occurrence of some words, from, up to.

        Raises:
            ModelError: they do not occur in it.
        """
        return self._find(self._layout.text(chat), part)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, without special ones around it."""
        return len(self._encode([text])[0])

    def close(self) -> None:
        """Answer what has been asked, then let the connections go."""
        self._calls.shutdown()
        self._requests.shutdown()
        self._server.close()

    def _record(
        self, talks: Sequence[Talk], *, layers: Sequence[int], pool: Pool, pushes: Pushes, norms: Norms | None
    ) -> Future[FloatArray]:
        prompts = self._layout.prompts([self._layout.text(talk) for talk in talks])
        placed = self._layout.place(talks, [len(prompt) for prompt in prompts], pushes)
        return self._calls.submit(lambda: self._means(prompts, placed, layers=layers, pool=pool, norms=norms))

    def _means(
        self,
        prompts: Sequence[Ids],
        placed: Sequence[Sequence[PlacedPush]],
        *,
        layers: Sequence[int],
        pool: Pool,
        norms: Norms | None,
    ) -> FloatArray:
        check_layers(layers, of=self.layers)
        windows, shifts = windows_of(pool, [len(prompt) for prompt in prompts]), self._shifts(placed, norms)
        found = np.full((len(prompts), max(map(len, windows), default=1), len(layers), self.d_model), np.nan)

        def fill(i: int) -> None:
            found[i, : len(windows[i])] = self._windows(i, prompts[i], windows[i], layers=layers, shifts=shifts[i])

        self._each(fill, range(len(prompts)))
        return found if isinstance(pool, Rolling) else found[:, 0]

    def _windows(
        self, i: int, ids: Ids, windows: Sequence[Window], *, layers: Sequence[int], shifts: Sequence[Shift]
    ) -> FloatArray:
        """Record one prompt and average it, (n_windows, n_layers, d); its states are dropped here."""
        ascending = sorted(layers)
        states = self._server.states(ids, layers=ascending, shifts=shifts)
        order = [ascending.index(layer) for layer in layers]
        rows = [np.concatenate([np.arange(start, stop) for start, stop in window]) for window in windows]
        means = np.stack([states[order][:, row].mean(1, dtype=np.float64) for row in rows])
        if not np.isfinite(means).all():
            raise ModelError(
                f"means need finite states; those of prompt {i} are infinite or not a number. "
                "Serve the model with --dtype bfloat16 or float32, or push less."
            )
        return means

    def _lengths(self, prompts: Sequence[Ids], layers: Sequence[int], *, start: int = 1) -> dict[int, float]:
        check_layers(layers, of=self.layers)
        ascending = sorted(layers)

        def sums(ids: Ids) -> FloatArray:
            states = self._server.states(ids, layers=ascending, shifts=())[:, start:]
            return np.asarray(np.linalg.norm(states.astype(np.float64), axis=2).sum(1))

        n_tokens = sum(len(prompt) - start for prompt in prompts)
        totals = np.sum(self._each(sums, prompts), axis=0) / n_tokens
        return dict(zip(ascending, totals.tolist(), strict=True))

    def _shifts(self, placed: Sequence[Sequence[PlacedPush]], norms: Norms | None) -> list[tuple[Shift, ...]]:
        pushes = [push for each in placed for push, _ in each]
        check_pushes(pushes, layers=self.layers, width=self.d_model, weights=self.weights)
        if norms is None:
            missing = sorted({push.layer for push in pushes} - set(self._norms))
            if missing:
                self._norms.update(self._lengths(self._layout.prompts(valence_stories().neutral), missing))
            norms = self._norms
        return shifts_of(placed, norms)

    def _sum(self, prompt: Ids, branch: Ids, shifts: Sequence[Shift]) -> float:
        values = self._server.log_probabilities((*prompt, *branch), start=len(prompt), shifts=shifts)
        if not np.isfinite(values).all():
            raise ModelError("probabilities need finite states; these became infinite or not a number. Push less.")
        return float(sum(values))

    def _each(self, do: Callable[[A], B], items: Sequence[A]) -> list[B]:
        """Do something for each, several at once; the first failure ends it, and what has not begun is not begun."""
        futures = [self._requests.submit(do, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()

    def _encode(self, texts: Sequence[str]) -> list[Ids]:
        with self._tokenizing:  # the tokenizer is not safe for two threads
            return encode(self.tokenizer, texts)

    def _decoded(self, ids: Ids, *, special: bool = False) -> str:
        with self._tokenizing:
            return str(self.tokenizer.decode(list(ids), skip_special_tokens=not special))

    def _find(self, text: str, part: str) -> Span:
        with self._tokenizing:
            return find_tokens(self.tokenizer, text, part)
