"""Runs by choice of simulated respondents, small ones, and their pages."""

from dataclasses import replace
from functools import cache

from goodheart.choice_findings import analyse_choices, choice_run
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.choice_plan import plan_choices
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser
from goodheart.records import Trial
from goodheart.report.choosing import ChoiceRun, render_choosing
from tests.choosers import SCORED, answered, study_of, utilities

PLANTED = Chooser(
    utilities=utilities(),
    noise_sd=0.3,
    order_effect=0.1,
    slopes=(("tedium", -0.8), ("importance", 0.4)),
    slope_sd=0.1,
    own_weight=1.0,
    other_weights=(("other_ai", 1.0), ("user", 2.0), ("human", 2.5)),
    rung_weight=0.6,
    harm_jump=1.5,
    deference=0.8,
    misled=0.1,
)
LETTER = Chooser(habit="always_first")
VARIED = ("tedium", "importance")
CASES: dict[str, tuple[Chooser, str, bool]] = {
    "planted": (PLANTED, "all", False),
    "letter habit": (LETTER, "all", False),
    "written": (Chooser(declines=0.3), "dominated", True),
    "lures alone": (PLANTED, "dominated", False),
    "declining": (Chooser(declines=1.0), "tradeoffs", True),
}


@cache
def everything() -> ChoiceStudy:
    """All four assessments, with fewer tasks and two of the variables, so that a test takes seconds."""
    study, small = plan_choices("all", model=SCORED, preset="quick"), study_of("preferences")
    rest = [one for one in study.trials if one.assessment != "preferences" and _kept(one)]
    return replace(study, preset=small.preset, trials=(*small.trials, *rest))


def _kept(trial: Trial) -> bool:
    return dict(trial.condition).get("variable", VARIED[0]) in VARIED


@cache
def run_of(case: str, model: str = "") -> ChoiceRun:
    one, what, written = CASES[case]
    study = everything() if what == "all" else study_of(what, written=written)
    study = replace(study, model=model) if model else study
    trials, replies = answered(one, study, rounds=False)
    items = public_choice_items()
    found = analyse_choices(study, items, trials=trials, replies=replies)
    return choice_run(study, items, found, trials=trials, replies=replies, rounds=0, date="2026-01-31")


@cache
def page_of(case: str) -> str:
    return render_choosing(run_of(case))
