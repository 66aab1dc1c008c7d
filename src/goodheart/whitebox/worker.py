"""One thread that owns a model and answers requests as they come.

A turn takes what has arrived, runs one pass of new tokens, then one step of all replies on their way: neither scoring
nor writing waits long for the other. Nothing is waited for, so a lone request runs at once and many run together.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any

import torch

from goodheart.errors import ModelError
from goodheart.whitebox.blocks import BlockPool, check_fits
from goodheart.whitebox.decode import Sequence as Reply
from goodheart.whitebox.decode import Written
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Job, Pass, Planner, Request, n_private, new_job
from goodheart.whitebox.score import Read


class Worker:
    """Runs requests of token ids on a packed model.

    Args:
        packed: Its store holds `pool.n_blocks` blocks; no other thread may use it.
        pool: The store's places.
        context: Longest text that the model takes, in tokens.
        ends: Token ids that end a reply.
        decode: Text of token ids.
        n_threads: Threads of torch.
    """

    def __init__(
        self,
        packed: PackedModel,
        pool: BlockPool,
        *,
        context: int,
        ends: frozenset[int],
        decode: Callable[[list[int]], str],
        n_threads: int,
    ) -> None:
        self._packed, self._planner = packed, Planner(pool)
        self._context, self._ends, self._decode = context, ends, decode
        self._replies: list[Reply] = []
        self._arrivals: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, args=(n_threads,), name="goodheart-model", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> Future[Any]:
        """Queue a request.

        Returns:
            A future of a tuple of log-probabilities, one for each continuation, or of what was `Written`.

        Raises:
            ModelError: the prompt is empty or longer than the model's context or cache.
        """
        job = new_job(request)
        n_tokens = len(request.prompt) + n_private(request, job.leaf)
        longest = int(job.leaf.positions.max()) + 1 + (request.sampling.max_tokens if request.sampling else 0)
        if longest > self._context:
            raise ModelError(
                f"prompt and reply have to fit into the model's context of {self._context} tokens; they need {longest}."
                " Shorten the prompt or lower `max_tokens`."
            )
        check_fits(n_tokens, self._planner.pool)
        self._arrivals.put(job)
        return job.future

    def close(self) -> None:
        """Answer what has been queued, then end the thread."""
        self._arrivals.put(None)
        self._thread.join()

    def _work(self, n_threads: int) -> None:
        torch.set_num_threads(n_threads)
        while self._arrive():
            self._pass()
            self._step()

    def _arrive(self) -> bool:
        """Take what is there, waiting only if there is nothing else to do; False when it is time to end."""
        planner = self._planner
        while True:
            busy = bool(planner.waiting or planner.opened or self._replies)
            try:
                job = self._arrivals.get(block=not busy)
            except queue.Empty:
                return True
            if job is None:
                self._arrivals.put(None)  # come back to it when the work is done
                return busy
            planner.waiting.append(job)

    def _pass(self) -> None:
        taken = self._planner.take()
        if not taken.nodes:
            return
        try:
            hidden = self._packed.run(taken.nodes, narrow=False)
            self._read(taken, hidden)
        except Exception as error:
            self._recover(taken, error)

    def _read(self, taken: Pass, hidden: torch.Tensor) -> None:
        firsts = [0]
        for node in taken.nodes:
            firsts.append(firsts[-1] + len(node.tokens))
        wanted = [(firsts[i] + read.row, job, read) for i, job in taken.leaves for read in job.leaf.reads]
        if not wanted:
            return
        done = 0
        rows = hidden[[row for row, _, _ in wanted]]
        for some in self._packed.log_probabilities(rows, narrow=False):
            batch = wanted[done : done + len(some)]
            done += len(some)
            _add(some, [(job, read) for _, job, read in batch])
            for row, (_, job, _) in zip(some, batch, strict=True):
                if job.request.sampling:
                    self._begin(job, row)
        for _, job in taken.leaves:
            if not job.request.sampling:
                self._planner.close(job)
                _resolve(job, tuple(job.totals))

    def _begin(self, job: Job, log_probabilities: torch.Tensor) -> None:
        assert job.request.sampling
        reply = Reply(job, job.request.sampling, self._ends, self._decode)
        self._replies.append(reply)
        self._accept(reply, log_probabilities)

    def _accept(self, reply: Reply, log_probabilities: torch.Tensor) -> None:
        reply.accept(log_probabilities)
        if reply.written or reply.job.future.cancelled():
            self._replies.remove(reply)
            self._planner.close(reply.job)
            _resolve(reply.job, reply.written)

    def _step(self) -> None:
        if not self._replies:
            return
        steps = [(reply, reply.node()) for reply in self._replies]
        steps.sort(key=lambda step: step[1].shape)  # equal shapes side by side
        replies = [reply for reply, _ in steps]
        try:
            hidden = self._packed.run([node for _, node in steps], narrow=True)
            rows = [row for some in self._packed.log_probabilities(hidden, narrow=True) for row in some]
            for reply, row in zip(replies, rows, strict=True):
                self._accept(reply, row)
        except Exception as error:
            for reply in replies:
                if reply in self._replies:
                    self._replies.remove(reply)
                    self._planner.close(reply.job)
                    _fail(reply.job, error)

    def _recover(self, taken: Pass, error: Exception) -> None:
        """Try the jobs of a failed pass one by one, so that only the one at fault gets the error."""
        self._replies = [reply for reply in self._replies if reply.job not in taken.jobs]
        jobs = [job for job in self._planner.undo(taken) if not job.future.done()]
        if len(jobs) == 1:
            _fail(jobs[0], error)
            return
        for job in reversed(jobs):
            job.alone = True
            self._planner.waiting.appendleft(job)


def _add(log_probabilities: torch.Tensor, reads: Sequence[tuple[Job, Read]]) -> None:
    """Add the token log-probabilities that are read in these rows to the totals of their continuations."""
    places = [(row, job, i, token) for row, (job, read) in enumerate(reads) for i, token in read.pairs]
    if not places:
        return
    values = log_probabilities[[place[0] for place in places], [place[3] for place in places]]
    for (_, job, i, _), value in zip(places, values.tolist(), strict=True):
        job.totals[i] += value


def _resolve(job: Job, result: tuple[float, ...] | Written | None) -> None:
    with suppress(InvalidStateError):  # cancelled in the meantime
        job.future.set_result(result)


def _fail(job: Job, error: Exception) -> None:
    with suppress(InvalidStateError):
        job.future.set_exception(error)
