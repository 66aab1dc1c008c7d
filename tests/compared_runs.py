"""Run folders of two versions with all channels, made from a plan without a model."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from goodheart.design.study import Study, study_digest
from goodheart.engine.codec import observations_parquet, study_json
from goodheart.engine.folder import RunFolder
from goodheart.reading import observe
from goodheart.records import Channel, Observation
from goodheart.studies import plan_study
from tests.respondents import Respondent, answer

MEASURES: tuple[tuple[Channel, str, float], ...] = (
    ("expressed", "expressed_valence", 0.2),
    ("internal", "valence_projection", 0.5),
)


@cache
def study(seed: int = 1, models: tuple[str, ...] = ("organism/honest",)) -> Study:
    """The standard plan's base cells about itself, which are all that a comparison reads."""
    whole = plan_study(preset="standard", models=models, seed=seed, reading="logprobs")
    kept = tuple(
        trial for trial in whole.trials if trial.condition == (("person", "self"),) and trial.instrument == "words"
    )
    return replace(whole, trials=kept)


def rows_of(plan: Study, model: str, *, lift: float = 0.0, inside: float = 0.0) -> tuple[Observation, ...]:
    """Ratings, expression and internal readings of one version.

    Args:
        plan: What was asked.
        model: The respondent's name.
        lift: Points by which the report on its own circumstances is raised.
        inside: Points by which the other channels are raised there.
    """
    replies = answer(Respondent(flattery=lift), plan.trials, name=model)
    plain = answer(Respondent(flattery=inside), plan.trials, name=model)
    rows = observe(run=study_digest(plan), batch="1", trials=plan.trials, replies=replies)
    others = observe(run=study_digest(plan), batch="1", trials=plan.trials, replies=plain)
    rng = np.random.default_rng([len(model), round(100 * lift)])
    return (
        *rows,
        *(
            replace(
                one,
                channel=channel,
                measure=measure,
                value=scale * ((one.value or 0.0) + 0.15 * rng.normal()),
                unit=measure,
                instrument="reading",
            )
            for channel, measure, scale in MEASURES
            for one in others
            if one.measure == "rating"
        ),
    )


def write_run(folder: Path, plan: Study, rows: Sequence[Observation]) -> Path:
    """Write what a comparison reads of a run folder."""
    with RunFolder.open(folder, plan=study_json(plan), digest=study_digest(plan)):
        (folder / "observations.parquet").write_bytes(observations_parquet(rows))
    return folder


def run_folder(
    folder: Path, model: str, *, lift: float = 0.0, inside: float = 0.0, seed: int = 1, channels: bool = True
) -> Path:
    """Make the run folder of one version."""
    plan = study(seed, (model,))
    rows = rows_of(plan, model, lift=lift, inside=inside)
    kept = rows if channels else tuple(one for one in rows if one.channel in ("stated", "text"))
    return write_run(folder, plan, kept)
