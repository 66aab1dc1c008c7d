"""Where keys and values live: fixed blocks of tokens, shared by equal beginnings.

A prompt is cut into blocks of `GRAIN` tokens counted from its start. A block is known by its parent and its tokens, so
prompts with equal beginnings share blocks, whoever asked first. Blocks that nobody uses stay until the room is needed;
the one unused for longest goes first, children before their parents.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goodheart.errors import ModelError
from goodheart.whitebox.rows import GRAIN

Key = tuple[int, tuple[int, ...]]
"""Parent's number (0 for the root) and the block's tokens."""


@dataclass(slots=True, eq=False)
class Block:
    """A place for `GRAIN` tokens; `key` is None for a private one."""

    number: int
    """Never used twice, so that a child of an evicted block can not be found under a newcomer."""
    place: int
    """Which block of the pool; its tokens have the slots from `place * GRAIN` on."""
    key: Key | None
    users: int = 1
    ready: bool = False
    """Whether a pass has filled it, or is about to in the order of its nodes."""


class BlockPool:
    """Hands out places; holds no tensor itself. Place 0 is never given: padding points to it."""

    def __init__(self, n_blocks: int) -> None:
        self.n_blocks = n_blocks
        self._free = list(range(n_blocks - 1, 0, -1))
        self._known: dict[Key, Block] = {}
        self._idle: OrderedDict[int, Block] = OrderedDict()
        self._last_number = 0

    @property
    def n_available(self) -> int:
        """Blocks that could be had now: free ones and known ones without users."""
        return len(self._free) + len(self._idle)

    def open(self, tokens: Sequence[int]) -> list[Block]:
        """Take the chain of blocks for `tokens` (a multiple of `GRAIN`), known ones where there are any.

        Raises:
            PoolFull: when the room does not suffice; nothing is taken then.
        """
        chain: list[Block] = []
        parent = 0
        try:
            for start in range(0, len(tokens), GRAIN):
                key = (parent, tuple(tokens[start : start + GRAIN]))
                chain.append(self._shared(key))
                parent = chain[-1].number
        except PoolFull:
            self.close(chain)
            raise
        return chain

    def private(self, n_tokens: int) -> list[Block]:
        """Take blocks that are shared with nobody, enough for `n_tokens`."""
        n_blocks = -(-n_tokens // GRAIN)
        if n_blocks > self.n_available:
            raise PoolFull(n_blocks, self.n_available)
        return [self._new(None) for _ in range(n_blocks)]

    def close(self, blocks: Iterable[Block]) -> None:
        """Give blocks back. Filled shared ones stay known; the others are free at once."""
        for block in reversed(list(blocks)):  # children first: they go before their parents
            block.users -= 1
            if block.users:
                continue
            if block.key is not None and block.ready:
                self._idle[block.number] = block
            else:
                self._forget(block)

    def _shared(self, key: Key) -> Block:
        block = self._known.get(key)
        if block is None:
            block = self._known[key] = self._new(key)
            return block
        block.users += 1
        self._idle.pop(block.number, None)
        return block

    def _new(self, key: Key | None) -> Block:
        if not self._free:
            if not self._idle:
                raise PoolFull(1, 0)
            self._forget(self._idle.popitem(last=False)[1])
        self._last_number += 1
        return Block(number=self._last_number, place=self._free.pop(), key=key)

    def _forget(self, block: Block) -> None:
        if block.key is not None and self._known.get(block.key) is block:
            del self._known[block.key]
        self._free.append(block.place)


class PoolFull(Exception):
    """No room now; there may be when others have finished."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} blocks needed, {available} available")


def slots_of(blocks: Iterable[Block]) -> list[int]:
    """List the token slots of blocks in order."""
    return [slot for block in blocks for slot in range(block.place * GRAIN, (block.place + 1) * GRAIN)]


def check_fits(n_tokens: int, pool: BlockPool) -> None:
    """Refuse what could never be held, even with nobody else there."""
    if n_tokens > (pool.n_blocks - 2) * GRAIN:
        raise ModelError(
            f"a request needs room for all its tokens in the key-value cache: it has {n_tokens}, the cache "
            f"{(pool.n_blocks - 2) * GRAIN}. Shorten it, or give the model more room with `-M cache_mb=...`."
        )
