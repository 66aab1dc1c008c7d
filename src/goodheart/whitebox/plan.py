"""Which nodes go into the next pass.

A job holds its blocks from when it is opened until it is done. Jobs are opened in the order in which they came, and a
block that several of them share is run by the first; nodes keep that order, so parents always come before children.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from goodheart.whitebox.blocks import Block, BlockPool, PoolFull, slots_of
from goodheart.whitebox.cuts import cut_points
from goodheart.whitebox.packing import Node
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.score import Leaf, grow_leaf

BUDGET = 512
"""Rows of a pass at most; a pass holds at least one node, whatever its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Token ids of a prompt, and what is wanted after it: continuations scored, or a reply drawn."""

    prompt: tuple[int, ...]
    continuations: tuple[tuple[int, ...], ...] = ()
    sampling: Sampling | None = None


@dataclass(slots=True, eq=False)
class Job:
    """A request on its way."""

    request: Request
    future: Future[Any]
    ends: tuple[int, ...]
    """Where the prompt's shared blocks end; the leaf begins at the last."""
    leaf: Leaf
    totals: list[float]
    """Sum of the log-probabilities read so far, for each continuation."""
    shared: list[Block] = field(default_factory=list)
    private: Block | None = None
    todo: deque[tuple[Node, Block | None]] = field(default_factory=deque)
    """Nodes still to run with the shared block that each fills; the leaf comes last and fills none."""
    alone: bool = False
    """Shares its passes with nobody: one of the jobs of a pass that failed."""

    @property
    def n_private(self) -> int:
        """Private tokens: the leaf and the reply that may be written."""
        return len(self.leaf.tokens) + (self.request.sampling.max_tokens if self.request.sampling else 0)

    @property
    def slots(self) -> np.ndarray:
        """Slots of the job's text in order: its shared blocks, then its private room."""
        assert self.private
        return slots_of((*self.shared, self.private))


def new_job(request: Request, breaks: frozenset[int]) -> Job:
    """Prepare a request; raises nothing about room, which may be found later."""
    ends = cut_points(request.prompt, breaks)
    leaf = grow_leaf(request.prompt, request.continuations, ends[-1] if ends else 0)
    return Job(request=request, future=Future(), ends=ends, leaf=leaf, totals=[0.0] * len(request.continuations))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pass:
    """Nodes to run together, and the jobs whose leaf is among them."""

    nodes: tuple[Node, ...]
    jobs: tuple[Job, ...]
    """Everybody who has a node in the pass."""
    leaves: tuple[tuple[int, Job], ...]
    """(index of the node, its job)."""
    fills: tuple[Block, ...]
    """Shared blocks that are there for everybody once the pass has run."""


class Planner:
    """Jobs that wait for room, and jobs that wait for their nodes to run."""

    def __init__(self, pool: BlockPool) -> None:
        self.pool = pool
        self.waiting: deque[Job] = deque()
        self.opened: deque[Job] = deque()

    def take(self, budget: int = BUDGET) -> Pass:
        """Take the nodes of the next pass, none if nothing can run now."""
        return self._take(budget, beside=False)

    def take_beside(self, budget: int = BUDGET) -> Pass:
        """Take the nodes of a pass that may run at the same time as the one taken before; often none.

        Jobs that count on a block which that pass fills are left for later.
        """
        held, self.opened = self.opened, deque()
        taken = self._take(budget, beside=True)
        self.opened = held + self.opened
        return taken

    def done(self, run: Pass) -> None:
        """Note that the blocks of a pass are filled."""
        for block in run.fills:
            block.filled = True

    def _take(self, budget: int, *, beside: bool) -> Pass:
        nodes: list[Node] = []
        jobs: list[Job] = []
        leaves: list[tuple[int, Job]] = []
        fills: list[Block] = []
        late: list[Job] = []
        n_rows = 0
        while job := self._front(jobs, fills if beside else None, late):
            node, block = job.todo[0]
            if nodes and n_rows + len(node.tokens) > budget:
                break
            if job not in jobs:
                jobs.append(job)
            if block is not None:
                fills.append(block)
            nodes.append(node)
            n_rows += len(node.tokens)
            job.todo.popleft()
            if not job.todo:
                leaves.append((len(nodes) - 1, job))
                self.opened.popleft()
        self.waiting.extendleft(reversed(late))
        order = sorted(range(len(nodes)), key=lambda i: nodes[i].shape)  # equal shapes side by side
        place = {i: new for new, i in enumerate(order)}
        return Pass(
            nodes=tuple(nodes[i] for i in order),
            jobs=tuple(jobs),
            leaves=tuple((place[i], job) for i, job in leaves),
            fills=tuple(fills),
        )

    def _front(self, company: Sequence[Job], own: Sequence[Block] | None, late: list[Job]) -> Job | None:
        """Return the job whose node comes next, opened if need be; None if nobody can join this company.

        Args:
            company: Jobs of the pass so far.
            own: The only unfilled blocks that a new job may count on; None for all.
            late: Takes the jobs that count on others.
        """
        while not self.opened and self.waiting:
            job = self.waiting[0]
            if company and (job.alone or company[0].alone):
                return None
            if not job.future.cancelled():
                try:
                    free = _open(job, self.pool, own)
                except PoolFull:
                    return None
                (self.opened if free else late).append(job)
            self.waiting.popleft()
        return self.opened[0] if self.opened else None

    def close(self, job: Job) -> None:
        """Give back what a job holds."""
        self.pool.close(job.shared if job.private is None else (*job.shared, job.private))
        job.private, job.shared = None, []

    def undo(self, failed: Pass) -> tuple[Job, ...]:
        """Close the jobs of a failed pass and everybody who counted on it; return them, first come first."""
        jobs = (*failed.jobs, *(job for job in self.opened if job not in failed.jobs))
        self.opened.clear()
        for job in jobs:
            for block in job.shared:
                block.ready = block.filled = False
            self.close(job)
            job.todo.clear()
            job.totals = [0.0] * len(job.totals)
        return jobs


def _open(job: Job, pool: BlockPool, own: Sequence[Block] | None) -> bool:
    """Take the job's blocks and list its nodes.

    Returns:
        Whether it was done; not so, and nothing is taken, if the job counts on unfilled blocks other than `own`.

    Raises:
        PoolFull: there is no room; nothing is taken.
    """
    prompt = job.request.prompt
    shared = pool.open(prompt, job.ends)
    try:
        if own is not None and any(block.ready and not block.filled and block not in own for block in shared):
            pool.close(shared)
            return False
        job.private = pool.private(job.n_private)
    except PoolFull:
        pool.close(shared)
        raise
    job.shared = shared
    slots = job.slots
    start = 0
    for block, end in zip(shared, job.ends, strict=True):
        if not block.ready:
            block.ready = True
            job.todo.append((_block_node(prompt, start, end, slots), block))
        start = end
    job.todo.append((_leaf_node(job.leaf, start, slots), None))
    return True


def _leaf_node(leaf: Leaf, start: int, slots: np.ndarray) -> Node:
    return Node(
        tokens=leaf.tokens,
        positions=leaf.positions,
        slots=slots[start : start + len(leaf.tokens)],
        context=slots[:start],
        sees=leaf.sees,
    )


def _block_node(prompt: tuple[int, ...], start: int, end: int, slots: np.ndarray) -> Node:
    return Node(
        tokens=prompt[start:end],
        positions=np.arange(start, end),
        slots=slots[start:end],
        context=slots[:start],
        sees=np.tri(end - start, dtype=bool),
    )
