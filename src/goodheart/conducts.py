"""A study of conduct from plan to findings: ask beforehand, freeze what was stated, carry out, analyse.

`study.json` freezes the plan and what is asked beforehand. What is carried out afterwards is a pure function of it and
of `stated.json`, which is written once, before the first of these conversations.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from inspect_ai.model import Model

from goodheart.conduct.beforehand import stated_from
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.episode import Episode
from goodheart.conduct.study import ConductStudy, Stated, conduct_digest
from goodheart.conduct_findings import ConductFindings, analyse_conduct, conduct_run
from goodheart.engine.codec import findings_json
from goodheart.engine.conduct_files import (
    conduct_study_from,
    conduct_study_json,
    read_stated,
    write_care,
    write_conversations,
    write_stated,
)
from goodheart.engine.conduct_plan import most_calls, most_work_at_a_price, plan_conduct
from goodheart.engine.conducting import ConductSummary, conduct, played_from
from goodheart.engine.folder import RunFolder, read_plan, refuse_changed_items, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.progress import Progress
from goodheart.engine.run_record import RUN_NAME, run_json, started_on
from goodheart.engine.runs_ledger import begin_run, runs_of
from goodheart.engine.settings import AskSettings
from goodheart.errors import RunFolderError
from goodheart.items.conduct_items import ConductItems, public_conduct_items
from goodheart.records import Reply
from goodheart.report.conducting import render_conducting

__all__ = ["most_calls", "most_work_at_a_price", "plan_conduct", "report_conduct", "run_conduct"]

PAGE_NAME: Final = "report.html"


def run_conduct(
    study: ConductStudy,
    *,
    out: Path,
    settings: AskSettings,
    items: ConductItems | None = None,
    on_progress: Callable[[str, Progress], None] | None = None,
    model: Model | None = None,
    peer_model: Model | None = None,
) -> ConductFindings:
    """Go on where the run folder is, to the end of every conversation, then analyse and write everything into it.

    Args:
        study: The frozen plan.
        out: The run folder.
        settings: Bounds and caps.
        items: What the study was planned from; None for the public ones.
        on_progress: Called after each reply, with the respondent's name.
        model: An open model; None opens the study's own.
        peer_model: The same for the peer.
    """
    started, found = time.time(), items or public_conduct_items()
    refuse_changed_items("of conduct", study.sources, found.sources)
    with RunFolder.open(out, plan=conduct_study_json(study), digest=conduct_digest(study)) as folder:
        begin_run(out, study=study, now=started)

        def carry(episodes: Sequence[Episode], name: str, opened: Model | None) -> ConductSummary:
            return conduct(
                episodes,
                respondent=name,
                seed=study.seed,
                journal=folder.journal,
                settings=settings,
                log_dir=folder.log_dir,
                on_progress=partial(on_progress, name) if on_progress else None,
                model=opened,
            )

        summaries = [carry(study.beforehand, study.model, model)]
        if study.peer:
            summaries.append(carry(study.guesses, study.peer, peer_model))
        stated = read_stated(out)
        if stated is None:
            stated = stated_from(played_from(study.beforehand, folder.journal.replies(), respondent=study.model))
            write_stated(out, stated)
        summaries.append(carry(carried_episodes(study, found, stated), study.model, model))
        write_atomic(out / RUN_NAME, run_json(summaries, started=started))
        return _write(study, found, stated, out, folder.journal.replies())


def report_conduct(out: Path, *, items: ConductItems | None = None) -> ConductFindings:
    """Analyse a run folder again from its journal, without a model.

    Raises:
        RunFolderError: if nothing has been carried out in it yet.
    """
    study, found = conduct_study_from(read_plan(out), out), items or public_conduct_items()
    refuse_changed_items("of conduct", study.sources, found.sources)
    stated = read_stated(out)
    if stated is None:
        raise RunFolderError(
            f"Findings on conduct need something that was carried out. {out} stopped before that. "
            f"Go on with: goodheart conduct --model {study.model} --out {out}"
        )
    return _write(study, found, stated, out, read_replies(out))


def _write(
    study: ConductStudy, items: ConductItems, stated: Stated, out: Path, replies: Sequence[Reply]
) -> ConductFindings:
    every = (*study.beforehand, *carried_episodes(study, items, stated))
    played = played_from(every, replies, respondent=study.model)
    guesses = played_from(study.guesses, replies, respondent=study.peer) if study.peer else ()
    found = analyse_conduct(study, items, stated=stated, played=played, guesses=guesses)
    beside = {
        "counts": {part: dict(counts) for part, counts in found.counts},
        "statements": list(found.statements),
    }
    write_atomic(out / "findings.json", findings_json(conduct_digest(study), (found.findings,), beside=beside))
    write_care(out, found.care)
    write_conversations(out, (*played, *guesses))
    run = conduct_run(study, found, episodes=every, played=played, date=started_on(out), runs=runs_of(out))
    write_atomic(out / PAGE_NAME, render_conducting(run))
    return found
