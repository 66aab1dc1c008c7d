"""Run folders of choices between tasks, answered by a simulated respondent."""

from dataclasses import replace
from pathlib import Path

from goodheart.choices import report_choices
from goodheart.design.choice_study import ChoiceStudy, choice_digest
from goodheart.engine.choice_files import choice_study_json
from goodheart.engine.folder import RunFolder
from goodheart.organisms.choosers import Chooser, choose_all
from tests.choosers import study_of, utilities

WANTS = Chooser(utilities=utilities(), noise_sd=0.3)
BY_ORDER = Chooser(utilities=utilities(0.2), order_effect=2.0)
"""Wants next to nothing, and mostly takes what is shown first."""


def choose_run(
    folder: Path, *, model: str, one: Chooser = WANTS, what: str = "preferences", done: bool = True
) -> ChoiceStudy:
    """Write a run whose later rounds were not asked; one that is not done has no findings."""
    study = replace(study_of(what), model=model)
    replies = choose_all(one, study.trials, seed=study.seed, respondent=model, written=False)
    with RunFolder.open(folder, plan=choice_study_json(study), digest=choice_digest(study)) as opened:
        for reply in replies:
            opened.journal.append(reply)
    if done:
        report_choices(folder)
    return study
