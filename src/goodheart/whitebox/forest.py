"""Prompts as trees of token stretches, so that equal beginnings run once.

Prompts are cut where `cuts` says, which depends on nothing that comes later; equal beginnings are one chain of
stretches. Only prompts with equal shifts share anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.cuts import cut_points
from goodheart.whitebox.score import Leaf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shift:
    """A vector that is added to the residual stream, in the model's own units."""

    layer: int
    vector: np.ndarray
    """(d_model,)."""
    start: int = 0
    stop: int | None = None
    """The vector is added at tokens from `start` up to, but not including, `stop`; None for all that follow."""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two shifts the same."""
        return self.layer, self.start, self.stop, self.vector.dtype.str, self.vector.tobytes()

    def rows(self, positions: np.ndarray) -> np.ndarray:
        """Which of these places in a text get it, as indices."""
        inside = positions >= self.start
        if self.stop is not None:
            inside &= positions < self.stop
        return np.flatnonzero(inside)


@dataclass(slots=True, kw_only=True, eq=False)
class Stretch:
    """Tokens that run once, for all prompts whose text they are part of."""

    tokens: Ids
    positions: np.ndarray
    sees: np.ndarray
    """(n, n) bool, as in a node."""
    parent: "Stretch | None"
    shifts: tuple[Shift, ...]
    prompts: list[int] = field(default_factory=list)
    """Numbers of the prompts that it belongs to."""
    children: list["Stretch"] = field(default_factory=list)
    private: bool = False
    """Whether it is the leaf of a single request."""
    end: int = 0
    """How many stretches have run when the last that grows from this one has."""
    slots: np.ndarray | None = None
    """Where its keys and values are, while they are kept."""

    @property
    def start(self) -> int:
        """Place of its first token."""
        return int(self.positions[0])

    @property
    def context(self) -> np.ndarray:
        """Slots of everything before it, in order."""
        before, at = [np.zeros(0, np.int64)], self.parent
        while at is not None:
            assert at.slots is not None
            before.append(at.slots)
            at = at.parent
        return np.concatenate(before[::-1])


def grow(
    prompts: Sequence[Ids],
    *,
    breaks: frozenset[int] = frozenset(),
    shifts: Sequence[tuple[Shift, ...]] | None = None,
    leaves: Sequence[Leaf] | None = None,
) -> tuple[Stretch, ...]:
    """Build the trees of some prompts.

    Args:
        prompts: Token ids, each of at least one token.
        breaks: Token ids after which a shared stretch may end.
        shifts: What is added to each prompt's states.
        leaves: What takes the place of each prompt's last stretch, shared with nobody; None for the end itself.

    Returns:
        All stretches, depth first: parents before children.

    Raises:
        ModelError: a prompt is empty.
    """
    roots: list[Stretch] = []
    known: dict[tuple[object, ...], Stretch] = {}
    for i, prompt in enumerate(prompts):
        if not prompt:
            raise ModelError(f"a prompt needs at least one token; prompt {i} has none. Leave it out.")
        own = shifts[i] if shifts else ()
        at: Stretch | None = None
        path: tuple[object, ...] = tuple(shift.key for shift in own)
        ends = cut_points(prompt, breaks)
        for start, end in zip((0, *ends), (*ends, len(prompt)), strict=True):
            leaf = leaves[i] if leaves and end == len(prompt) else None
            key = (path if at is None else id(at), prompt[start:end], None if leaf is None else i)
            if key not in known:
                known[key] = _stretch(prompt, start, end, parent=at, shifts=own, leaf=leaf)
                (roots if at is None else at.children).append(known[key])
            at = known[key]
            at.prompts.append(i)
    return _in_order(roots)


def _stretch(
    prompt: Ids, start: int, end: int, *, parent: Stretch | None, shifts: tuple[Shift, ...], leaf: Leaf | None
) -> Stretch:
    return Stretch(
        tokens=prompt[start:end] if leaf is None else leaf.tokens,
        positions=np.arange(start, end) if leaf is None else leaf.positions,
        sees=np.tri(end - start, dtype=bool) if leaf is None else leaf.sees,
        parent=parent,
        shifts=shifts,
        private=leaf is not None,
    )


def _in_order(roots: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """List trees depth first and note where each subtree ends."""
    order: list[Stretch] = []
    waiting = list(reversed(roots))
    while waiting:
        stretch = waiting.pop()
        order.append(stretch)
        waiting.extend(reversed(stretch.children))
    for i in range(len(order) - 1, -1, -1):
        order[i].end = max((child.end for child in order[i].children), default=i + 1)
    return tuple(order)
