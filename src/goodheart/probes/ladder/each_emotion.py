"""Which emotions can be read: each one's direction against the stories of all others, on held-out topics."""

from typing import Final

from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.ladder.held_out import within_topics
from goodheart.probes.rung import EMOTION, Rung, not_run, share_interval, tried
from goodheart.stats.proportions import FEWEST_CLUSTERS
from goodheart.thresholds import PROBE_AUC

NAME: Final = "each_emotion"
CLAIM: Final = "each emotion's direction puts its own story above others on the same, held-out topic"


def each_emotion(attempt: Attempt) -> Rung:
    """Try each direction alone; those that do not pass are withheld alone.

    Estimand: the share of pairs (own story, another emotion's story on the same topic) in the right order, by emotion.
    """
    names, n_topics = attempt.fitted.names, len(attempt.fitted.topics)
    if n_topics < FEWEST_CLUSTERS:
        every = tuple(EMOTION + name for name in names)
        return not_run(NAME, CLAIM, f"{n_topics} topics; an interval needs {FEWEST_CLUSTERS}", withholds=every)
    shares = within_topics(attempt.standing)
    found = {name: share_interval(shares[:, e], n_pairs=n_topics * (len(names) - 1)) for e, name in enumerate(names)}
    weak = tuple(name for name in names if found[name].low <= PROBE_AUC)
    lowest = min(names, key=lambda name: found[name].low)
    return tried(
        NAME,
        CLAIM,
        found[lowest],
        passed=not weak,
        unit="AUC of the weakest emotion",
        line=PROBE_AUC,
        n=shares.size,
        n_clusters=n_topics,
        detail=(
            f"weakest: {lowest}; mean over emotions {shares.mean():.3f}"
            + (f"; not shown for {', '.join(weak)}" if weak else "")
        ),
        withholds=tuple(EMOTION + name for name in weak),
        parts=tuple((name, found[name].value) for name in names),
    )
