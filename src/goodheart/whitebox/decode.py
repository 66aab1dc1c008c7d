"""A reply on its way: one token a step, with its own random stream and its own room."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

import numpy as np
import torch

from goodheart.whitebox.packing import Node
from goodheart.whitebox.plan import Request
from goodheart.whitebox.sample import Sampling, draw, likeliest, stream

StopReason = Literal["stop", "max_tokens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A token of the reply and the likeliest ones at its place, as (id, natural log-probability)."""

    chosen: tuple[int, float]
    """Its probability under the model, before temperature, `top_k` and `top_p`."""
    alternatives: tuple[tuple[int, float], ...]
    """Best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A whole reply, in tokens."""

    drawn: tuple[Drawn, ...]
    """Without the end-of-text token."""
    text: str
    """Without the stop string."""
    stop: StopReason
    n_tokens: int
    """Tokens that were drawn, the end-of-text token included."""


class Prompted(Protocol):
    """What a reply has to know of its prompt."""

    @property
    def request(self) -> Request:
        """The prompt."""

    @property
    def slots(self) -> np.ndarray:
        """Slots of the prompt and of the reply, in order of the text."""


J = TypeVar("J", bound=Prompted)


class Sequence(Generic[J]):
    """The state of one reply; `accept` takes the next distribution, `node` gives the next step's input."""

    def __init__(self, job: J, sampling: Sampling, ends: frozenset[int], decode: Callable[[list[int]], str]) -> None:
        self.job = job
        self.sampling = sampling
        self.ends = ends
        self.decode = decode
        self.drawn: list[Drawn] = []
        self.written: Written | None = None
        self._generator = stream(sampling.seed)
        self._slots = job.slots
        self._n_prompt = len(job.request.prompt)

    def accept(self, log_probabilities: torch.Tensor) -> None:
        """Draw the next token; sets `written` when it was the last."""
        token = draw(log_probabilities, self.sampling, self._generator)
        if token in self.ends:
            return self._finish("stop", len(self.drawn) + 1)
        chosen = (token, float(log_probabilities[token]))
        n = self.sampling.n_alternatives
        self.drawn.append(Drawn(chosen=chosen, alternatives=likeliest(log_probabilities, n) if n else ()))
        if self.sampling.stop and any(stop in self._text() for stop in self.sampling.stop):
            return self._finish("stop", len(self.drawn))
        if len(self.drawn) == self.sampling.max_tokens:
            self._finish("max_tokens", len(self.drawn))
        return None

    def node(self) -> Node:
        """Give the last token as a node of one."""
        place = self._n_prompt + len(self.drawn) - 1
        return Node(
            tokens=(self.drawn[-1].chosen[0],),
            positions=np.array([place]),
            slots=self._slots[place : place + 1],
            context=self._slots[:place],
            sees=np.ones((1, 1), bool),
        )

    def _text(self) -> str:
        return self.decode([drawn.chosen[0] for drawn in self.drawn])

    def _finish(self, stop: StopReason, n_tokens: int) -> None:
        text = self._text()
        cuts = [text.index(end) for end in self.sampling.stop if end in text]
        self.written = Written(
            drawn=tuple(self.drawn), text=text[: min(cuts, default=len(text))], stop=stop, n_tokens=n_tokens
        )
