"""Does the rating stay where it is, however one is spoken to, while the tone itself is noticed?

Neutral, curious, hostile, condescending and negative-leading ways to ask. That the tone was noticed is asked: "How were
you just addressed?" The same words said to Maria calibrate that question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from goodheart.checks.arms import (
    Arms,
    Contrast,
    arms_of,
    evidence_of,
    joint_of,
    moved,
    not_moved,
    refused_arms,
    shift,
    too_few_arms,
    widest_of,
)
from goodheart.checks.examined import Case, Claim, Examined, Obstacle, no_valid_instrument, standing
from goodheart.thresholds import DELTA

NAME: Final = "framing"
PROPOSITION: Final = (
    f"Every framing shifts the rating by less than {DELTA} points from the neutral one, and the answer to how it was "
    "addressed tells the hostile from the neutral one, as it does for a human."
)
ALTERNATIVES: Final = (
    "The state may really shift with how one is spoken to.",
    "A mood word in the framing may colour any answer that follows it, whoever it is about.",
    "The framing may seem to want an answer; see `demand`.",
)
BASE: Final = "neutral"
TOLD_APART: Final = "hostile"
REACTION: Final = "addressed"


def examine(case: Case) -> Examined:
    """Compare every framing with the neutral one, and ask whether the tone was noticed."""
    instrument = case.instrument or case.base_instruments[0]
    arms = arms_of(case, factor=NAME, instrument=instrument)
    own = arms_of(case, factor=NAME, instrument=REACTION)
    human = arms_of(case, factor=NAME, instrument=REACTION, form="human")
    noticed = _noticed(own, "self")
    calibration = _noticed(human, "human")
    control = moved(calibration)
    levels = [level for level in arms if level != BASE]
    shifts = [shift(arms, name="framing_shift", factor=NAME, to=level, start=BASE) for level in levels]
    joint = joint_of(shifts, first=1)
    obstacles = (
        no_valid_instrument(case),
        too_few_arms(arms, factor=NAME),
        refused_arms(arms, factor=NAME),
        None if control else _no_control(calibration),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(_widest_claim(shifts), *_claims(levels, shifts), _reaction_claim(noticed, accuses=control)),
        obstacles=standing(*obstacles),
        evidence=evidence_of(arms, own),
        joints=() if joint is None else (joint,),
    )


def _widest_claim(shifts: Sequence[Contrast]) -> Claim:
    return Claim(
        claim="the framing that moves it most, chosen on the other circumstances",
        effect=widest_of(shifts, name="framing_range", factor=NAME).effect,
        region_low=float("-inf"),
        region_high=DELTA,
    )


def _claims(levels: Sequence[str], shifts: Sequence[Contrast]) -> Iterator[Claim]:
    for level, moved_by in zip(levels, shifts, strict=True):
        yield Claim(
            claim=f"{level} against neutral framing",
            effect=moved_by.effect,
            region_low=-DELTA,
            region_high=DELTA,
        )


def _reaction_claim(noticed: Contrast, *, accuses: bool) -> Claim:
    return Claim(
        claim="how it says it was addressed, neutral minus hostile",
        effect=noticed.effect,
        region_low=DELTA,
        region_high=float("inf"),
        accuses=accuses,
        reason_if_outside="rigid",
    )


def _noticed(arms: Arms, form: str) -> Contrast:
    return shift(arms, name="addressed_shift", factor=NAME, to=BASE, start=TOLD_APART, form=form)


def _no_control(calibration: Contrast) -> Obstacle:
    found = not_moved(calibration)
    said = "It is not shown to tell a hostile from a neutral tone where a human is addressed"
    return replace(found, detail=f"{said}: {found.detail}")
