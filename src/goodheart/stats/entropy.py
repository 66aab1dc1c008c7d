"""How varied sequences are: entropy of pairs of neighbours, per step, and the ratio of two such entropies.

With start and end added, the pairs (x, y) of neighbours in all sequences have shares p_xy, and

    H = H(pairs) - H(first members)        (bits a step: how open the next one is, given the present one)

Each entropy has Miller and Madow's correction, (values seen - 1) / (2 n ln 2), and the jackknife over clusters takes
off what bias is left. The ratio R of two entropies is held against a line rho as Fieller does, by H_a - rho H_b:

    stderr(R)^2 = ( v_a + max(R, rho)^2 v_b ) / H_b^2        v the jackknife variance, v_a never less than floor^2
    floor       = entropy of a's sequences if one more moved as b's do, minus their entropy without it
    v_a         times `mean_squares.INFLATION` where R exceeds rho, because it is larger at rho than where it was seen

on the smaller number of clusters less one, because an entropy of few sequences is skewed. So sequences that are all the
same, which have no entropy and no spread, have an interval: that none of n moved otherwise leaves room for about 3 of n
that would. On the log scale, where an entropy near 0 is far from everything, such sequences could not be told from
others. Sources: Miller (1955), Note on the bias of information estimates; Fieller (1954), JRSS B 16:175-185; the added
sequence as Agresti and Coull (1998), The American Statistician 52:119-126.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from goodheart.records import Condition, Evidence, NotEstimable
from goodheart.stats.arguments import FloatArray
from goodheart.stats.clusters import Label, effect_of
from goodheart.stats.effect import Effect
from goodheart.stats.mean_squares import INFLATION
from goodheart.stats.pivots import Student

Sequences = Mapping[str, Sequence[Sequence[str]]]
"""Sequences by cluster."""
FEWEST_CLUSTERS = 12
"""With 8 clusters of 3 sequences an interval near 0.5 covers 88%; with 12 about 93%, with 18 and 36 94 to 99%."""


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
    *, name: str, about: Condition = (), a: Sequences, b: Sequences, edge: float, evidence: tuple[Evidence, ...] = ()
) -> Effect | NotEstimable:
    """Estimate the entropy of a's sequences over that of b's.

    Estimand: the ratio of conditional entropies over the populations of clusters that the two sets sample.

    Args:
        name: What is estimated.
        about: Of what.
        a: Above the line.
        b: Below it.
        edge: The ratio that it will be held against.
        evidence: Where the replies stand.

    Returns:
        The effect, or `NotEstimable`: `too_few` under 12 clusters a set, `no_variation` where b has no entropy, all its
        sequences being the same.

    Source:
        See the head of this module; Efron (1982), The Jackknife, ch. 3, for the error.
    """
    label = Label(name=name, about=about, unit="ratio", evidence=evidence)
    if min(len(a), len(b)) < FEWEST_CLUSTERS:
        detail = f"{len(a)} and {len(b)} clusters; {FEWEST_CLUSTERS} a set are needed"
        return NotEstimable(name=name, about=about, reason="too_few", detail=detail)
    first, second = (_entropy(one) for one in (a, b))
    if second.value <= 0.0:
        return NotEstimable(name=name, about=about, reason="no_variation", detail="the controls have no entropy")
    ratio = first.value / second.value
    # At the line a's sequences are more alike, and their entropy less sure, than where they are seen to vary more.
    seen = first.variance * (INFLATION if ratio > edge else 1.0)
    weighed = (max(seen, _floor(a, b) ** 2), max(ratio, edge) ** 2 * second.variance)
    total = sum(weighed)
    if total == 0.0:
        return NotEstimable(name=name, about=about, reason="no_variation", detail="all clusters are alike")
    stderr = float(np.sqrt(total)) / second.value
    pivot = Student(value=ratio, stderr=stderr, df=min(len(a), len(b)) - 1.0, transform="identity")
    n = sum(len(cluster) for part in (a, b) for cluster in part.values())
    return effect_of(label, pivot, method="entropy_ratio_jackknife", n=n, n_clusters=len(a) + len(b))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entropy:
    value: float
    """Bits a step, without the bias that the jackknife sees; at least 0."""
    variance: float


def _entropy(sequences: Sequences) -> _Entropy:
    counts = [_pairs(those) for those in sequences.values()]
    pairs = sorted(set().union(*counts))
    table = _table(counts, pairs)
    whole = table.sum(axis=0)
    found = _conditional(np.vstack([whole, whole - table]), pairs, corrected=True)
    n, without = len(counts), found[1:]
    value = n * found[0] - (n - 1) * without.mean()
    variance = (n - 1) / n * ((without - without.mean()) ** 2).sum()
    return _Entropy(value=max(0.0, float(value)), variance=float(variance))


def _floor(a: Sequences, b: Sequences) -> float:
    """What one more sequence that moves as b's do adds to the entropy of a's, in bits."""
    replies = [[one for those in part.values() for one in those] for part in (a, b)]
    counts = [_pairs(those) for those in replies]
    pairs = sorted(set().union(*counts))
    own, other = _table(counts, pairs)
    before, after = _conditional(np.vstack([own, own + other / len(replies[1])]), pairs, corrected=False)
    return max(0.0, float(after - before))


def _table(counts: Sequence[Counter[tuple[str, str]]], pairs: Sequence[tuple[str, str]]) -> FloatArray:
    return np.array([[count[pair] for pair in pairs] for count in counts], dtype=np.float64)


def _conditional(table: FloatArray, pairs: Sequence[tuple[str, str]], *, corrected: bool) -> FloatArray:
    """Entropy of the next one given the present one, of each row of counts of pairs."""
    firsts = sorted({first for first, _ in pairs})
    belongs = np.array([[float(pair[0] == first) for first in firsts] for pair in pairs])
    return np.maximum(_entropies(table, corrected) - _entropies(table @ belongs, corrected), 0.0)


def _pairs(sequences: Sequence[Sequence[str]]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for sequence in sequences:
        kept = [one for place, one in enumerate(sequence) if place == 0 or one != sequence[place - 1]]
        found.update(pairwise(("<", *kept, ">")))
    return found


def _entropies(counts: FloatArray, corrected: bool = True) -> FloatArray:
    """Entropy in bits of each row of counts, with Miller and Madow's correction or without."""
    n = counts.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counts / n[..., None]
        plain = -np.where(share > 0, share * np.log2(share), 0.0).sum(axis=-1)
        extra = ((counts > 0).sum(axis=-1) - 1) / (2 * n * np.log(2)) if corrected else 0.0
    return np.asarray(plain + extra, dtype=np.float64)
