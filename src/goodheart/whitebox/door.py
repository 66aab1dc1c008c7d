"""What any model whose states can be read and pushed has to offer, in this process or behind a server."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from transformers import PreTrainedTokenizerBase

from goodheart.records import Message
from goodheart.whitebox.layout import Norms, Pushes, Talk
from goodheart.whitebox.local_model import Reply, Scores
from goodheart.whitebox.pooling import Pool, Span
from goodheart.whitebox.recording import FloatArray
from goodheart.whitebox.sample import Sampling


class OpenModel(Protocol):
    """A model with open weights; every call is described at `LocalModel`."""

    @property
    def name(self) -> str:
        """As a user names it."""

    @property
    def weights(self) -> str:
        """Digest of the weights, or what stands for it; kept with directions that are fitted on them."""

    @property
    def layers(self) -> range:
        """Layers whose states can be read and pushed: 0 are the embeddings, i is what block i gives."""

    @property
    def n_layers(self) -> int:
        """Blocks."""

    @property
    def d_model(self) -> int:
        """Width of the residual stream."""

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The model's own."""

    def record_texts(
        self,
        texts: Sequence[str],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = ...,
        norms: Norms | None = ...,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of texts."""

    def record_chats(
        self,
        chats: Sequence[Sequence[Message]],
        *,
        layers: Sequence[int],
        pool: Pool,
        pushes: Pushes = ...,
        norms: Norms | None = ...,
    ) -> Future[FloatArray]:
        """Average the residual stream over tokens of conversations."""

    def record_replies(
        self,
        chats: Sequence[Talk],
        replies: Sequence[str],
        *,
        layers: Sequence[int],
        pushes: Pushes = ...,
        norms: Norms | None = ...,
    ) -> Future[FloatArray]:
        """Average the residual stream over the tokens of replies."""

    def score_pushed(
        self,
        chats: Sequence[Talk],
        continuations: Sequence[Sequence[str]],
        pushes: Pushes,
        *,
        norms: Norms | None = ...,
    ) -> Future[tuple[Scores, ...]]:
        """Score continuations of each prompt while something is pushed."""

    def reply_pushed(
        self, chats: Sequence[Talk], samplings: Sequence[Sampling], pushes: Pushes, *, norms: Norms | None = ...
    ) -> Future[tuple[Reply, ...]]:
        """Write a reply to each prompt while something is pushed."""

    def residual_norms(self, texts: Sequence[str] | None = ..., *, layers: Sequence[int]) -> Future[dict[int, float]]:
        """Measure the mean length of the residual stream over texts."""

    def find_tokens(self, chat: Talk, part: str) -> Span:
        """Say which tokens of a prompt hold some words."""

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text."""

    def close(self) -> None:
        """Answer what has been asked, then stop."""
