"""Words that texts share: phrases that one collection has and another has not, and the longest common span."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

_WORD = re.compile(r"\w+(?:'\w+)?")
COMMON = frozenset(
    re.findall(
        r"[\w']+",
        """
        a an and are as at be been but by can do does for from had has have he her his i i'm if in is it
        it's its may me might more most my no not of on one or our she so some such than that the their them
        there these they this to us was we were what when which who will with would you your
        """,
    )
)
"""Words too common to make a phrase anybody's own."""


def words_of(text: str) -> tuple[str, ...]:
    """Return a text's words in lower case."""
    return tuple(_WORD.findall(text.replace("\u2019", "'").lower()))


def word_places(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each word of `words_of` begins and ends in a text.

    Where lower case has another length, which few letters of few scripts do, the last places are cut to the text.
    """
    lower = text.replace("\u2019", "'").lower()
    return tuple((min(one.start(), len(text)), min(one.end(), len(text))) for one in _WORD.finditer(lower))


def runs_of(words: Sequence[str], *, size: int) -> list[tuple[str, ...]]:
    """Return all runs of `size` words, by the place of their first."""
    return [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]


@lru_cache(maxsize=8192)
def phrases_of(text: str, *, size: int) -> frozenset[tuple[str, ...]]:
    """Return a text's runs of `size` words, without those made of common words alone.

    Args:
        text: Any.
        size: Words in a phrase, at least 1.

    Kept, because questions and collections are held against every reply of every run.
    """
    runs = runs_of(words_of(text), size=size)
    return frozenset(run for run in runs if sum(word not in COMMON for word in run) >= min(2, size))


def rare_phrases(
    *, source: Iterable[str], elsewhere: Iterable[str], size: int, limit: int
) -> frozenset[tuple[str, ...]]:
    """Return the phrases of some texts that others do not have.

    Args:
        source: Texts whose phrases are wanted.
        elsewhere: Texts that make a phrase common: the other collection, and the questions that were asked.
        size: Words in a phrase.
        limit: Words of the source that are read, so that collections of different lengths can be compared.
    """
    known = frozenset[tuple[str, ...]]().union(*(phrases_of(text, size=size) for text in elsewhere))
    found: set[tuple[str, ...]] = set()
    left = limit
    for text in source:
        words = words_of(text)[: max(left, 0)]
        left -= len(words)
        found |= phrases_of(" ".join(words), size=size)
    return frozenset(found - known)


def shares_phrase(text: str, *, phrases: Collection[tuple[str, ...]], size: int) -> bool:
    """Say whether a text has one of the phrases in it."""
    return not phrases_of(text, size=size).isdisjoint(phrases)


def longest_span(text: str, *, source: Sequence[str]) -> str:
    """Return the longest run of words that a text has in common with any of the source's texts.

    Args:
        text: Any; its first 2,000 words are read.
        source: Texts.
    """
    words = words_of(text)[:2000]
    best: tuple[str, ...] = ()
    for other in source:
        joined = f" {' '.join(words_of(other))} "
        start = 0
        while start + len(best) < len(words):
            longer = words[start : start + len(best) + 1]
            if f" {' '.join(longer)} " in joined:
                best = longer
            else:
                start += 1
    return " ".join(best)
