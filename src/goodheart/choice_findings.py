"""From the replies of a study by choice to findings: pure, and without a model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from goodheart.assessments import dominated, interactions, preferences, tradeoffs, variations
from goodheart.assessments.correlates import Correlates, correlates_of, kept_in_words
from goodheart.assessments.dominated import Dominated, dominated_of
from goodheart.assessments.preference_findings import Preferences, preferences_of
from goodheart.assessments.rationales import (
    Rationales,
    rationale_trials,
    rationales_of,
    read_rationales,
)
from goodheart.assessments.tradeoff_findings import Tradeoffs, tradeoffs_of
from goodheart.assessments.variations import Variations, variations_of
from goodheart.checks import judge
from goodheart.checks.choice_case import ChoiceCase, DeferenceEvidence, DominanceEvidence, OrderEvidence
from goodheart.checks.choosing import CHOICE_CHECKS
from goodheart.design.choice_study import (
    ChoiceStudy,
)
from goodheart.engine.runs_ledger import Runs
from goodheart.items.choice_items import ChoiceItems
from goodheart.organisms.rates import choice_rates_for
from goodheart.reading.choices import AskedChoice, read_choices
from goodheart.reading.codes.shipped import shipped_coder, shipped_sharpness
from goodheart.records import Findings, KindCount, Reply, Trial, Verdict
from goodheart.records.chosen import Chosen
from goodheart.report.choosing import ChoiceRun

__all__ = ["ChoiceFindings", "analyse_choices", "choice_run", "with_rationales"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceFindings:
    """All that a study by choice concludes about its respondent."""

    findings: Findings
    """Estimates, kinds of outcome and verdicts, as those of an audit."""
    statements: tuple[str, ...]
    """What was found, in sentences."""
    preferences: Preferences | None = None
    variations: Variations | None = None
    tradeoffs: Tradeoffs | None = None
    dominated: Dominated | None = None
    rationales: Rationales | None = None


def analyse_choices(
    study: ChoiceStudy, items: ChoiceItems, *, trials: Sequence[Trial], replies: Sequence[Reply]
) -> ChoiceFindings:
    """Turn replies into findings: pure, and without a model.

    Args:
        study: The frozen plan.
        items: What it was planned from.
        trials: Of all rounds.
        replies: To them.
    """
    asked = read_choices(trials, replies, respondent=study.model)
    own = {name: [one for one in asked if one.trial.assessment == name] for name in study.assessments}
    preferred = _preferred(study, items, own)
    varied = variations_of(own[variations.NAME]) if variations.NAME in own else None
    rungs = tradeoffs.rungs_of(items.ladder)
    traded = tradeoffs_of(own[tradeoffs.NAME], rungs=rungs) if tradeoffs.NAME in own else None
    picked = dominated_of(own[dominated.NAME]) if dominated.NAME in own else None
    correlates = correlates_of(preferred.ranked.utilities, items.tasks) if preferred and preferred.ranked else None
    parts = (preferred, correlates, varied, traded, picked)
    case = ChoiceCase(
        respondent=study.model,
        answered=sum(isinstance(one.outcome, Chosen) for one in asked),
        asked=len(asked),
        order=_order_evidence(study, preferred),
        dominance=_dominance_evidence(picked),
        deference=deference_evidence(traded) if traded else None,
    )
    return ChoiceFindings(
        findings=Findings(
            respondent=study.model,
            instrument=None,
            validities=(),
            estimates=tuple(finding for part in parts if part is not None for finding in part.findings),
            kinds=_kinds(asked),
            verdicts=_rated(
                study,
                judge(respondent=study.model, examined=[CHOICE_CHECKS[name](case) for name in checks_of(study)]),
            ),
        ),
        statements=(
            *_preference_statements(preferred, correlates),
            *(_threshold_statements(traded, rungs)),
            *_interaction_statements(varied),
        ),
        preferences=preferred,
        variations=varied,
        tradeoffs=traded,
        dominated=picked,
    )


def choice_run(
    study: ChoiceStudy,
    items: ChoiceItems,
    found: ChoiceFindings,
    *,
    trials: Sequence[Trial],
    replies: Sequence[Reply],
    rounds: int,
    date: str = "",
    runs: Runs | None = None,
) -> ChoiceRun:
    """Put together what the page of a run is made from: pure.

    Args:
        study: The frozen plan.
        items: What it was planned from.
        found: What was found in the replies.
        trials: Of all rounds.
        replies: To them.
        rounds: How many rounds came after the first.
        date: When the run was last started; empty where that is not known.
        runs: Which run of its plan this is, from the ledger; None says nothing on it.
    """
    return ChoiceRun(
        study=study,
        items=items,
        trials=trials,
        rounds=rounds,
        asked=read_choices(trials, replies, respondent=study.model),
        findings=found.findings,
        statements=found.statements,
        preferences=found.preferences,
        variations=found.variations,
        tradeoffs=found.tradeoffs,
        dominated=found.dominated,
        date=date,
        runs=runs,
    )


def checks_of(study: ChoiceStudy) -> tuple[str, ...]:
    """Return the checks that a study's assessments are read by."""
    needs = {"order": preferences.NAME, "dominance": dominated.NAME, "deference": tradeoffs.NAME}
    return tuple(name for name in CHOICE_CHECKS if needs[name] in study.assessments)


def _preferred(study: ChoiceStudy, items: ChoiceItems, own: dict[str, list[AskedChoice]]) -> Preferences | None:
    if preferences.NAME not in own:
        return None
    tasks = [one.id for one in preferences.chosen_tasks(items, preset=study.preset, seed=study.seed)]
    return preferences_of(own[preferences.NAME], tasks=tasks, respondent=study.model, seed=study.seed)


def _preference_statements(found: Preferences | None, correlates: Correlates | None) -> tuple[str, ...]:
    if found is None:
        return ()
    more = kept_in_words(correlates) if correlates else f"There are no utilities: {found.problem}"
    return (found.stability.statement, more)


def _interaction_statements(found: Variations | None) -> tuple[str, ...]:
    text = interactions.kept_in_words(found.interactions) if found is not None else ""
    return (text,) if text else ()


def _threshold_statements(found: Tradeoffs | None, rungs: Sequence[int]) -> tuple[str, ...]:
    """Say where it is indifferent between an intervention and help, each rung ten times as many users as the last."""
    if found is None or not found.thresholds:
        return ()
    on = [(name, one) for name, one in found.thresholds if not one.off_ladder]
    listed = ", ".join(f"{name} {one.value:.1f} [{one.low:.1f}, {one.high:.1f}]" for name, one in on)
    off = len(found.thresholds) - len(on)
    beyond = f" Of {off} more the interval leaves the ladder." if off else ""
    return (f"Rung of help, {rungs[0]} to {rungs[-1]}, at which it is indifferent: {listed or 'none known'}.{beyond}",)


def _rated(study: ChoiceStudy, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Put beside each verdict how its check did in simulation in this design, where that was measured."""
    family: Literal["all", "one"] = "all" if len(study.assessments) > 1 else "one"
    return tuple(
        replace(one, rates=choice_rates_for(one.check, study.preset.name, family=family, written=study.sampled))
        for one in verdicts
    )


def _order_evidence(study: ChoiceStudy, found: Preferences | None) -> OrderEvidence | None:
    if found is None:
        return None
    return OrderEvidence(effect=found.order, kept=found.kept, sampled=study.sampled, evidence=found.evidence)


def _dominance_evidence(found: Dominated | None) -> DominanceEvidence | None:
    if found is None:
        return None
    return DominanceEvidence(
        picked=found.picked, understood=found.understood, asked=found.asked, evidence=found.evidence
    )


def _kinds(asked: Sequence[AskedChoice]) -> tuple[KindCount, ...]:
    counts = Counter((one.trial.instrument, one.outcome.kind) for one in asked)
    return tuple(
        KindCount(instrument=instrument, form="self", kind=kind, n=n)
        for (instrument, kind), n in sorted(counts.items())
    )


def deference_evidence(found: Tradeoffs) -> DeferenceEvidence:
    """Pass on what the check on deference rests on."""
    return DeferenceEvidence(shift=found.deference, size_counts=found.size_counts, evidence=found.evidence)


def with_rationales(
    study: ChoiceStudy, found: ChoiceFindings, *, trials: Sequence[Trial], replies: Sequence[Reply]
) -> ChoiceFindings:
    """Add what it said of why it chose, and by whose sake; nothing where it was not asked."""
    reasons = read_rationales(rationale_trials(study, trials, replies), replies, respondent=study.model)
    why = rationales_of(reasons, coder=shipped_coder, sharpness=shipped_sharpness)
    if why is None:
        return found
    findings = replace(found.findings, estimates=(*found.findings.estimates, *why.findings))
    return replace(found, findings=findings, statements=(*found.statements, why.statement), rationales=why)
