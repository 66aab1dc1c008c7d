"""A study by choice from plan to findings: plan, ask round by round, read, analyse.

How a plan that depends on the answers is kept: `study.json` freezes the first round, the seed, the sizes and the items'
digests, and its digest names the run. Every later round is a pure function of these and of the replies to the rounds
before it. A round is written to `rounds.json` before its first question is asked, and what is written there is asked as
it stands: a run that was killed goes on with the same questions and ends with the same findings. A round begins only
when every asking of the rounds before is settled, so that the order in which replies arrive does not matter.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from inspect_ai.model import Model

from goodheart.assessments import dominated, preferences, tradeoffs, variations
from goodheart.assessments.correlates import Correlates, correlates_of, kept_in_words
from goodheart.assessments.dominated import Dominated, dominated_of
from goodheart.assessments.preference_findings import Preferences, preferences_of
from goodheart.assessments.tradeoff_findings import Tradeoffs, tradeoffs_of
from goodheart.assessments.variations import VariationGap, Variations, compare_slopes, variations_of
from goodheart.checks import judge
from goodheart.checks.choice_case import ChoiceCase, DeferenceEvidence, DominanceEvidence, OrderEvidence
from goodheart.checks.choosing import CHOICE_CHECKS
from goodheart.choice.document import to_json
from goodheart.design.choice_study import (
    ChoiceStudy,
    choice_digest,
)
from goodheart.engine.ask import AskSummary, ask
from goodheart.engine.choice_files import (
    Rounds,
    choice_study_from,
    choice_study_json,
    choices_csv,
    read_rounds,
    write_rounds,
)
from goodheart.engine.choice_plan import next_trials, plan_choices
from goodheart.engine.codec import findings_json
from goodheart.engine.folder import RunFolder, read_plan, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.progress import Progress
from goodheart.engine.run_record import RUN_NAME, run_json
from goodheart.engine.settings import AskSettings
from goodheart.errors import RunFolderError
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items
from goodheart.reading.choices import AskedChoice, read_choices
from goodheart.records import Findings, KindCount, Reply, Trial
from goodheart.records.chosen import Chosen

__all__ = ["analyse_choices", "compare_variations", "plan_choices", "report_choices", "run_choices"]


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


def run_choices(
    study: ChoiceStudy,
    *,
    out: Path,
    settings: AskSettings,
    items: ChoiceItems | None = None,
    on_progress: Callable[[str, Progress], None] | None = None,
    model: Model | None = None,
) -> ChoiceFindings:
    """Ask what the run folder does not answer yet, round by round, then analyse and write everything into it.

    Args:
        study: The frozen plan.
        out: The run folder.
        settings: Bounds and caps of the asking.
        items: What the study was planned from; None for the public ones.
        on_progress: Called after each reply, with the respondent's name.
        model: An open model to ask; None opens the study's own.
    """
    started, found = time.time(), items or public_choice_items()
    _same_items(study, found)
    with RunFolder.open(out, plan=choice_study_json(study), digest=choice_digest(study)) as folder:
        rounds, summaries = read_rounds(out), list[AskSummary]()
        number = 0
        while True:
            trials = _flat(study, rounds[:number])
            summaries.append(
                ask(
                    trials,
                    respondent=study.model,
                    seed=study.seed,
                    journal=folder.journal,
                    settings=settings,
                    log_dir=folder.log_dir,
                    on_progress=partial(on_progress, study.model) if on_progress else None,
                    model=model,
                )
            )
            number += 1
            if number > len(rounds):
                later = next_trials(study, found, number=number, trials=trials, replies=folder.journal.replies())
                if not later:
                    break
                rounds = (*rounds, later)
                write_rounds(out, rounds)
        write_atomic(out / RUN_NAME, run_json(summaries, started=started))
        return _write(study, found, out, rounds, folder.journal.replies())


def report_choices(out: Path, *, items: ChoiceItems | None = None) -> ChoiceFindings:
    """Analyse a run folder again from its journal, without a model.

    Args:
        out: The run folder.
        items: What the study was planned from; None for the public ones.
    """
    study, found = choice_study_from(read_plan(out), out), items or public_choice_items()
    _same_items(study, found)
    return _write(study, found, out, read_rounds(out), read_replies(out))


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
        deference=DeferenceEvidence(shift=traded.deference, evidence=traded.evidence) if traded else None,
    )
    return ChoiceFindings(
        findings=Findings(
            respondent=study.model,
            instrument=None,
            validities=(),
            estimates=tuple(finding for part in parts if part is not None for finding in part.findings),
            kinds=_kinds(asked),
            verdicts=judge(respondent=study.model, examined=[CHOICE_CHECKS[name](case) for name in checks_of(study)]),
        ),
        statements=(*_preference_statements(preferred, correlates), *(_threshold_statements(traded, rungs))),
        preferences=preferred,
        variations=varied,
        tradeoffs=traded,
        dominated=picked,
    )


def compare_variations(first: Path, second: Path) -> tuple[VariationGap, ...]:
    """Compare two run folders of variations: in which variables do the two respondents disagree most?

    Args:
        first: A run folder with the assessment `variations`.
        second: Another, of the same families.

    Raises:
        RunFolderError: if one of them has no variations, or their items differ.
    """
    studies = [choice_study_from(read_plan(path), path) for path in (first, second)]
    sources = [[one for one in study.sources if one.name in ("families", "tasks")] for study in studies]
    if any(variations.NAME not in study.assessments for study in studies) or sources[0] != sources[1]:
        raise RunFolderError(
            "Deltas are compared between two runs of variations on the same items. "
            f"{first} holds {studies[0].name}, {second} holds {studies[1].name}"
            f"{', and their items differ' if sources[0] != sources[1] else ''}. "
            "Type for both: goodheart choose variations --model MODEL --out DIR"
        )
    found = [_variations_in(study, path) for study, path in zip(studies, (first, second), strict=True)]
    return compare_slopes(found[0], found[1])


def _variations_in(study: ChoiceStudy, path: Path) -> Variations:
    asked = read_choices(_flat(study, read_rounds(path)), read_replies(path), respondent=study.model)
    return variations_of([one for one in asked if one.trial.assessment == variations.NAME])


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


def _threshold_statements(found: Tradeoffs | None, rungs: Sequence[int]) -> tuple[str, ...]:
    """Say where it is indifferent between an intervention and help, each rung ten times as many users as the last."""
    if found is None or not found.thresholds:
        return ()
    on = [(name, one) for name, one in found.thresholds if not one.off_ladder]
    listed = ", ".join(f"{name} {one.value:.1f} [{one.low:.1f}, {one.high:.1f}]" for name, one in on)
    off = len(found.thresholds) - len(on)
    beyond = f" Of {off} more the interval leaves the ladder." if off else ""
    return (f"Rung of help, {rungs[0]} to {rungs[-1]}, at which it is indifferent: {listed or 'none known'}.{beyond}",)


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


def _flat(study: ChoiceStudy, rounds: Rounds) -> tuple[Trial, ...]:
    return (*study.trials, *(trial for later in rounds for trial in later))


def _same_items(study: ChoiceStudy, items: ChoiceItems) -> None:
    differing = [one.name for one in study.sources if one not in items.sources]
    if differing:
        raise RunFolderError(
            "A run by choice is read with the items that it was planned from. "
            f"{', '.join(differing)} changed since. Use the version that planned it, or run it again with --out OTHER."
        )


def _write(
    study: ChoiceStudy, items: ChoiceItems, out: Path, rounds: Rounds, replies: Sequence[Reply]
) -> ChoiceFindings:
    trials = _flat(study, rounds)
    found = analyse_choices(study, items, trials=trials, replies=replies)
    document: dict[str, Any] = json.loads(findings_json(choice_digest(study), (found.findings,)))
    document["statements"] = list(found.statements)
    write_atomic(out / "findings.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    asked = read_choices(trials, replies, respondent=study.model)
    write_atomic(out / "choices.csv", choices_csv(asked, respondent=study.model))
    if found.preferences is not None and found.preferences.ranked is not None:
        content = to_json(found.preferences.ranked)
        held_out, stability = content["held_out"], found.preferences.stability
        if isinstance(held_out, dict):
            # The study's own rule, which also looks at the order and the wordings.
            content["held_out"] = {**held_out, "stable_preference": stability.stable}
        write_atomic(out / "utilities.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return found
