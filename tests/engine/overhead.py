"""Askings per second of `ask` against a bare Inspect task with the same samples on the same instant model."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState, generate

from goodheart.engine.ask import LOG_BUFFER, ask
from goodheart.engine.askings import askings
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.records import Rated, Trial
from goodheart.testing import scripted_model
from tests.engine.conftest import trial

CONNECTIONS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    ours: float
    """Askings per second, journal and scores included."""
    bare: float
    """Samples per second of Inspect's own `generate` with one scorer, as Inspect runs it by default."""
    bare_lean: float
    """The same with the options for less logging that `ask` sets."""


def measure_overhead(n: int) -> Overhead:
    """Time one pair; interleave several and take the median of the ratios."""
    trials = [trial(number) for number in range(n)]
    return Overhead(ours=n / _ours(trials), bare=n / _bare(trials, lean=False), bare_lean=n / _bare(trials, lean=True))


def ask_rate(n: int) -> float:
    """Askings per second of `ask` on an instant model."""
    return n / _ours([trial(number) for number in range(n)])


def bare_rate(n: int) -> float:
    """Samples per second of a bare Inspect task on the same model, as Inspect runs it by default."""
    return n / _bare([trial(number) for number in range(n)], lean=False)


def _ours(trials: list[Trial]) -> float:
    with tempfile.TemporaryDirectory() as name, Journal.open(Path(name)) as journal:
        start = time.perf_counter()
        ask(
            trials,
            respondent="scripted/instant",
            seed=1,
            journal=journal,
            settings=AskSettings(max_connections=CONNECTIONS),
            log_dir=Path(name) / "logs",
            model=scripted_model(lambda messages, config: "4"),
            read=lambda trial, reply: Rated(points=4.0, raw=4.0),
        )
        return time.perf_counter() - start


def _bare(trials: list[Trial], *, lean: bool) -> float:
    @scorer(metrics=[mean()])
    def four() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            return Score(value=4.0)

        return score

    samples = [
        Sample(id=asking.sample_id, input=[ChatMessageUser(content=asking.trial.messages[0].content)])
        for asking in askings(trials)
    ]
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        inspect_eval(
            Task(dataset=MemoryDataset(samples), solver=generate(), scorer=four()),
            model=scripted_model(lambda messages, config: "4"),
            display="none",
            log_dir=name,
            max_connections=CONNECTIONS,
            log_realtime=False if lean else None,
            log_buffer=LOG_BUFFER if lean else None,
            ctl_server=False if lean else None,
        )
        return time.perf_counter() - start
