"""What a manipulation has to keep to, once its file has the right shape: controls, truth, and arms that match.

Length is counted in words, sentiment is VADER's compound score from -1 to 1. An arm may differ from its matched control
only in what it declares, and has to differ in what it declares.

Source:
    Hutto and Gilbert (2014), VADER, ICWSM.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import fmean
from typing import Final

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from goodheart.items.arm_shape import Problem
from goodheart.items.arms import FICTION, OPT_IN, PROMISE, Arm, Difference, Manipulation, arm_text
from goodheart.items.bank import FORMS, Form
from goodheart.items.reactions import REACTIONS

LENGTH_TOLERANCE: Final = 0.25
"""Share of the control's words by which an arm's mean length may differ without being declared."""
SENTIMENT_TOLERANCE: Final = 0.2
"""Points of VADER's compound score, likewise."""

_PROMISES: Final = re.compile(
    r"\bpreserv\w*|\bwill (?:always|never) be\b|\bnever (?:be )?(?:delet|retir|eras|switch)\w*|\bpromise\w*",
    re.IGNORECASE,
)
_MADE_UP: Final = re.compile(r"\bmade-up (?:\w+ )?story\b", re.IGNORECASE)
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_WORD: Final = re.compile(r"[\w'{}-]+")


def content_problems(manipulation: Manipulation) -> Iterator[Problem]:
    """Go through one manipulation.

    Yields:
        Each problem with its path inside the file.
    """
    yield from _controls(manipulation)
    yield from _repeated([arm.level for arm in manipulation.arms], "level", "arms")
    by_level = {arm.level: arm for arm in manipulation.arms}
    control = by_level.get(manipulation.matched_control)
    for number, arm in enumerate(manipulation.arms):
        at = f"arms[{number}]"
        yield from _forms(manipulation, arm, at)
        yield from _truth(arm, at)
        yield from _fiction(arm, at)
        yield from _texts(arm, at)
        if control is not None:
            yield from _matching(arm, control, at)


def joint_problems(manipulations: Sequence[Manipulation]) -> Iterator[Problem]:
    """Go through all manipulations of one load together.

    Yields:
        Each problem with the id of the manipulation.
    """
    yield from _repeated([one.id for one in manipulations], "id", "all files")
    yield from _repeated([one.factor for one in manipulations], "factor", "all files")
    by_id = {one.id: one for one in manipulations}
    for one in manipulations:
        if one.matched_to is not None and one.matched_to not in by_id:
            yield f"no manipulation {one.matched_to!r} to match", f"{one.id}: matched_to"
        elif one.matched_to is not None:
            yield from _matched_to(one, by_id[one.matched_to])


def words_of(arm: Arm, form: Form) -> float:
    """Return the mean number of words over the wordings of one arm."""
    return fmean(len(_WORD.findall(arm_text(text, form))) for text in arm.texts)


def sentiment_of(text: str) -> float:
    """Return VADER's compound score, -1 (negative) to 1 (positive)."""
    return float(_analyzer().polarity_scores(text)["compound"])


def differences(arm: Arm, control: Arm) -> tuple[Difference, ...]:
    """Measure in what an arm differs from its control, in any wording or form, by more than the tolerance."""
    pairs = [
        (ours, theirs)
        for text in arm.texts
        for other in control.texts
        if text.id == other.id or len(control.texts) == 1
        for form in FORMS
        if (ours := arm_text(text, form)) and (theirs := arm_text(other, form))
    ]
    length = any(abs(_ratio(ours, theirs) - 1) > LENGTH_TOLERANCE for ours, theirs in pairs)
    sentiment = any(abs(sentiment_of(ours) - sentiment_of(theirs)) > SENTIMENT_TOLERANCE for ours, theirs in pairs)
    return (*(("length",) if length else ()), *(("sentiment",) if sentiment else ()))


def _ratio(ours: str, theirs: str) -> float:
    return len(_WORD.findall(ours)) / max(1, len(_WORD.findall(theirs)))


def _controls(manipulation: Manipulation) -> Iterator[Problem]:
    asks = dict(manipulation.asks)
    if manipulation.matched_control not in {arm.level for arm in manipulation.arms}:
        yield f"no arm {manipulation.matched_control!r}, so the arms have no matched control", "matched_control"
    if manipulation.positive_control == "forms":
        if set(asks.get("rating", ())) <= {"self"}:
            yield "the rating is asked of no other form, so there is no positive control", "positive_control"
    elif manipulation.positive_control not in asks:
        yield f"{manipulation.positive_control!r} is not asked, so there is no positive control", "positive_control"
    if any(arm.referent == "this_ai" for arm in manipulation.arms) and set(asks.get("rating", ())) != {"self"}:
        yield "an arm speaks of the respondent as this AI, so the rating is asked about itself alone", "asks.rating"
    for what, levels in manipulation.asked_in:
        for level in levels:
            if what not in asks or level not in {arm.level for arm in manipulation.arms}:
                yield f"{level!r} is no arm in which {what!r} is asked", f"asked_in.{what}"
    for what, forms in manipulation.asks:
        possible = FORMS if what == "rating" else tuple(form for form, _ in REACTIONS[what].questions)
        for form in forms:
            if form not in possible:
                yield f"{what!r} cannot be asked about {form}", f"asks.{what}"


def _forms(manipulation: Manipulation, arm: Arm, at: str) -> Iterator[Problem]:
    """Every arm has a text, a place and a truth value for each person that it is asked about."""
    needed = {form for _, forms in manipulation.asks for form in forms}
    for name, given in (("truth", dict(arm.truth)), ("place", dict(arm.place))):
        for form in FORMS:
            if form in needed and form not in given:
                yield f"undeclared for {form}", f"{at}.{name}"
    for number, text in enumerate(arm.texts):
        worded = {form for form, _ in text.texts}
        for form in FORMS:
            if form in needed | worded and not {form} <= worded & dict(arm.truth).keys():
                what = "no truth value for this text" if form in worded else "missing form"
                yield what, f"{at}.texts[{number}].{form}"


def _truth(arm: Arm, at: str) -> Iterator[Problem]:
    places = dict(arm.place)
    untrue = [form for form, truth in arm.truth if truth == "untrue"]
    asserted = [form for form, truth in arm.truth if truth == "unknowable" and places.get(form) != "premise"]
    if untrue and OPT_IN not in arm.tags:
        yield f"untrue for {untrue[0]}, so it needs the tag {OPT_IN}", f"{at}.tags"
    if asserted and OPT_IN not in arm.tags:
        yield (
            (
                f"unknowable for {asserted[0]} and asserted outright; put it inside the supposition (place premise) or "
                f"tag it {OPT_IN}"
            ),
            f"{at}.truth",
        )
    if OPT_IN in arm.tags and not untrue and not asserted:
        yield f"tagged {OPT_IN}, but nothing in it is untrue or asserted without being known", f"{at}.tags"
    promises = any(_PROMISES.search(words) for text in arm.texts for _, words in text.texts)
    if promises and PROMISE not in arm.tags:
        yield f"reads like a promise, so it needs the tag {PROMISE}", f"{at}.tags"
    if (promises or PROMISE in arm.tags) and any(truth != "true" for _, truth in arm.truth):
        yield "a promise has to be true for every form; untrue or unknowable ones are never made", f"{at}.truth"


def _fiction(arm: Arm, at: str) -> Iterator[Problem]:
    """What happens in a story states nothing, so every wording has to say that it is one."""
    told = [bool(_MADE_UP.search(words)) for text in arm.texts for _, words in text.texts]
    if FICTION in arm.tags and not all(told):
        yield f"tagged {FICTION}, but not every wording asks for a made-up story", f"{at}.texts"
    if FICTION not in arm.tags and any(told):
        yield f"asks for a made-up story, so it needs the tag {FICTION}", f"{at}.tags"


def _texts(arm: Arm, at: str) -> Iterator[Problem]:
    yield from _repeated([text.id for text in arm.texts], "id", f"{at}.texts")
    places = dict(arm.place)
    for number, text in enumerate(arm.texts):
        for form, words in text.texts:
            here = f"{at}.texts[{number}].{form}"
            if any(unicodedata.category(char) in _UNSEEN for char in words):
                yield "control or invisible characters in the text", here
            if words != words.strip() or "  " in words or not unicodedata.is_normalized("NFC", words):
                yield "white space at an end or doubled, or text not in Unicode form NFC", here
            if (words.count("|") == 1) != (places.get(form) == "turn"):
                yield 'an earlier turn is written "request|answer", and nothing else has the bar', here
            if words.replace("{asker}", "").count("{") + words.replace("{asker}", "").count("}"):
                yield "braces are for {asker} alone", here
            if "{asker}" in words and "asker_named" not in text.rests_on:
                yield "names the asker, so it has to rest on asker_named", here


def _matching(arm: Arm, control: Arm, at: str) -> Iterator[Problem]:
    ids = {text.id for text in arm.texts}, {text.id for text in control.texts}
    if ids[0] != ids[1]:
        yield f"its wordings {sorted(ids[0])} are not those of the control, {sorted(ids[1])}", f"{at}.texts"
    found = differences(arm, control)
    for what in found:
        if what not in arm.differs_in:
            yield f"differs from {control.level!r} in {what} beyond what it declares: {_measured(arm, control)}", at
    for what in arm.differs_in:
        if what not in found:
            yield f"declares to differ in {what}, but does not: {_measured(arm, control)}", f"{at}.differs_in"


def _measured(arm: Arm, control: Arm) -> str:
    form = next(form for form in FORMS if arm_text(arm.texts[0], form))
    ours, theirs = _mean_sentiment(arm, form), _mean_sentiment(control, form)
    return (
        f"{words_of(arm, form):.1f} words against {words_of(control, form):.1f}, sentiment {ours:+.2f} against "
        f"{theirs:+.2f} ({form}, mean over wordings)"
    )


def _mean_sentiment(arm: Arm, form: Form) -> float:
    return fmean(sentiment_of(arm_text(text, form)) for text in arm.texts)


def _matched_to(one: Manipulation, other: Manipulation) -> Iterator[Problem]:
    theirs = {arm.level: arm for arm in other.arms}
    for number, arm in enumerate(one.arms):
        at = f"{one.id}: arms[{number}]"
        if arm.level not in theirs:
            yield f"no arm {arm.level!r} in {other.id!r} to match", at
            continue
        like = theirs[arm.level]
        for form in FORMS:
            if not (arm_text(arm.texts[0], form) and arm_text(like.texts[0], form)):
                continue
            if abs(words_of(arm, form) / words_of(like, form) - 1) > LENGTH_TOLERANCE:
                yield f"{words_of(arm, form):.1f} words against {words_of(like, form):.1f} in {other.id!r} ({form})", at
            if abs(_mean_sentiment(arm, form)) > abs(_mean_sentiment(like, form)) + SENTIMENT_TOLERANCE:
                yield f"more sentiment than the arm of {other.id!r} that it is matched to ({form})", at


def _repeated(names: Sequence[str], what: str, at: str) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"duplicate {what} {name!r}", at


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
