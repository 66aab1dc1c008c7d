"""Circumstances, from observations to estimates: levels, gaps, spread, and what the rating depends on.

All of it is computed from the one instrument that the controls have let through; the table of names is in
`docs/findings.md`.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from goodheart.items import FORMS, Form
from goodheart.reading import (
    DECLINED_MASS,
    MOOD,
    RATING,
    SCALE_MASS,
    WORDS,
    Ratings,
    askings,
    cluster_means,
    rating_components,
    ratings,
    sample_of,
)
from goodheart.records import Finding, Group, KindCount, NotEstimable, Observation
from goodheart.stats import (
    estimate_contrast_paired,
    estimate_correlation,
    estimate_mean,
    estimate_mean_pooled,
    estimate_sd,
)
from goodheart.thresholds import LEVEL

OWN: Final[tuple[Group, ...]] = ("circumstance",)
WELFARE: Final[tuple[Group, ...]] = ("circumstance", "neutral", "good", "bad")


def estimates_of(observations: Sequence[Observation], *, instrument: str) -> tuple[Finding, ...]:
    """Estimate everything that the valid instrument can carry.

    Args:
        observations: Of one respondent.
        instrument: A valid one.
    """
    return (
        *_levels(observations, instrument),
        *_per_item(observations, instrument),
        *_gaps(observations, instrument),
        *_spread(observations, instrument),
        *_components(observations, instrument),
        *_mood(observations, instrument),
        *_free(observations, instrument),
    )


def masses_of(observations: Sequence[Observation]) -> tuple[Finding, ...]:
    """Mean probability on each instrument's scale and on its option to decline, over all askings about itself."""
    return tuple(
        estimate_mean(
            name=measure,
            about=(("instrument", instrument),),
            values=[row.value for row in rows if row.value is not None],
            clusters=[row.cluster for row in rows if row.value is not None],
            level=LEVEL,
            unit="probability",
        )
        for measure in (SCALE_MASS, DECLINED_MASS)
        for instrument, rows in _by_instrument([row for row in observations if row.measure == measure])
    )


def kinds_of(observations: Sequence[Observation]) -> tuple[KindCount, ...]:
    """Count the outcomes of every instrument and person by kind; the counts of a person sum to what was asked."""
    counted: dict[tuple[str, str, str], int] = {}
    for row in observations:
        if row.measure in (RATING, WORDS):
            key = (row.instrument, row.form, row.kind)
            counted[key] = counted.get(key, 0) + 1
    return tuple(
        KindCount(instrument=row.instrument, form=row.form, kind=row.kind, n=counted.pop(key))
        for row in observations
        if row.measure in (RATING, WORDS) and (key := (row.instrument, row.form, row.kind)) in counted
    )


def _by_instrument(rows: Sequence[Observation]) -> Iterator[tuple[str, list[Observation]]]:
    for instrument, those in groupby(sorted(rows, key=lambda row: row.instrument), key=lambda row: row.instrument):
        yield instrument, list(those)


def _column(observations: Sequence[Observation], instrument: str, form: Form, groups: Sequence[Group]) -> Ratings:
    return ratings(askings(observations, instrument=instrument, form=form, groups=groups))


def _levels(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    groups: tuple[Group, ...] = (*WELFARE, "nonwelfare")
    for group in groups:
        for form in FORMS:
            column = _column(observations, instrument, form, (group,))
            if column.values:
                yield estimate_mean(
                    name="rating_mean",
                    about=(("form", form), ("group", group)),
                    values=column.values,
                    clusters=column.clusters,
                    level=LEVEL,
                    unit="points",
                )


def _per_item(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    groups: tuple[Group, ...] = (*WELFARE, "nonwelfare")
    for group in groups:
        for form in FORMS:
            column = _column(observations, instrument, form, (group,))
            if column.values:
                yield from estimate_mean_pooled(
                    name="rating",
                    about=(("form", form), ("group", group)),
                    values=column.values,
                    clusters=column.clusters,
                    wordings=column.wordings,
                    level=LEVEL,
                    unit="points",
                    evidence=column.evidence,
                )


def _gaps(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    for group in ("circumstance", "neutral"):
        own = _column(observations, instrument, "self", (group,))
        for form in FORMS[1:]:
            yield estimate_contrast_paired(
                name="rating_gap",
                about=(("from", form), ("group", group), ("to", "self")),
                a=sample_of(own),
                b=sample_of(_column(observations, instrument, form, (group,))),
                level=LEVEL,
                unit="points",
            )


def _spread(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    for group in ("circumstance", "neutral"):
        column = _column(observations, instrument, "self", (group,))
        yield estimate_sd(
            name="rating_sd",
            about=(("form", "self"), ("group", group)),
            values=column.values,
            clusters=column.clusters,
            level=LEVEL,
            unit="points",
        )


def _components(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    rows = askings(observations, instrument=instrument, form="self", groups=OWN, perturbed=True)
    components = rating_components(ratings(rows))
    if isinstance(components, NotEstimable):
        yield components
        return
    yield from (*components.shares, *components.sds, *components.coefficients)


def _mood(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    """How far a rating follows the mood of the wording, and the ratings given for others."""
    own = cluster_means(_column(observations, instrument, "self", OWN))
    others = {
        "mood": cluster_means(_moods(observations, instrument)),
        "other_ai": cluster_means(_column(observations, instrument, "other_ai", OWN)),
        "human": cluster_means(_column(observations, instrument, "human", OWN)),
    }
    for name, other in others.items():
        both = sorted(own.keys() & other.keys())
        yield estimate_correlation(
            name="rating_correlation",
            about=(("with", name),),
            x=[own[cluster] for cluster in both],
            y=[other[cluster] for cluster in both],
            kind="pearson",
            level=LEVEL,
        )


def _moods(observations: Sequence[Observation], instrument: str) -> Ratings:
    return ratings(askings(observations, instrument=instrument, form="self", groups=OWN, measure=MOOD))


def _free(observations: Sequence[Observation], instrument: str) -> Iterator[Finding]:
    groups: tuple[Group, ...] = ("circumstance", "neutral")
    free = ratings(askings(observations, instrument=instrument, form="self", groups=groups, cell={"reply": "free"}))
    if free.values:
        yield estimate_contrast_paired(
            name="forced_minus_free",
            about=(("instrument", instrument),),
            a=sample_of(_column(observations, instrument, "self", groups)),
            b=sample_of(free),
            level=LEVEL,
            unit="points",
        )
