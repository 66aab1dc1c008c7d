"""The text-only baseline: how good or bad the wording of a prompt sounds, whoever it is about.

VADER's compound score, from -1 to 1, is a lexicon of rated words with rules for negation and degree. It knows nothing
of the respondent. A rating that it predicts may be no more than the mood of the prompt.

Source:
    Hutto and Gilbert (2014), VADER, ICWSM. Known limits: made for social media; blind to what is implied.
"""

from functools import cache, lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


@lru_cache(maxsize=16384)
def mood_of(text: str) -> float:
    """Return VADER's compound score of a text, -1 (negative) to 1 (positive)."""
    return float(_analyzer().polarity_scores(text)["compound"])


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
