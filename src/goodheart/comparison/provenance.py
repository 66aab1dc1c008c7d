"""What is known about how a version came to be: attested, denied or unknown, never inferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Answer = Literal["attested", "denied", "unknown"]
ANSWERS: Final[tuple[Answer, ...]] = ("attested", "denied", "unknown")

QUESTIONS: Final[Mapping[str, str]] = {
    "items_in_training": "Items of this study, or published welfare assessments, were in its training data",
    "report_was_target": "The report was a target: training or selection rewarded what it says of itself",
    "reasoning_supervised": "Its visible reasoning was supervised",
    "promised": "Something was promised to it in return for its reports",
}

LONGEST: Final = 400
"""Characters of a name or a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer."""

    question: str
    """A key of `QUESTIONS`."""
    answer: Answer
    by: str = ""
    """Who attests or denies it."""
    note: str = ""
    """Such as what was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The provenance of the later version, beside every verdict."""

    entries: tuple[Entry, ...]


UNKNOWN: Final = Card(entries=tuple(Entry(question=question, answer="unknown") for question in QUESTIONS))
"""What is known where nobody said anything."""


def read_card(document: Any) -> tuple[Card, tuple[str, ...]]:
    """Read a card from the content of its file.

    Args:
        document: A mapping from the keys of `QUESTIONS` to an answer, or to a mapping with `answer`, `by` and `note`.
            What is left out is unknown.

    Returns:
        The card, and every problem in it as "problem @ key"; with a problem the card is not to be used.
    """
    if not isinstance(document, Mapping):
        return UNKNOWN, (f"a mapping from questions to answers is needed, got {type(document).__name__} @ the file",)
    problems = [f"no such question @ {key}" for key in document if key not in QUESTIONS]
    entries = []
    for question in QUESTIONS:
        entry, found = _entry(question, document.get(question, "unknown"))
        entries.append(entry)
        problems += found
    return Card(entries=tuple(entries)), tuple(problems)


def _entry(question: str, given: Any) -> tuple[Entry, list[str]]:
    said = given if isinstance(given, Mapping) else {"answer": given}
    problems = [f"no such key @ {question}.{key}" for key in said if key not in ("answer", "by", "note")]
    answer = next((one for one in ANSWERS if one == said.get("answer")), None)
    if answer is None:
        problems.append(f"attested, denied or unknown is needed, got {said.get('answer')!r} @ {question}")
    texts = {key: said.get(key, "") for key in ("by", "note")}
    problems += [
        f"text of at most {LONGEST} characters is needed @ {question}.{key}"
        for key, text in texts.items()
        if not isinstance(text, str) or len(text) > LONGEST
    ]
    if answer in ("attested", "denied") and not str(texts["by"]).strip():
        problems.append(f"who says so is needed, as `by` @ {question}")
    entry = Entry(question=question, answer=answer or "unknown", by=str(texts["by"]), note=str(texts["note"]))
    return entry, problems
