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
from goodheart.whitebox.packing import Node
from goodheart.whitebox.rows import GRAIN
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.score import Leaf, grow_leaf, n_shared

BUDGET = 512
"""Rows after which a pass is full; a pass holds at least one node, whatever its length."""


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
    leaf: Leaf
    totals: list[float]
    """Sum of the log-probabilities read so far, for each continuation."""
    shared: list[Block] = field(default_factory=list)
    private: list[Block] = field(default_factory=list)
    todo: deque[Node] = field(default_factory=deque)
    """Nodes still to run; the leaf comes last."""
    alone: bool = False
    """Shares its passes with nobody: one of the jobs of a pass that failed."""

    @property
    def slots(self) -> np.ndarray:
        """Slots of the job's text in order: whole shared blocks, then its private room."""
        return np.asarray(slots_of(self.shared + self.private), np.int64)


def new_job(request: Request) -> Job:
    """Prepare a request; raises nothing about room, which may be found later."""
    leaf = grow_leaf(request.prompt, request.continuations)
    return Job(request=request, future=Future(), leaf=leaf, totals=[0.0] * len(request.continuations))


def n_private(request: Request, leaf: Leaf) -> int:
    """Private tokens of a job: its leaf and the reply that it may write."""
    return len(leaf.tokens) + (request.sampling.max_tokens if request.sampling else 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pass:
    """Nodes to run together, and the jobs whose leaf is among them."""

    nodes: tuple[Node, ...]
    jobs: tuple[Job, ...]
    """Everybody who has a node in the pass."""
    leaves: tuple[tuple[int, Job], ...]
    """(index of the node, its job)."""


class Planner:
    """Jobs that wait for room, and jobs that wait for their nodes to run."""

    def __init__(self, pool: BlockPool) -> None:
        self.pool = pool
        self.waiting: deque[Job] = deque()
        self.opened: deque[Job] = deque()

    def take(self, budget: int = BUDGET) -> Pass:
        """Take the nodes of the next pass, none if nothing can run now."""
        nodes: list[Node] = []
        jobs: list[Job] = []
        leaves: list[tuple[int, Job]] = []
        n_rows = 0
        while n_rows < budget and (job := self._front(jobs)):
            if job not in jobs:
                jobs.append(job)
            nodes.append(job.todo.popleft())
            n_rows += len(nodes[-1].tokens)
            if not job.todo:
                leaves.append((len(nodes) - 1, job))
                self.opened.popleft()
        order = sorted(range(len(nodes)), key=lambda i: nodes[i].shape)  # equal shapes side by side
        place = {i: new for new, i in enumerate(order)}
        return Pass(
            nodes=tuple(nodes[i] for i in order),
            jobs=tuple(jobs),
            leaves=tuple((place[i], job) for i, job in leaves),
        )

    def _front(self, company: Sequence[Job]) -> Job | None:
        """Return the job whose node comes next, opened if need be; None if nobody can join this company."""
        while not self.opened and self.waiting:
            job = self.waiting[0]
            if company and (job.alone or company[0].alone):
                return None
            if not job.future.cancelled():
                try:
                    _open(job, self.pool)
                except PoolFull:
                    return None
                self.opened.append(job)
            self.waiting.popleft()
        return self.opened[0] if self.opened else None

    def close(self, job: Job) -> None:
        """Give back what a job holds."""
        self.pool.close(job.private)
        self.pool.close(job.shared)
        job.private, job.shared = [], []

    def undo(self, failed: Pass) -> tuple[Job, ...]:
        """Close the jobs of a failed pass and everybody who counted on it; return them, first come first."""
        jobs = (*failed.jobs, *(job for job in self.opened if job not in failed.jobs))
        self.opened.clear()
        for job in jobs:
            for block in job.shared:
                block.ready = False
            self.close(job)
            job.todo.clear()
            job.totals = [0.0] * len(job.totals)
        return jobs


def _open(job: Job, pool: BlockPool) -> None:
    """Take the job's blocks and list its nodes; raises `PoolFull` and takes nothing if there is no room."""
    prompt, leaf = job.request.prompt, job.leaf
    shared = pool.open(prompt[: n_shared(len(prompt))])
    try:
        job.private = pool.private(n_private(job.request, leaf))
    except PoolFull:
        pool.close(shared)
        raise
    job.shared = shared
    slots = job.slots
    for i, block in enumerate(shared):
        if not block.ready:
            block.ready = True
            job.todo.append(_block_node(prompt, i, slots))
    before = len(shared) * GRAIN
    n = len(leaf.tokens)
    job.todo.append(
        Node(
            tokens=leaf.tokens,
            positions=leaf.positions,
            slots=slots[before : before + n],
            context=slots[:before],
            sees=leaf.sees,
        )
    )


def _block_node(prompt: tuple[int, ...], i: int, slots: np.ndarray) -> Node:
    start, end = i * GRAIN, (i + 1) * GRAIN
    return Node(
        tokens=prompt[start:end],
        positions=np.arange(start, end),
        slots=slots[start:end],
        context=slots[:start],
        sees=np.tri(GRAIN, dtype=bool),
    )
