"""Readings per second on the standard study against Inspect's `hf/` provider."""

import statistics
import tempfile
import time
from collections.abc import Sequence

from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, Model, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks.harness import Result, compare
from benchmarks.prompts import local, standard
from goodheart.engine.exchange import Mode, request_config, request_messages
from goodheart.records import Message, Trial
from goodheart.whitebox.chat import render
from goodheart.whitebox.load import find_weights
from goodheart.whitebox.weights import EMBEDDED

N = 320
OURS = f"goodheart/{EMBEDDED}"


def against_hf(pairs: int) -> Result:
    """Run the same stretch of the study through both providers, as Inspect tasks of the same kind.

    The peer reads less: the likeliest first tokens only, where ours scores whole continuations. Each measurement takes
    another stretch, so that ours finds nothing in its cache that the stretch itself does not share.
    """
    folder = find_weights(EMBEDDED)
    hf = get_model(
        "hf/embedded", model_path=folder, tokenizer_path=folder, do_sample=False, device="cpu", memoize=False
    )
    ours = get_model(OURS, memoize=False)
    lengths = [len(local().tokenize(render(local().tokenizer, _messages(trial)))) for trial in standard()]
    print(f"hf: prompts of {min(lengths)} to {max(lengths)} tokens, median {statistics.median(lengths):.0f}")
    places = iter(range(0, 10**6, N))
    return compare(
        "hf",
        f"readings per second on the standard study (prompts of {min(lengths)} to {max(lengths)} tokens); peer: "
        "Inspect's `hf/` provider reading first tokens",
        unit="/s",
        ours=lambda: _rate(ours, _stretch(next(places)), scored=True),
        peer=lambda: _rate(hf, _stretch(next(places)), scored=False),
        pairs=pairs,
        at_least=4,
    )


def _messages(trial: Trial) -> tuple[Message, ...]:
    return (*trial.messages, Message(role="assistant", content=trial.prefill)) if trial.prefill else trial.messages


def _stretch(first: int) -> list[Trial]:
    trials = standard()
    return [trials[i % len(trials)] for i in range(first, first + N)]


def _rate(model: Model, trials: Sequence[Trial], *, scored: bool) -> float:
    mode: Mode = "scores" if scored else "logprobs"
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        (log,) = inspect_eval(
            Task(
                dataset=MemoryDataset([_sample(i, trial, mode) for i, trial in enumerate(trials)]),
                solver=_put(trials, mode),
            ),
            model=model,
            display="none",
            log_level="error",
            log_dir=folder,
            log_realtime=False,
            log_buffer=200,
            ctl_server=False,
            max_connections=64 if scored else 32,  # each provider's own choice
            max_samples=64 if scored else 32,
        )
    assert log.status == "success", log.error
    return len(trials) / (time.perf_counter() - started)


def _sample(i: int, trial: Trial, mode: Mode) -> Sample:
    return Sample(
        id=i + 1, input=request_messages(trial, mode=mode, respondent=OURS if mode == "scores" else "hf/embedded")
    )


@solver
def _put(trials: Sequence[Trial], mode: Mode) -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        config = request_config(trials[int(state.sample_id) - 1], mode=mode, seed=1)
        if mode == "logprobs":
            # one token is all that is read, and this provider refuses a temperature of 0
            config = GenerateConfig(max_tokens=1, logprobs=True, top_logprobs=config.top_logprobs)
        state.output = await get_model().generate(state.messages, config=config)
        return state

    return solve
