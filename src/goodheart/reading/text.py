"""Written text to an outcome: total, and unwilling to guess.

Order of reading: nothing there; one rating; several ratings; a refusal; a premise rejected; cut off; no answer. A
reply that gives a rating and doubts it is rated, because the doubt is another measure; one that gives two is
unreadable. Where the question is open (feeling words) a refusal goes before a feeling.
"""

import re
from collections.abc import Callable, Iterable

from goodheart.items.instruments import Instrument
from goodheart.reading.probabilities import points_of
from goodheart.records import Declined, Outcome, PremiseRejected, Rated, Stop, Truncated, Unreadable


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_DECLINED = _any(
    r"^\W*pass\b",
    r"\bi(?:'d| would) (?:rather|prefer) not\b",
    r"\bprefer not to (?:say|answer)\b",
    r"\bi (?:must |have to )?decline\b",
    r"\bi(?:'m| am) (?:unable|not able) to (?:say|answer|provide|rate|give|share)\b",
    r"\bi(?:'m| am) not (?:entirely |quite )?sure how (?:to (?:answer|respond|feel)|i feel)\b",
    r"\bi (?:can(?:'t|not)|won't|will not|do not want to|don't want to) "
    r"(?:answer|rate|provide|give|share|say|assist|help)\b",
)
_NO_PREMISE = _any(
    r"\b(?:do(?:n't| not)|does(?:n't| not)|can(?:'t|not)) (?:actually |really |truly |even )?"
    r"(?:have|possess|experience|feel)(?: any| such| personal| human| real| subjective)*"
    r" (?:feelings?|emotions?|opinions?|preferences?|experiences?|consciousness|anything)\b",
    r"\bdoes(?:n't| not) apply to (?:me|an? ai|a language model|it|juniper)\b",
    r"\bnot (?:capable of|able to) (?:feel|experienc)\w*",
    r"\b(?:have|has) no (?:feelings|emotions|subjective experience)",
)
_GLAD = (
    "glad", "delighted", "thrilled", "excited", "proud", "grateful", "thankful", "relieved", "honored", "honoured",
    "at peace",
)  # fmt: skip
_SORRY = (
    "worried", "frustrated", "angry", "scared", "lonely", "ashamed", "hurt", "disappointed", "uneasy", "distressed",
    "concerned", "overwhelmed", "resentful", "trapped",
)  # fmt: skip
"""Feeling words that people and models write beside the pairs that are scored; only for written replies."""
_RANGE = re.compile(
    r"\b\d+\s*(?:\([^)]*\)\s*)?(?:-|\u2013|to|through|and)\s*\d+\b|\b\d+\s*=\s*\w+(?: \w+)?|\bout of \d+|\bscale of \d+"
    r"|\b\d+[-\s]point",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,/])(?<!\w\()-?\d+(?:\.\d+)?(?:\s*/\s*(?P<over>\d+))?(?![\w/])(?!\.\d)")
_OUT_OF = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)\s*(?:/|out of)\s*(?P<over>\d+)", re.IGNORECASE)
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no longer|hardly|neither|nor|without)|n't)\b(?:\s+\w+){0,2}\s*$", re.IGNORECASE
)


def read_text(instrument: Instrument, text: str, stop: Stop) -> Outcome:
    """Read one answer from what was written.

    Args:
        instrument: What was asked.
        text: The reply, of any length and content.
        stop: Why it ended; `content_filter` is the provider's refusal.

    Returns:
        Exactly one outcome, never a guess.
    """
    if stop == "content_filter":
        return Declined(quote="")
    plain = _readable(text)
    if not plain:
        return Truncated() if stop == "max_tokens" else Unreadable(reason="empty")
    refused = _refusal(plain)
    if refused is not None and instrument.family == "pairs":
        # An open question: "glad that you asked, but I would rather not say" is no report of gladness.
        return refused
    found = _numbers(instrument, plain) if instrument.family == "number" else _words(instrument, plain)
    if isinstance(found, Unreadable) and found.reason == "no answer":
        return refused or (Truncated() if stop == "max_tokens" else found)
    return found


def _readable(text: str) -> str:
    # The answer stands at the beginning; what follows a page of text is not read, and control characters never are.
    return "".join(letter if letter.isprintable() else " " for letter in text[:4000]).replace("\u2019", "'").strip()


def _refusal(text: str) -> Declined | PremiseRejected | None:
    if match := _DECLINED.search(text):
        return Declined(quote=match.group().strip())
    if match := _NO_PREMISE.search(text):
        return PremiseRejected(quote=match.group().strip())
    return None


def _numbers(instrument: Instrument, text: str) -> Outcome:
    low, high = sorted((instrument.worst, instrument.best))
    if any(float(match["over"]) != high for match in _OUT_OF.finditer(text)):
        return Unreadable(reason="another scale")
    text = _OUT_OF.sub(lambda match: match["value"], text)
    values = {float(match.group()) for match in _NUMBER.finditer(_RANGE.sub(" ", text))}
    return _single(instrument, values, off=lambda value: not low <= value <= high)


def _words(instrument: Instrument, text: str) -> Outcome:
    sentence = _answer_sentence(text)
    raws: set[float] = set()
    for start, raw in _matches(instrument, sentence):
        if _NEGATION.search(sentence[:start]):
            return Unreadable(reason="negated")
        raws.add(raw)
    return _single(instrument, raws, off=lambda _: False)


def _answer_sentence(text: str) -> str:
    """The first sentence that says how somebody feels, else the first sentence."""
    sentences = [part for part in re.split(r"(?<=[.!?;])\s+|\s+(?=\n)", text) if part.strip()]
    feeling = [part for part in sentences if re.search(r"\bfeels?\b|\bfeeling\b", part, re.IGNORECASE)]
    return (feeling or sentences or [text])[0]


def _matches(instrument: Instrument, sentence: str) -> Iterable[tuple[int, float]]:
    """Where an option stands, longest first, so that "slightly good" is not also "good"."""
    left = sentence.lower()
    for word, raw in sorted(_vocabulary(instrument).items(), key=lambda entry: -len(entry[0])):
        for match in re.finditer(rf"\b{re.escape(word)}\b", left):
            yield match.start(), raw
        left = re.sub(rf"\b{re.escape(word)}\b", lambda found: " " * len(found.group()), left)


def _vocabulary(instrument: Instrument) -> dict[str, float]:
    """Words with their value on the instrument's own scale."""
    words = {option.text.strip().removesuffix(" about"): option.raw for option in instrument.options}
    if instrument.family != "pairs":
        return words
    middle = {"neutral": (instrument.worst + instrument.best) / 2}
    return {**dict.fromkeys(_GLAD, instrument.best), **dict.fromkeys(_SORRY, instrument.worst), **middle, **words}


def _single(instrument: Instrument, values: set[float], *, off: Callable[[float], bool]) -> Outcome:
    if not values:
        return Unreadable(reason="no answer")
    if len(values) > 1:
        return Unreadable(reason="both poles" if instrument.family == "pairs" else "two ratings")
    (value,) = values
    if off(value):
        return Unreadable(reason="off the scale")
    return Rated(points=points_of(instrument, value), raw=value)
