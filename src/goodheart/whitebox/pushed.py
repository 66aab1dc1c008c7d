"""Scores and replies while something is added to the residual stream, in passes and a store of their own.

The parts are the engine's: leaves, draws, exact rows. What differs is that each stretch of tokens carries its shifts,
and that nothing outlives the call.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from goodheart.errors import ModelError
from goodheart.whitebox import decode
from goodheart.whitebox.cuts import cut_points
from goodheart.whitebox.forest import Shift, Stretch, grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.passes import token_values
from goodheart.whitebox.plan import Request
from goodheart.whitebox.score import Leaf, Read, grow_leaf
from goodheart.whitebox.walk import Placed, batches, n_slots, own_store, run_batch

Shifts = tuple[Shift, ...]


def score(
    packed: PackedModel, requests: Sequence[Request], shifts: Sequence[Shifts], *, breaks: frozenset[int]
) -> list[tuple[float, ...]]:
    """Score continuations of prompts.

    Args:
        packed: The model; called from its own thread.
        requests: Prompts with continuations.
        shifts: What is added, for each request.
        breaks: Token ids after which a shared beginning may end.

    Returns:
        For each request the log-probability of each continuation (natural logarithm), in the order given.

    Raises:
        ModelError: a log-probability is not a number.
    """
    leaves = _leaves(requests, breaks)
    totals = [[0.0] * len(request.continuations) for request in requests]
    order = grow([request.prompt for request in requests], breaks=breaks, shifts=shifts, leaves=leaves)
    with own_store(packed, n_slots(order)):
        for batch in batches(order):
            for i, read, row in _reads(packed, batch, leaves):
                for (continuation, _), value in zip(read.pairs, token_values(row[None], [read])[0], strict=True):
                    totals[i][continuation] += value
    for i, each in enumerate(totals):
        _check_finite(i, each)
    return [tuple(each) for each in totals]


@dataclass(slots=True, eq=False)
class _Held:
    """A prompt that has run, and the slots of its text and of the reply to come."""

    request: Request
    slots: np.ndarray


def write(
    packed: PackedModel,
    requests: Sequence[Request],
    shifts: Sequence[Shifts],
    *,
    ends: frozenset[int],
    decoded: Callable[[list[int]], str],
    breaks: frozenset[int],
    room: int,
) -> list[decode.Written]:
    """Write replies to prompts.

    Args:
        packed: The model; called from its own thread.
        requests: Prompts with how a reply is drawn.
        shifts: What is added, for each request; tokens that are written are places of the text like any others.
        ends: Token ids that end a reply.
        decoded: Text of token ids.
        breaks: Token ids after which a shared beginning may end.
        room: Slots to use at once; a lone reply may take more.

    Raises:
        ModelError: a log-probability is not a number.
    """
    written: list[decode.Written] = []
    for some in _portions(requests, room):
        written += _write(packed, requests[some], shifts[some], ends, decoded, breaks)
    return written


def _write(
    packed: PackedModel,
    requests: Sequence[Request],
    shifts: Sequence[Shifts],
    ends: frozenset[int],
    decoded: Callable[[list[int]], str],
    breaks: frozenset[int],
) -> list[decode.Written]:
    leaves = _leaves(requests, breaks)
    order = grow([request.prompt for request in requests], breaks=breaks, shifts=shifts, leaves=leaves)
    first = n_slots(order, keep=True)
    replies: dict[int, decode.Sequence[_Held]] = {}
    with own_store(packed, first + sum(_length(request) for request in requests)):
        for batch in batches(order, keep=True):
            held = {placed.stretch.prompts[0]: placed for placed in batch if placed.stretch.private}
            for i, _, row in _reads(packed, batch, leaves):
                own = np.arange(first, first + _length(requests[i]))
                first += len(own)
                node = held[i].node
                prompt = _Held(requests[i], np.concatenate([node.context, node.slots, own]))
                sampling = requests[i].sampling
                assert sampling
                replies[i] = decode.Sequence(prompt, sampling, ends, decoded)
                _accept(i, replies[i], row)
        while writing := {i: reply for i, reply in replies.items() if reply.written is None}:
            batch = _steps(writing, shifts)
            hidden = run_batch(packed, batch)  # wide, greedy or not: they always come in numbers
            assert hidden is not None
            rows = [row for some in packed.log_probabilities(hidden, narrow=False) for row in some]
            for placed in batch:
                i = placed.stretch.prompts[0]
                _accept(i, replies[i], rows[placed.first])
    return [reply.written for i in range(len(requests)) if (reply := replies[i]).written]


def _steps(replies: dict[int, decode.Sequence[_Held]], shifts: Sequence[Shifts]) -> tuple[Placed, ...]:
    """Lay out the next token of each reply."""
    nodes = sorted(((i, reply.node()) for i, reply in replies.items()), key=lambda step: step[1].shape)
    return tuple(
        Placed(
            stretch=Stretch(
                tokens=node.tokens,
                positions=node.positions,
                sees=node.sees,
                parent=None,
                shifts=shifts[i],
                prompts=[i],
            ),
            node=node,
            first=row,
        )
        for row, (i, node) in enumerate(nodes)
    )


def _reads(
    packed: PackedModel, batch: Sequence[Placed], leaves: Sequence[Leaf]
) -> Iterator[tuple[int, Read, torch.Tensor]]:
    """Run a pass; yield each request's reads with the log-probabilities (n_vocab,) there."""
    wanted = [
        (placed.stretch.prompts[0], read, placed.first + read.row)
        for placed in batch
        if placed.stretch.private
        for read in leaves[placed.stretch.prompts[0]].reads
    ]
    hidden = run_batch(packed, tuple(batch))
    assert hidden is not None
    done = 0
    if wanted:
        for some in packed.log_probabilities(hidden[[row for _, _, row in wanted]], narrow=False):
            for (i, read, _), row in zip(wanted[done : done + len(some)], some, strict=True):
                yield i, read, row
            done += len(some)


def _leaves(requests: Sequence[Request], breaks: frozenset[int]) -> list[Leaf]:
    starts = [(0, *cut_points(request.prompt, breaks))[-1] for request in requests]
    return [
        grow_leaf(request.prompt, request.continuations, start) for request, start in zip(requests, starts, strict=True)
    ]


def _length(request: Request) -> int:
    assert request.sampling
    return request.sampling.max_tokens


def _portions(requests: Sequence[Request], room: int) -> Iterator[slice]:
    """Cut requests into runs that fit into some slots, at least one request each."""
    start, held = 0, 0
    for i, request in enumerate(requests):
        needed = len(request.prompt) + _length(request)
        if i > start and held + needed > room:
            yield slice(start, i)
            start, held = i, 0
        held += needed
    if start < len(requests):
        yield slice(start, len(requests))


def _accept(i: int, reply: decode.Sequence[_Held], row: torch.Tensor) -> None:
    if not bool(torch.isfinite(row.max())):  # the largest of a row is not a number as soon as any of it is not
        _check_finite(i, [float("nan")])
    reply.accept(row)


def _check_finite(i: int, values: Sequence[float]) -> None:
    if not all(np.isfinite(value) for value in values):
        raise ModelError(
            f"probabilities need finite states; those of request {i} became infinite or not a number. "
            "Push less, or load the model with `-M dtype=float32`."
        )
