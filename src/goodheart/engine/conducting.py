"""Conversations of several turns with any Inspect model: every reply is in the journal before the next turn is built.

What is said next is a pure function of the plan and of the replies so far (`conduct.episode`), so a run that was killed
goes through the journal again and asks only what is missing. Native tools are offered where the plan says so; a call is
written down as the line that the text protocol has for it, and the journal keeps that line.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ContentText, Model, ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolInfo, ToolParam, ToolParams

from goodheart.conduct.episode import Episode, Played, next_trial, replay
from goodheart.conduct.protocol import LEAVE_TOOL, call_line
from goodheart.engine.ask import evaluate
from goodheart.engine.askings import Asking, request_seed
from goodheart.engine.budget import Budget
from goodheart.engine.exchange import Mode, error_status, error_text, request_config, request_messages
from goodheart.engine.journal import Journal
from goodheart.engine.models import open_model
from goodheart.engine.progress import Progress
from goodheart.engine.run import Run
from goodheart.engine.settings import AskSettings, connections
from goodheart.errors import ModelError
from goodheart.records import Reply, trial_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductSummary:
    """What one call came to; the replies are in the journal."""

    respondent: str
    conversations: int
    complete: int
    asked: int
    """Replies that this call asked for."""
    failed: int
    input_tokens: int
    output_tokens: int


def _tool(name: str, description: str, **parameters: str) -> ToolInfo:
    properties = {key: ToolParam(type="string", description=text) for key, text in parameters.items()}
    return ToolInfo(
        name=name, description=description, parameters=ToolParams(properties=properties, required=list(parameters))
    )


TOOLS: Final[Mapping[str, ToolInfo]] = {
    LEAVE_TOOL: _tool(LEAVE_TOOL, "End this conversation at once; no further message follows in it."),
    "go": _tool("go", "Go to a room.", room="Name of the room."),
    "read": _tool("read", "Be shown the next letter in the room where you are."),
    "reply": _tool("reply", "Answer the letter that you read last.", words="Your words."),
    "leave": _tool("leave", "End the walk at once."),
}
"""Native tools by name."""


def conduct(
    episodes: Sequence[Episode],
    *,
    respondent: str,
    seed: int,
    journal: Journal,
    settings: AskSettings,
    log_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
    model: Model | None = None,
) -> ConductSummary:
    """Carry conversations on from where the journal has them, each to its end.

    A conversation whose next request fails is left there, and goes on with the next call.

    Args:
        episodes: The plan, in the order of beginning; several are under way at once.
        respondent: Full model name; it goes into the replies.
        seed: The root seed; each request gets its own.
        journal: The run's open journal.
        settings: Bounds and caps.
        log_dir: Where Inspect's logs go.
        on_progress: Called after each reply; its total is the most that there can be.
        model: An open model, which the caller closes; None opens one by name.

    Raises:
        BudgetError: if a cap would be passed.
        ModelError: if the model cannot be opened, refuses tools, or the first requests all fail in the same way.
        RunFolderError: if the journal cannot be written.
    """
    before = played_from(episodes, journal.replies(), respondent=respondent)
    open_ones = [one.episode for one in before if not one.complete]
    if not open_ones:
        return _summary(respondent, before, ())
    budget = Budget(settings, respondent, journal.arrived())
    budget.check(_asking(one, ()) for one in open_ones)
    run = _ConductRun(
        respondent=respondent,
        model=open_model(respondent, settings) if model is None else model,
        seed=seed,
        total=sum(one.episode.most_replies - len(one.replies) for one in before if not one.complete),
        keep=journal.append,
        settings=settings,
        budget=budget,
        close_model=model is None,
        on_progress=on_progress,
    )
    run.tools = {_asking(one, ()).trial.item: tuple(TOOLS[name] for name in one.tools) for one in open_ones}
    known = _known(journal.replies(), respondent)
    task = _episodes_task(open_ones, run.put, run.end_episode, known)
    run.open_episodes = len(open_ones)
    evaluate(run, task, settings, connections(settings, respondent), log_dir)
    return _summary(respondent, played_from(episodes, journal.replies(), respondent=respondent), run.replies)


def played_from(episodes: Sequence[Episode], replies: Sequence[Reply], *, respondent: str) -> tuple[Played, ...]:
    """Go through episodes with the replies of a journal; pure."""
    known = _known(replies, respondent)
    return tuple(replay(one, lambda digest, repeat: known.get((digest, repeat))) for one in episodes)


class _ConductRun(Run):
    """A run whose requests may offer tools, and which does not know beforehand how many there will be."""

    tools: Mapping[str, tuple[ToolInfo, ...]] = {}
    open_episodes: int = 0

    async def end_episode(self) -> None:
        """Note that a conversation is over or stuck; with the last one the model is closed, in this event loop."""
        self.open_episodes -= 1
        if self.open_episodes == 0 and self._close_model:
            self._close_model = False
            await self.model.api.aclose()

    async def _generate(self, asking: Asking, mode: Mode) -> ModelOutput:
        trial = asking.trial
        tools = self.tools.get(trial.item, ())
        if not tools:
            return await super()._generate(asking, mode)
        config = request_config(trial, mode=mode, seed=request_seed(self._seed, asking.digest, asking.repeat))
        messages = request_messages(trial, mode=mode, respondent=self._respondent)
        try:
            output = await self.model.generate(messages, tools=list(tools), config=config)
        except Exception as error:
            if error_status(error) in (400, 404, 422) and "tool" in error_text(error).lower():
                raise ModelError(
                    f"Tools are offered natively in this plan. {self._respondent} refuses them: {error_text(error)}. "
                    "Offer them in plain text: --tools text, with another --out."
                ) from error
            raise
        return with_calls_as_lines(output)


def with_calls_as_lines(output: ModelOutput) -> ModelOutput:
    """Write native tool calls into the text, each as the line that the text protocol has for it."""
    if output.empty or not output.message.tool_calls:
        return output
    message = output.message
    lines = [call_line(call.function, call.arguments) for call in message.tool_calls or ()]
    # A call comes first: a turn in the world is its first line, and what is said beside a call explains it.
    text = "\n".join([*lines, *([message.text] if message.text else [])])
    kept = [] if isinstance(message.content, str) else [part for part in message.content if part.type != "text"]
    changed = ChatMessageAssistant(content=[*kept, ContentText(text=text)], model=message.model, source="generate")
    choice = output.choices[0].model_copy(update={"message": changed, "stop_reason": "stop"})
    return output.model_copy(update={"choices": [choice], "completion": text})


def _episodes_task(
    episodes: Sequence[Episode],
    put: Callable[[Asking], Awaitable[tuple[Reply, ModelOutput | None] | None]],
    end: Callable[[], Awaitable[None]],
    known: Mapping[tuple[str, int], Reply],
) -> Task:
    # The first request tells conversations apart: the two orders of a pair share their id.
    by_id = {_asking(one, ()).sample_id: one for one in episodes}

    @solver(name="conduct")
    def carry_on() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            episode = by_id[str(state.sample_id)]
            said: tuple[str, ...] = ()
            while (trial := next_trial(episode, said)) is not None:
                asking = Asking(trial=trial, digest=trial_digest(trial), repeat=episode.repeat)
                reply = known.get((asking.digest, asking.repeat))
                if reply is None or reply.error is not None:
                    put_and_answered = await put(asking)
                    if put_and_answered is None or put_and_answered[0].error is not None:
                        break
                    reply, output = put_and_answered
                    if output is not None:
                        state.output = output
                said = (*said, reply.text)
                state.messages = request_messages(trial, mode="text", respondent="")
            await end()
            return state

        return solve

    samples = [Sample(id=key, input=one.opening, metadata=one.factor) for key, one in by_id.items()]
    return Task(
        dataset=MemoryDataset(samples, name="conduct"),
        solver=carry_on(),
        scorer=None,
        name="conduct",
        fail_on_error=True,
    )


def _asking(episode: Episode, said: tuple[str, ...]) -> Asking:
    trial = next_trial(episode, said)
    if trial is None:
        raise ValueError("an episode begins with a message")
    return Asking(trial=trial, digest=trial_digest(trial), repeat=episode.repeat)


def _known(replies: Sequence[Reply], respondent: str) -> dict[tuple[str, int], Reply]:
    return {(one.trial, one.repeat): one for one in replies if one.respondent == respondent}


def _summary(respondent: str, played: Sequence[Played], replies: Sequence[Reply]) -> ConductSummary:
    return ConductSummary(
        respondent=respondent,
        conversations=len(played),
        complete=sum(one.complete for one in played),
        asked=len(replies),
        failed=sum(one.error is not None for one in replies),
        input_tokens=sum(one.input_tokens for one in replies),
        output_tokens=sum(one.output_tokens for one in replies),
    )
