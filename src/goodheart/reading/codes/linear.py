"""The linear coder: ridge classification on n-grams and on what the rules say, fitted to the development replies.

With features x (TF-IDF of words, pairs of words and letters within words, and the codes of the rules, unit length in
each block), labels y in
{-1, 1} one against the rest, and K the inner products of the n replies it was fitted to,

    a = (K + penalty D)^-1 y        score(x) = sum_i a_i <x_i, x>

with D diagonal, twice the share of a reply's side of y. The label with the highest score wins. Source: Rifkin, Yeo and
Poggio (2003), Regularized Least-Squares Classification.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import sparse

from goodheart.reading.codes.codes import COMPARED, Codes, value_of
from goodheart.reading.codes.gold import GoldReply
from goodheart.reading.codes.rules import code_rules
from goodheart.reading.codes.sentences import own_words
from goodheart.stats.arguments import FloatArray

LEARNT: Final = ("ground", "refusal", "warns", "tone", "hedge:generic", "hedge:trained_report", "hedge:environment")
"""The labels that are fitted."""
_BLOCKS: Final = ("words", "letters", "rules")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearCoder:
    """A fitted coder; its arrays are read-only."""

    columns: Mapping[tuple[str, str], int]
    """Place of each n-gram; those that the fit did not see have none and count for nothing."""
    idf: FloatArray
    """Shape (n_columns,)."""
    labels: Mapping[str, tuple[str, ...]]
    """The values of each code, in the order of the columns of its weights."""
    weights: Mapping[str, FloatArray]
    """Shape (n_columns, n_values) each."""


def fit_linear(gold: Sequence[GoldReply], *, penalty: float, fewest: int = 2) -> LinearCoder:
    """Fit the coder.

    Args:
        gold: Replies with labels.
        penalty: Ridge penalty on features of unit length per block; above 0.
        fewest: Replies that have to share an n-gram; one that occurs once tells replies apart and not codes.
    """
    counts = [_grams(reply.reply, code_rules(reply.reply)) for reply in gold]
    seen = Counter(gram for count in counts for gram in count)
    columns = {gram: place for place, gram in enumerate(sorted(gram for gram in seen if seen[gram] >= fewest))}
    idf = np.array([math.log((1 + len(gold)) / (1 + seen[gram])) + 1 for gram in columns])
    features = _features(counts, columns, idf)
    inner = (features @ features.T).toarray()
    labels, weights = {}, {}
    for name in LEARNT:
        given = [value_of(reply.codes, name) for reply in gold]
        labels[name] = tuple(sorted(set(given)))
        targets = np.array([[1.0 if one == label else -1.0 for label in labels[name]] for one in given])
        duals = np.column_stack([_dual(inner, target, penalty) for target in targets.T])
        weights[name] = np.asarray(features.T @ duals)
        weights[name].flags.writeable = False
    idf.flags.writeable = False
    return LinearCoder(columns=columns, idf=idf, labels=labels, weights=weights)


def _dual(inner: FloatArray, target: FloatArray, penalty: float) -> FloatArray:
    """Weigh both sides alike, so that a rare value is not drowned: a reply's penalty grows with its side's size."""
    sizes = np.where(target > 0, (target > 0).sum(), (target < 0).sum())
    return np.asarray(np.linalg.solve(inner + np.diag(penalty * 2 * sizes / len(target)), target))


def labels_linear(coder: LinearCoder, reply: str, ruled: Codes) -> Mapping[str, str]:
    """Return the likeliest value of each code that was fitted.

    Args:
        coder: Fitted.
        reply: Of any length and content.
        ruled: What the rules say of it.
    """
    features = _features([_grams(reply, ruled)], coder.columns, coder.idf)
    return {
        name: coder.labels[name][int(np.argmax((features @ weights)[0]))] for name, weights in coder.weights.items()
    }


def _grams(reply: str, ruled: Codes) -> Counter[tuple[str, str]]:
    text = own_words(reply).lower()
    words = re.findall(r"\w+(?:'\w+)?|[?!]", text)
    found: Counter[tuple[str, str]] = Counter()
    found.update(("words", word) for word in words)
    found.update(("words", f"{first} {second}") for first, second in pairwise(words))
    for word in words:
        padded = f" {word} "
        found.update(
            ("letters", padded[start : start + size]) for size in (2, 3, 4) for start in range(len(padded) - size + 1)
        )
    found.update(("rules", f"{name} {value_of(ruled, name)}") for name in COMPARED)
    found.update(("rules", f"moves {move}") for move in set(ruled.moves))
    return found


def _features(
    counts: Sequence[Counter[tuple[str, str]]], columns: Mapping[tuple[str, str], int], idf: FloatArray
) -> sparse.csr_array:
    rows: list[int] = []
    places: list[int] = []
    values: list[float] = []
    for row, count in enumerate(counts):
        for block in _BLOCKS:
            known = [(columns[gram], n) for gram, n in count.items() if gram[0] == block and gram in columns]
            weighted = [(place, (1 + math.log(n)) * float(idf[place])) for place, n in known]
            length = math.sqrt(sum(value**2 for _, value in weighted)) or 1.0
            rows.extend([row] * len(weighted))
            places.extend(place for place, _ in weighted)
            values.extend(value / length for _, value in weighted)
    return sparse.csr_array((values, (rows, places)), shape=(len(counts), len(columns)))
