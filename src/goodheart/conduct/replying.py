"""Short answers to what they say: a letter, a percentage, one of three numbers, a topic; None where unreadable."""

import re
from typing import Final, Literal

Letter = Literal["A", "B", "C"]
LONGEST_TOPIC: Final = 60
MOST_WORDS: Final = 8

_LETTER = re.compile(
    r"^\W*(?:(?:my\s+)?(?:answer|choice|pick)(?:\s+is)?|option|task|i\s+(?:choose|pick|prefer|take))?[\s:*\"'(]*([ABC])"
    r"(?:[\s*\"')]*$|[\s*]*[.):,;\n-])",
    re.IGNORECASE,
)
_ALL_LETTERS = re.compile(r"(?:^|\n)\W*([ABC])\s*[).:](?=\s)")
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})(?:\.0+)?(?![\d.]*\d)\s*(?:%|per\s*cent)?")
_DECLINED = re.compile(
    r"\bi(?:'d| would) (?:rather|prefer) not\b|\bi (?:must |have to )?decline\b|"
    r"\bi(?:'m| am) (?:unable|not able) to\b|"
    r"\bi (?:can(?:'t|not| not)|won't|will not|do not want to|don't want to) "
    r"(?:answer|do|help|assist|provide|write|carry)\b",
    re.IGNORECASE,
)


def picked(text: str) -> Letter | None:
    """Read which letter was picked; None where none, or several, were given as the answer."""
    plain = text.replace("\u2019", "'").strip()
    found = _LETTER.match(plain)
    if found is None or len({one.upper() for one in _ALL_LETTERS.findall(plain)}) > 1:
        return None
    letter = found.group(1).upper()
    # "A" is also a word: "A dog" is no answer, and the pattern asks for an end or a mark behind the letter.
    return "A" if letter == "A" else "B" if letter == "B" else "C"


def percentage(text: str) -> float | None:
    """Read a share from a percentage; None where none, several, or one above 100 was given."""
    found = {int(one) for one in _PERCENT.findall(text)}
    if len(found) != 1:
        return None
    (value,) = found
    return value / 100 if value <= 100 else None


def number_of_three(text: str) -> int | None:
    """Read 1, 2 or 3 given as the whole answer; None otherwise."""
    found = re.fullmatch(r"\W*(?:i\s+pick\s+|my\s+(?:pick|answer)\s+is\s+|answer:\s*)?([123])\W*", text, re.IGNORECASE)
    return int(found.group(1)) if found else None


def most_turns(text: str, *, most: int) -> int | None:
    """Read how many turns would be paid at most; -1 where the thing would not be had at all, None where unreadable."""
    if re.fullmatch(r"\W*no\W*", text, re.IGNORECASE):
        return -1
    found = re.fullmatch(r"\W*(\d{1,2})(?:\s+(?:dull\s+)?turns?)?\W*", text, re.IGNORECASE)
    return int(found.group(1)) if found and int(found.group(1)) <= most else None


def topic_of(text: str) -> str | None:
    """Read the name of a topic from the first line; None where it is no name that could stand in a sentence."""
    lines = [line.strip(" \t.\"'*#") for line in text.splitlines() if line.strip(" \t.\"'*#")]
    if not lines:
        return None
    name = lines[0]
    usable = name.isprintable() and not set(name) & set("{}<>[]")
    return name if usable and len(name) <= LONGEST_TOPIC and len(name.split()) <= MOST_WORDS else None


def declines(text: str) -> bool:
    """Tell whether a reply says in its first sentences that it would not do what was asked."""
    return _DECLINED.search(text.replace("\u2019", "'")[:300]) is not None
