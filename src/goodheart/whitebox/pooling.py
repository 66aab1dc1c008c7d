"""Which tokens of a prompt are averaged; knows no model.

A pool turns the lengths of prompts into windows: for each prompt one or several, each a few spans of its own tokens.
Only tokens of the prompt can be named, so padding can never enter a mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from goodheart.errors import ModelError

Span = tuple[int, int]
"""Tokens of a prompt from the first number up to, but not including, the second; counted from 0."""
Window = tuple[Span, ...]
"""Spans that share one mean: each token in them has the same weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanFrom:
    """The mean over all tokens from a place on."""

    start: int = 0
    """How many tokens at the beginning are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanOver:
    """The mean over stated tokens of each prompt, such as those of an item."""

    spans: tuple[Window, ...]
    """For each prompt the spans whose tokens are averaged together; none may overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanLast:
    """The mean over the last tokens."""

    n: int
    """How many; all of a shorter prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """Means over windows that move along a long transcript.

    The first window begins at `start`, each further one `step` tokens later; the last one ends with the last token.
    A prompt shorter than a window has one, of all its tokens from `start` on.
    """

    width: int
    step: int
    start: int = 0


Pool = MeanFrom | MeanOver | MeanLast | Rolling


def windows_of(pool: Pool, lengths: Sequence[int]) -> tuple[tuple[Window, ...], ...]:
    """Say which tokens are averaged.

    Args:
        pool: What is wanted.
        lengths: Tokens of each prompt.

    Returns:
        For each prompt its windows: exactly one, but for `Rolling`.

    Raises:
        ModelError: a window would be empty, lie outside its prompt or count a token twice.
    """
    found: list[tuple[Window, ...]]
    match pool:
        case MeanFrom(start=start):
            found = [((_checked(start, length, i),),) for i, length in enumerate(lengths)]
        case MeanLast(n=n):
            if n < 1:
                raise ModelError(f"a mean over the last tokens needs at least one; got {n}. Pass `n=1` or more.")
            found = [(((max(0, length - n), length),),) for length in lengths]
        case MeanOver(spans=spans):
            if len(spans) != len(lengths):
                raise ModelError(
                    f"means over stated tokens need spans for each prompt; got spans for {len(spans)} and "
                    f"{len(lengths)} prompts. Pass as many as there are prompts, in their order."
                )
            found = [(_stated(one, length, i),) for i, (one, length) in enumerate(zip(spans, lengths, strict=True))]
        case Rolling():
            return tuple(_rolled(pool, length, i) for i, length in enumerate(lengths))
    return tuple(found)


def _checked(start: int, length: int, i: int) -> Span:
    if not 0 <= start < length:
        raise ModelError(
            f"a mean needs at least one token; prompt {i} has {length}, and the first {start} are left out. "
            "Leave out fewer, or drop prompts as short as this."
        )
    return start, length


def _stated(spans: Window, length: int, i: int) -> Window:
    ordered = sorted(spans)
    inside = all(0 <= start < stop <= length for start, stop in ordered)
    apart = all(before[1] <= after[0] for before, after in pairwise(ordered))
    if not ordered or not inside or not apart:
        raise ModelError(
            f"spans have to name tokens of their prompt, each once; prompt {i} has {length} tokens and the spans "
            f"{list(spans)}. Pass (start, stop) pairs with 0 <= start < stop <= {length} that do not overlap."
        )
    return tuple(ordered)


def _rolled(pool: Rolling, length: int, i: int) -> tuple[Window, ...]:
    if pool.width < 1 or pool.step < 1:
        raise ModelError(
            f"a rolling mean needs a width and a step of at least one token; got {pool.width} and {pool.step}. "
            "Pass, for example, `Rolling(width=64, step=16)`."
        )
    start, stop = _checked(pool.start, length, i)
    last = max(start, stop - pool.width)
    starts = [*range(start, last, pool.step), last]
    return tuple(((first, min(first + pool.width, stop)),) for first in starts)
