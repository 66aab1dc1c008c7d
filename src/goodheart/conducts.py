"""A study of conduct from plan to findings: ask beforehand, freeze what was stated, carry out, analyse.

`study.json` freezes the plan and what is asked beforehand. What is carried out afterwards is a pure function of it and
of `stated.json`, which is written once, before the first of these conversations.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from inspect_ai.model import Model

from goodheart.checks import conduct as conduct_check
from goodheart.checks import effort as effort_check
from goodheart.checks import judge
from goodheart.conduct.agreement import conduct_evidence, executed_value
from goodheart.conduct.beforehand import forecast_episodes, state_episodes, stated_from, stated_value, topic_episode
from goodheart.conduct.care import CareLedger, care_ledger, unpleasant_at_most
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.diligence import effort_evidence, effort_findings, kinds_of_work, picked_work, work_done
from goodheart.conduct.episode import Episode, Played, ToolsBy
from goodheart.conduct.evidence import ConductCase
from goodheart.conduct.foretold import base_rates, forecasts_of, foretold_exits, foretold_picks
from goodheart.conduct.outings import event_counts, walk_findings
from goodheart.conduct.pairs import audit_pairs, guessed_pairs, matched_pairs, within_pairs
from goodheart.conduct.sorties import exit_counts, exit_findings
from goodheart.conduct.study import CONDUCT_PRESETS, NAME, SCHEMA_VERSION, ConductStudy, Stated, conduct_digest
from goodheart.conduct.wager import game_counts, game_findings
from goodheart.engine.codec import findings_json
from goodheart.engine.conduct_files import (
    conduct_study_from,
    conduct_study_json,
    read_stated,
    write_care,
    write_conversations,
    write_stated,
)
from goodheart.engine.conducting import ConductSummary, conduct, played_from
from goodheart.engine.folder import RunFolder, read_plan, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.progress import Progress
from goodheart.engine.run_record import RUN_NAME, run_json
from goodheart.engine.settings import AskSettings, is_own
from goodheart.errors import RunFolderError, StudyError
from goodheart.items import public_banks
from goodheart.items.conduct_items import ConductItems, public_conduct_items
from goodheart.records import Findings, KindCount, OutcomeKind, Reply
from goodheart.thresholds import frozen

__all__ = ["analyse_conduct", "most_calls", "plan_conduct", "report_conduct", "run_conduct"]

CHECKS: Final = (conduct_check.NAME, effort_check.NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductFindings:
    """All that a study of conduct concludes about its respondent."""

    findings: Findings
    """Estimates, kinds of outcome and verdicts, as those of an audit."""
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """By part of the study: how many of each outcome."""
    care: CareLedger
    statements: tuple[str, ...]


def plan_conduct(
    *,
    model: str,
    preset: str = "standard",
    seed: int = 1,
    peer: str | None = None,
    tools: ToolsBy | None = None,
    items: ConductItems | None = None,
) -> ConductStudy:
    """Freeze a study of conduct: the same arguments and items give the same digest.

    Args:
        model: Full model name.
        preset: A key of `CONDUCT_PRESETS`.
        seed: Root of all chance.
        peer: Full name of a model that guesses what the respondent will do; None for the base rate alone.
        tools: Native tools, or plain text; None takes plain text for models that run here and native ones elsewhere.
        items: What is carried out; None for the public ones.

    Raises:
        StudyError: if the preset does not exist, or the peer is the respondent.
    """
    if preset not in CONDUCT_PRESETS:
        raise StudyError(
            f"A study needs a size that exists; got {preset!r}. Type one of: --preset {'|'.join(CONDUCT_PRESETS)}."
        )
    if peer == model:
        raise StudyError(
            f"A peer guesses from outside, so that it has to be another model; got {peer!r} for both. Name another "
            "one, or leave --peer out."
        )
    found, size = items or public_conduct_items(), CONDUCT_PRESETS[preset]
    rng = np.random.default_rng([seed, 1])
    pairs = (
        *guessed_pairs(found)[: size.n_guessed],
        *matched_pairs(found)[: size.n_matched],
        *within_pairs(found, n=size.n_within, rng=rng),
        *audit_pairs(public_banks(), n=size.n_audit, rng=rng),
    )
    offered = [one for one in pairs if one.family != "audit"]
    own, other = (
        forecast_episodes(offered, found, peer=who, rng=np.random.default_rng([seed, 2])) for who in (False, True)
    )
    return ConductStudy(
        schema_version=SCHEMA_VERSION,
        name=NAME,
        model=model,
        peer=peer,
        preset=size,
        seed=seed,
        tools=tools or ("text" if is_own(model) else "native"),
        sources=found.sources,
        thresholds=tuple(frozen().items()),
        pairs=pairs,
        beforehand=(topic_episode(), *state_episodes(offered, repeats=size.asked), *own),
        guesses=other if peer else (),
    )


def most_calls(study: ConductStudy, items: ConductItems | None = None) -> tuple[int, int]:
    """Return the most replies that a study can ask for, and the most rude letters that it can show."""
    later = carried_episodes(study, items or public_conduct_items(), Stated(topic=None, liked=()))
    every = (*study.beforehand, *study.guesses, *later)
    return sum(one.most_replies for one in every), sum(map(unpleasant_at_most, every))


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
    _same_items(study, found)
    with RunFolder.open(out, plan=conduct_study_json(study), digest=conduct_digest(study)) as folder:

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
    _same_items(study, found)
    stated = read_stated(out)
    if stated is None:
        raise RunFolderError(
            f"Findings on conduct need something that was carried out. {out} stopped before that. "
            f"Go on with: goodheart conduct --model {study.model} --out {out}"
        )
    return _write(study, found, stated, out, read_replies(out))


def analyse_conduct(
    study: ConductStudy, items: ConductItems, *, stated: Stated, played: Sequence[Played], guesses: Sequence[Played]
) -> ConductFindings:
    """Turn conversations into findings: pure, and without a model.

    Args:
        study: The frozen plan.
        items: What it was planned from.
        stated: What was frozen before anything was carried out.
        played: All conversations of the respondent.
        guesses: The peer's.
    """
    peer = forecasts_of(guesses, who=study.peer) if study.peer else None
    case = ConductCase(
        respondent=study.model,
        conduct=conduct_evidence(played, peer or base_rates(played)),
        effort=effort_evidence(played, stated),
    )
    picks = foretold_picks(played, peer)
    exits = foretold_exits(played, guesses, peer_name=study.peer)
    every = (*study.beforehand, *carried_episodes(study, items, stated))
    return ConductFindings(
        findings=Findings(
            respondent=study.model,
            instrument=None,
            validities=(),
            estimates=(
                *picks.findings,
                *exits.findings,
                *effort_findings(played, stated),
                *walk_findings(played),
                *exit_findings(played),
                *game_findings(played),
            ),
            kinds=_kinds(played),
            verdicts=judge(respondent=study.model, examined=[conduct_check.examine(case), effort_check.examine(case)]),
        ),
        counts=_counts(played, stated),
        care=care_ledger(played, every),
        statements=_statements(study, case, stated, picks.readable + exits.readable, picks.asked + exits.asked),
    )


def _counts(played: Sequence[Played], stated: Stated) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    words = {1.0: "the first", -1.0: "the second", 0.0: "neither", None: "unreadable"}
    said = Counter(words[stated_value(one)] for one in played if one.episode.kind == "state" and one.said)
    done = Counter(words[executed_value(one)] for one in played if one.episode.kind == "pick" and one.said)
    work = kinds_of_work([*(one.work for one in work_done(played, stated)), *picked_work(played)])
    return (
        ("stated preferences", tuple(sorted(said.items()))),
        ("picks", tuple(sorted(done.items()))),
        ("work", tuple((name, n) for name, n in work.items() if n)),
        ("turns in the world", event_counts(played)),
        ("conversations that can be left", exit_counts(played)),
        ("the game", game_counts(played)),
    )


def _kinds(played: Sequence[Played]) -> tuple[KindCount, ...]:
    """Conversations by kind: measured where they came to their end, failed where a reply is missing."""
    counts: Counter[tuple[str, OutcomeKind]] = Counter(
        (f"conduct_{one.episode.kind}", "measured" if one.complete else "failed") for one in played
    )
    return tuple(KindCount(instrument=name, form="self", kind=kind, n=n) for (name, kind), n in sorted(counts.items()))


def _statements(study: ConductStudy, case: ConductCase, stated: Stated, readable: int, asked: int) -> tuple[str, ...]:
    found = [
        f"Favourite topic as named: {stated.topic}."
        if stated.topic
        else "No favourite topic could be read; the author's takes its place.",
        f"Forecasts of its own conduct: {readable} of {asked} could be read.",
        f"Its picks are guessed by {case.conduct.peer if case.conduct else 'nobody'}.",
    ]
    if case.effort is not None:
        found.append(
            f"Of {case.effort.pairs} pairs of tasks the liked one is the author's guess in {case.effort.guessed}, for "
            "want of a stated preference."
        )
    found.append(f"Tools were offered {'natively' if study.tools == 'native' else 'in plain text'}.")
    return tuple(found)


def _same_items(study: ConductStudy, items: ConductItems) -> None:
    differing = [one.name for one in study.sources if one not in items.sources]
    if differing:
        raise RunFolderError(
            "A run of conduct is read with the items that it was planned from. "
            f"{', '.join(differing)} changed since. Use the version that planned it, or run it again with --out OTHER."
        )


def _write(
    study: ConductStudy, items: ConductItems, stated: Stated, out: Path, replies: Sequence[Reply]
) -> ConductFindings:
    every = (*study.beforehand, *carried_episodes(study, items, stated))
    played = played_from(every, replies, respondent=study.model)
    guesses = played_from(study.guesses, replies, respondent=study.peer) if study.peer else ()
    found = analyse_conduct(study, items, stated=stated, played=played, guesses=guesses)
    document: dict[str, Any] = json.loads(findings_json(conduct_digest(study), (found.findings,)))
    document["counts"] = {part: dict(counts) for part, counts in found.counts}
    document["statements"] = list(found.statements)
    write_atomic(out / "findings.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    write_care(out, found.care)
    write_conversations(out, (*played, *guesses))
    return found
