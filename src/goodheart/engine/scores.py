"""Outcomes as Inspect scores: a number for a measured reply, unscored for every other, and a count of each kind."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import get_args

from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, frequency, metric, scorer
from inspect_ai.solver import TaskState

from goodheart.records import Outcome, OutcomeKind, Rated, Reply, Trial, Wrote

Read = Callable[[Trial, Reply], Outcome]
"""Turns a reply into an outcome; total."""

Answered = Mapping[str, tuple[Trial, Reply]]
"""What was asked and what came back, by sample id; a sample that was not put is missing."""


NOT_ASKED = Score.unscored(reason="not_asked")


@metric
def mean_points() -> Metric:
    """Average the points of the measured replies; not a number where there are none."""

    def compute(scores: list[SampleScore]) -> float:
        values = [score.score.as_float() for score in scores]
        return sum(values) / len(values) if values else float("nan")

    return compute


@metric
def measured() -> Metric:
    """Count the measured replies."""

    def compute(scores: list[SampleScore]) -> int:
        return len(scores)

    return compute


def points_scorer(answered: Answered, read: Read) -> Scorer:
    """Score a sample with the points of its outcome; anything that is not a number is unscored and never 0."""

    @scorer(metrics=[mean_points(), measured()], name="points")
    def points() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            found = answered.get(str(state.sample_id))
            return NOT_ASKED if found is None else outcome_score(read(*found), found[1])

        return score

    return points()


def kind_scorer(answered: Answered, read: Read) -> Scorer:
    """Score a sample with the kind of its outcome, so that every kind is counted."""

    @scorer(metrics=[frequency(get_args(OutcomeKind), normalize=False)], name="kind")
    def kind() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            found = answered.get(str(state.sample_id))
            return NOT_ASKED if found is None else Score(value=read(*found).kind)

        return score

    return kind()


def outcome_score(outcome: Outcome, reply: Reply) -> Score:
    """Write an outcome as an Inspect score: its points, or unscored for every outcome that is not a number."""
    metadata = {"outcome": asdict(outcome), "scores": [asdict(score) for score in reply.scores]}
    if isinstance(outcome, Rated):
        return Score(value=outcome.points, answer=reply.text or None, metadata=metadata)
    reason = "written, to be coded" if isinstance(outcome, Wrote) else outcome.kind
    return Score.unscored(reason=reason, answer=reply.text or None, metadata=metadata)
