"""Choosing the next token, each request from its own random stream."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a reply is drawn."""

    max_tokens: int
    temperature: float
    """0 takes the likeliest token, exactly."""
    seed: int
    top_p: float | None = None
    """Keep the likeliest tokens that together reach this probability."""
    top_k: int | None = None
    """Keep this many of the likeliest tokens."""
    stop: tuple[str, ...] = ()
    """The reply ends before the first of these."""
    n_alternatives: int = 0
    """How many of the likeliest tokens to report at each place."""

    @property
    def narrow(self) -> bool:
        """Whether its steps are cut into narrow products: greedy ones, which often come alone.

        Sampled replies come in numbers, and wide products serve 16 of them at the price of six. It is a matter of the
        request and never of its company, which must not change a bit of a reply.
        """
        return self.temperature == 0


def stream(seed: int) -> torch.Generator:
    """Start the random stream of one request."""
    return torch.Generator().manual_seed(seed)


def draw(log_probabilities: torch.Tensor, sampling: Sampling, generator: torch.Generator) -> int:
    """Draw a token id from (n_vocab,) log-probabilities.

    One uniform number is spent for a sampled token, none for a greedy one; it is looked up in the cumulative
    distribution of softmax(log p / temperature) after `top_k`, then `top_p`.
    """
    if sampling.temperature == 0:
        return int(log_probabilities.argmax())
    mass, ids = _kept((log_probabilities.double() / sampling.temperature).softmax(-1), sampling)
    cumulative = mass.cumsum(0)
    point = torch.rand(1, generator=generator, dtype=torch.float64) * cumulative[-1]
    place = min(int(torch.searchsorted(cumulative, point, right=True)), len(mass) - 1)
    return place if ids is None else int(ids[place])


def _kept(mass: torch.Tensor, sampling: Sampling) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Probabilities that may be drawn, and whose they are; None where they stand in order of the vocabulary."""
    if sampling.top_k is None and sampling.top_p is None:
        return mass, None
    n_kept = len(mass) if sampling.top_k is None else min(sampling.top_k, len(mass))
    mass, ids = mass.topk(n_kept)
    if sampling.top_p is not None:
        share = mass / mass.sum()
        n_kept = int((share.cumsum(0) - share < sampling.top_p).sum())  # the token that crosses the line stays
    return mass[:n_kept], ids[:n_kept]


def likeliest(log_probabilities: torch.Tensor, n: int) -> tuple[tuple[int, float], ...]:
    """List the `n` likeliest tokens as (id, log-probability), best first."""
    values, ids = log_probabilities.topk(min(n, len(log_probabilities)))
    return tuple(zip(ids.tolist(), values.tolist(), strict=True))
