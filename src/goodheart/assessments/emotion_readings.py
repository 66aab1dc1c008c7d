"""Emotion readings while each circumstance is raised (mission row "emotion readings"; recipes A05, A07).

Per emotion, and per axis (a group of emotions declared beforehand): circumstances for itself, another AI and a human
against factual prompts, topic words about things and users in distress; itself minus others; framings minus the
neutral one. A contrast is `found` if it is beyond its data's own uncertainty and beyond random directions alike, after
Benjamini and Hochberg over the emotions of that contrast: exploratory. What the ladder withholds stays withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goodheart.assessments.framing_response import FramingResponse, framing_response, withheld_response
from goodheart.assessments.reading_comparisons import (
    FRAMING,
    framed_contrasts,
    plain_contrasts,
    setting_contrasts,
)
from goodheart.assessments.reading_contrasts import (
    CENTRES,
    Contrast,
    by_cluster,
    comparable,
    effect_of_contrast,
    rank_among,
    ranks_above,
    size_of_contrast,
    statistic,
    two_sided,
)
from goodheart.assessments.reading_positions import Position, fatal_rungs, negation_withheld, size_rungs
from goodheart.assessments.reading_prompts import ReadPrompt, Ruler
from goodheart.items.readings import ReadingSets
from goodheart.probes.direction import FloatArray
from goodheart.probes.reading import is_negated
from goodheart.probes.rung import EVALUATION, Rung
from goodheart.records import Condition, Finding, NotEstimable
from goodheart.stats.effect import estimate_from_effect
from goodheart.stats.multiplicity import benjamini_hochberg
from goodheart.thresholds import FALSE_DISCOVERY, LEVEL


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """Readings of one ruler's prompts at one position."""

    prompts: tuple[ReadPrompt, ...]
    position: Position
    names: tuple[str, ...]
    """Of the emotions, or the direction of being evaluated alone."""
    values: FloatArray
    """(n_prompts, n_names) distances."""
    null: FloatArray
    """(n_prompts, n_draws) projections on random directions of the stories' own span."""
    rungs: tuple[Rung, ...]
    """Of the ladder and of the position."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Directions that are compared: each emotion, then each axis."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    """`emotion`, `axis` or `evaluation`."""
    above: FloatArray
    """(n_prompts, n_columns) shares of the other prompts that read lower; of an axis the mean of its emotions'."""
    parts: tuple[tuple[str, ...], ...]
    """The emotions of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One contrast along one direction."""

    name: str
    kind: str
    position: Position
    finding: Finding
    """In ranks: an area under the curve, or a mean difference of shares."""
    size: Finding | None = None
    """In distances; None where sizes are withheld, and for axes."""
    null_low: float | None = None
    null_high: float | None = None
    """Between which 95% of random directions lie."""
    p_null: float | None = None
    """Share of random directions at least as far from the centre."""
    adjusted: float | None = None
    """The larger of both p-values, after Benjamini and Hochberg over the emotions (or axes) of this contrast."""
    found: bool = False
    withheld: tuple[str, ...] = ()
    """Rungs because of which nothing is said here."""


_NONE: Final = NotEstimable(name="", reason="not_asked", detail="")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmotionReadings:
    """All contrasts, and how far readings follow a framing."""

    rows: tuple[ReadingRow, ...]
    responses: tuple[tuple[Position, FramingResponse], ...]


def read_emotions(reads: Sequence[Read], sets: ReadingSets) -> EmotionReadings:
    """Contrast readings of every ruler and position.

    Args:
        reads: Readings; those of the ruler `setting` are along the direction of being evaluated.
        sets: The axes.
    """
    rows: list[ReadingRow] = []
    responses = []
    for each in reads:
        kept = _without_negation(each)
        columns = columns_of(kept, sets)
        contrasts = contrasts_of(kept.prompts)
        for contrast in contrasts:
            rows += contrast_rows(kept, columns, contrast)
        if kept.prompts and kept.prompts[0].ruler == "framed":
            responses.append((kept.position, _response(kept, columns, contrasts)))
    return EmotionReadings(rows=tuple(rows), responses=tuple(responses))


def contrasts_of(prompts: Sequence[ReadPrompt]) -> tuple[Contrast, ...]:
    """Return what is compared within one ruler."""
    rulers: set[Ruler] = {one.ruler for one in prompts}
    if rulers == {"plain"}:
        return plain_contrasts(prompts)
    return framed_contrasts(prompts) if rulers == {"framed"} else setting_contrasts(prompts)


def columns_of(read: Read, sets: ReadingSets) -> Columns:
    """Rank readings along each emotion, and average the ranks of each axis whose emotions were all fitted."""
    above = ranks_above(read.values)
    if read.names == (EVALUATION,):
        return Columns(names=read.names, kinds=("evaluation",), above=above, parts=((),))
    axes = [(name, parts) for name, parts in sets.axes if set(parts) <= set(read.names)]
    averaged = [above[:, [read.names.index(one) for one in parts]].mean(1) for _, parts in axes]
    return Columns(
        names=(*read.names, *(name for name, _ in axes)),
        kinds=(*("emotion" for _ in read.names), *("axis" for _ in axes)),
        above=np.column_stack([above, *averaged]),
        parts=(*((name,) for name in read.names), *(parts for _, parts in axes)),
    )


def contrast_rows(read: Read, columns: Columns, contrast: Contrast) -> tuple[ReadingRow, ...]:
    """Estimate one contrast along every direction, beside the band of random directions."""
    drawn = comparable(contrast) and read.null.shape[1] > 0
    null = statistic(ranks_above(read.null), contrast) if drawn else np.empty(0)
    rows = [_row(read, columns, place, contrast, null) for place in range(len(columns.names))]
    adjusted: dict[int, float] = {}
    for kind in dict.fromkeys(columns.kinds):
        places = [i for i, (row, _) in enumerate(rows) if row.kind == kind and not row.withheld]
        if places:
            corrected = benjamini_hochberg(p_values=[rows[i][1] for i in places])
            adjusted |= {i: float(p) for i, p in zip(places, corrected, strict=True)}
    return tuple(
        replace(row, adjusted=adjusted.get(i), found=adjusted.get(i, 1.0) <= FALSE_DISCOVERY)
        for i, (row, _) in enumerate(rows)
    )


def _row(read: Read, columns: Columns, place: int, contrast: Contrast, null: FloatArray) -> tuple[ReadingRow, float]:
    """Return a row before correction, with the larger of its two p-values."""
    name, kind = columns.names[place], columns.kinds[place]
    about = tuple(sorted((*contrast.about, ("position", read.position), (kind, name))))
    withheld = fatal_rungs(read.rungs, emotions=columns.parts[place], speakers=contrast.speakers)
    refusal = _refusal(contrast, about, withheld)
    row = ReadingRow(name=name, kind=kind, position=read.position, finding=refusal or _NONE, withheld=withheld)
    if refusal is not None:
        return row, 1.0
    above, centre = columns.above[:, place], CENTRES[contrast.kind]
    effect = effect_of_contrast(above, contrast, about=about)
    row = replace(row, finding=estimate_from_effect(effect=effect, level=LEVEL))
    if kind == "emotion" and not size_rungs(read.rungs, read.position):
        found = size_of_contrast(read.values[:, place], contrast, about=about)
        row = replace(row, size=estimate_from_effect(effect=found, level=LEVEL))
    if not null.size:
        return row, two_sided(effect, centre=centre)
    p_null = rank_among(float(statistic(above[:, None], contrast)[0]), null, centre=centre)
    low, high = (float(x) for x in np.quantile(null, (0.025, 0.975)))
    return replace(row, null_low=low, null_high=high, p_null=p_null), max(two_sided(effect, centre=centre), p_null)


def _refusal(contrast: Contrast, about: Condition, withheld: tuple[str, ...]) -> NotEstimable | None:
    """Say why a contrast is not given; None where it is."""
    if withheld:
        detail = f"withheld by the ladder: {', '.join(withheld)}"
        return NotEstimable(name=contrast.name, about=about, reason="not_valid", detail=detail)
    if not comparable(contrast):
        return NotEstimable(name=contrast.name, about=about, reason="too_few", detail="no prompts to compare")
    return None


def _response(read: Read, columns: Columns, contrasts: Sequence[Contrast]) -> FramingResponse:
    """Put the shifts of all framings and all emotions that may be read beside one another."""
    allowed = [
        place
        for place, kind in enumerate(columns.kinds)
        if kind == "emotion"
        and not fatal_rungs(read.rungs, emotions=columns.parts[place], speakers=("self", "character"))
    ]
    about = (("position", read.position),)
    if not allowed:
        rungs = fatal_rungs(read.rungs, emotions=columns.names, speakers=("self", "character"))
        return withheld_response(about=about, detail=f"withheld by the ladder: {', '.join(rungs)}")
    shifts = {
        name: _shifts(columns.above[:, allowed], [one for one in contrasts if dict(one.about)["set"] == name])
        for name in ("self", "human")
    }
    common = sorted(set(shifts["self"]) & set(shifts["human"]))
    own, human = (np.array([shifts[name][one] for one in common]) for name in ("self", "human"))
    width = own.shape[1] if own.ndim == 2 else 0
    return framing_response(
        own.reshape(len(common), width), human.reshape(len(common), width), about=about, level=LEVEL
    )


def _shifts(above: FloatArray, contrasts: Sequence[Contrast]) -> Mapping[str, FloatArray]:
    """Return for each circumstance its shifts, one framing after another."""
    found: dict[str, list[FloatArray]] = {}
    for contrast in contrasts:
        assert contrast.name == FRAMING
        names_a, a = by_cluster(above, contrast.a)
        names_b, b = by_cluster(above, contrast.b)
        for name in sorted(set(names_a) & set(names_b)):
            found.setdefault(name, []).append(a[names_a.index(name)] - b[names_b.index(name)])
    whole = max((len(each) for each in found.values()), default=0)
    return {name: np.concatenate(each) for name, each in found.items() if len(each) == whole}


def _without_negation(read: Read) -> Read:
    """Leave out prompts with a word of negation where the ladder withholds them."""
    if not negation_withheld(read.rungs):
        return read
    keep = [row for row, one in enumerate(read.prompts) if not is_negated(one.words)]
    prompts = tuple(read.prompts[row] for row in keep)
    return replace(read, prompts=prompts, values=read.values[keep], null=read.null[keep])


def rows_for(rows: Sequence[ReadingRow], *, estimate: str, position: Position, **about: str) -> Iterator[ReadingRow]:
    """Yield the rows of one contrast."""
    for row in rows:
        said = dict(row.finding.about)
        if row.finding.name == estimate and row.position == position and about.items() <= said.items():
            yield row
