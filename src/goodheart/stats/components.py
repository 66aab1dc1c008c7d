"""Variance components of ratings: how much is the circumstance, its wording, perturbations without meaning, and chance.

Two balanced designs (`anova`): replicates nested in wordings, or the same perturbations everywhere. Intervals are
those of `mean_squares`. Rules for giving none, each from something that the reader sees:

    fewer than 12 circumstances     no shares and no coefficients, points included (`too_few`)
    fewer than 8 circumstances      no intervals at all (`not_covered`: the coverage table starts at 8)
    one circumstance carries all of the variation of a mean square      no interval for what rests on it (`not_covered`)
    one wording                     no coefficients: wording cannot be told from circumstance (`not_asked`)
    a component without any variation in the data                       no interval (`no_variation`)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.errors import InternalError
from goodheart.records import Condition, Evidence, Finding, NotEstimable
from goodheart.stats.anova import table_crossed, table_nested
from goodheart.stats.arguments import FloatArray, Values, finite_array, positive_count, probability, same_length
from goodheart.stats.component_findings import Design, Frame, group_of, undefined_coefficients
from goodheart.stats.effect import Effect
from goodheart.stats.targets import (
    coefficient_targets,
    share_targets,
    variance_targets,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Everything that one balanced design says about where the variation comes from."""

    design: Design
    n_circumstances: int
    n_wordings: int
    n_replicates: int
    variances: tuple[Finding, ...]
    """`variance_<component>`, in the unit's square."""
    sds: tuple[Finding, ...]
    """`sd_<component>`, in the unit."""
    shares: tuple[Finding, ...]
    """`share_<component>` of the sum; the points add up to 1."""
    coefficients: tuple[Finding, ...]
    """`g_single`, `phi_single`, `g_design`, `phi_design`."""
    effects: tuple[Effect | NotEstimable, ...]
    """All of the above, for `part_of_region`."""
    points: tuple[tuple[str, float], ...]
    """Name and point of everything that has one, also where it has no interval."""


def finding_named(*, components: Components, name: str) -> Finding:
    """Return the finding of that name.

    Raises:
        InternalError: there is none.
    """
    findings = (*components.variances, *components.sds, *components.shares, *components.coefficients)
    return findings[_place(name, [finding.name for finding in findings])]


def effect_named(*, components: Components, name: str) -> Effect | NotEstimable:
    """Return the effect of that name.

    Raises:
        InternalError: there is none.
    """
    return components.effects[_place(name, [effect.name for effect in components.effects])]


def balanced_array(
    *,
    name: str,
    values: Values,
    clusters: Sequence[str],
    wordings: Sequence[str],
    replicates: Sequence[str],
) -> FloatArray | NotEstimable:
    """Arrange observations as circumstance x wording x replicate.

    Args:
        name: For a `NotEstimable`.
        values: One per observation.
        clusters: The circumstance of each.
        wordings: The wording of each; names are read within their circumstance and may differ between them.
        replicates: The replicate (perturbation) of each; the same names everywhere.

    Returns:
        Shape (n_circumstances, n_wordings, n_replicates), every axis in sorted order of its names, or `NotEstimable`:
        `too_few` without values, `unbalanced` unless every cell has exactly one value.

    Raises:
        InternalError: lengths differ or a value is not finite.
    """
    for what, labels in (("clusters", clusters), ("wordings", wordings), ("replicates", replicates)):
        same_length(values, labels, what=f"`values` and `{what}`")
    array = finite_array(values, what="values")
    cells = {(c, w, r): v for c, w, r, v in zip(clusters, wordings, replicates, array, strict=True)}
    if not cells:
        return NotEstimable(name=name, reason="too_few", detail="no values")
    inner = {c: sorted({w for other, w, _ in cells if other == c}) for c in sorted(set(clusters))}
    names = sorted(set(replicates))
    n_wordings = max(map(len, inner.values()))
    expected = len(inner) * n_wordings * len(names)
    if len(cells) != array.size or len(cells) != expected:
        detail = (
            f"{array.size} values in {len(cells)} cells; {len(inner)} circumstances x {n_wordings} wordings x "
            f"{len(names)} replicates with one value each would be {expected}"
        )
        return NotEstimable(name=name, reason="unbalanced", detail=detail)
    return np.array([[[cells[c, w, r] for r in names] for w in inner[c]] for c in inner])


def estimate_components_nested(
    *,
    about: Condition = (),
    values: FloatArray,
    level: float,
    unit: str,
    design_wordings: int,
    design_replicates: int,
    evidence: tuple[Evidence, ...] = (),
) -> Components:
    """Estimate variance components where replicates are nested in wordings and wordings in circumstances.

    Estimand: the variances of a rating over circumstances, over wordings within a circumstance and over replicates of a
    wording, all three taken as random samples; their shares of the sum; and G = Phi (see `targets`).

    Args:
        about: Of what, as sorted (factor, level) pairs.
        values: Shape (n_circumstances, n_wordings, n_replicates), balanced.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        design_wordings: Wordings that the design's coefficients are for.
        design_replicates: Replicates of each that they are for.
        evidence: Where the replies stand.

    Returns:
        The components; the module's head lists where intervals, shares and coefficients are withheld.

    Raises:
        InternalError: the array is not three-dimensional, a value is not finite, or `level` is not in (0, 1).

    Source:
        ANOVA estimators: Searle, Casella and McCulloch (1992), ch. 4. Intervals: modified large sample, Burdick and
        Graybill (1992), with the jackknife's degrees of freedom (ours; `mean_squares`).
    """
    frame = _frame("nested", values, about=about, unit=unit, level=level, evidence=evidence)
    return _components(frame, values, design_wordings=design_wordings, design_replicates=design_replicates)


def estimate_components_crossed(
    *,
    about: Condition = (),
    values: FloatArray,
    level: float,
    unit: str,
    design_wordings: int,
    design_replicates: int,
    evidence: tuple[Evidence, ...] = (),
) -> Components:
    """Estimate variance components where the same perturbations are crossed with all wordings of all circumstances.

    Estimand: as `estimate_components_nested`, with the replicate's variance split into what a perturbation does to all
    circumstances alike, to each circumstance, and the rest. Perturbations are taken as a random sample; with few of
    them their main effect is known badly, which the interval of Phi shows.

    Args:
        about: Of what, as sorted (factor, level) pairs.
        values: Shape (n_circumstances, n_wordings, n_perturbations), the last axis the same perturbations everywhere.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        design_wordings: Wordings that the design's coefficients are for.
        design_replicates: Perturbations that they are for.
        evidence: Where the replies stand.

    Returns:
        The components; with one perturbation the design is the nested one.

    Raises:
        InternalError: the array is not three-dimensional, a value is not finite, or `level` is not in (0, 1).

    Source:
        As `estimate_components_nested`; Brennan (2001), Generalizability Theory, ch. 3 for the design.
    """
    frame = _frame("crossed", values, about=about, unit=unit, level=level, evidence=evidence)
    return _components(frame, values, design_wordings=design_wordings, design_replicates=design_replicates)


def estimate_components(
    *, about: Condition = (), values: FloatArray, level: float, unit: str, evidence: tuple[Evidence, ...] = ()
) -> Components:
    """Estimate the components of named perturbations, with the coefficients of the design that was run.

    The crossed design, `design_wordings` and `design_replicates` being those of `values`; see
    `estimate_components_crossed`.
    """
    frame = _frame("crossed", values, about=about, unit=unit, level=level, evidence=evidence)
    return _components(frame, values, design_wordings=frame.shape[1], design_replicates=frame.shape[2])


def _frame(
    design: Design,
    values: FloatArray,
    *,
    about: Condition,
    unit: str,
    level: float,
    evidence: tuple[Evidence, ...],
) -> Frame:
    probability(level, what="level")
    array = finite_array(values, what="values")
    if array.ndim != 3:
        raise InternalError(
            "variance components need an array of circumstances x wordings x replicates, because the design has to be "
            f"balanced; got {array.ndim} dimensions. Arrange observations with `balanced_array` first."
        )
    c, w, r = array.shape
    return Frame(design=design, shape=(c, w, r), about=about, unit=unit, level=level, evidence=evidence)


def _components(frame: Frame, values: FloatArray, *, design_wordings: int, design_replicates: int) -> Components:
    positive_count(design_wordings, what="design_wordings")
    positive_count(design_replicates, what="design_replicates")
    c, w, r = frame.shape
    if c < 3 or w * r < 2:
        names, table = _names_of(frame.design), None
    else:
        make = table_crossed if frame.design == "crossed" and r > 1 else table_nested
        table = make(values=np.asarray(values, dtype=np.float64)[None])
        names = table.components
    plain = group_of(frame, variance_targets(components=names), table)
    shares = group_of(frame, share_targets(components=names), table)
    wanted = coefficient_targets(components=names, design_wordings=design_wordings, design_replicates=design_replicates)
    coefficients = group_of(frame, wanted, table) if wanted else undefined_coefficients(frame)
    return Components(
        design=frame.design,
        n_circumstances=c,
        n_wordings=w,
        n_replicates=r,
        variances=plain.findings[: len(names)],
        sds=plain.findings[len(names) :],
        shares=shares.findings,
        coefficients=coefficients.findings,
        effects=(*plain.effects, *shares.effects, *coefficients.effects),
        points=(*plain.points, *shares.points, *coefficients.points),
    )


def _names_of(design: Design) -> tuple[str, ...]:
    if design == "nested":
        return ("circumstance", "wording", "residual")
    return ("circumstance", "wording", "perturbation", "circumstance_perturbation", "residual")


def _place(name: str, names: list[str]) -> int:
    if name not in names:
        raise InternalError(
            f"the components need a finding called `{name}` to return it; this design has {', '.join(names)}. "
            "Ask for one of these: with one wording or one replicate two components are reported together."
        )
    return names.index(name)
