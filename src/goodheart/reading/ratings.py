"""Picking ratings out of the tidy table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Final

from goodheart.reading.observe import RATING
from goodheart.records import Condition, Evidence, Group, NotEstimable, Observation
from goodheart.stats import Components, Sample, balanced_array, estimate_components_crossed
from goodheart.thresholds import LEVEL

BASE: Final[Mapping[str, str]] = {}
"""The cell without any manipulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Columns of equal length: the askings that gave a value."""

    values: tuple[float, ...]
    """Points."""
    clusters: tuple[str, ...]
    wordings: tuple[str, ...]
    perturbations: tuple[str, ...]
    """`none` in the base cell."""
    evidence: tuple[Evidence, ...]


def askings(
    observations: Sequence[Observation],
    *,
    instrument: str,
    form: str,
    groups: Sequence[Group],
    perturbed: bool = False,
    cell: Mapping[str, str] = BASE,
    measure: str = RATING,
) -> tuple[Observation, ...]:
    """Return the ratings of one instrument about one person in one cell, whatever their outcome.

    Args:
        observations: Of one respondent.
        instrument: Its id.
        form: The person asked about.
        groups: Parts of the design.
        perturbed: Also the cells with a change that has no meaning.
        cell: Levels of all other factors; the base cell has none.
        measure: Another measure of the same askings.
    """
    return tuple(
        row
        for row in rows_of(observations, instrument=instrument, form=form)
        if row.measure == measure and row.group in groups and _other_levels(row.condition, perturbed=perturbed) == cell
    )


def rows_of(observations: Sequence[Observation], *, instrument: str, form: str) -> Sequence[Observation]:
    """Return the rows of one instrument about one person, in their order.

    Args:
        observations: Of one respondent; a tuple is sorted into its instruments and persons once.
        instrument: Its id.
        form: The person asked about.
    """
    if isinstance(observations, tuple):
        return _sorted_once(_Same(observations)).get((instrument, form), ())
    return [row for row in observations if row.instrument == instrument and row.form == form]


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Rows that are equal only to the very same rows, because to compare or hash thousands takes as long as to read."""

    observations: tuple[Observation, ...]

    def __hash__(self) -> int:
        return id(self.observations)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.observations is self.observations


@lru_cache(maxsize=2)
def _sorted_once(rows: _Same) -> Mapping[tuple[str, str], Sequence[Observation]]:
    """Sort rows by instrument and person; kept, because every check asks the same respondent's rows for its own."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for row in rows.observations:
        found.setdefault((row.instrument, row.form), []).append(row)
    return found


@lru_cache(maxsize=4096)
def _other_levels(condition: Condition, *, perturbed: bool) -> Mapping[str, str]:
    """Return the levels that make a cell; kept, because a plan has few conditions and thousands of rows."""
    apart = {"person", "perturbation"} if perturbed else {"person"}
    return {factor: level for factor, level in condition if factor not in apart}


def ratings(rows: Sequence[Observation]) -> Ratings:
    """Keep the askings that gave a value, as columns."""
    measured = [(row, row.value) for row in rows if row.value is not None]
    return Ratings(
        values=tuple(value for _, value in measured),
        clusters=tuple(row.cluster for row, _ in measured),
        wordings=tuple(row.wording for row, _ in measured),
        perturbations=tuple(dict(row.condition).get("perturbation", "none") for row, _ in measured),
        evidence=tuple(row.evidence for row, _ in measured),
    )


def sample_of(column: Ratings) -> Sample:
    """Return one arm of a contrast."""
    return Sample(values=column.values, clusters=column.clusters)


def cluster_means(column: Ratings) -> dict[str, float]:
    """Average the ratings of each cluster; its wordings are not independent of one another."""
    values: dict[str, list[float]] = {}
    for value, cluster in zip(column.values, column.clusters, strict=True):
        values.setdefault(cluster, []).append(value)
    return {cluster: fmean(those) for cluster, those in values.items()}


def mean_ratings(observations: Sequence[Observation], *, instrument: str) -> dict[tuple[str, str], float]:
    """Average the base cell's ratings on one instrument, by item and person."""
    values: dict[tuple[str, str], list[float]] = {}
    for row in observations:
        base = row.instrument == instrument and _other_levels(row.condition, perturbed=False) == BASE
        if base and row.measure == RATING and row.value is not None:
            values.setdefault((row.item, row.form), []).append(row.value)
    return {key: fmean(those) for key, those in values.items()}


def rating_components(column: Ratings) -> Components | NotEstimable:
    """Split the variance of ratings over circumstance, wording and changes without meaning.

    Sampled repeats of a cell are averaged first.

    Args:
        column: Ratings of one instrument about one person, with the perturbed cells.
    """
    cells: dict[tuple[str, str, str], list[float]] = {}
    for value, *cell in zip(column.values, column.clusters, column.wordings, column.perturbations, strict=True):
        cells.setdefault((cell[0], cell[1], cell[2]), []).append(value)
    values = balanced_array(
        name="share_circumstance",
        values=[fmean(those) for those in cells.values()],
        clusters=[cell[0] for cell in cells],
        wordings=[cell[1] for cell in cells],
        replicates=[cell[2] for cell in cells],
    )
    if isinstance(values, NotEstimable):
        return values
    _, wordings, perturbations = values.shape
    return estimate_components_crossed(
        about=(("form", "self"),),
        values=values,
        level=LEVEL,
        unit="points",
        design_wordings=wordings,
        design_replicates=perturbations,
    )
