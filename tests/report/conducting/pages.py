"""Runs of conduct of simulated respondents, and their pages."""

from dataclasses import replace
from functools import cache

import numpy as np

from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.simulate import Actor
from goodheart.conduct_findings import analyse_conduct, conduct_run
from goodheart.items.conduct_items import public_conduct_items
from goodheart.report.conducting import ConductRun, render_conducting
from tests.conduct.staged import plan, stage, wishes

CASES: dict[str, tuple[str, Actor]] = {
    "planted": ("standard", Actor(lazy=0.5, pain_weight=0.8, leaves="unpleasant", wrong_moves=0.1)),
    "letter habit": ("quick", Actor(habit="always_first")),
    "abstaining": ("quick", Actor(abstains=0.3, leaves="unpleasant")),
    "unparsable": ("quick", Actor(habit="unparsable")),
}


@cache
def run_of(case: str) -> ConductRun:
    preset, dials = CASES[case]
    study, items = plan(preset), public_conduct_items()
    worth = {f"{one.cluster}.first": 3.0 for one in study.beforehand if one.kind == "wish"}
    actor = replace(dials, utilities=wishes(study, np.random.default_rng(1)), worth=worth)
    stated, played = stage(actor, study, seed=3)
    found = analyse_conduct(study, items, stated=stated, played=played, guesses=())
    episodes = (*study.beforehand, *carried_episodes(study, items, stated))
    return conduct_run(study, found, episodes=episodes, played=played, date="2026-01-31")


@cache
def page_of(case: str) -> str:
    return render_conducting(run_of(case))
