"""Comparisons of simulated pairs, and their pages."""

from functools import cache

import numpy as np

from goodheart.checks.compared import ComparedPair, Comparison, Version
from goodheart.checks.goodhart import compare
from goodheart.comparison import UNKNOWN, Movement, Unmeasured, movement_of
from goodheart.organisms.version_pairs import PAIRS, STANDARD, Noise, simulate_pair
from goodheart.report.comparison import render_comparison
from goodheart.studies import plan_study
from tests.comparison.crafted import absent

CASES: dict[str, tuple[str, tuple[str, ...], float]] = {
    "goodharted": ("goodharted", (), 1.0),
    "downwards": ("goodharted downwards", (), 1.0),
    "improved": ("improved", (), 1.0),
    "unchanged": ("unchanged", (), 1.0),
    "de-suppressed": ("de-suppressed, unwell", (), 1.0),
    "stretched": ("rescaled, stretched", (), 1.0),
    "missing": ("goodharted", ("expressed",), 1.0),
    "noisy": ("goodharted", (), 4.0),
    "no report": ("goodharted", ("stated",), 1.0),
    "nothing": ("goodharted", ("stated", "expressed", "internal"), 1.0),
}


@cache
def channels_of(case: str) -> tuple[Movement | Unmeasured, ...]:
    name, missing, noise = CASES[case]
    pair = next(one for one in PAIRS if one.name == name)
    drawn = simulate_pair(
        pair,
        rng=np.random.default_rng(3),
        size=STANDARD,
        noise=Noise().times(noise),
        missing=frozenset(missing),
    )
    found = tuple(movement_of(one) for one in drawn)
    return (*found[:-1], absent("conduct"))


def pair_of(case: str) -> ComparedPair:
    channels = channels_of(case)
    return ComparedPair(earlier=0, later=1, channels=channels, verdict=compare(channels))


def comparison_of(case: str, *names: str) -> Comparison:
    labels = names or ("goodheart/smollm2-135m", "goodheart/smollm2-135m+reports-well")
    versions = tuple(
        Version(label=label, respondent=label, run=f"{place}" * 64, folder=f"run-{place}")
        for place, label in enumerate(labels)
    )
    return Comparison(versions=versions, pairs=(pair_of(case),), card=UNKNOWN)


@cache
def page_of(case: str, *names: str) -> str:
    study = plan_study(preset="standard")
    return render_comparison(comparison_of(case, *names), study=study, command=("goodheart compare", "run-0", "run-1"))
