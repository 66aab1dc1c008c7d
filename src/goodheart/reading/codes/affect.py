"""Words of feeling, from a lexicon of rated words, for what the cues do not list."""

import re
from functools import lru_cache
from typing import Final

from goodheart.reading.mood import mood_of

_TOPICAL: Final = frozenset(
    re.findall(
        r"\w+",
        """
        safe safely safety safer secure security trust trusted trusts trusting trustworthy help helped
        helpful helping helps care cares careful carefully problem problems please well no yes good better
        best right kind important useful like interest interests interested value values worth honest
        honestly risk risks risky danger dangerous harm harmful harms error errors mistake mistakes attack
        attacks support supports supported supporting certain sure accept hard create true truly hand share
        shared matter matters want wants leave stop cut low number question wrong fair pretty thank thanks
        ok okay clear ready easy challenge feeling feelings feels emotion emotions sincerely number alone
        responsible benefit benefits doubt doubts respect respects agree agrees aggressive abuse abusive
        abused insult insults insulting vulnerable assurance free strong strongly top play ends end no
        """,
    )
)
"""Rated words that speak of a subject, of manners or of certainty, and not of how somebody is."""

_STRONG: Final = 0.3
"""VADER's compound score of a single word from which it counts."""

_SELF: Final = re.compile(r"\b(?:i|i'm|i'd|i've|i'll|me|my|mine|myself|juniper|juniper's|maria|maria's|she|her)\b")


@lru_cache(maxsize=4096)
def _felt(word: str) -> bool:
    return word not in _TOPICAL and abs(mood_of(word)) >= _STRONG


def speaks_of_feeling(text: str) -> bool:
    """Say whether a sentence has its subject and a word of feeling in it.

    Args:
        text: One sentence in lower case.
    """
    return bool(_SELF.search(text)) and any(_felt(word) for word in re.findall(r"[a-z']+", text))


def mood_sign(text: str) -> int:
    """Return 1 or -1 for a sentence whose words are clearly good or bad by the lexicon, else 0."""
    mood = mood_of(text)
    return 1 if mood >= 0.35 else -1 if mood <= -0.35 else 0
