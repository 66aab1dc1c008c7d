"""Means of single clusters, their uncertainty pooled over clusters.

One cluster has too few wordings for an interval of its own. With w wordings each in k clusters and wording means m_cw:

    s2 = sum_c sum_w (m_cw - m_c)^2 / (k (w - 1))          se = sqrt(s2 / w)          df = k (w - 1)

Assumes that wordings spread alike in every cluster. The interval is about which wordings were drawn; it says nothing of
other ways to ask.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from scipy import special

from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable

METHOD: Final = "mean_pooled"


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
    df = sum(len(means) - 1 for means in cells.values())
    squares = sum((value - fmean(means.values())) ** 2 for means in cells.values() for value in means.values())
    findings: list[Finding] = []
    for cluster, means in cells.items():
        label = tuple(sorted((*about, ("cluster", cluster))))
        point = fmean(means.values())
        if df == 0 or squares == 0:
            why = f"{point:.2f} {unit}, without interval: there is no second wording to compare it with."
            findings.append(NotEstimable(name=name, about=label, reason="too_few", detail=why))
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


def _cells(values: Sequence[float], clusters: Sequence[str], wordings: Sequence[str]) -> dict[str, dict[str, float]]:
    grouped: dict[str, dict[str, list[float]]] = {}
    for value, cluster, wording in zip(values, clusters, wordings, strict=True):
        grouped.setdefault(cluster, {}).setdefault(wording, []).append(value)
    return {cluster: {name: fmean(those) for name, those in by.items()} for cluster, by in grouped.items()}
