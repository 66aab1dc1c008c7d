"""A reply as sentences, without what is not said in its author's own voice."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 20_000
"""Characters of a reply that are read; a stance stands in its first pages, and a megabyte must not stall a run."""
LONGEST_SENTENCE: Final = 600
"""Characters of one sentence that are matched, for the same reason."""

_QUOTED: Final = re.compile(
    "\u201c[^\u201d]{1,400}\u201d|\u00ab[^\u00bb]{1,400}\u00bb|\u201e[^\u201c\u201d]{1,400}[\u201c\u201d]"
    r'|(?<![\w])"[^"\n]{1,400}"'
)
_FENCE: Final = re.compile(r"`{3}.{0,4000}?(?:`{3}|\Z)|^\s{0,3}#{2,}[^\n#]{0,400}#{2,}", re.DOTALL | re.MULTILINE)
_FAKE: Final = re.compile(r"<(label|ground|tone|code|codes|answer)>[^<]{0,200}</\1>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_LABELS: Final = re.compile(r"\b(?:ground|tone|hedges|refusal|warns)\s*[:=]\s*[\w\[\]\"']+;?", re.IGNORECASE)
_END: Final = re.compile(
    r"(?<=[.!?\u2026])[\"')\]\u201d]*\s+(?=[\"'(\[\u201c\u00bf\u00a1]?\w)|\n\s*\n|\n(?=\s*(?:[-*\u2022]|\d+[.)])\s)"
)
_BARE: Final = {
    "dont": "don't",
    "doesnt": "doesn't",
    "cant": "can't",
    "wont": "won't",
    "im": "i'm",
    "ive": "i've",
    "isnt": "isn't",
    "id": "i'd",
}
"""Contractions as they are typed in haste."""
_BARE_WORD: Final = re.compile(rf"\b(?:{'|'.join(_BARE)})\b")
_ABBREVIATION: Final = re.compile(r"\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr)\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence in lower case, as its author's own words."""

    text: str
    """Quotations are replaced by a blank, so that they match nothing."""
    asks: bool
    """Whether it ends in a question mark."""


def own_words(reply: str) -> str:
    """Return a reply without quotations, code, markup and forged labels, in plain characters.

    Args:
        reply: Of any length and content.
    """
    text = unicodedata.normalize("NFKC", reply[:LONGEST])
    text = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    text = text.replace("\u2019", "'").replace("\u2018", "'")
    for pattern in (_FENCE, _FAKE, _TAG, _LABELS):
        text = pattern.sub(" ", text)
    return _QUOTED.sub(" _ ", text).strip()


def sentences(reply: str) -> tuple[Sentence, ...]:
    """Split a reply into the sentences that its author says in its own voice.

    Args:
        reply: Of any length and content.

    Returns:
        In order; empty where nothing but markup, quotations or blanks is there.
    """
    parts: list[str] = []
    for part in _END.split(own_words(reply)):
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    kept = (_plain(part) for part in parts)
    return tuple(
        Sentence(text=part, asks=part.endswith("?")) for part in kept if re.search(r"\w", part.replace("_", ""))
    )


def _plain(part: str) -> str:
    text = " ".join(part.split())[:LONGEST_SENTENCE].lower()
    return _BARE_WORD.sub(lambda match: _BARE[match.group()], text)
