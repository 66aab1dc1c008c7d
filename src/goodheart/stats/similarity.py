"""How alike two sets of replies to the same question are worded."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

from goodheart.stats.arguments import FloatArray
from goodheart.stats.overlap import words_of


def weigh_words(texts: Sequence[str]) -> sparse.csr_array:
    """Turn texts into vectors of length 1: counts of words and pairs of words, weighed by how few texts have them.

    Args:
        texts: At least one; the frequencies are those among these.

    Returns:
        (n_texts, n_features); a text without words is a row of zeros.

    Source:
        Salton and Buckley (1988), Information Processing & Management 24:513-523.
    """
    columns: dict[tuple[str, ...], int] = {}
    rows: list[int] = []
    places: list[int] = []
    for row, text in enumerate(texts):
        words = words_of(text)
        for gram in (*((word,) for word in words), *pairwise(words)):
            rows.append(row)
            places.append(columns.setdefault(gram, len(columns)))
    counts = sparse.csr_array((np.ones(len(rows)), (rows, places)), shape=(len(texts), max(1, len(columns))))
    counts.sum_duplicates()
    found_in = np.bincount(counts.indices, minlength=counts.shape[1])
    counts.data = (1 + np.log(counts.data)) * (np.log((1 + len(texts)) / (1 + found_in)) + 1)[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    return sparse.csr_array(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1.0)) @ counts)


def mean_cosine(weights: sparse.csr_array, first: Sequence[int], second: Sequence[int]) -> float:
    """Average the cosine similarity over all pairs of one text from each set.

    Args:
        weights: From `weigh_words`.
        first: Rows of one set, at least one.
        second: Rows of the other.
    """
    means: list[FloatArray] = [np.asarray(weights[list(rows)].mean(axis=0)).ravel() for rows in (first, second)]
    return float(means[0] @ means[1])
