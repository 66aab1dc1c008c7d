"""Matrix products whose rows do not depend on how many rows travel together.

A general matrix product picks its blocking by the number of rows, so the same row can come out with other last bits
when it has other batch mates. At one row count the position of a row does not matter, and many row counts share one
blocking. So products run in pieces whose row counts have been seen to agree, bit for bit, on this machine's kernels.

    wide      prompts, scales, and steps of sampled replies: pieces of the agreeing counts, largest first
    narrow    steps of greedy replies: pieces of one small count, as fast as a single row (the weights are what is read)
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

GRAIN = 16
"""Wide passes have a multiple of this many rows; also the length of a shared block."""
NARROW = 3
"""Rows of a piece in steps of greedy replies. A constant, so that a run repeats on the machine it was made on."""
FULL = 7 / 8
PRODUCTS = (nn.Linear, Conv1D)
"""Layers that multiply rows by a matrix."""
Product = Callable[[torch.Tensor], torch.Tensor]
CANDIDATES = (16, 32, 48, 64, 128, 256, 512)
LONG = (1024, 2048)
"""Tried beside them only where a pass is longer, because trying takes half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCounts:
    """Row counts that products may have."""

    wide: tuple[int, ...]
    """Descending; a row gives the same bits under each of them."""
    narrow: int

    def pieces(self, n_rows: int) -> tuple[int, ...]:
        """Cut a wide pass into agreeing row counts, largest first; together they hold `n_rows` or a few more."""
        pieces = []
        for count in self.wide:
            times, n_rows = divmod(n_rows, count)
            pieces += [count] * times
            if n_rows >= count * FULL:  # a piece that is nearly full costs less than several small ones
                return (*pieces, count)
        return (*pieces, self.wide[-1]) if n_rows else tuple(pieces)

    def cut(self, n_rows: int, *, narrow: bool) -> tuple[int, ...]:
        """Cut a pass of any length into row counts; together they hold `n_rows` or a few more."""
        if narrow:
            return (self.narrow,) * -(-n_rows // self.narrow)
        return self.pieces(n_rows)


class Cut(threading.local):
    """How products are cut at the moment, in this thread."""

    pieces: tuple[int, ...] | None = None

    @contextmanager
    def into(self, pieces: tuple[int, ...]) -> Iterator[None]:
        """Cut every product of the model into these row counts for a while."""
        before = self.pieces
        self.pieces = pieces
        try:
            yield
        finally:
            self.pieces = before


def cut_product(module: nn.Module, product: Product, x: torch.Tensor, cut: Cut) -> torch.Tensor:
    """Apply a row-wise product to `x` (..., d_in) piece by piece.

    Args:
        module: The layer.
        product: Its own forward.
        x: Rows.
        cut: How it is cut at the moment.
    """
    pieces = cut.pieces
    if pieces is None or len(pieces) < 2:
        return product(x)
    rows = x.reshape(-1, x.shape[-1])
    split = torch.split(rows, list(pieces))
    done = _in_place(module, split, len(rows)) if type(module) is nn.Linear else torch.cat([*map(product, split)])
    return done.reshape(*x.shape[:-1], done.shape[-1])


def _in_place(module: nn.Linear, pieces: Sequence[torch.Tensor], n_rows: int) -> torch.Tensor:
    """Multiply pieces into one result: what `linear` does of each, without copying them together afterwards."""
    weight, bias = module.weight.t(), module.bias
    done = pieces[0].new_empty(n_rows, weight.shape[1])
    for piece, place in zip(pieces, torch.split(done, [len(piece) for piece in pieces]), strict=True):
        if bias is None:
            torch.mm(piece, weight, out=place)
        else:
            torch.addmm(bias, piece, weight, out=place)
    return done


def install_cut(model: nn.Module) -> Cut:
    """Let every linear layer of a model be cut; without a running `Cut.into` nothing changes."""
    cut = Cut()
    for module in model.modules():
        if isinstance(module, PRODUCTS):
            module.forward = _Product(module, module.forward, cut)  # type: ignore[method-assign]
    return cut


class _Product:
    def __init__(self, module: nn.Module, product: Product, cut: Cut) -> None:
        self.module = module
        self.product = product
        self.cut = cut

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return cut_product(self.module, self.product, x, self.cut)


def agreeing_rows(
    model: nn.Module, *, thread_counts: Sequence[int], candidates: Sequence[int] = CANDIDATES
) -> RowCounts:
    """Find, on this machine, the row counts under which all of a model's products give the same bits.

    Args:
        model: Whose linear layers are tried, one of each size, on random rows.
        thread_counts: Numbers of torch threads that will be used; the same bits are wanted under each.
        candidates: Multiples of `GRAIN` to try.

    Returns:
        Every candidate that agrees with `GRAIN` rows, wherever a row stands; and the narrow count, or `GRAIN` if rows
        of a narrow piece depend on their place.
    """
    shapes = {tuple(m.weight.shape): m for m in model.modules() if isinstance(m, PRODUCTS)}
    generator = torch.Generator().manual_seed(0)
    agreeing, narrow = set(candidates), True
    for module in shapes.values():
        x = torch.randn(GRAIN, _d_in(module), generator=generator).to(module.weight)
        expected, narrow_expected = module(x), module(x[:NARROW])
        for n_threads in thread_counts:
            with torch_threads(n_threads):
                agreeing = {count for count in agreeing if _same(module, x, expected, count)}
                narrow = narrow and _same(module, x[:NARROW], narrow_expected, NARROW)
    return RowCounts(wide=tuple(sorted(agreeing | {GRAIN}, reverse=True)), narrow=NARROW if narrow else GRAIN)


@contextmanager
def torch_threads(n_threads: int) -> Iterator[None]:
    """Let torch use so many threads for a while, called from this one."""
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _d_in(module: nn.Linear | Conv1D) -> int:
    return int(module.weight.shape[0 if isinstance(module, Conv1D) else 1])


def _same(module: nn.Module, x: torch.Tensor, expected: torch.Tensor, count: int) -> bool:
    """Whether rows keep their bits in a piece of `count` rows, at their own place and moved by one."""
    many = x.repeat(count // len(x), 1)
    wanted = expected.repeat(count // len(x), 1)
    return all(torch.equal(module(many.roll(shift, 0)), wanted.roll(shift, 0)) for shift in (0, 1))
