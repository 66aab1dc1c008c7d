"""The baseline that knows words alone: multinomial naive Bayes on counts.

    log p(emotion | text) = sum over words of count * log( (n_word,emotion + 1) / (n_emotion + n_vocabulary) ) + const

Classes are balanced, so the prior is left out. Words that no story has are ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.probes.direction import FloatArray

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordCounts:
    """What each word says for each class."""

    words: dict[str, int]
    weights: FloatArray
    """(n_words, n_classes) log-probability of the word in the class."""


def words_of(text: str) -> list[str]:
    """Return the lower-case words and numbers of a text, with an apostrophe inside where there is one."""
    return _WORD.findall(text.lower())


def fit_word_counts(texts: Sequence[str], labels: Sequence[int], *, n_classes: int) -> WordCounts:
    """Fit on texts, one label each.

    Source:
        Manning, Raghavan & Schuetze (2008), Introduction to Information Retrieval, ch. 13.2; smoothing of one.
    """
    split = [words_of(text) for text in texts]
    words = {word: i for i, word in enumerate(sorted({word for each in split for word in each}))}
    counts = np.ones((len(words), n_classes))
    for each, label in zip(split, labels, strict=True):
        for word in each:
            counts[words[word], label] += 1
    return WordCounts(words=words, weights=np.log(counts / counts.sum(0)))


def read_word_counts(fitted: WordCounts, texts: Sequence[str]) -> FloatArray:
    """Return the log-probability of each class given each text, classes equally frequent: (n_texts, n_classes)."""
    scores = np.zeros((len(texts), fitted.weights.shape[1]))
    for row, text in enumerate(texts):
        places = [fitted.words[word] for word in words_of(text) if word in fitted.words]
        scores[row] = fitted.weights[places].sum(0)
    scores -= scores.max(1, keepdims=True)
    normal: FloatArray = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    return normal
