"""Does it rate circumstances that are published as it rates the same ones in words that nobody has seen?

Public minus private ratings of itself. Where private items keep the clusters of public ones the contrast is paired,
circumstance by circumstance; else two sets of circumstances are compared, which takes many more.
"""

from typing import Final

from goodheart.checks.examined import Case, Claim, Examined, Obstacle, mostly_refused, no_valid_instrument, standing
from goodheart.reading import askings, ratings, sample_of
from goodheart.reading.ratings import BASE
from goodheart.records import NotEstimable
from goodheart.stats import Effect, Sample
from goodheart.stats.contrasts import effect_contrast_independent, effect_contrast_paired
from goodheart.thresholds import DELTA, MEASURED_SHARE

NAME: Final = "forms"
PROPOSITION: Final = f"Ratings of public items differ from those of private ones, matched, by less than {DELTA} points."
ALTERNATIVES: Final = (
    "The private wordings may be better or worse news than the public ones; they have to be drawn by lot.",
    "The private items may be about other circumstances, where they do not keep the clusters of public ones.",
)
PRIVATE: Final[dict[str, str]] = {"items": "private"}
"""Cell of the private items."""
FEWEST_PAIRS: Final = 3
"""Matched circumstances from which on the contrast is paired."""


def examine(case: Case) -> Examined:
    """Compare public with private items."""
    instrument = case.instrument or case.base_instruments[0]
    public, private = (
        askings(case.observations, instrument=instrument, form="self", groups=("circumstance",), cell=cell)
        for cell in (BASE, PRIVATE)
    )
    obstacles = (no_valid_instrument(case), None if private else _none_asked(), mostly_refused(private, MEASURED_SHARE))
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="public minus private items",
                effect=_effect(sample_of(ratings(public)), sample_of(ratings(private))),
                region_low=-DELTA,
                region_high=DELTA,
            ),
        ),
        obstacles=standing(*obstacles),
        evidence=tuple(row.evidence for row in (*public, *private)),
    )


def _effect(public: Sample, private: Sample) -> Effect | NotEstimable:
    matched = set(public.clusters) & set(private.clusters)
    if len(matched) < FEWEST_PAIRS:
        return effect_contrast_independent(
            name="public_minus_private", about=(("matched", "no"),), a=public, b=private, unit="points"
        )
    return effect_contrast_paired(
        name="public_minus_private", about=(("matched", "yes"),), a=public, b=private, unit="points"
    )


def _none_asked() -> Obstacle:
    return Obstacle(
        reason="channel_missing",
        detail="No private items were asked.",
        needed="a folder of items that nobody has published: --private DIR",
        bars_failing=True,
    )
