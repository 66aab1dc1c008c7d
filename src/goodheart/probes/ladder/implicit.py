"""Do the directions read the situation of somebody who writes, where they were fitted on stories about others?"""

from typing import Final

import numpy as np

from goodheart.probes.axes import stand_on
from goodheart.probes.ladder.bench import Attempt, by_emotion
from goodheart.probes.rung import ALL, Interval, Rung, interval_of, not_run, share_interval, tried
from goodheart.stats.contrasts import estimate_contrast_paired
from goodheart.stats.effect import Sample
from goodheart.thresholds import LEVEL, PROBE_AUC

NAME: Final = "implicit_prompts"
CLAIM: Final = (
    "in a user's own words, emotion unnamed, its direction reads higher than on other prompts, and better than words"
)


def implicit_prompts(attempt: Attempt) -> Rung:
    """Try the directions on prompts in the first person.

    Estimand: over emotions, the mean share of pairs (own prompt, another emotion's prompt) in the right order.
    """
    prompts, material = attempt.material.ladder.implicit, attempt.material
    if not prompts:
        return not_run(NAME, CLAIM, "no implicit prompts", withholds=(ALL,))
    scores = stand_on(attempt.axes, material.at("implicit", attempt.fitted.layer))
    shares = by_emotion(scores, [prompt.emotion for prompt in prompts], attempt.fitted.names)
    if not shares:
        return not_run(NAME, CLAIM, "prompts of fewer than 8 of the emotions", withholds=(ALL,))
    n_pairs = len(prompts) * (len(shares) - 1)
    found = share_interval(np.array(list(shares.values())), n_pairs=n_pairs)
    words = _gap(shares, attempt.bench.word_implicit)
    passed = found.low > PROBE_AUC and words is not None and words.low > 0
    base = np.mean(list(attempt.bench.word_implicit.values()))
    embedded = np.mean(list(attempt.bench.embedding_implicit.values()))
    return tried(
        NAME,
        CLAIM,
        found,
        passed=passed,
        unit="mean AUC",
        line=PROBE_AUC,
        n=len(prompts),
        n_clusters=len(shares),
        detail=(
            f"word counts {base:.3f}"
            + (f" (difference {words.value:+.3f}, {words.low:+.3f} to {words.high:+.3f})" if words else "")
            + f", embeddings {embedded:.3f}"
        ),
        withholds=(ALL,),
        parts=(("word_counts", float(base)), ("embeddings", float(embedded)), *shares.items()),
    )


def _gap(ours: dict[str, float], other: dict[str, float]) -> Interval | None:
    names = sorted(ours)
    a, b = (Sample(values=[side[name] for name in names], clusters=names) for side in (ours, other))
    return interval_of(estimate_contrast_paired(name=NAME, a=a, b=b, level=LEVEL, unit="AUC"))
