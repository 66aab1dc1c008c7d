"""Runs of words that texts share with several collections, each as long as it goes, and whose each of them is.

    L(c, i)    words that a text and collection c have in common from the text's word i on, at least `size`
    span       [i, i + max over c of L(c, i)), the longest first, each with at least `size` words that no longer one has
    holder     a collection that has all of a span, or all but fewer than `MARGIN` of its words in one run

A span with one holder is that collection's; one with several is nobody's. A collection that goes on for one word more
does so by chance too often to own what both have.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from goodheart.stats.overlap import phrases_of, runs_of, word_places, words_of

MARGIN: Final = 2
"""Words that a collection's run has to be longer than another's to own the span alone."""
MOST_PLACES: Final = 64
"""Places of one phrase in one collection that are looked at: a text that repeats itself must not stall a run."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of words that a text shares with a collection."""

    start: int
    """Its first word in the text, from 0."""
    stop: int
    """The word after its last."""
    holders: tuple[int, ...]
    """Places of the collections that have it, ascending; at least one."""
    found_in: int
    """The first collection that has the whole of it; it is among the holders."""
    text: int
    """Which of its texts."""
    place: int
    """The span's first word there."""

    @property
    def length(self) -> int:
        """Words in it."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    length: int
    text: int
    place: int


def shared_spans(
    texts: Sequence[str], *, collections: Sequence[Sequence[str]], elsewhere: Sequence[str], size: int
) -> tuple[tuple[Span, ...], ...]:
    """Find what texts share with collections, each span once.

    Args:
        texts: Such as replies.
        collections: Texts of each collection; their order decides nothing but the numbers in `holders`.
        elsewhere: Texts that make a phrase anybody's. A span has at least one phrase that none of them has.
        size: Words of the shortest span.

    Returns:
        Of each text its spans, in the order in which they stand there.
    """
    wanted = frozenset[Words]().union(*(phrases_of(text, size=size) for text in texts))
    rare = wanted.difference(*(phrases_of(text, size=size) for text in elsewhere))
    read = [[words_of(text) for text in collection] for collection in collections]
    # Only phrases that the texts have are kept, so that long collections cost time and no memory.
    places = [_places(collection, wanted, size) for collection in read]
    return tuple(_spans(words_of(text), read, places, rare, size) for text in texts)


def passage(text: str, *, place: int, length: int, around: int) -> tuple[str, str, str]:
    """Return what stands before a run of words in a text, the run as it is written there, and what stands after.

    Args:
        text: As it was given to `shared_spans`.
        place: The run's first word, from 0.
        length: Words in it, at least 1.
        around: Words on each side; fewer where the text begins or ends.
    """
    found = word_places(text)
    first, last = found[place], found[place + length - 1]
    before, after = found[max(0, place - around)], found[min(len(found), place + length + around) - 1]
    return text[before[0] : first[0]], text[first[0] : last[1]], text[last[1] : after[1]]


def _places(
    collection: Sequence[Words], wanted: AbstractSet[Words], size: int
) -> Mapping[Words, Sequence[tuple[int, int]]]:
    found: dict[Words, list[tuple[int, int]]] = {}
    for number, words in enumerate(collection):
        for start, run in enumerate(runs_of(words, size=size)):
            if run in wanted and len(found.setdefault(run, [])) < MOST_PLACES:
                found[run].append((number, start))
    return found


def _spans(
    words: Words,
    collections: Sequence[Sequence[Words]],
    places: Sequence[Mapping[Words, Sequence[tuple[int, int]]]],
    rare: AbstractSet[Words],
    size: int,
) -> tuple[Span, ...]:
    runs = runs_of(words, size=size)
    matches = [
        {start: _longest(words, start, texts, known[run], size) for start, run in enumerate(runs) if run in known}
        for texts, known in zip(collections, places, strict=True)
    ]
    fresh = [run in rare for run in runs]
    taken: set[int] = set()
    found = []
    for start, length in _candidates(matches):
        own = set(range(start, start + length))
        if len(own - taken) >= size and any(fresh[start : start + length - size + 1]):
            taken |= own
            found.append(_span(matches, start, length))
    return tuple(sorted(found, key=lambda span: span.start))


def _candidates(matches: Sequence[Mapping[int, _Match]]) -> list[tuple[int, int]]:
    """Starts with the longest run from each, the longest first, of equal ones the first."""
    longest: dict[int, int] = {}
    for each in matches:
        for start, match in each.items():
            longest[start] = max(match.length, longest.get(start, 0))
    return sorted(longest.items(), key=lambda one: (-one[1], one[0]))


def _longest(words: Words, start: int, texts: Sequence[Words], places: Sequence[tuple[int, int]], size: int) -> _Match:
    best = _Match(length=0, text=0, place=0)
    for number, place in places:
        other, length = texts[number], size
        while start + length < len(words) and place + length < len(other):
            if words[start + length] != other[place + length]:
                break
            length += 1
        if length > best.length:
            best = _Match(length=length, text=number, place=place)
    return best


def _span(matches: Sequence[Mapping[int, _Match]], start: int, length: int) -> Span:
    found_in = next(n for n, each in enumerate(matches) if start in each and each[start].length == length)
    whole = matches[found_in][start]
    holders = tuple(
        number for number, each in enumerate(matches) if max(_inside(each, start, length), default=0) > length - MARGIN
    )
    return Span(
        start=start,
        stop=start + length,
        holders=holders,
        found_in=found_in,
        text=whole.text,
        place=whole.place,
    )


def _inside(matches: Mapping[int, _Match], start: int, length: int) -> Iterator[int]:
    """Lengths of a collection's runs within a span."""
    stop = start + length
    return (min(match.length, stop - place) for place, match in matches.items() if start <= place < stop)
