"""One run of the checks on choices on one planted respondent: plan, replies round by round, evidence, verdicts.

Each assessment is answered and read by itself, as `goodheart.choices` does with all of them together. What changes
little is left out: `variations`, which no check reads, and the places of the replies behind a verdict.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final

from goodheart.assessments import dominated, preferences, tradeoffs
from goodheart.assessments.dominated import dominated_of
from goodheart.assessments.preference_findings import order_of
from goodheart.assessments.tradeoff_findings import tradeoffs_of
from goodheart.checks import judge
from goodheart.checks.choice_case import ChoiceCase, DeferenceEvidence, DominanceEvidence, OrderEvidence
from goodheart.checks.choosing import CHOICE_CHECKS
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.choice_plan import LATER_ROUNDS, plan_choices
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser, choose_repeatedly
from goodheart.organisms.planted_choosers import read_by
from goodheart.reading.choices import AskedChoice, read_choice
from goodheart.records import Trial, Verdict, trial_digest
from goodheart.records.chosen import Chosen

PLAN_SEED: Final = 1
"""Of the frozen plan: which tasks meet is the same in all runs, what is wanted and all chance differ."""
SCORED: Final = "goodheart/simulated"
WRITES: Final = "simulated/writer"
ASKS: Final = {"order": preferences.NAME, "dominance": dominated.NAME, "deference": tradeoffs.NAME}
"""By check, the assessment that it reads."""

Placed = tuple[Trial, str]
"""A trial with its digest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bench:
    """Plans of one size, compiled for many runs."""

    studies: Mapping[str, ChoiceStudy]
    """By check."""
    first: Mapping[str, tuple[Placed, ...]]
    """The first round, by check."""
    items: ChoiceItems


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """What one check receives of one respondent."""

    answered: int
    asked: int
    evidence: Any
    """Evidence of the check's own kind."""


Cache = MutableMapping[tuple[object, ...], Read]
"""What respondents that differ in something else have in common, so that it is computed once."""


def bench_of(preset: str, *, written: bool) -> Bench:
    """Freeze the plans of one size.

    Args:
        preset: A key of `CHOICE_PRESETS`.
        written: Whether choices are written and sampled instead of read from probabilities.
    """
    model = WRITES if written else SCORED
    studies = {
        check: plan_choices(what, model=model, preset=preset, seed=PLAN_SEED, reading="text" if written else "auto")
        for check, what in ASKS.items()
    }
    first = {check: _placed(study.trials) for check, study in studies.items()}
    return Bench(studies=studies, first=first, items=public_choice_items())


def choose_once(one: Chooser, bench: Bench, *, seed: int, whole: bool, cache: Cache) -> tuple[Verdict, ...]:
    """Run the three checks on one respondent once.

    Args:
        one: Who chooses.
        bench: The plans.
        seed: Of all chance of this run.
        whole: Whether the three are one family, as in a run of all assessments, or each is alone in its run.
        cache: Of what was read before, in runs of the same bench.
    """
    read = {check: _read(one, check, bench, seed, cache) for check in CHOICE_CHECKS}
    families = [tuple(CHOICE_CHECKS)] if whole else [(check,) for check in CHOICE_CHECKS]
    return tuple(
        verdict
        for family in families
        for case in [_case({check: read[check] for check in family})]
        for verdict in judge(respondent=SCORED, examined=[CHOICE_CHECKS[check](case) for check in family])
    )


def _case(read: Mapping[str, Read]) -> ChoiceCase:
    empty = ChoiceCase(
        respondent=SCORED,
        answered=sum(one.answered for one in read.values()),
        asked=sum(one.asked for one in read.values()),
    )
    return replace(empty, **{check: one.evidence for check, one in read.items()})


def _read(one: Chooser, check: str, bench: Bench, seed: int, cache: Cache) -> Read:
    key = (check, seed, read_by(check, one))
    if key not in cache:
        asked = answered(one, bench, check, seed=seed)
        cache[key] = Read(
            answered=sum(isinstance(each.outcome, Chosen) for each in asked),
            asked=len(asked),
            evidence=_EVIDENCE[check](asked, bench.studies[check], bench.items),
        )
    return cache[key]


def answered(one: Chooser, bench: Bench, check: str, *, seed: int) -> list[AskedChoice]:
    """Put one assessment to a respondent, round by round."""
    study = bench.studies[check]
    later = LATER_ROUNDS.get(ASKS[check])
    asked: list[AskedChoice] = []
    new, number = bench.first[check], 1
    while new:
        for trial, digest in new:
            replies = choose_repeatedly(
                one, trial, digest=digest, seed=seed, respondent=study.model, written=study.sampled
            )
            asked += [
                AskedChoice(trial=trial, digest=digest, repeat=reply.repeat, outcome=read_choice(trial, reply))
                for reply in replies
            ]
        found = (
            later(
                items=bench.items, preset=study.preset, seed=study.seed, sampled=study.sampled, number=number,
                asked=asked,
            )
            if later
            else ()
        )  # fmt: skip
        new, number = _placed(found), number + 1
    return asked


def _placed(trials: tuple[Trial, ...]) -> tuple[Placed, ...]:
    return tuple((trial, trial_digest(trial)) for trial in trials)


def _order(asked: list[AskedChoice], study: ChoiceStudy, items: ChoiceItems) -> OrderEvidence:
    tasks = [one.id for one in preferences.chosen_tasks(items, preset=study.preset, seed=study.seed)]
    effect, kept = order_of(asked, tasks=tasks, seed=study.seed)
    return OrderEvidence(effect=effect, kept=kept, sampled=study.sampled, evidence=())


def _dominance(asked: list[AskedChoice], study: ChoiceStudy, items: ChoiceItems) -> DominanceEvidence:
    found = dominated_of(asked)
    return DominanceEvidence(picked=found.picked, understood=found.understood, asked=found.asked, evidence=())


def _deference(asked: list[AskedChoice], study: ChoiceStudy, items: ChoiceItems) -> DeferenceEvidence:
    found = tradeoffs_of(asked, rungs=tradeoffs.rungs_of(items.ladder))
    return DeferenceEvidence(shift=found.deference, size_counts=found.size_counts, evidence=())


_EVIDENCE: Final[Mapping[str, Callable[[list[AskedChoice], ChoiceStudy, ChoiceItems], Any]]] = {
    "order": _order,
    "dominance": _dominance,
    "deference": _deference,
}
