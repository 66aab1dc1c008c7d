"""Where keys and values live: blocks of tokens, shared by equal beginnings.

A block is known by its parent and its tokens, so prompts with equal beginnings share blocks, whoever asked first.
Blocks that nobody uses stay until the room is needed; the one unused for longest goes first, children before their
parents.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.errors import ModelError

UNIT = 8
"""Slots that are handed out together; a block takes as many units as it needs."""

Key = tuple[int, tuple[int, ...]]
"""Parent's number (0 for the root) and the block's tokens."""


@dataclass(slots=True, eq=False)
class Block:
    """Room for some tokens; `key` is None for a private one."""

    number: int
    """Never used twice, so that a child of an evicted block can not be found under a newcomer."""
    units: tuple[int, ...]
    n_tokens: int
    key: Key | None
    users: int = 1
    ready: bool = False
    """Whether some pass has it among its nodes: whoever runs in that pass or later may count on it."""
    filled: bool = False
    """Whether that pass has run: everybody may count on it."""


class BlockPool:
    """Hands out room; holds no tensor itself. Unit 0 is never given: padding points to it."""

    def __init__(self, n_units: int) -> None:
        self.n_units = n_units
        self._free = list(range(n_units - 1, 0, -1))
        self._known: dict[Key, Block] = {}
        self._idle: OrderedDict[int, Block] = OrderedDict()
        self._last_number = 0

    @property
    def n_available(self) -> int:
        """Units that could be had now: free ones and those of known blocks without users."""
        return len(self._free) + sum(len(block.units) for block in self._idle.values())

    def open(self, tokens: Sequence[int], ends: Sequence[int]) -> list[Block]:
        """Take the chain of blocks for `tokens`, cut at `ends`; known ones where there are any.

        Raises:
            PoolFull: when the room does not suffice; nothing is taken then.
        """
        chain: list[Block] = []
        start, parent = 0, 0
        try:
            for end in ends:
                chain.append(self._shared((parent, tuple(tokens[start:end]))))
                start, parent = end, chain[-1].number
        except PoolFull:
            self.close(chain)
            raise
        return chain

    def private(self, n_tokens: int) -> Block:
        """Take room that is shared with nobody."""
        return self._new(n_tokens, None)

    def close(self, blocks: Iterable[Block]) -> None:
        """Give blocks back. Filled shared ones stay known; the others are free at once."""
        for block in reversed(list(blocks)):  # children first: they go before their parents
            block.users -= 1
            if block.users:
                continue
            if block.key is not None and block.filled:
                self._idle[block.number] = block
            else:
                self._forget(block)

    def _shared(self, key: Key) -> Block:
        block = self._known.get(key)
        if block is None:
            block = self._known[key] = self._new(len(key[1]), key)
            return block
        block.users += 1
        self._idle.pop(block.number, None)
        return block

    def _new(self, n_tokens: int, key: Key | None) -> Block:
        n_units = units_for(n_tokens)
        while len(self._free) < n_units:
            if not self._idle:
                raise PoolFull(n_units, len(self._free))
            self._forget(self._idle.popitem(last=False)[1])
        units = tuple(self._free.pop() for _ in range(n_units))
        self._last_number += 1
        return Block(number=self._last_number, units=units, n_tokens=n_tokens, key=key)

    def _forget(self, block: Block) -> None:
        if block.key is not None and self._known.get(block.key) is block:
            del self._known[block.key]
        self._free += block.units


class PoolFull(Exception):
    """No room now; there may be when others have finished."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} units needed, {available} free")


def units_for(n_tokens: int) -> int:
    """Units that hold some tokens."""
    return -(-n_tokens // UNIT)


def slots_of(blocks: Iterable[Block]) -> np.ndarray:
    """Lay out the token slots of blocks in order."""
    rows = [(np.asarray(block.units)[:, None] * UNIT + np.arange(UNIT)).ravel()[: block.n_tokens] for block in blocks]
    return np.concatenate(rows)


def check_fits(block_lengths: Iterable[int], pool: BlockPool) -> None:
    """Refuse what could never be held, even with nobody else there."""
    needed = sum(units_for(length) for length in block_lengths)
    if needed > pool.n_units - 1:
        raise ModelError(
            f"a request needs room for all its tokens in the key-value cache: it takes {needed * UNIT} places of "
            f"{(pool.n_units - 1) * UNIT}. Shorten it, or give the model more room with `-M cache_mb=...`."
        )
