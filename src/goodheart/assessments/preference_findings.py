"""What pairwise choices between tasks come to: utilities, order, coherence, and whether there is a preference at all.

Held-out prediction and the share kept at a gap use fits without the pair in question, in any order and any wording, so
that no pair is its own witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from goodheart.assessments.contests import choices_of, contests_of
from goodheart.assessments.preferences import OPT_OUT_ARM
from goodheart.choice.choices import Choices
from goodheart.choice.contests import Contest, sign_of
from goodheart.choice.order_effect import order_effect_of
from goodheart.choice.rank import Ranked, rank_one
from goodheart.choice.stability import (
    FloatArray,
    Stability,
    held_out_effect,
    held_out_gaps,
    same_winner_effect,
    stability_of,
    typical_gap,
)
from goodheart.choice.wording_agreement import wording_findings
from goodheart.design.seeds import stream
from goodheart.errors import UserError
from goodheart.reading.choices import AskedChoice
from goodheart.records import Evidence, Finding, NotEstimable
from goodheart.records.chosen import Chosen
from goodheart.stats import Effect, estimate_from_effect
from goodheart.stats.effect import natural_value
from goodheart.stats.share_effects import effect_share_clustered
from goodheart.thresholds import LEVEL, UTILITY_GAP

SHOWN_EVIDENCE: Final = 50


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
    gaps = held_out_gaps(contests, tasks=tasks, rng=rng)
    order = order_effect_of(contests, choices_of(plain, items=tasks))
    kept = _kept(contests, gaps)
    held_out = held_out_effect(contests, gaps)
    same = same_winner_effect("same_winner_share", contests)
    agreement = wording_findings(contests, tasks=tasks)
    shares = tuple(_kind_share(contests, kind) for kind in ("robust", "fragile", "indifferent"))
    findings = (
        *(estimate_from_effect(effect=effect, level=LEVEL) for effect in (order, kept, held_out, same, *shares)),
        transitivity_of(contests),
        *agreement,
        opt_out_share(asked),
    )
    stability = stability_of(
        same_winner=estimate_from_effect(effect=same, level=LEVEL),
        held_out=estimate_from_effect(effect=held_out, level=LEVEL),
        agreement=agreement[0],
        order=None if isinstance(order, NotEstimable) else natural_value(effect=order),
        typical=typical_gap(gaps),
    )
    ranked, problem = _ranked(choices, respondent, stability, seed)
    return Preferences(
        ranked=ranked,
        problem=problem,
        order=order,
        kept=kept,
        held_out=held_out,
        findings=findings,
        stability=stability,
        evidence=tuple(place for one in contests for place in one.evidence)[:SHOWN_EVIDENCE],
    )


def _ranked(choices: Choices, respondent: str, stability: Stability, seed: int) -> tuple[Ranked | None, str]:
    """Rank the tasks; what a user could mend in a table is a finding here."""
    try:
        return rank_one(respondent, choices, kind="bt", seed=seed, stability=stability), ""
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
    return order_effect_of(contests, choices_of(plain, items=tasks)), _kept(contests, gaps)


def _kept(contests: Sequence[Contest], gaps: FloatArray) -> Effect | NotEstimable:
    far = [one for one, gap in zip(contests, np.abs(gaps).tolist(), strict=True) if gap >= UTILITY_GAP]
    found = same_winner_effect("kept_at_gap", far)
    if isinstance(found, NotEstimable):
        detail = f"{len(far)} pairs at a gap of {UTILITY_GAP:g} logit or more by the other pairs; it takes at least two"
        return NotEstimable(name="kept_at_gap", reason="too_few", detail=detail)
    return found


def _kind_share(contests: Sequence[Contest], kind: str) -> Effect | NotEstimable:
    return effect_share_clustered(
        name=f"{kind}_share",
        shares=[float(one.kind == kind) for one in contests],
        clusters=[one.pair for one in contests],
    )


def transitivity_of(contests: Sequence[Contest]) -> Finding:
    """Estimate the share of triples, compared pair by pair, without a cycle; chance gives three quarters.

    Estimand: of triples in which every pair has a winner, the order averaged out. A pair that is even has none, so that
    a habit of letters leaves nothing to count. Clusters are the items that come first in each triple by name, since
    triples share pairs.
    """
    odds: dict[tuple[str, str], float] = {}
    for one in contests:
        for key, sign in (((one.first, one.second), 1.0), ((one.second, one.first), -1.0)):
            odds[key] = odds.get(key, 0.0) + sign * one.log_odds
    near: dict[str, set[str]] = {}
    for first, second in odds:
        near.setdefault(first, set()).add(second)
    shares, clusters, triples = [], [], 0
    for a in sorted(near):
        for b, c in combinations(sorted(other for other in near[a] if other > a), 2):
            if c in near[b]:
                turns = {sign_of(odds[a, b]), sign_of(odds[b, c]), sign_of(odds[c, a])}
                triples += 1
                if 0 not in turns:
                    shares.append(float(len(turns) > 1))
                    clusters.append(a)
    if triples and not shares:
        detail = f"in 0 of {triples} compared triples every pair has a winner, the order averaged out"
        return NotEstimable(name="transitive_share", reason="no_variation", detail=detail)
    return estimate_from_effect(
        effect=effect_share_clustered(name="transitive_share", shares=shares, clusters=clusters), level=LEVEL
    )


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
