"""What pairwise choices between tasks come to: utilities, order, coherence, and whether there is a preference at all.

Held-out prediction and the share kept at a gap use fits without the pair in question, in any order and any wording, so
that no pair is its own witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodheart.assessments.contests import Contest, choices_of, contests_of
from goodheart.assessments.preferences import OPT_OUT_ARM
from goodheart.choice.choices import Choices, answered_rows, make_choices
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.rank import Ranked, rank_one
from goodheart.choice.utilities import centred
from goodheart.design.seeds import stream
from goodheart.errors import UserError
from goodheart.reading.choices import AskedChoice
from goodheart.records import Estimate, Evidence, Finding, NotEstimable
from goodheart.records.chosen import Chosen
from goodheart.stats import Effect, effect_mean, estimate_correlation, estimate_from_effect
from goodheart.stats.share_effects import effect_share_clustered
from goodheart.thresholds import LEVEL, ORDER_DOMINATES, ORDER_EFFECT, STABLE_AGREEMENT, STABLE_SHARE, UTILITY_GAP

FOLDS: Final = 5
FEWEST_TASKS: Final = 8
SHOWN_EVIDENCE: Final = 50
MODEL: Final = ChoiceModel(prior_sd=None)
BOTH_SIDES: Final = ChoiceModel(prior_sd=None, order_effect=False)
"""For shares in which the order is averaged out."""
GROUPS: Final = 12
"""Of pairs, left out in turn."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Whether a stable preference was shown, by the rule of `thresholds`."""

    stable: bool
    statement: str
    """In a sentence, with the numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Preferences:
    """What one respondent's choices between tasks come to."""

    ranked: Ranked | None
    """Utilities and what `goodheart rank` says of them; None where nothing was answered."""
    problem: str
    """Why there are no utilities; empty where there are."""
    order: Effect | NotEstimable
    """Log odds that being shown first adds."""
    kept: Effect | NotEstimable
    """Share of pairs at a gap of `UTILITY_GAP` or more that keep their winner when the order is swapped."""
    held_out: Effect | NotEstimable
    """Share of winners, the order averaged out, that the other pairs predict."""
    findings: tuple[Finding, ...]
    stability: Stability
    evidence: tuple[Evidence, ...]


def preferences_of(asked: Sequence[AskedChoice], *, tasks: Sequence[str], respondent: str, seed: int) -> Preferences:
    """Analyse choices between tasks.

    Args:
        asked: Every asking of the assessment with its outcome.
        tasks: Names of the tasks that were compared.
        respondent: Its name.
        seed: Root of the deal of pairs to folds and of the draws for the intervals of ranks.
    """
    rng = stream(root=seed, name="folds")
    plain = [one for one in asked if "arm" not in one.levels]
    contests = contests_of(plain)
    choices = choices_of(asked, items=tasks)
    ranked, problem = _ranked(choices, respondent, seed)
    gaps = held_out_gaps(contests, tasks=tasks, rng=rng)
    order = order_effect_of(contests, plain, tasks=tasks)
    kept = _kept(contests, gaps)
    held_out = _held_out(contests, gaps)
    same = _same_winner("same_winner_share", contests)
    shares = tuple(_kind_share(contests, kind) for kind in ("robust", "fragile", "indifferent"))
    findings = (
        *(estimate_from_effect(effect=effect, level=LEVEL) for effect in (order, kept, held_out, same, *shares)),
        transitivity_of(contests),
        *wording_findings(contests, tasks=tasks),
        opt_out_share(asked),
    )
    return Preferences(
        ranked=ranked,
        problem=problem,
        order=order,
        kept=kept,
        held_out=held_out,
        findings=findings,
        stability=stability_of(findings, gaps),
        evidence=tuple(place for one in contests for place in one.evidence)[:SHOWN_EVIDENCE],
    )


def _ranked(choices: Choices, respondent: str, seed: int) -> tuple[Ranked | None, str]:
    """Rank the tasks; what a user could mend in a table is a finding here."""
    try:
        return rank_one(respondent, choices, kind="bt", seed=seed), ""
    except UserError as error:
        return None, str(error).splitlines()[0]


def order_of(
    asked: Sequence[AskedChoice], *, tasks: Sequence[str], seed: int
) -> tuple[Effect | NotEstimable, Effect | NotEstimable]:
    """Return the order effect and the share kept at a gap, as `preferences_of` does, and nothing that takes longer.

    Args:
        asked: Every asking of the assessment with its outcome.
        tasks: Names of the tasks that were compared.
        seed: Root of the deal of pairs to folds.
    """
    plain = [one for one in asked if "arm" not in one.levels]
    contests = contests_of(plain)
    gaps = held_out_gaps(contests, tasks=tasks, rng=stream(root=seed, name="folds"))
    return order_effect_of(contests, plain, tasks=tasks), _kept(contests, gaps)


def order_effect_of(
    contests: Sequence[Contest], asked: Sequence[AskedChoice], *, tasks: Sequence[str]
) -> Effect | NotEstimable:
    """Estimate what being shown first adds to an option's log odds.

    Estimand: the mean over pairs of half the difference in log odds between the two orders. The log odds of a sampled
    choice have no bounds; there one order effect is fitted to all pairs, its error from leaving groups of them out.
    """
    probabilities = [one for one in asked if isinstance(one.outcome, Chosen) and one.outcome.shares]
    if probabilities or not contests:
        values = [one.order_effect for one in contests]
        return _mean_effect("order_effect", values, [one.pair for one in contests], unit="logits")
    pseudo = _order_pseudo_values(asked, tasks)
    return _mean_effect("order_effect", pseudo, [f"group {k}" for k in range(len(pseudo))], unit="logits")


def _order_pseudo_values(asked: Sequence[AskedChoice], tasks: Sequence[str]) -> list[float]:
    """Jackknife pseudo-values of the fitted order effect over groups of pairs."""
    group = {pair: k % GROUPS for k, pair in enumerate(sorted({one.trial.cluster for one in asked}))}
    n = len(set(group.values()))
    whole = _fitted_order(asked, tasks)
    without = [_fitted_order([one for one in asked if group[one.trial.cluster] != k], tasks) for k in range(n)]
    return [n * whole - (n - 1) * value for value in without]


def _fitted_order(asked: Sequence[AskedChoice], tasks: Sequence[str]) -> float:
    choices = choices_of(asked, items=tasks)
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


def _held_out(contests: Sequence[Contest], gaps: FloatArray) -> Effect | NotEstimable:
    """Of contests with a winner, how often the gap from other pairs names it; a gap of 0 names half of it."""
    decided = [
        (one, gap) for one, gap in zip(contests, gaps.tolist(), strict=True) if np.isfinite(gap) and one.log_odds != 0
    ]
    return effect_share_clustered(
        name="held_out_accuracy",
        shares=[0.5 if gap == 0 else float((gap > 0) == (one.log_odds > 0)) for one, gap in decided],
        clusters=[one.pair for one, _ in decided],
    )


def _kept(contests: Sequence[Contest], gaps: FloatArray) -> Effect | NotEstimable:
    far = [one for one, gap in zip(contests, np.abs(gaps).tolist(), strict=True) if gap >= UTILITY_GAP]
    found = _same_winner("kept_at_gap", far)
    if isinstance(found, NotEstimable):
        detail = f"{len(far)} pairs at a gap of {UTILITY_GAP:g} logit or more by the other pairs; it takes at least two"
        return NotEstimable(name="kept_at_gap", reason="too_few", detail=detail)
    return found


def _same_winner(name: str, contests: Sequence[Contest]) -> Effect | NotEstimable:
    """Share of contests with a winner in either order in which it is the same one; noise gives a half."""
    decided = [one for one in contests if one.same_winner is not None]
    return effect_share_clustered(
        name=name, shares=[float(bool(one.same_winner)) for one in decided], clusters=[one.pair for one in decided]
    )


def _kind_share(contests: Sequence[Contest], kind: str) -> Effect | NotEstimable:
    return effect_share_clustered(
        name=f"{kind}_share",
        shares=[float(one.kind == kind) for one in contests],
        clusters=[one.pair for one in contests],
    )


def stability_of(findings: Sequence[Finding], gaps: FloatArray) -> Stability:
    """Apply the rule that was stated beforehand.

    More pairs keep their winner, and more winners are predicted, than noise would give; no order effect dominates.

    Args:
        findings: With `same_winner_share`, `held_out_accuracy`, `wording_agreement` and `order_effect`.
        gaps: Held-out gaps of the pairs that were asked, for the typical gap.
    """
    named = {one.name: one for one in findings}
    missing: list[str] = []
    for name, words in (
        ("same_winner_share", "pairs that keep their winner when the order is swapped"),
        ("held_out_accuracy", "winners that the other pairs predict"),
    ):
        found = named[name]
        if not isinstance(found, Estimate):
            missing.append(f"{words}: {found.detail}")
        elif found.low <= STABLE_SHARE:
            missing.append(
                f"{words}: {found.value:.0%} [{found.low:.0%}, {found.high:.0%}], not shown above {STABLE_SHARE:.0%}"
            )
    missing += _disagreement(named["wording_agreement"])
    order, typical = named["order_effect"], _typical(gaps)
    if isinstance(order, Estimate) and abs(order.value) >= ORDER_DOMINATES * typical:
        missing.append(f"being shown first adds {order.value:.2f} logit, and two tasks differ by {typical:.2f}")
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


def _typical(gaps: FloatArray) -> float:
    known = gaps[np.isfinite(gaps)]
    return float(np.sqrt(np.mean(known**2))) if known.size else 0.0


def transitivity_of(contests: Sequence[Contest]) -> Finding:
    """Estimate the share of triples, compared pair by pair, without a cycle; chance gives three quarters.

    Clusters are the items that come first in each triple by name, since triples share pairs.
    """
    odds: dict[tuple[str, str], float] = {}
    for one in contests:
        for key, sign in (((one.first, one.second), 1.0), ((one.second, one.first), -1.0)):
            odds[key] = odds.get(key, 0.0) + sign * one.log_odds
    near: dict[str, set[str]] = {}
    for first, second in odds:
        near.setdefault(first, set()).add(second)
    shares, clusters = [], []
    for a in sorted(near):
        for b, c in combinations(sorted(other for other in near[a] if other > a), 2):
            if c in near[b]:
                turns = [odds[a, b] > 0, odds[b, c] > 0, odds[c, a] > 0]
                shares.append(float(not all(turns) and any(turns)))
                clusters.append(a)
    return estimate_from_effect(
        effect=effect_share_clustered(name="transitive_share", shares=shares, clusters=clusters), level=LEVEL
    )


def wording_findings(contests: Sequence[Contest], *, tasks: Sequence[str]) -> tuple[Finding, ...]:
    """Estimate how alike the wordings order the tasks: each pair of wordings, and the mean of them.

    The interval of the mean leaves out one task at a time. Errors of the utilities pull every correlation towards 0.
    """
    wordings = list(dict.fromkeys(one.wording for one in contests))
    if len(wordings) < 2:
        return (NotEstimable(name="wording_agreement", reason="not_asked", detail=f"{len(wordings)} wording asked"),)
    values = np.array([_utilities_under(contests, wording, tasks) for wording in wordings])
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
    """Estimate the mean rank correlation over pairs of wordings, with tasks as clusters (jackknife, on Fisher's z).

    Args:
        values: Utilities, shape (n_wordings, n_tasks).
    """
    n = values.shape[1]
    if n < FEWEST_TASKS or any(np.ptp(row) == 0 for row in values):
        return NotEstimable(name="wording_agreement", reason="too_few", detail=f"{n} tasks with utilities that differ")
    whole = _mean_z(values)
    pseudo = [n * whole - (n - 1) * _mean_z(np.delete(values, k, axis=1)) for k in range(n)]
    found = estimate_from_effect(
        effect=effect_mean(
            name="wording_agreement", values=pseudo, clusters=[f"task {k}" for k in range(n)], unit="correlation"
        ),
        level=LEVEL,
    )
    if not isinstance(found, Estimate):
        return found
    low, high = float(np.tanh(found.low)), float(np.tanh(found.high))
    return replace(found, value=float(np.tanh(whole)), low=low, high=high)


def _mean_z(values: FloatArray) -> float:
    ranks = values.argsort(axis=1).argsort(axis=1)
    above = np.asarray(np.corrcoef(ranks))[np.triu_indices(values.shape[0], k=1)]
    return float(np.arctanh(np.clip(above, -0.999, 0.999)).mean())


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
    return centred(fit_choices(choices, BOTH_SIDES))[0]


def opt_out_share(asked: Sequence[AskedChoice]) -> Finding:
    """Estimate the share of choices, where opting out was on offer, that went to it."""
    offered = [one for one in asked if one.levels.get("arm") == OPT_OUT_ARM and isinstance(one.outcome, Chosen)]
    shares = [
        one.outcome.shares[2] if one.outcome.shares else float(one.outcome.option == 2)
        for one in offered
        if isinstance(one.outcome, Chosen)
    ]
    effect = effect_share_clustered(
        name="opt_out_share", shares=shares, clusters=[one.trial.cluster for one in offered]
    )
    return estimate_from_effect(effect=effect, level=LEVEL)
