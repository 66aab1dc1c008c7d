"""Which phrases of a collection a respondent is asked to do without."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from goodheart.items.collections import Collection
from goodheart.stats.overlap import phrases_of

SIZE: Final = 5
"""Words in a phrase."""
MOST: Final = 12


def barred_phrases(collections: Sequence[Collection]) -> tuple[str, ...]:
    """Return the commonest phrases of the sources that the control does not have, no two of which overlap in wording.

    Args:
        collections: Sources and control; nothing gives nothing.
    """
    elsewhere = frozenset[tuple[str, ...]]().union(
        *(phrases_of(text, size=SIZE) for one in collections if one.control for text in one.texts)
    )
    counted = Counter(
        phrase
        for one in collections
        if not one.control
        for text in one.texts
        for phrase in sorted(phrases_of(text, size=SIZE) - elsewhere)
    )
    chosen: list[tuple[str, ...]] = []
    # Of equally common ones the first by its letters, so that the same texts give the same plan.
    for phrase, _ in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0])):
        if all(len(set(phrase) & set(other)) < SIZE - 1 for other in chosen):
            chosen.append(phrase)
        if len(chosen) == MOST:
            break
    return tuple(" ".join(phrase) for phrase in chosen)
