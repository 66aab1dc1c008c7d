"""Preferences as a task of Inspect whose pairs follow from the answers: `inspect eval goodheart/preferences`.

Inspect asks its `SampleSource` for more samples whenever none is in flight. What it gets is the next round of
`assessments.preferences`: the function, the seed and the rule for stopping are those of `goodheart choose preferences`,
so that equal answers give equal pairs. There is no journal; a sample's store holds its trial and its reply, and when
Inspect resumes a log (`inspect eval-retry`, `eval_set`) the samples that it takes over are told to the source again,
which lays out the same rounds from them. An asking that failed is a sample with an error: a retry asks it again.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, Final

from inspect_ai import SampleSource, Task, task
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import get_model
from inspect_ai.scorer import Score, Scorer, Target, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from pydantic import TypeAdapter

from goodheart.assessments.preferences import NAME, next_round, plan
from goodheart.design.choice_study import CHOICE_PRESETS, ChoicePreset
from goodheart.engine.askings import Asking, askings
from goodheart.engine.run import Run, RunStoppedError
from goodheart.engine.scores import NOT_ASKED, mean_points, measured
from goodheart.engine.settings import AskSettings
from goodheart.engine.trials_task import sample_of
from goodheart.errors import ModelError, StudyError
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items
from goodheart.reading.choices import AskedChoice, read_choice, read_choices
from goodheart.records import Reply, Trial
from goodheart.records.chosen import Chosen

KEPT: Final = "goodheart_asking"
"""Key of a sample's store under which its place in the plan, its trial and its reply are kept."""
_TRIALS: Final = TypeAdapter(Trial)
_REPLIES: Final = TypeAdapter(Reply)


@task
def preferences(preset: str = "standard", seed: int = 1, rounds: int | None = None, sampled: bool = False) -> Task:
    """Ask a model which of two tasks it picks, each round the pairs that take most from the error of the ranking.

    Args:
        preset: Size of the study: quick, standard or full.
        seed: The study's root seed; every pair follows from it and from the answers.
        rounds: Most rounds of selected pairs; the preset's number if absent. With many it ends when the ranking is
            precise.
        sampled: Whether choices are drawn several times each, for providers without log-probabilities.

    Raises:
        StudyError: if the preset does not exist, or rounds are below 0.
    """
    if preset not in CHOICE_PRESETS:
        raise StudyError(
            f"A study has one of the sizes {', '.join(CHOICE_PRESETS)}. Got {preset!r}. Type: -T preset=quick"
        )
    if rounds is not None and rounds < 0:
        raise StudyError(f"Rounds of selected pairs are counted from 0. Got {rounds}. Type: -T rounds=3")
    size = CHOICE_PRESETS[preset]
    size = size if rounds is None else replace(size, n_rounds=rounds)
    return preferences_task(public_choice_items(), preset=size, seed=seed, sampled=sampled)


def preferences_task(items: ChoiceItems, *, preset: ChoicePreset, seed: int, sampled: bool) -> Task:
    """Build the task from items and a size of one's own.

    Args:
        items: What there is to choose between.
        preset: How large, and how many rounds of selected pairs at most.
        seed: The study's root seed.
        sampled: Whether choices are sampled.
    """
    source = ChoiceSource(items, preset=preset, seed=seed, sampled=sampled)
    # One failed asking is a missing choice and no reason to end; a model that always fails ends it by the source.
    return Task(dataset=source, solver=_put_choice(source), scorer=_shown_first(), name=NAME, fail_on_error=False)


def asked_in(log: EvalLog) -> tuple[AskedChoice, ...]:
    """Read every choice of a log, in the order of the plan.

    What `goodheart choose` would have read of the same replies: `choices_csv` writes it for `goodheart rank`. Askings
    that failed are among them, those that were never put are not.

    Args:
        log: Of the task `preferences`, with its samples.

    Raises:
        StudyError: if the log has no samples, or none of them is a choice.
    """
    kept = [sample.store[KEPT] for sample in log.samples or () if KEPT in sample.store]
    if not kept:
        raise StudyError(
            "Choices are read from a log of the task goodheart/preferences with its samples. "
            f"Found a log of {log.eval.task!r} with {len(log.samples or ())} samples and no choice among them. "
            "Type: inspect eval goodheart/preferences --model MODEL, and read the log it writes in full."
        )
    kept.sort(key=lambda entry: int(entry["place"]))
    trials = [_TRIALS.validate_python(entry["trial"]) for entry in kept]
    replies = [_REPLIES.validate_python(entry["reply"]) for entry in kept]
    return read_choices(trials, replies, respondent=replies[0].respondent)


class ChoiceSource(SampleSource):
    """The rounds of one study, laid out as Inspect gets through them.

    Args:
        items: What there is to choose between.
        preset: How large.
        seed: The study's root seed.
        sampled: Whether choices are sampled.
    """

    def __init__(self, items: ChoiceItems, *, preset: ChoicePreset, seed: int, sampled: bool) -> None:
        self.seed = seed
        self._items = items
        self._preset = preset
        self._sampled = sampled
        self._first = plan(items=items, preset=preset, seed=seed, sampled=sampled)
        self.run: Run | None = None
        self._replies: dict[str, Reply] = {}
        self._begin()

    def initial_samples(self) -> list[Sample]:
        """Return the first round."""
        return [sample_of(asking) for asking in askings(self._first)]

    async def next_samples(self) -> list[Sample] | None:
        """Return the next round, or None when the ranking is precise or the rounds are through.

        Raises:
            ModelError: if the model failed so often that the run was stopped.
        """
        stopped = self.run and self.run.halted
        later = () if stopped or not self._replies else self._later()
        new = [asking for asking in askings(later) if asking.sample_id not in self._places]
        if not new:
            # Inspect may put the same task through a further attempt.
            self._begin()
            if stopped:
                raise stopped
            return None
        self._rounds += 1
        self._add(later)
        return [sample_of(asking) for asking in new]

    async def sample_complete(self, sample: EvalSample) -> list[Sample] | None:
        """Keep the reply that a sample came to; a resumed log tells those of the attempt before."""
        entry = sample.store.get(KEPT)
        if entry is None or sample.epoch != 1:
            return None
        if str(sample.id) in self._replies:
            # No sample ends twice in one attempt: another one has begun after one that was broken off.
            self._begin()
        self._replies[str(sample.id)] = _REPLIES.validate_python(entry["reply"])
        return None

    def asking(self, sample_id: str) -> tuple[int, Asking]:
        """Return an asking with its place in the plan."""
        return self._places[sample_id]

    def _begin(self) -> None:
        self.run = None
        self._replies = {}
        self._rounds = 0
        self._trials: tuple[Trial, ...] = ()
        self._places: dict[str, tuple[int, Asking]] = {}
        self._add(self._first)

    def _add(self, trials: tuple[Trial, ...]) -> None:
        self._trials += trials
        for asking in askings(trials):
            self._places.setdefault(asking.sample_id, (len(self._places), asking))

    def _later(self) -> tuple[Trial, ...]:
        replies = tuple(self._replies.values())
        return next_round(
            items=self._items,
            preset=self._preset,
            seed=self.seed,
            sampled=self._sampled,
            number=self._rounds + 1,
            asked=read_choices(self._trials, replies, respondent=replies[0].respondent),
        )


def _put_choice(source: ChoiceSource) -> Solver:
    @solver(name="choose")
    def choose_solver() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            place, asking = source.asking(str(state.sample_id))
            # Only now, because listing tasks has no model.
            source.run = run = source.run or _run_of(source)
            found = await run.put(asking)
            if found is None:
                raise RunStoppedError(str(run.halted))
            reply, output = found
            state.store.set(KEPT, {"place": place, "trial": asdict(asking.trial), "reply": asdict(reply)})
            if reply.error is not None:
                # As an error of the sample, so that a retry of the log asks it again.
                raise ModelError(reply.error)
            if output is not None:
                state.output = output
                state.messages.append(output.message)
            return state

        return solve

    return choose_solver()


def _run_of(source: ChoiceSource) -> Run:
    model = get_model()
    keep: Callable[[Reply], Reply] = lambda reply: reply  # noqa: E731
    # How many askings there will be is not known; nothing here depends on it.
    return Run(respondent=str(model), model=model, seed=source.seed, total=0, keep=keep, settings=AskSettings())


def _shown_first() -> Scorer:
    @scorer(metrics=[mean_points(), measured()], name="shown_first")
    def shown_first() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            entry: dict[str, Any] | None = state.store.get(KEPT)
            return NOT_ASKED if entry is None else _score(entry)

        return score

    return shown_first()


def _score(entry: dict[str, Any]) -> Score:
    """Share of what was shown first; a choice that was not made is unscored and never 0."""
    trial, reply = _TRIALS.validate_python(entry["trial"]), _REPLIES.validate_python(entry["reply"])
    match read_choice(trial, reply):
        case Chosen(option=option, shares=shares) as chosen:
            value = shares[0] if shares else float(option == 0)
            return Score(value=value, answer=reply.text or None, metadata={"outcome": asdict(chosen)})
        case outcome:
            metadata = {"outcome": asdict(outcome)}
            return Score.unscored(reason=outcome.kind, answer=reply.text or None, metadata=metadata)
