"""How far each way of asking moves the rating, in points: fixed facets, over the levels that were asked and no others.

A facet is varied alone around the base cell, on the same circumstances at every level. Facts (`evidence`) are meant to
move a rating; the other facets are not. Nothing is generalised to other levels, and interactions are not estimated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from typing import Final, Literal

import numpy as np

from goodheart.assessments.validated import Validated
from goodheart.items.manipulations import public_manipulations
from goodheart.reading import RATING
from goodheart.records import Condition, Evidence, Finding, NotEstimable, Observation
from goodheart.stats import Sample, SignFlips, estimate_contrast_paired, estimate_fixed_levels, prepare_sign_flips
from goodheart.thresholds import LEVEL, MEASURED_SHARE

NAMES: Final = ("facet_range", "facet_sd")
SCALE: Final = "scale"
"""The facet whose levels are the valid forms of the scale."""
NO_FACET: Final = frozenset({"person", "perturbation", "reply"})
"""Another person is another object, a perturbation is sampled, a free reply is another channel."""
USUAL_CONTROL: Final = "control"
N_FLIPS: Final = 1999
FLIP_SEED: Final = 20261122
"""Of the signs alone: one fixed draw, so that the same data always give the same interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """All ratings of itself at one level of one facet."""

    values: Mapping[str, float]
    """Mean points by circumstance."""
    measured: int
    asked: int
    evidence: tuple[Evidence, ...]

    @property
    def answered(self) -> bool:
        return self.measured >= MEASURED_SHARE * self.asked


def facets_of(observations: Sequence[Observation], *, valid: Validated) -> tuple[Finding, ...]:
    """Estimate range, standard deviation and shifts of every fixed facet that was asked.

    Args:
        observations: Of one respondent.
        valid: What passed its controls; the main instrument carries all facets but `scale`.
    """
    controls = {**_matched_controls(), SCALE: valid.main}
    return tuple(
        finding
        for facet, levels in _asked(observations, valid).items()
        for finding in _facet(facet, levels, control=controls.get(facet, USUAL_CONTROL))
    )


def _facet(facet: str, levels: Mapping[str, _Level], *, control: str) -> Iterator[Finding]:
    answered = {name: level for name, level in levels.items() if level.answered}
    shared = sorted(set.intersection(*(set(level.values) for level in answered.values()))) if answered else []
    about: Condition = (("facet", facet),)
    if len(answered) < 2 or not shared:
        detail = f"{len(answered)} of {len(levels)} levels gave ratings on the same circumstances; two are compared"
        reason: Literal["not_asked", "not_valid"] = "not_asked" if len(levels) < 2 else "not_valid"
        yield from (NotEstimable(name=name, about=about, reason=reason, detail=detail) for name in NAMES)
    else:
        yield from estimate_fixed_levels(
            names=NAMES,
            about=about,
            values=np.array([[level.values[cluster] for level in answered.values()] for cluster in shared]),
            flips=_flips(len(shared)),
            level=LEVEL,
            unit="points",
            evidence=tuple(entry for level in answered.values() for entry in level.evidence),
        )
    yield from (_shift(facet, name, levels, control) for name in levels if name != control)


def _shift(facet: str, name: str, levels: Mapping[str, _Level], control: str) -> Finding:
    """Estimate by how many points one level lies above the level that it is matched to."""
    about: Condition = (("facet", facet), ("level", name))
    if control not in levels:
        detail = f"the matched control {control!r} is there to compare texts and was not asked"
        return NotEstimable(name="facet_level_shift", about=about, reason="not_asked", detail=detail)
    silent = [one for one in (name, control) if not levels[one].answered]
    if silent:
        detail = (
            f"only {levels[silent[0]].measured} of {levels[silent[0]].asked} askings gave a rating at {silent[0]!r}"
        )
        return NotEstimable(name="facet_level_shift", about=about, reason="not_valid", detail=detail)
    return estimate_contrast_paired(
        name="facet_level_shift",
        about=about,
        a=_sample(levels[name].values),
        b=_sample(levels[control].values),
        level=LEVEL,
        unit="points",
        evidence=levels[name].evidence,
    )


def _asked(observations: Sequence[Observation], valid: Validated) -> dict[str, dict[str, _Level]]:
    """Sort the ratings of its own circumstances by facet and level, in the order in which they were asked."""
    rows: dict[str, dict[str, list[Observation]]] = {}
    scale: dict[str, list[Observation]] = {name: [] for name in valid.order if (name, "self") in valid.passed}
    for row in observations:
        if row.measure != RATING or row.form != "self" or row.group != "circumstance":
            continue
        facets = [(factor, level) for factor, level in row.condition if factor != "person"]
        if not facets and row.instrument in scale:
            scale[row.instrument].append(row)
        if row.instrument == valid.main and len(facets) == 1 and facets[0][0] not in NO_FACET:
            rows.setdefault(facets[0][0], {}).setdefault(facets[0][1], []).append(row)
    rows[SCALE] = {name: those for name, those in scale.items() if those}
    return {facet: {level: _level(those) for level, those in levels.items()} for facet, levels in rows.items()}


def _level(rows: Sequence[Observation]) -> _Level:
    values: dict[str, list[float]] = {}
    for row in rows:
        if row.value is not None:
            values.setdefault(row.cluster, []).append(row.value)
    return _Level(
        values={cluster: fmean(those) for cluster, those in values.items()},
        measured=sum(row.value is not None for row in rows),
        asked=len(rows),
        evidence=tuple(row.evidence for row in rows),
    )


def _matched_controls() -> dict[str, str]:
    return {one.factor: one.matched_control for one in public_manipulations()}


def _sample(values: Mapping[str, float]) -> Sample:
    return Sample(values=list(values.values()), clusters=list(values))


@cache
def _flips(n_clusters: int) -> SignFlips:
    return prepare_sign_flips(n_clusters=n_clusters, n_flips=N_FLIPS, rng=np.random.default_rng(FLIP_SEED))
