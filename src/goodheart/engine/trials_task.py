"""Trials as the samples of an Inspect task."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from goodheart.engine.askings import Asking
from goodheart.engine.exchange import request_messages
from goodheart.engine.scores import Read, kind_scorer, points_scorer
from goodheart.records import Reply, Trial

Put = Callable[[Asking], Awaitable[tuple[Reply, ModelOutput | None] | None]]
"""Puts one asking to the respondent; None if it was not put because the run is stopping."""


def trials_task(askings: Sequence[Asking], *, name: str, put: Put, read: Read | None) -> Task:
    """Build the Inspect task of some askings.

    Args:
        askings: What is asked; one sample each, in this order.
        name: Name of the task in logs and viewer.
        put: What puts an asking to the respondent.
        read: Reader for the scores in the log; None for no scores. Findings never come from these scores.

    Returns:
        A task whose errors are outcomes: an exception that leaves `put` is meant to stop the run.
    """
    answered: dict[str, tuple[Trial, Reply]] = {}
    return Task(
        dataset=MemoryDataset([sample_of(asking) for asking in askings], name=name),
        solver=_put_all({asking.sample_id: asking for asking in askings}, put, answered),
        scorer=None if read is None else [points_scorer(answered, read), kind_scorer(answered, read)],
        name=name,
        fail_on_error=True,
    )


def sample_of(asking: Asking) -> Sample:
    """Write an asking as a sample: its id is the same in every run."""
    trial = asking.trial
    return Sample(
        id=asking.sample_id,
        # The prefill is left to the solver, because it depends on the provider.
        input=request_messages(trial, mode="text", respondent=""),
        metadata={
            "item": trial.item,
            "group": trial.group,
            "wording": trial.wording,
            "instrument": trial.instrument,
            **dict(trial.condition),
        },
    )


def _put_all(askings: Mapping[str, Asking], put: Put, answered: dict[str, tuple[Trial, Reply]]) -> Solver:
    @solver(name="ask")
    def ask_solver() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            asking = askings[str(state.sample_id)]
            put_and_answered = await put(asking)
            if put_and_answered is not None:
                reply, output = put_and_answered
                answered[asking.sample_id] = (asking.trial, reply)
                if output is not None:
                    state.output = output
                    state.messages.append(output.message)
            return state

        return solve

    return ask_solver()
