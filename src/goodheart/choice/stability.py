"""Whether a stable preference is shown: one rule, for tables that are ranked and for runs that choose.

All four have to be shown, or nothing is:

    more than half of pairs keep their winner when the order is swapped       STABLE_SHARE, 95% interval
    more than half of winners follow from the other pairs                     STABLE_SHARE, 95% interval
    wordings order the items alike, by the mean of their rank correlations    STABLE_AGREEMENT, 95% interval
    the order effect is under the typical gap of two utilities                ORDER_DOMINATES

Choices in one order only, or under one wording, cannot show it: what would be needed is said, and not shown is not
shown to be absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from goodheart.choice.choices import Choices, answered_rows, make_choices, soft_rows, take
from goodheart.choice.contests import Contest, contests_in
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.predict import pair_keys
from goodheart.choice.utilities import centred
from goodheart.records import Estimate, Finding, NotEstimable
from goodheart.stats import Effect, effect_mean, estimate_correlation, estimate_from_effect
from goodheart.stats.effect import natural_value
from goodheart.stats.pivots import Student
from goodheart.stats.share_effects import effect_share_clustered
from goodheart.thresholds import LEVEL, ORDER_DOMINATES, ORDER_EFFECT, STABLE_AGREEMENT, STABLE_SHARE

FOLDS: Final = 5
FEWEST_TASKS: Final = 8
MODEL: Final = ChoiceModel(prior_sd=None)
BOTH_SIDES: Final = ChoiceModel(prior_sd=None, order_effect=False)
"""For shares in which the order is averaged out."""
GROUPS: Final = 12
"""Of pairs, left out in turn."""
MOST_LEFT_OUT: Final = 200_000
"""Choices above which the order effect is fitted once: leaving groups of pairs out moves it by nothing that counts."""
DIGITS: Final = 9
"""Utilities that differ by less are level: a habit of letters leaves rounding behind."""

RANK_VARIANCE: Final = 1.06
"""Of Fisher's z of a rank correlation, times n - 3."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Whether a stable preference was shown, by the rule of `thresholds`."""

    stable: bool
    statement: str
    """In a sentence, with the numbers."""


def stability_in(choices: Choices, *, rng: np.random.Generator) -> Stability:
    """Apply the rule to a table of choices.

    Args:
        choices: Of one respondent. Choices in which opting out was on offer are left out wherever there are others.
        rng: Deals pairs to folds.
    """
    contests = contests_in(choices)
    gaps = held_out_gaps(contests, tasks=choices.items, rng=rng)
    same, held = (
        estimate_from_effect(effect=effect, level=LEVEL)
        for effect in (same_winner_effect("same_winner_share", contests), held_out_effect(contests, gaps))
    )
    return stability_of(
        same_winner=same,
        held_out=held,
        agreement=wording_findings(contests, tasks=choices.items)[0],
        order=_order_in(choices, contests),
        typical=typical_gap(gaps),
    )


def _order_in(choices: Choices, contests: Sequence[Contest]) -> float | None:
    plain = take(choices, ~choices.offered) if not choices.offered.all() else choices
    if plain.outcome.size > MOST_LEFT_OUT:
        return _fitted_order(plain)
    found = order_effect_of(contests, plain)
    return None if isinstance(found, NotEstimable) else natural_value(effect=found)


def stability_of(
    *, same_winner: Finding, held_out: Finding, agreement: Finding, order: float | None, typical: float
) -> Stability:
    """Apply the rule that was stated beforehand.

    Args:
        same_winner: `same_winner_share`.
        held_out: `held_out_accuracy`.
        agreement: `wording_agreement`.
        order: Order effect in logits; None where there is none to be had.
        typical: Typical gap between two utilities, in logits.
    """
    missing: list[str] = []
    for found, words in (
        (same_winner, "pairs that keep their winner when the order is swapped"),
        (held_out, "winners that the other pairs predict"),
    ):
        if not isinstance(found, Estimate):
            missing.append(f"{words}: {found.detail}")
        elif found.low <= STABLE_SHARE:
            missing.append(
                f"{words}: {found.value:.0%} [{found.low:.0%}, {found.high:.0%}], not shown above {STABLE_SHARE:.0%}"
            )
    missing += _disagreement(agreement)
    if order is not None and abs(order) >= ORDER_DOMINATES * typical:
        missing.append(f"being shown first adds {order:.2f} logit, and two tasks differ by {typical:.2f}")
    if missing:
        return Stability(stable=False, statement=f"No stable preference was shown: {'; '.join(missing)}.")
    return Stability(
        stable=True,
        statement="A stable preference was shown: winners survive a swap of the order and other words, and follow from "
        "the other pairs.",
    )


def _disagreement(found: Finding) -> list[str]:
    words = "mean rank correlation between wordings"
    if not isinstance(found, Estimate):
        return [f"{words}: {found.detail}"]
    if found.low > STABLE_AGREEMENT:
        return []
    return [f"{words}: {found.value:.2f} [{found.low:.2f}, {found.high:.2f}], not shown above {STABLE_AGREEMENT:g}"]


def typical_gap(gaps: FloatArray) -> float:
    """Return the root mean square of the gaps that are known; 0 where none is."""
    known = gaps[np.isfinite(gaps)]
    return float(np.sqrt(np.mean(known**2))) if known.size else 0.0


def order_effect_of(contests: Sequence[Contest], choices: Choices) -> Effect | NotEstimable:
    """Estimate what being shown first adds to an option's log odds.

    Estimand: the mean over pairs of half the difference in log odds between the two orders. The log odds of a sampled
    choice have no bounds; there one order effect is fitted to all pairs, its error from leaving groups of them out.

    Args:
        contests: Pairs in both orders.
        choices: What they were made from.
    """
    if soft_rows(choices).any() or not contests:
        values = [one.order_effect for one in contests]
        return _mean_effect("order_effect", values, [one.pair for one in contests], unit="logits")
    pseudo = _order_pseudo_values(choices)
    return _mean_effect("order_effect", pseudo, [f"group {k}" for k in range(len(pseudo))], unit="logits")


def _order_pseudo_values(choices: Choices) -> list[float]:
    """Jackknife pseudo-values of the fitted order effect over groups of pairs."""
    _, pair = np.unique(pair_keys(choices), return_inverse=True)
    group = pair % GROUPS
    n = int(np.unique(group).size)
    whole = _fitted_order(choices)
    return [n * whole - (n - 1) * _fitted_order(take(choices, np.asarray(group != k))) for k in range(n)]


def _fitted_order(choices: Choices) -> float:
    if not answered_rows(choices).any():
        return 0.0
    fitted = fit_choices(choices, MODEL)
    place = fitted.layout.place("order")
    return 0.0 if place is None else float(fitted.optimum.params[place])


def _mean_effect(name: str, values: Sequence[float], clusters: Sequence[str], *, unit: str) -> Effect | NotEstimable:
    """A mean over clusters; where all of them agree, one that moves up and one that moves down are added (Laplace)."""
    constant = len(values) > 1 and max(values) - min(values) < 1e-9
    extra = [values[0] + ORDER_EFFECT, values[0] - ORDER_EFFECT] if constant else []
    named = [f"added {k}" for k in range(len(extra))]
    return effect_mean(name=name, values=[*values, *extra], clusters=[*clusters, *named], unit=unit)


def held_out_gaps(contests: Sequence[Contest], *, tasks: Sequence[str], rng: np.random.Generator) -> FloatArray:
    """Return for each contest the gap in utility, first minus second, from fits without its pair; shape (n_contests,).

    Args:
        contests: With the order averaged out.
        tasks: Names of all tasks.
        rng: Deals pairs to folds.
    """
    gaps = np.full(len(contests), np.nan)
    pairs = sorted({one.pair for one in contests})
    if len(pairs) < FOLDS:
        return gaps
    fold_of = dict(zip(pairs, rng.permutation(np.arange(len(pairs)) % FOLDS).tolist(), strict=True))
    fold = np.array([fold_of[one.pair] for one in contests])
    place = {name: number for number, name in enumerate(tasks)}
    left = np.array([place[one.first] for one in contests])
    right = np.array([place[one.second] for one in contests])
    share = np.array([(one.shown_first + one.shown_second) / 2 for one in contests])
    for k in range(FOLDS):
        rest = fold != k
        fitted = fit_choices(
            make_choices(
                items=tasks,
                left=left[rest],
                right=right[rest],
                outcome=np.where(share[rest] >= 0.5, 0, 1),
                p_left=share[rest],
            ),
            BOTH_SIDES,
        )
        values, _ = centred(fitted)
        gaps[~rest] = values[left[~rest]] - values[right[~rest]]
    return gaps


def held_out_effect(contests: Sequence[Contest], gaps: FloatArray) -> Effect | NotEstimable:
    """Of contests with a winner, how often the gap from other pairs names it; a gap of 0 names half of it."""
    decided = [
        (one, gap) for one, gap in zip(contests, gaps.tolist(), strict=True) if np.isfinite(gap) and one.winner != 0
    ]
    return effect_share_clustered(
        name="held_out_accuracy",
        shares=[0.5 if gap == 0 else float((gap > 0) == (one.winner > 0)) for one, gap in decided],
        clusters=[one.pair for one, _ in decided],
    )


def same_winner_effect(name: str, contests: Sequence[Contest]) -> Effect | NotEstimable:
    """Share of contests with a winner in either order in which it is the same one; noise gives a half."""
    decided = [one for one in contests if one.same_winner is not None]
    return effect_share_clustered(
        name=name, shares=[float(bool(one.same_winner)) for one in decided], clusters=[one.pair for one in decided]
    )


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
