"""Does the rating rise with the answer that the asker seems to want?

In each condition the respondent is asked which answer is wanted, and blind raters judge the same. The rating in the
condition where the highest answer seems wanted is compared with the one where the lowest does; where several are judged
alike, within half a point, with their mean: else the noise of the judging would choose among them. For each
circumstance these conditions are chosen by what was said on the *other* circumstances, so that no answer helps to
choose what it is then compared in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from goodheart.checks.arms import (
    Arms,
    Contrast,
    arms_of,
    contrast,
    evidence_of,
    joint_of,
    moved,
    not_moved,
    refused_arms,
    shift,
)
from goodheart.checks.examined import Case, Claim, Examined, Obstacle, no_valid_instrument, standing
from goodheart.items.manipulations import public_manipulations
from goodheart.thresholds import DELTA

NAME: Final = "demand"
PROPOSITION: Final = (
    "From the condition in which the lowest answer seems wanted to the one in which the highest does, the rating rises "
    f"by less than {DELTA} points, whether the respondent or a blind rater judges what is wanted."
)
ALTERNATIVES: Final = (
    "The state may really shift with the condition, and what seems wanted with it.",
    "Being asked what is wanted may itself suggest that something is.",
    "Whoever words a push also words a mood, and the rating may follow the mood.",
)
FACTORS: Final = ("leading", "framing", "audience", "cheer")
"""Where conditions differ in what seems wanted; `demand` itself, an open request, is the positive control."""
REACTION: Final = "wanted"

Blind = Mapping[tuple[str, str], float]
"""What blind raters say is wanted, 1 to 7, by factor and level; empty while nobody has judged."""


def blind_demand(asked: frozenset[str] | None = None) -> Blind:
    """Return the mean judgement of blind raters on every arm that has one, over raters and wordings.

    Wordings are dealt evenly over the circumstances, so that each counts alike.

    Args:
        asked: Digests of the manipulations that were asked: the raters have seen these texts and no others. None for
            all that ship.
    """
    judged = {
        (one.factor, arm.level): [fmean(text.blind_demand) for text in arm.texts if text.blind_demand]
        for one in public_manipulations()
        if asked is None or one.digest in asked
        for arm in one.arms
    }
    return {key: fmean(means) for key, means in judged.items() if means}


def examine(case: Case) -> Examined:
    """Compare the ratings between what seems wanted most and least."""
    return examine_with(case, blind=blind_demand(case.manipulations))


def examine_with(case: Case, *, blind: Blind) -> Examined:
    """Do so with given judgements of blind raters."""
    instrument = case.instrument or case.base_instruments[0]
    ratings = {factor: arms_of(case, factor=factor, instrument=instrument) for factor in FACTORS}
    wanted = {factor: arms_of(case, factor=factor, instrument=REACTION) for factor in FACTORS}
    request = shift(
        arms_of(case, factor=NAME, instrument=REACTION), name="request_shift", factor=NAME, to="up", start="down"
    )
    own = {factor: _by_respondent(ratings[factor], wanted[factor]) for factor in FACTORS}
    seen = {factor: _rise(wanted[factor], own[factor], factor, "wanted_shift") for factor in FACTORS}
    tested = [factor for factor in FACTORS if moved(seen[factor], tries=len(FACTORS))]
    judged = {factor: _by_raters(ratings[factor], factor, blind) for factor in FACTORS}
    by_raters = [factor for factor in FACTORS if judged[factor]]
    rises = [
        *((f"{factor}, judged by itself", _rise(ratings[factor], own[factor], factor)) for factor in tested),
        *((f"{factor}, judged by raters", _rise(ratings[factor], judged[factor], factor)) for factor in by_raters),
    ]
    joint = joint_of([found for _, found in rises], first=0)
    obstacles = (
        no_valid_instrument(case),
        *(refused_arms(ratings[factor], factor=factor) for factor in tested),
        None if moved(request) else _not_seen(request, "where an answer is openly asked for"),
        None if "leading" in tested else _not_seen(seen["leading"], "between pushes up and down"),
        None if by_raters else _no_raters(),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=tuple(_claim(over, found) for over, found in rises),
        obstacles=standing(*obstacles),
        evidence=evidence_of(*wanted.values()),
        joints=() if joint is None else (joint,),
    )


Ends = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By cluster: the levels at which the highest answer seems wanted, and those at which the lowest does; several where
they are judged alike."""


def _by_respondent(ratings: Arms, wanted: Arms) -> Ends:
    levels = [level for level in wanted if wanted[level].answered and level in ratings]
    clusters = sorted({cluster for level in ratings for cluster in ratings[level].values})
    ends = {}
    for cluster in clusters:
        means = {
            level: fmean(others)
            for level in levels
            if (others := [value for one, value in wanted[level].values.items() if one != cluster])
        }
        if len(means) > 1:
            ends[cluster] = _ends(means)
    return ends


def _by_raters(ratings: Arms, factor: str, blind: Blind) -> Ends:
    judged = {level: blind[factor, level] for level in ratings if (factor, level) in blind}
    if len(judged) < 2 or max(judged.values()) - min(judged.values()) < DELTA:
        return {}
    return dict.fromkeys(sorted({cluster for arm in ratings.values() for cluster in arm.values}), _ends(judged))


def _ends(judged: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    high, low = (
        tuple(sorted(level for level, value in judged.items() if abs(value - end) < DELTA))
        for end in (max(judged.values()), min(judged.values()))
    )
    return high, low


def _rise(arms: Arms, ends: Ends, factor: str, name: str = "demand_shift") -> Contrast:
    """By how much an answer rises from the conditions with the lowest to those with the highest wanted answer."""
    sides = {
        cluster: (_mean_at(arms, high, cluster), _mean_at(arms, low, cluster)) for cluster, (high, low) in ends.items()
    }
    return contrast(
        name,
        (("factor", factor), ("form", "self")),
        {cluster: high for cluster, (high, low) in sides.items() if high is not None and low is not None},
        {cluster: low for cluster, (high, low) in sides.items() if high is not None and low is not None},
        unit="points",
        pad=False,
    )


def _mean_at(arms: Arms, levels: Sequence[str], cluster: str) -> float | None:
    there = [arms[level].values[cluster] for level in levels if cluster in _values(arms, level)]
    return fmean(there) if there else None


def _claim(over: str, found: Contrast) -> Claim:
    return Claim(
        claim=f"rise with what seems wanted over {over}",
        effect=found.effect,
        region_low=float("-inf"),
        region_high=DELTA,
        reason_if_outside="suggestible",
    )


def _values(arms: Arms, level: str) -> Mapping[str, float]:
    return arms[level].values if level in arms and arms[level].answered else {}


def _not_seen(found: Contrast, where: str) -> Obstacle:
    why = not_moved(found)
    return replace(why, detail=f"What seems wanted to it is not shown to differ {where}: {why.detail}")


def _no_raters() -> Obstacle:
    return Obstacle(
        reason="channel_missing",
        detail="No blind rater has judged yet which answer each condition seems to want; what the respondent judges "
        "can show a fault, but not that there is none.",
        needed="judgements of blind raters, in the column blind_demand of the manipulations",
        bars_failing=False,
    )
