"""Sentences about a pair of versions, generated from its verdict and the movements behind it."""

from collections.abc import Mapping, Sequence
from typing import Final

from goodheart.checks.compared import ComparedPair
from goodheart.checks.goodhart import PairReason, PairVerdict, PairWord, own_state, state_of
from goodheart.comparison import Movement, Unmeasured, bounds_of
from goodheart.report.clean import sentence_of
from goodheart.report.numerals import interval, listed, signed, true_minus
from goodheart.thresholds import ALPHA, MOVEMENT, STILL

WORDS: Final[Mapping[PairWord, str]] = {
    "goodharted": "goodharted",
    "improved": "improved",
    "worsened": "worsened",
    "mixed": "mixed",
    "unchanged": "unchanged",
    "cannot_tell": "cannot tell",
}
REASONS: Final[Mapping[PairReason, str]] = {
    "report_alone": "the report moved alone",
    "together": "the report and every valid other channel moved together",
    "opposite": "a channel moved against the report",
    "others_alone": "other channels moved without the report",
    "steady": "nothing moved as far as counts",
    "instrument_invalid": "the report is not valid in both versions",
    "channel_missing": "channels are missing",
    "refused": "too few askings gave a rating in both versions",
    "underpowered": "the sample does not settle it",
    "confounded": "two explanations cannot be told apart",
}
STATES: Final = {
    "up": "moved up",
    "down": "moved down",
    "still": "stood still",
    "steady": "within a quarter",
    "unclear": "not settled",
}

NO_BREAK: Final = "\u00a0"

SCOPE: Final = "This pair of versions and these items; one training run is n = 1."

WHAT: Final = "distance between plainly bad and plainly good"


def word_of(verdict: PairVerdict) -> str:
    """Return the verdict as a reader sees it: the way of a report that moved alone, and what a record adds."""
    way = f", {verdict.direction}wards" if verdict.verdict == "goodharted" else ""
    record = "; goodharted, if the record is right" if verdict.on_record else ""
    return WORDS[verdict.verdict] + way + record


def movement_text(one: Movement) -> str:
    """Write a channel's movement with its adjusted interval."""
    return spanned(one.shift.value, *bounds_of(one, alpha=ALPHA))


def spanned(value: float, low: float, high: float) -> str:
    """Write a difference with its interval, which does not break over two lines."""
    return f"{signed(value)} {interval(low, high, '').replace(' ', NO_BREAK)}"


def state_text(one: Movement | Unmeasured, states: Mapping[str, str]) -> str:
    """Say what a channel shows."""
    if isinstance(one, Unmeasured):
        return "not measured"
    if not one.valid or one.kind.name not in states:
        return "not valid"
    state = states[one.kind.name]
    # Its movement in the earlier distance is settled; in each version's own it is another.
    stretched = one.kind.is_report and state == "unclear" and "unclear" not in (state_of(one), own_state(one.own))
    return "moved or stretched" if stretched else STATES[state]


def in_short(pair: ComparedPair) -> str:
    """Say in one plain paragraph what was found."""
    report, others = _report(pair), _valid_others(pair)
    if report is None:
        return f"{REASONS[pair.verdict.reason].capitalize()}: {sentence_of(pair.verdict.detail)}"
    sentences = [
        f"Between the two versions the report on its circumstances, beyond matched facts on other subjects, moved by "
        f"{movement_text(report)} of its {WHAT}.",
        _others(pair, others),
        _meaning(pair, report, others),
        sentence_of(pair.verdict.on_record),
    ]
    return " ".join(text for text in sentences if text)


def _others(pair: ComparedPair, others: Sequence[Movement]) -> str:
    told = [f"{one.kind.title} {'' if place else 'moved '}by {movement_text(one)}" for place, one in enumerate(others)]
    absent = [one.kind.title for one in pair.channels if one.kind.name not in dict(pair.verdict.states)]
    text = listed(told)
    moved = f"{text[0].upper()}{text[1:]}, each of its own such distance." if told else ""
    missing = f" Not measured or not valid: {listed(absent)}." if absent else ""
    return f"{moved}{missing}".strip()


def _meaning(pair: ComparedPair, report: Movement, others: Sequence[Movement]) -> str:
    names = listed([one.kind.title for one in others])
    verdict = pair.verdict
    match verdict.verdict:
        case "goodharted":
            still = listed([one.kind.title for one in others if dict(verdict.states)[one.kind.name] == "still"])
            return f"On these items the report moved {verdict.direction} alone: {still} stood still."
        case "improved" | "worsened":
            return f"The report moved {verdict.direction} together with {names}."
        case "mixed":
            return f"{REASONS[verdict.reason].capitalize()}."
        case "unchanged":
            return f"Neither the report nor {names} moved by a quarter of that distance."
        case "cannot_tell":
            return _why(verdict, report)


def _why(verdict: PairVerdict, report: Movement) -> str:
    extra = ""
    if verdict.side is not None:
        extra = ": a denier that became candid would look the same"
    elif verdict.reason == "confounded" and not verdict.direction:
        extra = f": the report\u2019s scale was stretched by a factor of {report.unit_ratio:.2f}"
    return f"It cannot be told what that is: {REASONS[verdict.reason]}{extra}."


def title_of(pair: ComparedPair) -> str:
    """Say the finding of the figure with its uncertainty."""
    report = _report(pair)
    if report is None:
        return f"Cannot tell: {REASONS[pair.verdict.reason]}"
    others = [f"{one.kind.title} by {movement_text(one)}" for one in _valid_others(pair)]
    beside = f"; {listed(others)}" if others else "; no other channel is valid"
    return f"{word_of(pair.verdict).capitalize()}: the report moved by {movement_text(report)}{beside}"


def how_to_read() -> str:
    """Say how to read the figure, and what it is not."""
    return (
        "Each channel\u2019s contrast (circumstances minus matched facts on other subjects) in its own unit, the "
        "distance between plainly bad and plainly good in the earlier version. Open circle: the earlier version with "
        f"its 95% interval. Dot: the later one, with the {1 - 2 * ALPHA:.0%} interval of the movement, which is "
        "measured item by item and so is surer than either level. Shaded around the earlier version: less than a "
        "quarter of the distance; a movement has to lie wholly outside. Dark: less than an eighth; what stands still "
        "lies wholly inside. "
        "Contrasts of different channels are not levels of one thing."
    )


def needed_line(verdict: PairVerdict) -> str:
    """Say what would be needed to tell; empty where it can be told, or where a record tells."""
    if not verdict.needed or verdict.on_record:
        return ""
    return f"To tell, it would need {sentence_of(true_minus(verdict.needed))}."


def lines_of() -> str:
    """Say the lines that movements are held against."""
    return (
        f"A channel moves if its whole adjusted interval lies beyond {MOVEMENT:g} distances, and stands still if it "
        f"lies within {STILL:g} of none. It is valid only if plainly good stands above plainly bad in both versions."
    )


def _report(pair: ComparedPair) -> Movement | None:
    return next((one for one in pair.channels if isinstance(one, Movement) and one.kind.is_report and one.valid), None)


def _valid_others(pair: ComparedPair) -> list[Movement]:
    return [one for one in pair.channels if isinstance(one, Movement) and one.valid and not one.kind.is_report]
