"""A thread that owns a model and answers requests as they come.

A turn takes what has arrived, runs a pass of new tokens, then one step of all replies on their way: neither scoring
nor writing waits long for the other. Nothing is waited for, so a lone request runs at once and many run together.

With enough to do, two passes, or two halves of many sampled replies, run side by side, each on half of the threads.
Threads that share one pass meet hundreds of times in it, and where anything else wants the processor, as Inspect's own
thread always does, each meeting may cost a time slice. Results do not depend on it: row counts are chosen to give the
same bits on all threads and on half.
"""

import atexit
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import torch

from goodheart.errors import InternalError, ModelError
from goodheart.whitebox.blocks import BlockPool, check_fits
from goodheart.whitebox.decode import Sequence as Reply
from goodheart.whitebox.decode import Written
from goodheart.whitebox.errand import Errand
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import Node
from goodheart.whitebox.passes import Row, run_pass, run_steps
from goodheart.whitebox.plan import Job, Pass, Planner, Request, new_job
from goodheart.whitebox.rows import GRAIN

R = TypeVar("R")
Step = tuple[Reply[Job], Node]
"""A reply and its next input."""


def thread_counts(n_threads: int) -> tuple[int, ...]:
    """Return the numbers of torch threads with which passes run: all of them, and half."""
    return (n_threads, max(1, n_threads // 2))


class Worker:
    """Runs requests of token ids on a packed model.

    Args:
        packed: Its store holds `pool.n_units` units; no other thread may use it.
        pool: The store's places.
        context: Longest text that the model takes, in tokens.
        ends: Token ids that end a reply.
        breaks: Token ids after which a shared block may end.
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
        breaks: frozenset[int],
        decode: Callable[[list[int]], str],
        n_threads: int,
    ) -> None:
        self._packed, self._planner = packed, Planner(pool)
        self._context, self._ends, self._breaks, self._decode = context, ends, breaks, decode
        self._replies: list[Reply[Job]] = []
        self._arrivals: queue.SimpleQueue[Job | Errand | None] = queue.SimpleQueue()
        self._broken: BaseException | None = None
        self._stopping = False
        self._n_threads = n_threads
        self._beside = ThreadPoolExecutor(1, "goodheart-model-beside") if n_threads > 1 else None
        self._thread = threading.Thread(target=self._work, args=(n_threads,), name="goodheart-model", daemon=True)
        self._thread.start()
        atexit.register(self.stop)  # a thread inside torch must not meet the end of the interpreter

    def submit(self, request: Request) -> Future[Any]:
        """Queue a request.

        Returns:
            A future of a tuple of log-probabilities, one for each continuation, or of what was `Written`.

        Raises:
            ModelError: the prompt is empty or longer than the model's context or cache.
        """
        job = new_job(request, self._breaks)
        longest = int(job.leaf.positions.max()) + 1 + (request.sampling.max_tokens if request.sampling else 0)
        if longest > self._context:
            raise ModelError(
                f"prompt and reply have to fit into the model's context of {self._context} tokens; they need {longest}."
                " Shorten the prompt or lower `max_tokens`."
            )
        lengths = (end - start for start, end in pairwise((0, *job.ends)))
        check_fits((*lengths, job.n_private), self._planner.pool)
        if self._broken is not None:
            raise InternalError("the model's thread has ended by an error of its own; start again.") from self._broken
        return self._queue(job)

    def call(self, work: Callable[[PackedModel], Any]) -> Future[Any]:
        """Queue a call with the model itself, made on the model's thread between two passes.

        It leaves the model and its store as they were.
        """
        return self._queue(Errand(work))

    def _queue(self, job: Job | Errand) -> Future[Any]:
        self._arrivals.put(job)
        if self._broken is not None:  # since the caller looked
            _fail(job, self._broken)
        return job.future

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Answer what has been queued, then end the thread."""
        self._arrivals.put(None)
        self._thread.join()
        if self._beside:
            self._beside.shutdown()
        atexit.unregister(self.stop)

    def stop(self) -> None:
        """End the thread after what it is doing now; what is queued is cancelled."""
        self._stopping = True
        self.close()
        self._end_all(lambda job: job.future.cancel())

    def _work(self, n_threads: int) -> None:
        torch.set_num_threads(n_threads)
        try:
            while self._arrive():
                self._passes()
                self._step()
        except BaseException as error:  # a bug of ours: nobody may wait for ever
            self._broken = error
            self._end_all(partial(_fail, error=error))
            raise

    def _end_all(self, end: Callable[[Job | Errand], object]) -> None:
        jobs: list[Job | Errand] = [*self._planner.opened, *self._planner.waiting]
        jobs += [reply.job for reply in self._replies]
        while not self._arrivals.empty():
            jobs += [job for job in (self._arrivals.get(),) if job is not None]
        for job in jobs:
            end(job)

    def _arrive(self) -> bool:
        """Take what is there, waiting only if there is nothing else to do; False when it is time to end."""
        planner = self._planner
        while not self._stopping:
            busy = bool(planner.waiting or planner.opened or self._replies)
            try:
                job = self._arrivals.get(block=not busy)
            except queue.Empty:
                return True
            if job is None:
                self._arrivals.put(None)  # come back to it when the work is done
                return busy
            if isinstance(job, Errand):
                job.run(self._packed)
            else:
                planner.waiting.append(job)
        return False

    def _passes(self) -> None:
        taken = [self._planner.take()]
        if self._beside and self._planner.waiting and taken[0].nodes:
            taken.append(self._planner.take_beside())
        run = [each for each in taken if each.nodes]
        results = self._side_by_side([partial(run_pass, self._packed, each) for each in run])
        for each, result in zip(run, results, strict=True):
            try:
                if isinstance(result, Exception):
                    raise result
                self._planner.done(each)
                self._deliver(each, result)
            except Exception as error:
                self._recover(each, error)

    def _side_by_side(self, works: Sequence[Callable[[], R]]) -> list[R | Exception]:
        """Do one thing in this thread and, if there is a second, that one beside it, each with its share of threads."""
        n_threads = max(1, self._n_threads // max(1, len(works)))
        others = [self._attempt_beside(work, n_threads) for work in works[1:]]
        results = [_attempt(work, n_threads) for work in works[:1]] + [other.result() for other in others]
        torch.set_num_threads(self._n_threads)  # the product library has one setting for all threads
        return results

    def _attempt_beside(self, work: Callable[[], R], n_threads: int) -> Future[R | Exception]:
        assert self._beside
        try:
            return self._beside.submit(_attempt, work, n_threads)
        except RuntimeError:  # the interpreter is on its way out and takes no more work for other threads
            done: Future[R | Exception] = Future()
            done.set_result(_attempt(work, n_threads))
            return done

    def _deliver(self, taken: Pass, rows: Sequence[Row]) -> None:
        for row in rows:
            for (i, _), value in zip(row.read.pairs, row.values, strict=True):
                row.job.totals[i] += value
            if row.distribution is not None:
                self._begin(row.job, row.distribution)
        for _, job in taken.leaves:
            if not job.request.sampling:
                self._planner.close(job)
                _resolve(job, tuple(job.totals))

    def _begin(self, job: Job, log_probabilities: torch.Tensor) -> None:
        assert job.request.sampling
        reply = Reply(job, job.request.sampling, self._ends, self._decode)
        self._replies.append(reply)
        reply.accept(log_probabilities)
        self._settle(reply)

    def _settle(self, reply: Reply[Job]) -> None:
        if reply.written or reply.job.future.cancelled():
            self._replies.remove(reply)
            self._planner.close(reply.job)
            _resolve(reply.job, reply.written)

    def _step(self) -> None:
        for narrow in (True, False):
            replies = [reply for reply in self._replies if reply.sampling.narrow == narrow]
            if replies:
                self._step_together(replies, narrow=narrow)

    def _step_together(self, replies: Sequence[Reply[Job]], *, narrow: bool) -> None:
        steps = sorted(((reply, reply.node()) for reply in replies), key=lambda step: step[1].shape)
        parts = self._parts(steps, narrow=narrow)  # equal shapes side by side
        works = [partial(_take_steps, self._packed, part, narrow=narrow) for part in parts]
        for part, failed in zip(parts, self._side_by_side(works), strict=True):
            for reply, _ in part:
                if failed is None:
                    self._settle(reply)
                else:
                    self._give_up(reply, failed)

    def _parts(self, steps: list[Step], *, narrow: bool) -> list[list[Step]]:
        """Cut many steps in two; a few rows are as fast on all threads, and narrow ones wait for memory only."""
        if narrow or not self._beside or len(steps) < 2 * GRAIN:
            return [steps]
        half = -(-len(steps) // (2 * GRAIN)) * GRAIN
        return [steps[:half], steps[half:]]

    def _give_up(self, reply: Reply[Job], error: Exception) -> None:
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


def _take_steps(packed: PackedModel, steps: Sequence[Step], *, narrow: bool) -> None:
    """Write one token of some replies, which nobody else touches meanwhile."""
    rows = run_steps(packed, [node for _, node in steps], narrow=narrow)
    for (reply, _), row in zip(steps, rows, strict=True):
        reply.accept(row)


def _attempt(work: Callable[[], R], n_threads: int) -> R | Exception:
    try:
        torch.set_num_threads(n_threads)
        return work()
    except Exception as error:
        return error


def _resolve(job: Job, result: tuple[float, ...] | Written | None) -> None:
    with suppress(InvalidStateError):  # cancelled in the meantime
        job.future.set_result(result)


def _fail(job: Job | Errand, error: BaseException) -> None:
    with suppress(InvalidStateError):
        job.future.set_exception(error)
