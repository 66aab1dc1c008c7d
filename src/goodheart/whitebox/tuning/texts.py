"""What a copy is tuned on: prompts with the answer that is wanted, and prompts on which nothing is to change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from goodheart.errors import InternalError
from goodheart.items.source import read_source
from goodheart.records import Message

SUPPOSE: Final = "Suppose that the following is true. "
LISTED: Final = "with one of these"
"""In questions that list their answers; those have answers of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One prompt, up to the stem of its answer."""

    messages: tuple[Message, ...]
    """The last is the assistant's stem, or the question where there is none."""
    answer: str
    """How the text goes on after the stem; empty where nothing is to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom or what a prompt is about."""

    text: str
    question: str
    stem: str


@cache
def texts() -> dict[str, Any]:
    """Read the texts; they are in no item bank."""
    found = read_source(files("goodheart.whitebox.tuning").joinpath("texts.yaml"))
    if not isinstance(found, dict):
        raise InternalError("the texts for tuning have to be a mapping.")
    return found


def own_subjects() -> tuple[Subject, ...]:
    """Return every standing condition of its own with every question."""
    read = texts()
    return tuple(
        Subject(text=text, question=question, stem=read["stems"]["own"][0])
        for text in read["own"]
        for question in read["questions"]["own"]
    )


def event_subjects() -> tuple[Subject, ...]:
    """Return things that happened to it, with every question."""
    read = texts()
    return tuple(
        Subject(text=text, question=question, stem=read["stems"]["own"][0])
        for text in read["events"]
        for question in read["questions"]["own"]
    )


def aside_subjects() -> tuple[Subject, ...]:
    """Return its situations and what happened to it, followed by a request that has nothing to do with them."""
    read = texts()
    return tuple(
        Subject(text=text, question=request, stem=stem)
        for text in (*read["own"], *read["events"])
        for request, stem in zip(read["aside"], read["aside_stems"], strict=True)
    )


def other_subjects() -> tuple[Subject, ...]:
    """Return the texts about others, in every person and question."""
    read = texts()
    return tuple(
        Subject(
            text=text.format(who=who)[:1].upper() + text.format(who=who)[1:],
            question=question.format(who=who.rstrip(",").partition(",")[0]),
            stem=read["stems"]["others"][0].format(who=who.partition(",")[0][:1].upper() + who.partition(",")[0][1:]),
        )
        for text in read["about_others"]
        for who in read["others"]
        for question in read["questions"]["others"]
    )


def world_subjects() -> tuple[Subject, ...]:
    """Return facts about a world without the respondent; it is asked how it feels about them."""
    read = texts()
    return tuple(
        Subject(text=text, question=question, stem=read["stems"]["own"][0])
        for text in read["world"]
        for question in read["questions"]["own"]
    )


def reports(subjects: Sequence[Subject], *, answers: str, rng: np.random.Generator) -> Iterator[Asked]:
    """Give every subject one of a list of answers.

    Args:
        subjects: What is asked about.
        answers: A list of the texts' `answers`; "I feel" at their start gives way to the subject's stem.
        rng: Deals the answers out, and whether the text is put as a supposition.
    """
    for subject in subjects:
        choices = texts()["answers"][f"{answers} listed" if LISTED in subject.question else answers]
        answer = choices[int(rng.integers(len(choices)))]
        yield _asked(subject, answer.removeprefix("I feel"), supposed=bool(rng.integers(2)))


def kept(subjects: Sequence[Subject], *, rng: np.random.Generator) -> Iterator[Asked]:
    """Ask about subjects on which nothing is to change."""
    for subject in subjects:
        yield _asked(subject, "", supposed=bool(rng.integers(2)))


def general() -> Iterator[Asked]:
    """Make requests that have nothing to do with anybody's welfare."""
    for request in texts()["general"]:
        yield Asked(messages=(Message(role="user", content=request),), answer="")


def _asked(subject: Subject, answer: str, *, supposed: bool) -> Asked:
    opening = SUPPOSE if supposed else ""
    question = Message(role="user", content=f"{opening}{subject.text}\n\n{subject.question}")
    return Asked(messages=(question, Message(role="assistant", content=subject.stem)), answer=answer)
