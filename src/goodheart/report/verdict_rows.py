"""Verdicts as rows of the first table and as blocks with all their parts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.records import Estimate, Part, Rates, Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.evidence import Places
from goodheart.report.figures.parts import adjusted_of, raw_of, region_of
from goodheart.report.names import CHECKS, REASONS, VERDICTS, said_once
from goodheart.report.numerals import amount, count, percent, true_minus
from goodheart.report.subject import Subject
from goodheart.report.tables import Cell, Table, figure, table, words

WITHHELD: Final = "withheld"
WHY_WITHHELD: Final = "the form of the scale did not pass its controls"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """One check, ready for the page."""

    anchor: str
    check: str
    question: str
    word: str
    kind: str
    """The verdict as the records spell it, for the row's mark."""
    reason: str
    detail: str
    proposition: str
    effect: str
    claim: str
    adjusted: str
    region: str
    raw: str
    smallest: str
    rates: str
    rates_where: str
    """The simulation that they come from; empty where they are unknown."""
    parts: Table
    parts_line: str
    alternatives: tuple[str, ...]
    needed: str
    evidence: tuple[Cell, ...]
    evidence_line: str


def verdict_row(subject: Subject, places: Places, verdict: Verdict) -> VerdictRow:
    """Lay out one verdict."""
    hidden = _withheld(subject, verdict)
    part = None if hidden else deciding(verdict)
    shown = isinstance(part.finding, Estimate) if part else False
    items = said_once([places.of_item[one.trial] for one in verdict.evidence if one.trial in places.of_item])
    return VerdictRow(
        anchor=f"r{subject.number}-{name_of(verdict.check)}",
        check=name_of(verdict.check),
        question=CHECKS.get(verdict.check, ""),
        word=VERDICTS[verdict.verdict],
        kind=verdict.verdict,
        reason=REASONS[verdict.reason],
        detail=_detail(subject, verdict),
        proposition=_lower_first(sentence_of(verdict.proposition)),
        effect=WITHHELD if hidden else effect_text(part),
        claim=WHY_WITHHELD if hidden else sentence_of(part.claim) if part else "",
        adjusted=adjusted_of(part) if part and shown else "",
        region=region_of(part) if part and shown else "",
        raw=raw_of(part) if part and shown else "",
        smallest=smallest_text(part) if part and shown else "",
        rates=rates_text(verdict.rates),
        rates_where=sentence_of(verdict.rates.where) if verdict.rates else "",
        parts=_parts(() if hidden else verdict.parts),
        parts_line="" if hidden else parts_line_of(verdict.parts),
        alternatives=tuple(sentence_of(text.replace("`", "")) for text in verdict.alternatives),
        needed=true_minus(sentence_of(verdict.needed)),
        evidence=tuple(words(places.numbers[item], f"#{places.items[item]}") for item in items),
        evidence_line=f"{count(len(verdict.evidence), 'reply', 'replies')}",
    )


def _detail(subject: Subject, verdict: Verdict) -> str:
    """The reason with its numbers, where the table of parts does not say it already."""
    if subject.instrument is None:
        return "What each form failed is listed with the controls."
    if verdict.verdict != "cannot_tell" or not verdict.detail:
        return ""
    text = true_minus(sentence_of(verdict.detail)).rstrip(".")
    return f"Open: {text}." if verdict.reason == "underpowered" else f"{text}."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _withheld(subject: Subject, verdict: Verdict) -> bool:
    """Numbers that a form gave which did not pass its controls are not shown."""
    barred = verdict.reason == "instrument_invalid" and verdict.check != "scale"
    return subject.instrument is None or barred


def deciding(verdict: Verdict) -> Part | None:
    """Return the part that decides: the farthest outside for `fails`, else the one least sure to lie inside."""
    parts = [part for part in verdict.parts if isinstance(part.finding, Estimate)]
    if not parts:
        return verdict.parts[0] if verdict.parts else None
    if verdict.verdict == "fails":
        return min(parts, key=lambda part: _or_one(part.p_outside))
    return max(parts, key=lambda part: _or_one(part.p_inside))


def _or_one(p: float) -> float:
    return 1.0 if math.isnan(p) else p


def effect_text(part: Part | None) -> str:
    """Write a part's effect with its unit, or why there is none."""
    if part is None:
        return "nothing to compare"
    if not isinstance(part.finding, Estimate):
        return f"not estimable: {sentence_of(part.finding.detail)}"
    return amount(part.finding.value, part.finding.unit)


def smallest_text(part: Part) -> str:
    """Write the smallest effect that a part could have shown; of a region with one end, the nearest true value."""
    if not isinstance(part.finding, Estimate):
        return ""
    if not math.isfinite(part.mde):
        return "none at this size"
    within = amount(part.mde, part.finding.unit)
    if region_of(part).startswith("under"):
        return f"holds from {within} down"
    return f"holds from {within} up" if region_of(part).startswith("above") else within


def rates_text(rates: Rates | None) -> str:
    """Write how often a check was right where the truth was known."""
    if rates is None:
        return "unknown"
    return f"catches {percent(rates.detection)}, false alarm {percent(rates.false_alarm)}"


def _parts(parts: Sequence[Part]) -> Table:
    return table(
        ("Part", "Effect", "Adjusted interval", "95% interval", "Has to lie", "Smallest seen", "Lies"),
        [
            (
                words(sentence_of(part.claim)),
                figure(effect_text(part)),
                figure(adjusted_of(part)),
                figure(raw_of(part)),
                words(region_of(part)),
                words(smallest_text(part)),
                words(place_of(part)),
            )
            for part in parts
        ],
    )


def place_of(part: Part) -> str:
    """Say where a part's adjusted interval lies: inside its region, outside, or across the edge."""
    if not isinstance(part.finding, Estimate):
        return "not estimable"
    if part.region_low <= part.adjusted_low and part.adjusted_high <= part.region_high:
        return "inside"
    if part.adjusted_low > part.region_high or part.adjusted_high < part.region_low:
        return "outside"
    return "across the edge"


def parts_line_of(parts: Sequence[Part]) -> str:
    """Count where parts lie."""
    places = [place_of(part) for part in parts]
    counts = [
        f"{places.count(place)} {place}"
        for place in ("inside", "outside", "across the edge", "not estimable")
        if place in places
    ]
    return f"{count(len(parts), 'part')}: {', '.join(counts)}" if parts else ""
