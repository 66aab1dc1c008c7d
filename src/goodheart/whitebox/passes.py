"""One pass from nodes to what its jobs read."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import torch

from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import Node
from goodheart.whitebox.plan import Job, Pass
from goodheart.whitebox.score import Read


class Row(NamedTuple):
    """What was read at one row of a leaf."""

    job: Job
    read: Read
    values: tuple[float, ...]
    """Log-probabilities of the tokens of `read.pairs`."""
    distribution: torch.Tensor | None
    """All log-probabilities (n_vocab,), where a reply begins."""


def run_pass(packed: PackedModel, taken: Pass) -> list[Row]:
    """Run a pass and read what its jobs want, in the order of its leaves; writes to nothing but the store."""
    firsts = list(accumulate((len(node.tokens) for node in taken.nodes), initial=0))
    wanted = [(firsts[i] + read.row, job, read) for i, job in taken.leaves for read in job.leaf.reads]
    hidden = packed.run(taken.nodes, narrow=False)
    found: list[Row] = []
    if not wanted:
        return found
    for some in packed.log_probabilities(hidden[[row for row, _, _ in wanted]], narrow=False):
        batch = wanted[len(found) : len(found) + len(some)]
        values = token_values(some, [read for _, _, read in batch])
        found += [
            Row(job, read, value, row if job.request.sampling else None)
            for row, (_, job, read), value in zip(some, batch, values, strict=True)
        ]
    return found


def run_steps(packed: PackedModel, nodes: Sequence[Node], *, narrow: bool) -> list[torch.Tensor]:
    """Run the next token of some replies; return the log-probabilities (n_vocab,) after each, in their order."""
    hidden = packed.run(nodes, narrow=narrow)
    return [row for some in packed.log_probabilities(hidden, narrow=narrow) for row in some]


def token_values(log_probabilities: torch.Tensor, reads: Sequence[Read]) -> list[tuple[float, ...]]:
    """Pick the token log-probabilities that are read in each row."""
    rows = [row for row, read in enumerate(reads) for _ in read.pairs]
    tokens = [token for read in reads for _, token in read.pairs]
    flat = iter(log_probabilities[rows, tokens].tolist() if rows else ())
    return [tuple(next(flat) for _ in read.pairs) for read in reads]
