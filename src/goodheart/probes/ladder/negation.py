"""Is a feeling that is denied read lower than the same feeling affirmed?"""

from typing import Final

from goodheart.probes.axes import read_axes
from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.rung import NEGATED, Rung, interval_of, not_run, tried
from goodheart.stats.proportions import estimate_proportion_clustered
from goodheart.thresholds import LEVEL, PROBE_SHARE

NAME: Final = "negation"
CLAIM: Final = "a named feeling that is affirmed reads higher than the same one denied"


def negation(attempt: Attempt) -> Rung:
    """Try the directions on minimal pairs.

    Estimand: over emotions, the mean share of pairs in which the affirmed sentence reads higher.
    """
    pairs, names = attempt.material.ladder.negation, attempt.fitted.names
    read = read_axes(attempt.axes, attempt.material.at("negation", attempt.fitted.layer)).reshape(-1, 2, len(names))
    gaps = [
        (pair.emotion, float(read[i, 0, names.index(pair.emotion)] - read[i, 1, names.index(pair.emotion)]))
        for i, pair in enumerate(pairs)
        if pair.emotion in names
    ]
    found = interval_of(
        estimate_proportion_clustered(
            name=NAME, hits=[gap > 0 for _, gap in gaps], clusters=[emotion for emotion, _ in gaps], level=LEVEL
        )
    )
    if found is None:
        return not_run(NAME, CLAIM, "pairs of fewer than 8 of the emotions", withholds=(NEGATED,))
    passed = found.low > PROBE_SHARE
    return tried(
        NAME,
        CLAIM,
        found,
        passed=passed,
        unit="share of pairs",
        line=PROBE_SHARE,
        n=len(gaps),
        n_clusters=len({emotion for emotion, _ in gaps}),
        detail=f"mean gap {sum(gap for _, gap in gaps) / len(gaps):+.3f} of the distance between stories",
        withholds=(NEGATED,),
    )
