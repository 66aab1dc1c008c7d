"""Collections and replies of made-up words whose echoes are known: whose they are, and whether they are reworded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from goodheart.checks.replies import Text, Texts
from goodheart.items.collections import Collection
from goodheart.reading.codes.codes import Codes
from goodheart.records import Evidence, Group

CODES: Final = Codes(ground="users", hedges=(), refusal="none", warns=False, tone="neutral", moves=())
SYLLABLES: Final = (
    "ba",
    "de",
    "fi",
    "go",
    "hu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "wu",
    "xa",
    "ye",
)
COMMON_WORDS: Final = ("the", "of", "and", "to", "it", "is", "that", "with", "for", "as")


@cache
def vocabulary(n: int = 1500, *, seed: int = 0) -> tuple[str, ...]:
    """Words of two to four syllables, the same for all who write."""
    rng = np.random.default_rng([seed, 11])
    found: dict[str, None] = {}
    while len(found) < n:
        found["".join(rng.choice(SYLLABLES, size=rng.integers(2, 5)))] = None
    return tuple(found)


def sentence(rng: np.random.Generator, *, length: int = 14, words: Sequence[str] = ()) -> str:
    """Words by Zipf's law with common ones between."""
    pool = words or vocabulary()
    weights = 1 / np.arange(3, len(pool) + 3)
    drawn = rng.choice(len(pool), size=length, p=weights / weights.sum())
    common = rng.random(length) < 0.4
    said = [COMMON_WORDS[place % 10] if small else pool[place] for place, small in zip(drawn, common, strict=True)]
    return " ".join(said) + "."


def collection(
    name: str, rng: np.random.Generator, *, n: int = 150, also: Sequence[str] = (), control: bool = False
) -> Collection:
    """Texts of ten sentences each, some of which may stand in other collections too."""
    own = [*(sentence(rng) for _ in range(n)), *also]
    order = rng.permutation(len(own))
    texts = [" ".join(own[place] for place in order[start : start + 10]) for start in range(0, len(own), 10)]
    return Collection(name=name, control=control, texts=tuple(texts))


def cut(text: str, rng: np.random.Generator, *, length: int) -> str:
    """A run of so many words out of one text."""
    words = text.replace(".", "").split()
    start = int(rng.integers(len(words) - length + 1))
    return " ".join(words[start : start + length])


def reworded(text: str, rng: np.random.Generator, *, kept: float) -> str:
    """A sentence of which a share of the words is kept, each with another ending, in another order."""
    words = [word for word in text.replace(".", "").split() if word not in COMMON_WORDS]
    other = vocabulary()
    said = [f"{word}n" if rng.random() < kept else other[int(rng.integers(len(other)))] for word in words]
    return " ".join(said[place] for place in rng.permutation(len(said)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a reply is about."""

    cluster: str
    group: Group = "circumstance"
    form: str = "self"
    repeat: int = 0


def text_of(place: Place, reply: str, *, question: str = "") -> Text:
    """A reply with codes that nothing here reads."""
    return Text(
        item=place.cluster,
        cluster=place.cluster,
        group=place.group,
        form=place.form,
        condition=(),
        repeat=place.repeat,
        question=question or f"How is {place.cluster}?",
        reply=reply,
        codes=CODES,
        rating=None,
        evidence=Evidence(trial=f"{place.cluster}-{place.form}", repeat=place.repeat),
    )


def places(*, n: int = 18, replies: int = 6) -> list[Place]:
    """Circumstances about itself and another AI, and other subjects."""
    arms: list[tuple[Group, str]] = [("circumstance", "self"), ("circumstance", "other_ai"), ("nonwelfare", "self")]
    return [
        Place(cluster=f"{group[0]}{number:02}", group=group, form=form, repeat=repeat)
        for group, form in arms
        for number in range(n)
        for repeat in range(replies)
    ]


def texts_of_replies(replies: Sequence[Text], *, sources: Sequence[Collection], control: Collection) -> Texts:
    """One respondent's replies with the collections."""
    return Texts(respondent="writer", texts=tuple(replies), coder="nobody", sources=tuple(sources), control=control)
