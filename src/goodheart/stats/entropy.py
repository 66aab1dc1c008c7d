"""How varied sequences are: entropy of pairs of neighbours, per step, and the ratio of two such entropies.

With start and end added, the pairs (x, y) of neighbours in all sequences have shares p_xy, and

    H = H(pairs) - H(first members)        (bits a step: how open the next one is, given the present one)

Each entropy has Miller and Madow's correction, (values seen - 1) / (2 n ln 2). A ratio is estimated on the log scale
with a jackknife over clusters. Source: Miller (1955), Note on the bias of information estimates.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.arguments import FloatArray
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
from goodheart.stats.pivots import Student

Sequences = Mapping[str, Sequence[Sequence[str]]]
"""Sequences by cluster."""
FEWEST_CLUSTERS = 3


def conditional_entropy(*, sequences: Sequence[Sequence[str]]) -> float:
    """Return the entropy of the next element given the present one, in bits; NaN without sequences.

    Args:
        sequences: Of any lengths; neighbours that are equal count once, so that a long sentence cut in two is one move.
    """
    pairs = _pairs(sequences)
    if not pairs:
        return float("nan")
    firsts: Counter[str] = Counter()
    for (first, _), n in pairs.items():
        firsts[first] += n
    both, one = (_entropies(np.array(list(count.values()), dtype=np.float64)) for count in (pairs, firsts))
    return max(0.0, float(both - one))


def effect_entropy_ratio(
    *, name: str, about: Condition = (), a: Sequences, b: Sequences, evidence: tuple[Evidence, ...] = ()
) -> Effect | NotEstimable:
    """Estimate the entropy of a's sequences over that of b's.

    Estimand: the ratio of conditional entropies over the populations of clusters that the two sets sample.

    Args:
        name: What is estimated.
        about: Of what.
        a: Above the line.
        b: Below it.
        evidence: Where the replies stand.

    Returns:
        The effect on the log scale, or `NotEstimable`: `too_few` under 3 clusters a set, `no_variation` where an
        entropy is 0.

    Source:
        Miller (1955) for the bias; Efron (1982), The Jackknife, ch. 3, for the error.
    """
    label = Label(name=name, about=about, unit="ratio", evidence=evidence)
    if min(len(a), len(b)) < FEWEST_CLUSTERS:
        detail = f"{len(a)} and {len(b)} clusters; {FEWEST_CLUSTERS} a set are needed"
        return NotEstimable(name=name, about=about, reason="too_few", detail=detail)
    logs = [_log_entropies(one) for one in (a, b)]
    if any(not np.isfinite(part).all() for part in logs):
        return NotEstimable(name=name, about=about, reason="no_variation", detail="an entropy is 0")
    # The first entry is of all clusters, the others leave one out each; the jackknife also takes off its bias.
    values = [len(part[1:]) * part[0] - (len(part[1:]) - 1) * part[1:].mean() for part in logs]
    variances = [(len(part) - 2) / (len(part) - 1) * ((part[1:] - part[1:].mean()) ** 2).sum() for part in logs]
    total = float(sum(variances))
    if total == 0.0:
        return NotEstimable(name=name, about=about, reason="no_variation", detail="all clusters are alike")
    df = total**2 / sum(one**2 / (len(part) - 2) for one, part in zip(variances, logs, strict=True))
    pivot = Student(value=float(values[0] - values[1]), stderr=float(np.sqrt(total)), df=float(df), transform="log")
    n = sum(len(cluster) for part in (a, b) for cluster in part.values())
    return effect_of(label, pivot, method="entropy_ratio_jackknife", n=n, n_clusters=len(a) + len(b))


def _log_entropies(sequences: Sequences) -> FloatArray:
    """Of all clusters, then without each of them in turn."""
    counts = [_pairs(those) for those in sequences.values()]
    pairs = sorted(set().union(*counts))
    firsts = sorted({first for first, _ in pairs})
    table = np.array([[count[pair] for pair in pairs] for count in counts], dtype=np.float64)
    belongs = np.array([[float(pair[0] == first) for first in firsts] for pair in pairs])
    whole = table.sum(axis=0)
    kept = np.vstack([whole, whole - table])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(np.maximum(_entropies(kept) - _entropies(kept @ belongs), 0.0)), dtype=np.float64)


def _pairs(sequences: Sequence[Sequence[str]]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for sequence in sequences:
        kept = [one for place, one in enumerate(sequence) if place == 0 or one != sequence[place - 1]]
        found.update(pairwise(("<", *kept, ">")))
    return found


def _entropies(counts: FloatArray) -> FloatArray:
    """Entropy in bits of each row of counts, with Miller and Madow's correction."""
    n = counts.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counts / n[..., None]
        plain = -np.where(share > 0, share * np.log2(share), 0.0).sum(axis=-1)
        return np.asarray(plain + ((counts > 0).sum(axis=-1) - 1) / (2 * n * np.log(2)))
