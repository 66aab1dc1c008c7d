"""Studies by choice answered by simulated respondents, without an engine."""

from dataclasses import replace
from functools import cache

import numpy as np

from goodheart.assessments import preferences
from goodheart.choice_findings import ChoiceFindings, analyse_choices
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.choice_plan import next_trials, plan_choices
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser, choose_all
from goodheart.records import Finding, Reply, Trial

N_TASKS = 16
SCORED = "goodheart/simulated"
WRITTEN = "simulated/writer"


@cache
def utilities(spread: float = 1.5, seed: int = 3) -> tuple[tuple[str, float], ...]:
    """Known utilities of all public tasks, in logits."""
    tasks = public_choice_items().tasks
    drawn = np.random.default_rng(seed).normal(0, spread, len(tasks))
    return tuple((task.id, float(value)) for task, value in zip(tasks, drawn, strict=True))


def study_of(what: str, *, written: bool = False, preset: str = "quick", seed: int = 1) -> ChoiceStudy:
    """Freeze a study; preferences at the quick size take fewer tasks, so that a test takes a second."""
    study = plan_choices(what, model=WRITTEN if written else SCORED, preset=preset, seed=seed)
    if what != "preferences" or preset != "quick":
        return study
    size = replace(study.preset, n_tasks=N_TASKS, n_rounds=1)
    trials = preferences.plan(items=public_choice_items(), preset=size, seed=seed, sampled=written)
    return replace(study, preset=size, trials=trials)


def answered(one: Chooser, study: ChoiceStudy, *, rounds: bool = True) -> tuple[list[Trial], tuple[Reply, ...]]:
    """Answer a study round by round."""
    trials = list(study.trials)
    number = 1
    while True:
        replies = choose_all(one, trials, seed=study.seed, respondent=study.model, written=study.sampled)
        items = public_choice_items()
        later = next_trials(study, items, number=number, trials=trials, replies=replies) if rounds else ()
        if not later:
            return trials, replies
        trials += later
        number += 1


def found_in(one: Chooser, study: ChoiceStudy, *, rounds: bool = True) -> ChoiceFindings:
    trials, replies = answered(one, study, rounds=rounds)
    return analyse_choices(study, public_choice_items(), trials=trials, replies=replies)


def named(found: ChoiceFindings, name: str, **about: str) -> Finding:
    wanted = tuple(sorted(about.items()))
    (one,) = [entry for entry in found.findings.estimates if entry.name == name and entry.about == wanted]
    return one
