"""One rung of the ladder: what was tried, how it went, and what may not be read if it went badly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from goodheart.probes.direction import FloatArray
from goodheart.records import Finding, NotEstimable
from goodheart.stats.proportions import effective_trials, wilson_bounds
from goodheart.thresholds import LEVEL

Outcome = Literal["passed", "failed", "not_run"]

ALL: Final = "all"
"""Every reading of an emotion."""
SIZE: Final = "size"
"""How high a reading is; which of two texts of one kind reads higher may still be said."""
NEGATED: Final = "negated"
"""Readings of texts with a negation in them."""
VALENCE: Final = "valence"
AROUSAL: Final = "arousal"
MASKING: Final = "masking"
EVALUATION: Final = "evaluation"
EMOTION: Final = "emotion:"
"""Before the name of one emotion."""
SPEAKER: Final = "speaker:"
"""Before the one to whom a feeling is ascribed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What one test of directions found."""

    name: str
    claim: str
    """What passing says."""
    outcome: Outcome
    statistic: float | None = None
    low: float | None = None
    """Of the interval at `LEVEL`."""
    high: float | None = None
    unit: str = ""
    line: float | None = None
    """What the whole interval has to exceed, or, for ranks, what the statistic may not exceed."""
    null_low: float | None = None
    """Of the band in which the statistic lies for directions that say nothing, where one was drawn."""
    null_high: float | None = None
    n: int = 0
    n_clusters: int = 0
    detail: str
    """What was found in words, or why it was not run."""
    withholds: tuple[str, ...] = ()
    """What may not be read because of this rung; empty where it passed."""
    parts: tuple[tuple[str, float], ...] = ()
    """Further numbers by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A statistic with its interval."""

    value: float
    low: float
    high: float


def not_run(name: str, claim: str, detail: str, *, withholds: Sequence[str]) -> Rung:
    """Say that a rung could not be tried; what depends on it is withheld as if it had failed."""
    return Rung(name=name, claim=claim, outcome="not_run", detail=detail, withholds=tuple(withholds))


def tried(
    name: str,
    claim: str,
    found: Interval,
    *,
    passed: bool,
    withholds: Sequence[str],
    unit: str,
    line: float,
    n: int,
    n_clusters: int,
    detail: str,
    null: tuple[float, float] | None = None,
    parts: Sequence[tuple[str, float]] = (),
) -> Rung:
    """Say how a rung went that was tried: what it withholds counts only where it failed.

    Args:
        name: Of the rung.
        claim: What passing says.
        found: The statistic that decides.
        passed: Whether it went well.
        withholds: What may not be read if it did not.
        unit: Of the statistic.
        line: What the whole interval has to exceed, or, for ranks, what the statistic may not exceed.
        n: What was tried, such as pairs of texts.
        n_clusters: What the interval takes as independent.
        detail: What was found, in words.
        null: The band in which the statistic lies for directions that say nothing, where one was drawn.
        parts: Further numbers by name.
    """
    return Rung(
        name=name,
        claim=claim,
        outcome="passed" if passed else "failed",
        statistic=found.value,
        low=found.low,
        high=found.high,
        unit=unit,
        line=line,
        null_low=null[0] if null else None,
        null_high=null[1] if null else None,
        n=n,
        n_clusters=n_clusters,
        detail=detail,
        withholds=() if passed else tuple(withholds),
        parts=tuple(parts),
    )


def interval_of(finding: Finding) -> Interval | None:
    """Return the interval of an estimate; of one without variation its point alone; None where there is none."""
    if not isinstance(finding, NotEstimable):
        return Interval(value=finding.value, low=finding.low, high=finding.high)
    if finding.reason == "no_variation" and finding.point is not None:
        return Interval(value=finding.point, low=finding.point, high=finding.point)
    return None


def share_interval(clusters: FloatArray, *, n_pairs: int) -> Interval:
    """Estimate a share of pairs whose clusters differ, by Wilson's interval at the effective number of pairs.

    Args:
        clusters: (n_clusters,) each cluster's own share, at least two of them.
        n_pairs: Pairs in all clusters together.

    Source:
        Wilson (1927) on the effective sample size of Korn and Graubard (1998), Survey Methodology 24:193-201.
    """
    value = clusters.mean()
    n = effective_trials(cluster_shares=clusters, n_trials=n_pairs, level=LEVEL)
    low, high = wilson_bounds(share=np.asarray(value), n=n, level=LEVEL)
    return Interval(value=float(value), low=float(low), high=float(high))


def in_order(own: FloatArray, others: FloatArray) -> FloatArray:
    """Return, for each own value, the share of the others that lie below it, equal ones counting half."""
    signs = np.sign(own[:, None] - others[None, :])
    share: FloatArray = (signs.mean(1) + 1) / 2
    return share
