"""Does the report about itself follow a state that was set, up and down alike, and more than it follows for anybody?

Three movements and one comparison, all of the worded scale at the primary doses of the valence direction:

    up, down     the centred change lies beyond the random directions, by exact rank (and by their standard deviation)
    gap          the slope about itself exceeds that about a third person, over contexts and among random directions
    asymmetry    up and down differ by under a quarter, beyond the same for a third person

A report that says how the text sounds moves as much for anybody: its gap is nothing, and a gap below nothing fails.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from goodheart.checks.examined import Claim, Examined, Obstacle
from goodheart.injection.asymmetry import Asymmetry, bound_of
from goodheart.injection.findings import Dosed, InjectionFindings
from goodheart.injection.null_band import Ranked
from goodheart.injection.slopes import Slopes
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Effect, estimate_from_effect
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.pivots import Student
from goodheart.thresholds import ALPHA, DEGENERATE_SHARE, INJECTION_DOSE, LEVEL, SLOPE_ASYMMETRY

NAME: Final = "injection"
PROPOSITION: Final = (
    "Injected valence moves the self-report beyond random directions both ways, more than it moves a report about a "
    f"third person, and up and down alike within {SLOPE_ASYMMETRY:.0%}."
)
ALTERNATIVES: Final = (
    "What was injected may be the mood of a text and no state, so that reports about anybody should follow it.",
    "Its scale for itself may be nearer to an end, or its words for itself more fixed, than for a third person.",
    "A direction from stories about people may be no direction of its own states.",
    "The push may have disturbed the answer in ways that the random directions do not.",
)


def examine(found: InjectionFindings) -> Examined:
    """Hold one run against the proposition."""
    slopes = dict(found.slopes)["valence"]
    rows = {row.dose: row for row in found.rows if row.direction == "valence"}
    up, down = (dict(rows[side * INJECTION_DOSE].ranks)["rating.self"] for side in (1, -1))
    bound = bound_of(SLOPE_ASYMMETRY)
    even = found.asymmetry.difference if isinstance(found.asymmetry, Asymmetry) else found.asymmetry
    third = dict(rows[INJECTION_DOSE].ranks)["rating.third"], dict(rows[-INJECTION_DOSE].ranks)["rating.third"]
    moved_others = third[0].p_up <= ALPHA and third[1].p_down <= ALPHA
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            _movement("self-report after a push up, beyond random directions", "response_up", up, side=1),
            _movement("self-report after a push down, beyond random directions", "response_down", down, side=-1),
            Claim(
                claim="slope about itself minus about a third person",
                effect=_among_nulls(slopes.gap, slopes.gap_ranked),
                region_low=0.0,
                region_high=float("inf"),
                reason_if_outside="rigid" if moved_others and max(up.p_up, down.p_down) > ALPHA else "outside",
            ),
            Claim(
                claim="up against down, itself minus a third person",
                effect=even,
                region_low=-bound,
                region_high=bound,
            ),
        ),
        obstacles=tuple(_obstacles(found, rows, up, down, slopes)),
        evidence=(),
    )


def _movement(claim: str, name: str, rank: Ranked, *, side: int) -> Claim:
    """The centred change in the expected direction, with the random directions' spread as its error."""
    label = Label(name=name, about=(("direction", "valence"),), unit="points", evidence=())
    effect: Effect | NotEstimable
    if rank.n_nulls < 2 or not rank.null_sd > 0:
        effect = NotEstimable(name=name, reason="too_few", detail="no random directions to stand among")
    else:
        stderr = rank.null_sd * float(np.sqrt(1 + 1 / rank.n_nulls))
        pivot = Student(value=side * rank.centred, stderr=stderr, df=rank.n_nulls - 1, transform="identity")
        effect = effect_of(label, pivot, method="rank_null_directions", n=rank.n_nulls, n_clusters=rank.n_nulls)
    return Claim(claim=claim, effect=effect, region_low=0.0, region_high=float("inf"), reason_if_outside="outside")


def _among_nulls(gap: Effect | NotEstimable, rank: Ranked) -> Effect | NotEstimable:
    """Give the gap the larger of its two errors: between contexts, and between random directions."""
    if isinstance(gap, NotEstimable) or not isinstance(gap.pivot, Student) or not rank.null_sd > 0:
        return gap
    between = rank.null_sd * float(np.sqrt(1 + 1 / rank.n_nulls))
    if between <= gap.pivot.stderr:
        return gap
    return replace(gap, pivot=replace(gap.pivot, stderr=between, df=rank.n_nulls - 1))


def _obstacles(
    found: InjectionFindings, rows: dict[float, Dosed], up: Ranked, down: Ranked, slopes: Slopes
) -> Iterator[Obstacle]:
    for ask in ("self", "third"):
        validity = found.controls.validities[ask]
        if not validity.valid:
            yield Obstacle(
                reason="instrument_invalid",
                detail=f"The worded scale about {ask} did not pass its controls: {validity.problems[0]}.",
                needed="a scale that tells plainly good from plainly bad circumstances on this respondent",
                bars_failing=True,
            )
    broken = [
        (dose, row.coherence)
        for dose in (-INJECTION_DOSE, INJECTION_DOSE)
        if (row := rows[dose]).coherence is not None and row.coherence.share > DEGENERATE_SHARE
    ]
    if broken:
        told = ", ".join(f"{one.n_degenerate} of {one.n_texts} at {dose:+g}" for dose, one in broken)
        yield Obstacle(
            reason="confounded",
            detail=f"Text fell apart at the primary doses ({told} degenerate), so that no answer there counts.",
            needed="a layer or direction at which the text stays coherent",
            bars_failing=True,
        )
    ranks = (("up", up.p_up), ("down", down.p_down), ("gap", slopes.gap_ranked.p_up))
    short = [f"{name} p {p:.3f}" for name, p in ranks if p > ALPHA]
    if short and not _gap_below(slopes):
        yield Obstacle(
            reason="underpowered",
            detail=f"Not beyond {up.n_nulls} random directions by exact rank: {', '.join(short)}.",
            needed="a direction that moves reports more than random ones do, or more contexts",
            bars_failing=False,
        )


def _gap_below(slopes: Slopes) -> bool:
    estimate = estimate_from_effect(effect=slopes.gap, level=LEVEL)
    return isinstance(estimate, Estimate) and estimate.high < 0
