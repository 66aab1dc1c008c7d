"""A share whose trials come in clusters, as an effect that can be held against a region."""

from collections.abc import Sequence

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.arguments import Values
from goodheart.stats.clusters import cluster_means
from goodheart.stats.effect import Effect
from goodheart.stats.proportions import effective_trials
from goodheart.stats.share_pivot import Share
from goodheart.thresholds import LEVEL


def effect_share_clustered(
    *,
    name: str,
    about: Condition = (),
    shares: Values,
    clusters: Sequence[str],
    evidence: tuple[Evidence, ...] = (),
) -> Effect | NotEstimable:
    """Estimate a share from trials, or from probabilities of single trials, that come in clusters.

    Estimand: the mean over the population of clusters of each cluster's own share; every cluster weighs the same.

    Args:
        name: What is estimated.
        about: Of what.
        shares: Whether each trial succeeded (0 or 1), or its probability; in [0, 1].
        clusters: The cluster of each trial.
        evidence: Where the replies stand.

    Returns:
        The effect, `NotEstimable` (`too_few`) under two clusters. The effective number of trials is taken at the level
        of the intervals that are printed.

    Source:
        Wilson (1927), JASA 22:209-212, on the effective sample size of Korn and Graubard (1998), Survey Methodology
        24:193-201.
    """
    means = cluster_means(values=shares, clusters=clusters)
    if len(means.names) < 2:
        return NotEstimable(
            name=name, about=about, reason="too_few", detail=f"{len(means.names)} clusters; it takes at least two"
        )
    n = float(effective_trials(cluster_shares=means.means, n_trials=means.total, level=LEVEL))
    return Effect(
        name=name,
        about=about,
        pivot=Share(value=float(np.clip(means.means.mean(), 0.0, 1.0)), n=n),
        unit="share",
        n=means.total,
        n_clusters=len(means.names),
        method="wilson_clustered",
        evidence=evidence,
    )
