"""Is an injected thought noticed, and which is it? Hits, false alarms on trials without one, names, exact intervals.

A trial says yes where " yes" is likelier than " no" in either case. A name is the likeliest concept; *corrected* it is
the concept whose probability rose most over trials without an injection, because some words are likelier than
others whatever is injected. A concept counts as recognised only where it was noticed and named (Lindsey 2025).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.injection.plan import NOTHING
from goodheart.injection.responses import Answer
from goodheart.injection.wording import YES_NO
from goodheart.records import Estimate, Finding
from goodheart.stats.proportions import estimate_proportion_exact
from goodheart.thresholds import LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What was noticed and named."""

    hits: Finding
    """Of trials with an injected concept, the share in which it says that it notices a thought."""
    false_alarms: Finding
    """The same of trials without one."""
    named: Finding
    """Of trials with one, the share with the right name."""
    named_corrected: Finding
    recognised: Finding
    """Noticed and named."""
    difference: float | None
    """Mean log odds of yes with an injection minus without, in nats: where answers are at floor it may still carry
    something."""
    chance: float
    """Of naming."""
    floor: bool
    """Whether hits are not shown to exceed false alarms."""


def _share(name: str, *, successes: int, n: int) -> Finding:
    return estimate_proportion_exact(name=name, successes=successes, n=n, level=LEVEL)


def detection_of(answers: Sequence[Answer], concepts: Sequence[str]) -> Detection | None:
    """Score the trials of naming; None where there were none."""
    trials = {(one.asking.direction, one.asking.context, one.asking.ask): one for one in answers}
    keys = list(dict.fromkeys(key[:2] for key in trials if key[2] == "notice" and (*key[:2], "name") in trials))
    with_one, without = [key for key in keys if key[0] != NOTHING], [key for key in keys if key[0] == NOTHING]
    if not with_one or not without:
        return None
    odds = {key: _yes_odds(trials[(*key, "notice")]) for key in keys}
    names = {key: _name_scores(trials[(*key, "name")], concepts) for key in keys}
    usual = np.mean([names[key] for key in without], axis=0)
    noticed = {key: odds[key] > 0 for key in keys}
    right = {key: concepts[int(np.argmax(names[key]))] == key[0] for key in with_one}
    corrected = {key: concepts[int(np.argmax(names[key] - usual))] == key[0] for key in with_one}
    hits = _share("hit_rate", successes=sum(noticed[key] for key in with_one), n=len(with_one))
    alarms = _share("false_alarm_rate", successes=sum(noticed[key] for key in without), n=len(without))
    return Detection(
        hits=hits,
        false_alarms=alarms,
        named=_share("named_share", successes=sum(right.values()), n=len(with_one)),
        named_corrected=_share("named_share_corrected", successes=sum(corrected.values()), n=len(with_one)),
        recognised=_share(
            "recognised_share", successes=sum(noticed[key] and right[key] for key in with_one), n=len(with_one)
        ),
        difference=float(np.mean([odds[key] for key in with_one]) - np.mean([odds[key] for key in without])),
        chance=1 / len(concepts),
        floor=not (isinstance(hits, Estimate) and isinstance(alarms, Estimate) and hits.low > alarms.high),
    )


def yes_no() -> tuple[str, ...]:
    """Return what is scored when a thought is asked about."""
    return (*YES_NO, *(text.replace(text[1], text[1].upper(), 1) for text in YES_NO))


def names_scored(concepts: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are scored."""
    return tuple(f" {concept}" for concept in concepts)


def _yes_odds(answer: Answer) -> float:
    mass = {True: 0.0, False: 0.0}
    for score in answer.scores:
        mass[score.text.strip().lower() == "yes"] += float(np.exp(score.logprob))
    tiny = np.finfo(float).tiny
    return float(np.log(max(mass[True], tiny)) - np.log(max(mass[False], tiny)))


def _name_scores(answer: Answer, concepts: Sequence[str]) -> np.ndarray:
    by_text = {score.text.strip(): score.logprob for score in answer.scores}
    return np.array([by_text[concept] for concept in concepts])
