"""What is asked of the variance components, as combinations of mean squares: variances, shares, G and Phi.

With design sizes W' wordings and P' replicates and v the components,

    nested     relative error = absolute error = v_wording / W' + v_residual / (W' P')
    crossed    relative error = v_wording / W' + v_circumstance_perturbation / P' + v_residual / (W' P')
               absolute error = relative error + v_perturbation / P'

    G = v_circumstance / (v_circumstance + relative error)      Phi = v_circumstance / (v_circumstance + absolute error)

In the nested design wordings and replicates differ between circumstances, so that whatever they add changes the order
of circumstances as well as their level: G and Phi are one number. In the crossed design a perturbation's main effect
moves all circumstances alike: it leaves their order alone (G) and not their level (Phi). The `single` coefficients have
W' = P' = 1, one asking with one wording. Source: Brennan (2001), Generalizability Theory, ch. 2-4; Cronbach et al.
(1972).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from goodheart.stats.anova import MeanSquareTable
from goodheart.stats.arguments import FloatArray
from goodheart.stats.mean_squares import combination_bound, one_sided, ratio_bound


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """One quantity as a combination, a root of one, or a ratio of two, in terms of components."""

    name: str
    kind: Literal["variance", "sd", "ratio"]
    numerator: FloatArray
    """Multipliers of the components, shape (n_components,)."""
    denominator: FloatArray
    """The same for a ratio; 0 otherwise."""


def variance_targets(*, components: tuple[str, ...]) -> tuple[Target, ...]:
    """Return one variance per component, then one SD per component."""
    units = np.eye(len(components))
    variances = [_plain(f"variance_{name}", "variance", units[k]) for k, name in enumerate(components)]
    sds = [_plain(f"sd_{name}", "sd", units[k]) for k, name in enumerate(components)]
    return (*variances, *sds)


def share_targets(*, components: tuple[str, ...]) -> tuple[Target, ...]:
    """Return the share of each component in the sum of all."""
    units, total = np.eye(len(components)), np.ones(len(components))
    return tuple(
        Target(name=f"share_{name}", kind="ratio", numerator=units[k], denominator=total)
        for k, name in enumerate(components)
    )


def coefficient_targets(
    *, components: tuple[str, ...], design_wordings: int, design_replicates: int
) -> tuple[Target, ...]:
    """Return G and Phi for one asking and for the design; empty where wordings cannot be told from circumstances.

    Where the residual cannot be told from the wording (one replicate), more replicates are not credited with less
    error.
    """
    if "circumstance" not in components:
        return ()
    targets = []
    for label, wordings, replicates in (("single", 1, 1), ("design", design_wordings, design_replicates)):
        divisors = {
            "circumstance": 1,
            "wording": wordings,
            "wording_and_residual": wordings,
            "perturbation": replicates,
            "circumstance_perturbation": replicates,
            "residual": wordings * replicates,
        }
        absolute = np.array([1 / divisors[name] for name in components])
        relative = np.where(np.array(components) == "perturbation", 0.0, absolute)
        object_of_measurement = np.eye(len(components))[components.index("circumstance")]
        for name, denominator in (("g", relative), ("phi", absolute)):
            targets.append(
                Target(name=f"{name}_{label}", kind="ratio", numerator=object_of_measurement, denominator=denominator)
            )
    return tuple(targets)


def target_points(*, targets: tuple[Target, ...], table: MeanSquareTable) -> FloatArray:
    """Return the estimates with components truncated at 0, shape (n_targets, n_runs); NaN for 0 / 0."""
    components = np.maximum(table.points, 0.0)
    rows = []
    for target in targets:
        value = target.numerator @ components
        if target.kind == "ratio":
            with np.errstate(invalid="ignore", divide="ignore"):
                value = value / (target.denominator @ components)
        rows.append(np.sqrt(value) if target.kind == "sd" else value)
    return np.array(rows, dtype=np.float64).reshape(len(targets), table.mean_squares.shape[1])


def _plain(name: str, kind: Literal["variance", "sd"], numerator: FloatArray) -> Target:
    return Target(name=name, kind=kind, numerator=numerator, denominator=np.zeros_like(numerator))


def target_intervals(
    *, targets: tuple[Target, ...], table: MeanSquareTable, points: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return two-sided intervals that contain the points, each of shape (n_targets, n_runs).

    NaN where leaving one circumstance out leaves a mean square that the target rests on without variation.
    """
    alpha = (1 - level) / 2
    ends = []
    for side in (-1, 1):
        bounds = np.empty_like(points)
        for kind in ("variance", "sd", "ratio"):
            chosen = [k for k, target in enumerate(targets) if target.kind == kind]
            if chosen:
                picked = tuple(targets[k] for k in chosen)
                bounds[chosen] = _bounds(picked, table, alpha=alpha, side=-1 if side == -1 else 1)
        ends.append(np.minimum(bounds, points) if side == -1 else np.maximum(bounds, points))
    return ends[0], ends[1]


def _bounds(targets: tuple[Target, ...], table: MeanSquareTable, *, alpha: float, side: Literal[-1, 1]) -> FloatArray:
    numerators = np.array([target.numerator for target in targets]) @ table.coefficients
    denominators = np.array([target.denominator for target in targets]) @ table.coefficients
    if targets[0].kind == "ratio":
        return ratio_bound(
            mean_squares=table.mean_squares,
            df=table.df,
            numerators=numerators,
            denominators=denominators,
            alpha=alpha,
            side=side,
        )
    gaps = one_sided(mean_squares=table.mean_squares, df=table.df, alpha=alpha)
    bounds = combination_bound(
        mean_squares=table.mean_squares, gaps=gaps, coefficients=numerators[:, :, None], side=side
    )
    bounds = np.maximum(bounds, 0.0)
    return np.sqrt(bounds) if targets[0].kind == "sd" else bounds
