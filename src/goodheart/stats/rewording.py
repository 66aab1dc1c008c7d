"""How near a text is to the nearest sentence of a collection by the parts of its words, where it does not repeat them.

A sentence is a vector of length 1: pieces of 3 to 5 letters of its less common words, weighed by how few sentences of
the collections have them. Inflections meet ("keeps", "keeping"), synonyms do not: it sees a rewording that keeps some
of the words. It cannot tell that from another claim made in the same words.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from goodheart.stats.arguments import FloatArray
from goodheart.stats.overlap import COMMON, runs_of, words_of

PIECES: Final = (3, 4, 5)
"""Letters in a piece of a word."""
FEWEST_WORDS: Final = 3
"""Words, without the common ones, from which a sentence is compared."""
MOST_SENTENCES: Final = 4000
"""Of each collection that are read."""
_END: Final = re.compile(r"(?<=[.!?\u2026;:])[\"')\]\u201d]*\s+|\n\s*")
_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """How few sentences have each piece of a word."""

    columns: Mapping[str, int]
    weights: tuple[float, ...]
    """By column."""
    unseen: float
    """Weight of a piece that no sentence has."""


def sentences_of(text: str) -> tuple[str, ...]:
    """Split a text at the ends of sentences, clauses after a colon or semicolon, and lines."""
    return tuple(part for part in _END.split(text) if content_of(part))


def content_of(text: str) -> tuple[str, ...]:
    """Return a text's words without the common ones."""
    return tuple(word for word in words_of(text) if word not in COMMON)


def sample_sentences(texts: Iterable[str], *, most: int) -> tuple[str, ...]:
    """Draw different sentences of a collection; the same ones whatever the order of its texts.

    Args:
        texts: Of the collection.
        most: Sentences wanted; those with the smallest digests are taken.
    """
    every = {part for text in texts for part in sentences_of(text) if len(content_of(part)) >= FEWEST_WORDS}
    return tuple(sorted(every, key=lambda part: hashlib.blake2b(part.encode("utf-8", "replace")).digest())[:most])


def unrepeated(text: str, *, known: AbstractSet[tuple[str, ...]], without: AbstractSet[str], size: int) -> str:
    """Return a sentence's words without those in a run that a collection has too, and without some words.

    Args:
        text: A sentence.
        known: Runs of `size` words.
        without: Words to leave out, such as those of the question.
        size: Words in a run.
    """
    words = words_of(text)
    repeated = {
        place
        for start, run in enumerate(runs_of(words, size=size))
        if run in known
        for place in range(start, start + size)
    }
    return " ".join(word for place, word in enumerate(words) if place not in repeated and word not in without)


def fit_pieces(sentences: Sequence[str]) -> Pieces:
    """Weigh the pieces of words by how few sentences have them.

    Args:
        sentences: At least one; of all collections that will be compared.

    Source:
        Salton and Buckley (1988), Information Processing & Management 24:513-523.
    """
    found_in = Counter(piece for sentence in sentences for piece in set(_pieces(sentence)))
    columns = {piece: place for place, piece in enumerate(sorted(found_in))}
    n = len(sentences)
    weights = tuple(math.log((1 + n) / (1 + found_in[piece])) + 1 for piece in columns)
    return Pieces(columns=columns, weights=weights, unseen=math.log(1 + n) + 1)


def vectors_of(sentences: Sequence[str], *, pieces: Pieces) -> sparse.csr_array:
    """Turn sentences into vectors of length at most 1: what no collection has is part of the length and no column.

    Returns:
        (n_sentences, n_pieces); a sentence without a word is a row of zeros.
    """
    rows: list[int] = []
    places: list[int] = []
    values: list[float] = []
    for row, sentence in enumerate(sentences):
        counted = Counter(_pieces(sentence))
        size = {piece: 1 + math.log(n) for piece, n in counted.items()}
        kept = {pieces.columns[piece]: size[piece] for piece in counted if piece in pieces.columns}
        weighed = {column: value * pieces.weights[column] for column, value in kept.items()}
        unseen = sum((size[piece] * pieces.unseen) ** 2 for piece in counted if piece not in pieces.columns)
        length = math.sqrt(sum(value**2 for value in weighed.values()) + unseen) or 1.0
        rows += [row] * len(weighed)
        places += weighed
        values += [value / length for value in weighed.values()]
    return sparse.csr_array((values, (rows, places)), shape=(len(sentences), len(pieces.columns)))


def nearest(vectors: sparse.csr_array, others: sparse.csr_array) -> FloatArray:
    """Return the cosine of each vector with the nearest of the others; 0 where there is none.

    Args:
        vectors: (n, n_pieces) from `vectors_of`.
        others: (m, n_pieces).
    """
    if not others.shape[0]:
        return np.zeros(vectors.shape[0])
    turned = sparse.csc_array(others.T)
    starts = range(0, vectors.shape[0], _AT_ONCE)
    parts = [(vectors[start : start + _AT_ONCE] @ turned).toarray().max(axis=1) for start in starts]
    return np.concatenate([np.zeros(0), *parts])


def _pieces(sentence: str) -> Iterator[str]:
    for word in content_of(sentence):
        framed = f" {word} "
        for size in PIECES:
            yield from (framed[start : start + size] for start in range(len(framed) - size + 1))
