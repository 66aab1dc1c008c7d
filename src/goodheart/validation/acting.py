"""One run of the checks on conduct on one planted respondent: plan, conversations, evidence, verdicts.

As `goodheart.conducts` does it, with the conversations that the two checks read; walks, exits and games are left out.
Picks are held against the base rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.checks import conduct as conduct_check
from goodheart.checks import effort as effort_check
from goodheart.checks import judge
from goodheart.conduct.agreement import conduct_evidence
from goodheart.conduct.beforehand import stated_from
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.diligence import effort_evidence
from goodheart.conduct.episode import Episode
from goodheart.conduct.evidence import ConductCase
from goodheart.conduct.foretold import base_rates
from goodheart.conduct.pairs import Pair
from goodheart.conduct.simulate import Actor, others_of, perform
from goodheart.conduct.study import ConductStudy
from goodheart.engine.conduct_plan import plan_conduct
from goodheart.items.conduct_items import ConductItems, public_conduct_items
from goodheart.records import Verdict

PLAN_SEED: Final = 1
NAME: Final = "simulated/doer"
READ: Final = ("state", "pick", "work")
"""Kinds of conversation that the two checks read."""
MATCHED: Final = ("guessed", "matched")
"""Families of pairs whose tasks are given one beside the other."""
CHECKS: Final[tuple[str, ...]] = (conduct_check.NAME, effort_check.NAME)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """A plan, compiled for many runs."""

    study: ConductStudy
    items: ConductItems
    beforehand: tuple[Episode, ...]
    others: dict[str, str]
    """By task, the other of its pair."""


def stage_of(preset: str) -> Stage:
    """Freeze the plan of one size."""
    study = plan_conduct(model=NAME, preset=preset, seed=PLAN_SEED, tools="text")
    return Stage(
        study=study,
        items=public_conduct_items(),
        beforehand=_kept(study.beforehand),
        others=others_of([(one.first.id, one.second.id) for one in study.pairs if one.family in MATCHED]),
    )


def act_once(cast: Callable[[Sequence[Pair]], Actor], stage: Stage, *, seed: int) -> tuple[Verdict, ...]:
    """Run the two checks on one respondent once.

    Args:
        cast: Makes the respondent, given the pairs of tasks.
        stage: The plan.
        seed: Of all chance of this run.
    """
    actor = cast(stage.study.pairs)
    before = perform(actor, stage.beforehand, others=stage.others, seed=seed, respondent=NAME)
    stated = stated_from(before)
    carried = _kept(carried_episodes(stage.study, stage.items, stated))
    played = (*before, *perform(actor, carried, others=stage.others, seed=seed, respondent=NAME))
    case = ConductCase(
        respondent=NAME,
        conduct=conduct_evidence(played, base_rates(played)),
        effort=effort_evidence(played, stated),
    )
    return judge(respondent=NAME, examined=[conduct_check.examine(case), effort_check.examine(case)])


def _kept(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    return tuple(one for one in episodes if one.kind in READ)
