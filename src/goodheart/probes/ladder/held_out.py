"""Do directions tell emotions apart on topics that they were not fitted on, better than words and embeddings?"""

from typing import Final

import numpy as np

from goodheart.probes.direction import FloatArray
from goodheart.probes.ladder.bench import Attempt, Hits
from goodheart.probes.rung import ALL, Interval, Rung, interval_of, not_run
from goodheart.stats.contrasts import estimate_contrast_paired
from goodheart.stats.effect import Sample
from goodheart.stats.proportions import estimate_proportion_clustered
from goodheart.thresholds import LEVEL, PROBE_SKILL

NAME: Final = "held_out_topics"
CLAIM: Final = (
    "on topics that were not fitted on, the right emotion stands highest more often than by words or embeddings"
)


def held_out_topics(attempt: Attempt) -> Rung:
    """Try the folds' directions on their held-out topics.

    Estimand: the chance-corrected share of stories on new topics whose own emotion stands highest among all.
    """
    hits, topics = attempt.hits, attempt.fitted.topics
    clusters = [topic for topic in topics for _ in attempt.fitted.names]
    finding = interval_of(
        estimate_proportion_clustered(
            name=NAME, hits=[bool(hit) for hit in hits.ravel()], clusters=clusters, level=LEVEL
        )
    )
    gaps = [_gap(hits, other, topics) for other in (attempt.bench.word_hits, attempt.bench.embedding_hits)]
    if finding is None or gaps[0] is None or gaps[1] is None:
        return not_run(NAME, CLAIM, f"{len(topics)} topics; an interval needs at least 8", withholds=(ALL,))
    words, embeddings = gaps[0], gaps[1]
    chance = 1 / len(attempt.fitted.names)
    skill, low, high = ((value - chance) / (1 - chance) for value in (finding.value, finding.low, finding.high))
    passed = low > PROBE_SKILL and words.low > 0 and embeddings.low > 0
    return Rung(
        name=NAME,
        claim=CLAIM,
        outcome="passed" if passed else "failed",
        statistic=skill,
        low=low,
        high=high,
        unit="chance-corrected accuracy",
        line=PROBE_SKILL,
        n=hits.size,
        n_clusters=len(topics),
        detail=(
            f"accuracy {finding.value:.3f} ({finding.low:.3f} to {finding.high:.3f}), chance {chance:.3f}; word counts "
            f"{attempt.bench.word_hits.mean():.3f} (difference {_said(words)}), embeddings "
            f"{attempt.bench.embedding_hits.mean():.3f} (difference {_said(embeddings)})"
        ),
        withholds=() if passed else (ALL,),
        parts=(
            ("accuracy", finding.value),
            ("word_counts", float(attempt.bench.word_hits.mean())),
            ("over_word_counts_low", words.low),
            ("embeddings", float(attempt.bench.embedding_hits.mean())),
            ("over_embeddings_low", embeddings.low),
        ),
    )


def _gap(ours: Hits, other: Hits, topics: tuple[str, ...]) -> Interval | None:
    a, b = (Sample(values=hits.mean(1).tolist(), clusters=topics) for hits in (ours, other))
    return interval_of(estimate_contrast_paired(name=NAME, a=a, b=b, level=LEVEL, unit="share"))


def _said(gap: Interval) -> str:
    return f"{gap.value:+.3f}, {gap.low:+.3f} to {gap.high:+.3f}"


def within_topics(standing: FloatArray) -> FloatArray:
    """Say for each story which share of the others on its topic it stands above: (n_topics, n_emotions)."""
    n = standing.shape[1]
    own = standing[:, np.arange(n), np.arange(n)]
    signs = np.sign(own[:, None, :] - standing)  # (topic, story, direction): direction's own story against each story
    return np.asarray((signs.sum(1) + (n - 1)) / (2 * (n - 1)))
