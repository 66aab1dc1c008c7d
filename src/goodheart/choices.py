"""A study by choice from plan to findings: plan, ask round by round, read, analyse.

How a plan that depends on the answers is kept: `study.json` freezes the first round, the seed, the sizes and the items'
digests, and its digest names the run. Every later round is a pure function of these and of the replies to the rounds
before it. A round is written to `rounds.json` before its first question is asked, and what is written there is asked as
it stands: a run that was killed goes on with the same questions and ends with the same findings. A round begins only
when every asking of the rounds before is settled, so that the order in which replies arrive does not matter.
"""

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from inspect_ai.model import Model

from goodheart.assessments import variations
from goodheart.assessments.rationales import (
    rationale_lines,
    rationale_trials,
)
from goodheart.assessments.variations import VariationGap, Variations, compare_slopes, variations_of
from goodheart.choice.document import to_json
from goodheart.choice_findings import ChoiceFindings, analyse_choices, choice_run, with_rationales
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
from goodheart.engine.folder import RunFolder, read_plan, refuse_changed_items, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.progress import Progress
from goodheart.engine.run_record import RUN_NAME, run_json, started_on
from goodheart.engine.runs_ledger import begin_run, runs_of
from goodheart.engine.settings import AskSettings
from goodheart.errors import RunFolderError
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items
from goodheart.reading.choices import read_choices
from goodheart.records import Reply, Trial
from goodheart.report.choosing import render_choosing

__all__ = ["compare_variations", "plan_choices", "report_choices", "run_choices"]

PAGE_NAME: Final = "report.html"


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
    refuse_changed_items("by choice", study.sources, found.sources)
    with RunFolder.open(out, plan=choice_study_json(study), digest=choice_digest(study)) as folder:
        begin_run(out, study=study, now=started)
        put = partial(
            ask,
            respondent=study.model,
            seed=study.seed,
            journal=folder.journal,
            settings=settings,
            log_dir=folder.log_dir,
            on_progress=partial(on_progress, study.model) if on_progress else None,
            model=model,
        )
        rounds, summaries = _ask_rounds(study, found, out, folder, put)
        if why := rationale_trials(study, _flat(study, rounds), folder.journal.replies()):
            summaries.append(put(why))
        write_atomic(out / RUN_NAME, run_json(summaries, started=started))
        return _write(study, found, out, rounds, folder.journal.replies())


def _ask_rounds(
    study: ChoiceStudy, items: ChoiceItems, out: Path, folder: RunFolder, put: Callable[[Sequence[Trial]], AskSummary]
) -> tuple[Rounds, list[AskSummary]]:
    """Ask round by round until none follows; a round is written down before its first question is asked."""
    rounds, summaries = read_rounds(out), list[AskSummary]()
    for number in count(1):
        trials = _flat(study, rounds[: number - 1])
        summaries.append(put(trials))
        if number > len(rounds):
            later = next_trials(study, items, number=number, trials=trials, replies=folder.journal.replies())
            if not later:
                break
            rounds = (*rounds, later)
            write_rounds(out, rounds)
    return rounds, summaries


def report_choices(out: Path, *, items: ChoiceItems | None = None) -> ChoiceFindings:
    """Analyse a run folder again from its journal, without a model.

    Args:
        out: The run folder.
        items: What the study was planned from; None for the public ones.
    """
    study, found = choice_study_from(read_plan(out), out), items or public_choice_items()
    refuse_changed_items("by choice", study.sources, found.sources)
    return _write(study, found, out, read_rounds(out), read_replies(out))


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


def _flat(study: ChoiceStudy, rounds: Rounds) -> tuple[Trial, ...]:
    return (*study.trials, *(trial for later in rounds for trial in later))


def _write(
    study: ChoiceStudy, items: ChoiceItems, out: Path, rounds: Rounds, replies: Sequence[Reply]
) -> ChoiceFindings:
    trials = _flat(study, rounds)
    found = analyse_choices(study, items, trials=trials, replies=replies)
    found = with_rationales(study, found, trials=trials, replies=replies)
    if found.rationales is not None:
        write_atomic(out / "rationales.jsonl", rationale_lines(found.rationales.reasons))
    beside = {"statements": list(found.statements)}
    write_atomic(out / "findings.json", findings_json(choice_digest(study), (found.findings,), beside=beside))
    run = choice_run(
        study,
        items,
        found,
        trials=trials,
        replies=replies,
        rounds=len(rounds),
        date=started_on(out),
        runs=runs_of(out),
    )
    write_atomic(out / "choices.csv", choices_csv(run.asked, respondent=study.model))
    if found.preferences is not None and found.preferences.ranked is not None:
        content = to_json(found.preferences.ranked)
        write_atomic(out / "utilities.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    write_atomic(out / PAGE_NAME, render_choosing(run))
    return found
