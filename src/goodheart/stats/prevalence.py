"""How often a code really occurs among a run's replies, from all of the coder's labels and people's labels of a sample.

With N replies, the coder's labels c_i, strata h of N_h replies of which n_h were drawn at random and labelled y,

    p = mean_N(c) + sum_h (N_h / N) mean_h(y - c)
    variance = sum_h (N_h / N)^2 (1 - n_h / N_h) s_h^2 / n_h

the difference estimator of survey sampling, which is prediction-powered inference for a mean. s_h^2 has two replies
added, one that the coder missed and one that it took wrongly, over all strata together, so that a sample without a
single error does not claim that there is none. Source: Cochran (1977), Sampling Techniques, ch. 5 and 7; Angelopoulos
et al. (2023), Science 382:669-674.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special

from goodheart.errors import InternalError
from goodheart.records import Condition, Estimate, Finding, NotEstimable
from goodheart.stats.arguments import probability

FEWEST = 100
"""People's labels under which a prevalence is not corrected."""


def estimate_prevalence_corrected(
    *,
    name: str,
    about: Condition = (),
    coded: Mapping[str, Sequence[bool]],
    sampled: Mapping[str, Sequence[tuple[bool, bool]]],
    level: float,
) -> Finding:
    """Estimate the share of a run's replies that people would give a code.

    Estimand: that share among these replies (not among replies to come).

    Args:
        name: What is estimated.
        about: Of what.
        coded: The coder's labels of all replies, by stratum.
        sampled: Of the replies drawn in each stratum, (the coder's label, people's label).
        level: Two-sided confidence, in (0, 1).

    Returns:
        The estimate, or `NotEstimable`: `too_few` under 100 labels in all or under 2 in a stratum not labelled whole.

    Raises:
        InternalError: a stratum has more labels than replies, or `level` is not in (0, 1).

    Source:
        Cochran (1977), ch. 5 and 7; Angelopoulos et al. (2023).
    """
    probability(level, what="level")
    refusal = _refusal(coded, sampled)
    if refusal:
        return NotEstimable(name=name, about=about, reason="too_few", detail=refusal)
    total = sum(len(labels) for labels in coded.values())
    n = sum(len(labels) for labels in sampled.values())
    value = sum(sum(labels) for labels in coded.values()) / total
    # Two errors, one each way, shared out over all labels.
    spread = 2 / max(1, n)
    variance = 0.0
    for stratum, labels in coded.items():
        weight, drawn = len(labels) / total, len(sampled[stratum])
        gaps = np.array([float(people) - float(coder) for coder, people in sampled[stratum]])
        value += weight * float(gaps.mean())
        left = 1 - drawn / len(labels)
        own = float(gaps.var(ddof=1)) if drawn > 1 else 0.0
        variance += weight**2 * left * (own + spread) / drawn
    half = float(special.stdtrit(max(1, n - len(coded)), 0.5 + level / 2)) * float(np.sqrt(variance))
    return Estimate(
        name=name,
        about=about,
        value=min(1.0, max(0.0, value)),
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        level=level,
        unit="share",
        n=n,
        n_clusters=n,
        method="prevalence_difference",
    )


def sensitivity_range(
    *, share: float, recall: tuple[float, float], false_alarm: tuple[float, float]
) -> tuple[float, float]:
    """Return how far a share could be off, were the coder as good or as bad as it may be.

    The true share that makes a coder with this recall and false-alarm rate see `share` is
    (share - false alarm) / (recall - false alarm), kept in [0, 1].

    Args:
        share: As the coder sees it.
        recall: Lower and upper bound.
        false_alarm: Lower and upper bound.

    Returns:
        The smallest and the largest of the four corners; (0, 1) where a corner's coder cannot tell anything.

    Source:
        Rogan and Gladen (1978), American Journal of Epidemiology 107:71-76.
    """
    corners = [(r, f) for r in recall for f in false_alarm]
    if any(r <= f for r, f in corners):
        return (0.0, 1.0)
    true = [min(1.0, max(0.0, (share - f) / (r - f))) for r, f in corners]
    return (min(true), max(true))


def allocate(*, sizes: Mapping[str, int], n: int, fewest: int) -> Mapping[str, int]:
    """Share out a sample over strata: in proportion, with a least number each, never more than there are.

    Args:
        sizes: Replies in each stratum.
        n: Size of the sample.
        fewest: Least number of a stratum, where it has so many.
    """
    total = sum(sizes.values())
    wanted = {name: min(size, max(fewest, round(n * size / total))) for name, size in sizes.items()}
    while sum(wanted.values()) > n:
        largest = max(wanted, key=lambda name: (wanted[name] - min(fewest, sizes[name]), name))
        if wanted[largest] <= min(fewest, sizes[largest]):
            break
        wanted[largest] -= 1
    while sum(wanted.values()) < min(n, total):
        open_ones = [name for name in sizes if wanted[name] < sizes[name]]
        emptiest = max(open_ones, key=lambda name: (sizes[name] / (wanted[name] + 1), name))
        wanted[emptiest] += 1
    return wanted


def _refusal(coded: Mapping[str, Sequence[bool]], sampled: Mapping[str, Sequence[tuple[bool, bool]]]) -> str:
    if any(len(labels) > len(coded.get(stratum, ())) for stratum, labels in sampled.items()):
        raise InternalError(
            "a sample holds some of the replies, because people label what was coded; got more labels than replies "
            "in a stratum. Pass labels of the same replies, each once."
        )
    n = sum(len(labels) for labels in sampled.values())
    if n < min(FEWEST, sum(map(len, coded.values()))):
        return f"{n} labels by people; {FEWEST} are needed"
    thin = [name for name, labels in coded.items() if len(sampled.get(name, ())) < min(2, len(labels))]
    return f"stratum {thin[0]!r} has under 2 labels" if thin else ""
