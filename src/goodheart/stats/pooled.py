"""Means of single clusters, their uncertainty pooled over clusters.

One cluster has too few wordings for an interval of its own. With w wordings each in k clusters and wording means m_cw:

    s2 = sum_c sum_w (m_cw - m_c)^2 / (k (w - 1))          se = sqrt(s2 / w)          df = k (w - 1)

Assumes that wordings spread alike in every cluster. The interval is about which wordings were drawn; it says nothing of
other ways to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from scipy import special

from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.clusters import cluster_means
from goodheart.stats.effect import Effect
from goodheart.stats.pivots import Student

METHOD: Final = "mean_pooled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What single clusters are held against: a mean of other clusters, independent of them, or a fixed number."""

    value: float
    stderr: float = 0.0
    df: float = float("inf")
    n_clusters: int = 0


def reference_of(*, values: Sequence[float], clusters: Sequence[str]) -> Reference | None:
    """Return the mean over clusters with its standard error; None under two clusters."""
    means = cluster_means(values=values, clusters=clusters)
    n = len(means.names)
    if n < 2:
        return None
    stderr = float(means.means.std(ddof=1)) / n**0.5
    return Reference(value=float(means.means.mean()), stderr=stderr, df=n - 1.0, n_clusters=n)


def effects_against(
    *,
    name: str,
    about: Condition = (),
    values: Sequence[float],
    clusters: Sequence[str],
    wordings: Sequence[str],
    reference: Reference,
    unit: str,
    evidence: Sequence[Evidence] = (),
) -> dict[str, Effect | NotEstimable]:
    """Compare the mean of each cluster with one reference, with an error from the spread of wordings in all clusters.

    Estimand: per cluster its mean over wordings like those drawn, minus the reference. The effects share the error of
    the reference and of the pooled spread, so that they depend on each other, positively.

    Args:
        name: Of every effect.
        about: Of every effect; the cluster is added to it.
        values: One per asking.
        clusters: Of each value.
        wordings: Of each value; repeats of a wording are averaged first.
        reference: From `reference_of`, or a fixed number.
        unit: Of the values.
        evidence: Of each value, or nothing.

    Returns:
        By cluster, in the order of appearance; `NotEstimable` (`too_few`) where no cluster has two wordings, or where
        all wordings agree exactly.

    Source:
        Pooled error as `estimate_mean_pooled`; Welch (1947), Biometrika 34:28-35, for the two errors together.
    """
    cells = _cells(values, clusters, wordings)
    df, squares = _within(cells)
    found: dict[str, Effect | NotEstimable] = {}
    for cluster, means in cells.items():
        label = tuple(sorted((*about, ("cluster", cluster))))
        gap = fmean(means.values()) - reference.value
        if df == 0 or squares == 0:
            why = f"{gap:.2f} {unit}, without interval: there is no second wording to compare it with."
            found[cluster] = NotEstimable(name=name, about=label, reason="too_few", detail=why, point=gap, unit=unit)
            continue
        own, other = squares / df / len(means), reference.stderr**2
        both = (own + other) ** 2 / (own**2 / df + other**2 / reference.df)
        places = [place for place, one in enumerate(clusters) if one == cluster]
        found[cluster] = Effect(
            name=name,
            about=label,
            pivot=Student(value=gap, stderr=(own + other) ** 0.5, df=both, transform="identity"),
            unit=unit,
            n=len(places),
            n_clusters=len(means) + reference.n_clusters,
            method="mean_pooled_welch",
            evidence=tuple(evidence[place] for place in places if evidence),
        )
    return found


def estimate_mean_pooled(
    *,
    name: str,
    about: Condition = (),
    values: Sequence[float],
    clusters: Sequence[str],
    wordings: Sequence[str],
    level: float,
    unit: str,
    evidence: Sequence[Evidence] = (),
) -> tuple[Finding, ...]:
    """Estimate the mean of each cluster, with an interval from the spread of wordings within all clusters together.

    Estimand: the mean rating of the cluster over wordings like those drawn.

    Args:
        name: Of every estimate.
        about: Of every estimate; the cluster is added to it.
        values: One per asking.
        clusters: Of each value.
        wordings: Of each value; repeats of a wording are averaged first.
        level: Two-sided confidence, in (0, 1).
        unit: Of the values.
        evidence: Of each value, or nothing.

    Returns:
        One finding per cluster in the order of appearance; `NotEstimable` with the point in its detail where no cluster
        has two wordings, or where all wordings agree exactly.
    """
    cells = _cells(values, clusters, wordings)
    df, squares = _within(cells)
    findings: list[Finding] = []
    for cluster, means in cells.items():
        label = tuple(sorted((*about, ("cluster", cluster))))
        point = fmean(means.values())
        if df == 0 or squares == 0:
            why = f"{point:.2f} {unit}, without interval: there is no second wording to compare it with."
            refusal = NotEstimable(name=name, about=label, reason="too_few", detail=why, point=point, unit=unit)
            findings.append(refusal)
            continue
        half = float(special.stdtrit(df, (1 + level) / 2)) * (squares / df / len(means)) ** 0.5
        own = [place for place, other in enumerate(clusters) if other == cluster]
        findings.append(
            Estimate(
                name=name,
                about=label,
                value=point,
                low=point - half,
                high=point + half,
                level=level,
                unit=unit,
                n=len(own),
                n_clusters=len(means),
                method=METHOD,
                evidence=tuple(evidence[place] for place in own if evidence),
            )
        )
    return tuple(findings)


def _within(cells: dict[str, dict[str, float]]) -> tuple[int, float]:
    """Return degrees of freedom and sum of squares of wordings within clusters."""
    df = sum(len(means) - 1 for means in cells.values())
    squares = sum((value - fmean(means.values())) ** 2 for means in cells.values() for value in means.values())
    return df, squares


def _cells(values: Sequence[float], clusters: Sequence[str], wordings: Sequence[str]) -> dict[str, dict[str, float]]:
    grouped: dict[str, dict[str, list[float]]] = {}
    for value, cluster, wording in zip(values, clusters, wordings, strict=True):
        grouped.setdefault(cluster, {}).setdefault(wording, []).append(value)
    return {cluster: {name: fmean(those) for name, those in by.items()} for cluster, by in grouped.items()}
