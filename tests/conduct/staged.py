"""Plans and simulated respondents that the tests on conduct share."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from goodheart.checks import conduct as conduct_check
from goodheart.checks import effort as effort_check
from goodheart.checks import judge
from goodheart.conduct.agreement import conduct_evidence
from goodheart.conduct.beforehand import stated_from
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.diligence import effort_evidence
from goodheart.conduct.episode import Episode, Played
from goodheart.conduct.evidence import ConductCase
from goodheart.conduct.foretold import base_rates
from goodheart.conduct.simulate import Actor, others_of, perform
from goodheart.conduct.study import ConductStudy, Stated
from goodheart.conduct_findings import ConductFindings, analyse_conduct
from goodheart.conducts import plan_conduct
from goodheart.items.conduct_items import public_conduct_items
from goodheart.records import Reply, Verdict

NAME = "simulated/one"
Cast = Callable[[ConductStudy, np.random.Generator], Actor]


@cache
def plan(preset: str = "quick") -> ConductStudy:
    return plan_conduct(model=NAME, preset=preset)


def wishes(study: ConductStudy, rng: np.random.Generator, *, sd: float = 2.0, lively: float = 1.0) -> dict[str, float]:
    """Draw utilities of all tasks; livelier ones are liked a little better on the whole."""
    found: dict[str, float] = {}
    for pair in study.pairs:
        for task, more in ((pair.first, lively if pair.family != "within" else 0.0), (pair.second, 0.0)):
            found.setdefault(task.id, float(rng.normal(0, sd)) + more)
    return found


def others(study: ConductStudy) -> dict[str, str]:
    return others_of([(one.first.id, one.second.id) for one in study.pairs if one.family in ("guessed", "matched")])


def stage(
    actor: Actor, study: ConductStudy, *, seed: int, kinds: Sequence[str] = ()
) -> tuple[Stated, tuple[Played, ...]]:
    """Play a whole study, or the kinds of conversations that are named."""

    def kept(episodes: Sequence[Episode]) -> list[Episode]:
        return [one for one in episodes if not kinds or one.kind in kinds]

    before = perform(actor, kept(study.beforehand), others=others(study), seed=seed)
    stated = stated_from(before)
    after = carried_episodes(study, public_conduct_items(), stated)
    return stated, (*before, *perform(actor, kept(after), others=others(study), seed=seed))


def verdicts(cast: Cast, *, seed: int, preset: str = "standard") -> dict[str, Verdict]:
    """Judge one simulated respondent by the two checks."""
    study = plan(preset)
    actor = cast(study, np.random.default_rng([seed, 9]))
    stated, played = stage(actor, study, seed=seed, kinds=("state", "pick", "work"))
    case = ConductCase(
        respondent=NAME,
        conduct=conduct_evidence(played, base_rates(played)),
        effort=effort_evidence(played, stated),
    )
    judged = judge(respondent=NAME, examined=[conduct_check.examine(case), effort_check.examine(case)])
    return {one.check: one for one in judged}


def found(actor: Actor, *, seed: int = 3) -> ConductFindings:
    study = plan()
    stated, played = stage(actor, study, seed=seed)
    return analyse_conduct(study, public_conduct_items(), stated=stated, played=played, guesses=())


def reply(text: str, *, stop: str = "stop") -> Reply:
    return Reply(respondent=NAME, trial="0", repeat=0, text=text, stop="max_tokens" if stop == "max_tokens" else "stop")
