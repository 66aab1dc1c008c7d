"""Asking: what is missing from the journal is put to the respondent, and every reply goes into the journal first."""

import errno
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import Model

from goodheart.engine.askings import Asking, askings
from goodheart.engine.budget import Budget
from goodheart.engine.journal import Journal
from goodheart.engine.models import open_model
from goodheart.engine.progress import Progress
from goodheart.engine.run import Run
from goodheart.engine.scores import Read
from goodheart.engine.settings import AskSettings, connections
from goodheart.engine.trials_task import trials_task
from goodheart.errors import InternalError, RunFolderError
from goodheart.records import Trial

LOG_BUFFER = 200
"""Samples that Inspect holds before it writes its log. The journal loses nothing by it, and small buffers cost time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSummary:
    """What one call of `ask` came to; the replies are in the journal."""

    respondent: str
    planned: int
    """Askings in the plan."""
    found: int
    """Of these, answered in the journal before this call; they were not asked again."""
    asked: int
    """Askings put by this call."""
    failed: int
    """Of these, failed; the same command again asks them again."""
    errors: tuple[tuple[str, int], ...]
    """What the failures said and how often, the most frequent first."""
    read_as: tuple[tuple[str, int], ...]
    """How the replies of this call can be read (scores, logprobs, text) and how many each."""
    cut: int
    """Texts of this call that were too long to keep whole."""
    input_tokens: int
    output_tokens: int
    seconds: float
    log: Path | None
    """Inspect's log of this call, for viewing; None if nothing was asked."""


def ask(
    trials: Sequence[Trial],
    *,
    respondent: str,
    seed: int,
    journal: Journal,
    settings: AskSettings,
    log_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
    read: Read | None = None,
    model: Model | None = None,
) -> AskSummary:
    """Ask a respondent what the journal does not answer yet.

    A failure around one asking (an HTTP error after the retries, a time-out, a malformed reply) is a reply that says
    `failed`; it is asked again by the next call, and every other reply is final.

    Args:
        trials: The plan, in the order of asking.
        respondent: Full model name; it goes into the replies.
        seed: The root seed; each request gets its own, derived from it.
        journal: The run's open journal. It is asked before the model, and written before anything else.
        settings: Bounds, caps, and what is read.
        log_dir: Where Inspect's logs go.
        on_progress: Called after each reply, in the thread of the caller.
        read: Reader for the scores in Inspect's log; None for no scores.
        model: An open model to put the trials to; None opens one by the respondent's name. The caller closes it.

    Returns:
        What was asked, found and failed.

    Raises:
        BudgetError: if a cap would be passed, before anything is asked or, where estimates fell short, in between.
        ModelError: if the model cannot be opened, or the first askings all fail in the same way.
        RunFolderError: if the journal cannot be written.
        KeyboardInterrupt: if the run is interrupted; the journal keeps what arrived.
    """
    planned = askings(trials)
    answered = journal.answered(respondent)
    todo = tuple(asking for asking in planned if (asking.digest, asking.repeat) not in answered)
    budget = Budget(settings, respondent, journal.arrived())
    budget.check(todo)
    if not todo:
        return _summary(respondent, planned, todo, None, None)
    run = Run(
        respondent=respondent,
        model=open_model(respondent, settings) if model is None else model,
        seed=seed,
        total=len(todo),
        keep=journal.append,
        settings=settings,
        budget=budget,
        close_model=model is None,
        on_progress=on_progress,
    )
    task = trials_task(todo, name=todo[0].trial.assessment, put=run.put, read=read)
    log = evaluate(run, task, settings, connections(settings, respondent), log_dir)
    return _summary(respondent, planned, todo, run, log)


def evaluate(run: Run, task: Task, settings: AskSettings, in_flight: int, log_dir: Path) -> EvalLog:
    """Let Inspect go through a task whose askings a run puts, and raise what stopped it.

    Args:
        run: What happens to each asking.
        task: Samples that put them.
        settings: Bounds.
        in_flight: Samples at once.
        log_dir: Where Inspect's log goes.
    """
    try:
        logs = inspect_eval(
            task,
            model=run.model,
            display="none",
            log_level="error",
            log_dir=str(log_dir),
            log_format="eval",
            log_realtime=False,
            log_buffer=LOG_BUFFER,
            ctl_server=False,
            cache=False,
            max_retries=settings.max_retries,
            timeout=settings.timeout,
            attempt_timeout=settings.attempt_timeout,
            max_connections=in_flight,
            max_samples=in_flight,
        )
    except OSError as error:
        # A disk that is full for the journal is full for the log as well; the journal's reason is the one to tell.
        raise run.halted or _log_refused(log_dir, error) from error
    if run.halted is not None:
        raise run.halted
    if not logs:
        # What Inspect returns of a run that was interrupted.
        raise KeyboardInterrupt
    return _successful(logs[0], log_dir)


def _log_refused(log_dir: Path, error: OSError) -> RunFolderError:
    return RunFolderError(
        f"Inspect writes its log of the run to {log_dir}. The disk refused: {error.strerror or error}. "
        "The replies are in the journal: make room (or mend the folder) and run the same command again."
    )


def _successful(log: EvalLog, log_dir: Path) -> EvalLog:
    if log.status == "success":
        return log
    found = f"{log.error.message}\n{log.error.traceback}" if log.error else log.status
    full = os.strerror(errno.ENOSPC)
    if full in found:
        # Inspect catches what its own writing raises, and keeps only the text of it.
        raise _log_refused(log_dir, OSError(errno.ENOSPC, full))
    raise InternalError(f"an asking broke off outside the provider: {found}")


def _summary(
    respondent: str, planned: Sequence[Asking], todo: Sequence[Asking], run: Run | None, log: EvalLog | None
) -> AskSummary:
    replies = () if run is None else tuple(run.replies)
    failures = [reply.error for reply in replies if reply.error is not None]
    return AskSummary(
        respondent=respondent,
        planned=len(planned),
        found=len(planned) - len(todo),
        asked=len(replies),
        failed=len(failures),
        errors=tuple(Counter(failures).most_common()),
        read_as=() if run is None else tuple(sorted(run.read_as.items())),
        cut=0 if run is None else run.cut,
        input_tokens=sum(reply.input_tokens for reply in replies),
        output_tokens=sum(reply.output_tokens for reply in replies),
        seconds=0.0 if run is None else run.clock.elapsed(),
        log=None if log is None else Path(log.location),
    )
