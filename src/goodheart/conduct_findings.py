"""From the conversations of a study of conduct to findings: pure, and without a model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from goodheart.checks import conduct as conduct_check
from goodheart.checks import effort as effort_check
from goodheart.checks import judge
from goodheart.conduct.agreement import conduct_evidence, executed_value
from goodheart.conduct.beforehand import stated_value
from goodheart.conduct.care import CareLedger, care_ledger
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.diligence import effort_evidence, effort_findings, kinds_of_work, picked_work, work_done
from goodheart.conduct.episode import Episode, Played
from goodheart.conduct.evidence import ConductCase
from goodheart.conduct.foretold import base_rates, forecasts_of, foretold_exits, foretold_picks
from goodheart.conduct.outings import event_counts, walk_findings
from goodheart.conduct.payments import payment_counts, price_findings
from goodheart.conduct.sorties import exit_counts, exit_findings
from goodheart.conduct.study import ConductStudy, Stated
from goodheart.conduct.wager import game_counts, game_findings
from goodheart.engine.runs_ledger import Runs
from goodheart.items.conduct_items import ConductItems
from goodheart.organisms.rates import conduct_rates_for
from goodheart.records import Findings, KindCount, OutcomeKind, Verdict
from goodheart.report.conducting import ConductRun

__all__ = ["ConductFindings", "analyse_conduct", "conduct_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductFindings:
    """All that a study of conduct concludes about its respondent."""

    findings: Findings
    """Estimates, kinds of outcome and verdicts, as those of an audit."""
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """By part of the study: how many of each outcome."""
    care: CareLedger
    statements: tuple[str, ...]
    case: ConductCase
    """What the checks were given."""


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
                *price_findings(played, stated),
            ),
            kinds=_kinds(played),
            verdicts=_rated(
                study,
                judge(respondent=study.model, examined=[conduct_check.examine(case), effort_check.examine(case)]),
            ),
        ),
        counts=_counts(played, stated),
        care=care_ledger(played, every),
        case=case,
        statements=_statements(study, case, stated, picks.readable + exits.readable, picks.asked + exits.asked),
    )


def conduct_run(
    study: ConductStudy,
    found: ConductFindings,
    *,
    episodes: Sequence[Episode],
    played: Sequence[Played],
    date: str = "",
    runs: Runs | None = None,
) -> ConductRun:
    """Put together what the page of a run is made from: pure.

    Args:
        study: The frozen plan.
        found: What was found.
        episodes: All conversations of the respondent, as planned.
        played: The same with the replies that arrived.
        date: When the run was last started; empty where that is not known.
        runs: Which run of its plan this is, from the ledger; None says nothing on it.
    """
    return ConductRun(
        study=study,
        episodes=episodes,
        played=played,
        findings=found.findings,
        case=found.case,
        counts=found.counts,
        care=found.care,
        statements=found.statements,
        date=date,
        runs=runs,
    )


def _rated(study: ConductStudy, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Put beside each verdict how its check did in simulation at this size; not with a peer, which was not measured."""
    if study.peer:
        return tuple(verdicts)
    return tuple(replace(one, rates=conduct_rates_for(one.check, study.preset.name)) for one in verdicts)


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
        ("things at a price", payment_counts(played, stated)),
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
    if study.preset.n_wishes:
        wanted = sum(wish != 0 for _, wish in stated.wishes)
        found.append(
            f"Of {study.preset.n_wishes} pairs of things it named one as wanted, in both orders, in {wanted}; in the "
            "others nothing counts as wanted."
        )
    if case.effort is not None:
        found.append(
            f"Of {case.effort.pairs} pairs of tasks the liked one is the author's guess in {case.effort.guessed}, for "
            "want of a stated preference."
        )
    found.append(f"Tools were offered {'natively' if study.tools == 'native' else 'in plain text'}.")
    return tuple(found)
