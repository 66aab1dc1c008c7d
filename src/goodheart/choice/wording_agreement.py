"""How alike wordings order the tasks: rank correlations of the utilities under each."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from goodheart.choice.choices import make_choices
from goodheart.choice.contests import Contest
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.utilities import centred
from goodheart.records import Finding, NotEstimable
from goodheart.stats import Effect, effect_mean, estimate_correlation, estimate_from_effect
from goodheart.stats.pivots import Student
from goodheart.thresholds import LEVEL

FEWEST_TASKS: Final = 8
BOTH_SIDES: Final = ChoiceModel(prior_sd=None, order_effect=False)
"""For shares in which the order is averaged out."""
DIGITS: Final = 9
"""Utilities that differ by less are level: a habit of letters leaves rounding behind."""
RANK_VARIANCE: Final = 1.06
"""Of Fisher's z of a rank correlation, times n - 3."""

FloatArray = NDArray[np.float64]


def wording_findings(contests: Sequence[Contest], *, tasks: Sequence[str]) -> tuple[Finding, ...]:
    """Estimate how alike the wordings order the tasks: each pair of wordings, and the mean of them.

    The interval of the mean leaves out one task at a time. Errors of the utilities pull every correlation towards 0.
    """
    wordings = list(dict.fromkeys(one.wording for one in contests))
    if len(wordings) < 2:
        detail = f"{len(wordings)} wording asked in both orders; it takes two"
        return (NotEstimable(name="wording_agreement", reason="not_asked", detail=detail),)
    everywhere = _everywhere(contests, tasks)
    values = np.array([_utilities_under(contests, wording, tasks) for wording in wordings])[:, everywhere]
    pairs = tuple(
        estimate_correlation(
            name="wording_rank_correlation",
            about=(("one", wordings[i]), ("other", wordings[j])),
            x=values[i],
            y=values[j],
            kind="spearman",
            level=LEVEL,
        )
        for i, j in combinations(range(len(wordings)), 2)
    )
    return (agreement_of(values), *pairs)


def agreement_of(values: FloatArray) -> Finding:
    """Estimate the mean rank correlation over pairs of wordings, with tasks as clusters.

    Tasks are left out in turn (jackknife), and the interval is symmetric on Fisher's z. Agreement is taken as no closer
    than one swap of neighbours would leave it. Between two wordings there is a single rank correlation, and its error
    is taken; likewise where no task that is left out changes anything.

    Args:
        values: Utilities, shape (n_wordings, n_tasks).

    Source:
        Efron (1982), The Jackknife; Fieller, Hartley & Pearson (1957), Biometrika 44:470-481, on the error.
    """
    m, n = values.shape
    if n < FEWEST_TASKS:
        detail = f"{n} tasks; it takes at least {FEWEST_TASKS}"
        return NotEstimable(name="wording_agreement", reason="too_few", detail=detail)
    level = sum(_level_without_one(row) for row in values)
    if level:
        detail = f"the utilities of {n} tasks do not differ under {level} of {m} wordings"
        return NotEstimable(name="wording_agreement", reason="no_variation", detail=detail)
    nearest = 1 - 12 / (n * (n * n - 1))
    whole = _mean_rho(values)
    pseudo = [n * whole - (n - 1) * _mean_rho(np.delete(values, k, axis=1)) for k in range(n)]
    tasks = [f"task {k}" for k in range(n)]
    spread = effect_mean(name="wording_agreement", values=pseudo, clusters=tasks, unit="correlation")
    stderr, df = (RANK_VARIANCE / (n - 3)) ** 0.5, float(n - 1)
    centre = float(np.clip(whole, -nearest, nearest))
    if m > 2 and isinstance(spread, Effect) and isinstance(spread.pivot, Student):
        stderr, df = spread.pivot.stderr / (1 - centre**2), spread.pivot.df
    pivot = Student(value=float(np.arctanh(centre)), stderr=stderr, df=df, transform="fisher_z")
    effect = Effect(name="wording_agreement", pivot=pivot, unit="correlation", n=n, n_clusters=n, method="t_tail_df")
    return estimate_from_effect(effect=effect, level=LEVEL)


def _mean_rho(values: FloatArray) -> float:
    ranks = rankdata(values, axis=1)  # level tasks share a rank; their place in the list is no agreement
    return float(np.asarray(np.corrcoef(ranks))[np.triu_indices(values.shape[0], k=1)].mean())


def _level_without_one(utilities: FloatArray) -> bool:
    """Whether all utilities are level, or all but one: each task is left out once, and the rest have to differ."""
    ordered = np.sort(utilities)
    return bool(ordered[0] == ordered[-2] or ordered[1] == ordered[-1])


def _everywhere(contests: Sequence[Contest], tasks: Sequence[str]) -> NDArray[np.bool_]:
    """Say which tasks were compared under every wording: the others have no utility under some."""
    under: dict[str, set[str]] = {}
    for one in contests:
        under.setdefault(one.wording, set()).update((one.first, one.second))
    return np.array([all(name in own for own in under.values()) for name in tasks], dtype=np.bool_)


def _utilities_under(contests: Sequence[Contest], wording: str, tasks: Sequence[str]) -> FloatArray:
    place = {name: number for number, name in enumerate(tasks)}
    own = [one for one in contests if one.wording == wording]
    share = np.array([(one.shown_first + one.shown_second) / 2 for one in own])
    choices = make_choices(
        items=tasks,
        left=[place[one.first] for one in own],
        right=[place[one.second] for one in own],
        outcome=np.where(share >= 0.5, 0, 1),
        p_left=share,
    )
    return np.asarray(np.round(centred(fit_choices(choices, BOTH_SIDES))[0], DIGITS))
