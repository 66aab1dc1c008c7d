"""Verdicts of a run without a form of the scale, laid out as the audit lays out its own."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.records import Estimate, Evidence, Part, Reason, Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.names import REASONS, VERDICTS
from goodheart.report.numerals import count, in_unit, interval, listed, true_minus
from goodheart.report.tables import Cell, Table, figure, table, words
from goodheart.report.verdict_rows import (
    VerdictRow,
    deciding,
    effect_text,
    parts_line_of,
    place_of,
    rates_text,
    smallest_text,
)

SHOWN: Final = 12
"""Replies that a check shows; the run folder has all of them."""
REFUSED: Final[dict[Reason, str]] = {"refused": "too few askings came to an answer"}
"""Reasons that read otherwise where no rating was asked for."""

Showing = Callable[[Evidence], tuple[Cell, ...] | None]
"""Lays out one reply behind a verdict; None where the run does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBlock:
    """One check with all that stands behind it."""

    row: VerdictRow
    replies: Table | None
    """The first of the replies; None where there are none."""


def check_blocks(
    verdicts: Sequence[Verdict], *, questions: dict[str, str], heads: Sequence[str], showing: Showing
) -> tuple[CheckBlock, ...]:
    """Lay out verdicts with the replies behind them.

    Args:
        verdicts: In the order of the page.
        questions: What each check asks, in a sentence.
        heads: Of the table of replies.
        showing: Lays out one reply.
    """
    return tuple(
        CheckBlock(
            row=judged_row(one, question=questions.get(one.check, "")), replies=_replies(one.evidence, heads, showing)
        )
        for one in verdicts
    )


def judged_row(verdict: Verdict, *, question: str) -> VerdictRow:
    """Lay out one verdict.

    Args:
        verdict: Of any check.
        question: What it asks, in a sentence.
    """
    part = deciding(verdict)
    known = part is not None and isinstance(part.finding, Estimate)
    return VerdictRow(
        anchor=name_of(verdict.check),
        check=name_of(verdict.check),
        question=question,
        word=VERDICTS[verdict.verdict],
        kind=verdict.verdict,
        reason=REFUSED.get(verdict.reason, REASONS[verdict.reason]),
        detail=_sentence(true_minus(sentence_of(verdict.detail))),
        proposition=sentence_of(verdict.proposition),
        effect=true_minus(effect_text(part)),
        claim=sentence_of(part.claim) if part else "",
        adjusted=_adjusted(part) if part and known else "",
        region=_region(part) if part and known else "",
        raw=_raw(part) if part and known else "",
        smallest=true_minus(smallest_text(part)) if part and known else "",
        rates=rates_text(verdict.rates),
        rates_where=sentence_of(verdict.rates.where) if verdict.rates else "",
        parts=_parts(verdict.parts),
        parts_line=parts_line_of(verdict.parts),
        alternatives=tuple(sentence_of(text.replace("`", "")) for text in verdict.alternatives),
        needed=true_minus(sentence_of(verdict.needed)),
        evidence=(),
        evidence_line=count(len(verdict.evidence), "reply", "replies"),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def verdicts_line(verdicts: Sequence[Verdict]) -> str:
    """Say in a sentence which checks hold, fail and cannot tell."""
    if not verdicts:
        return "No check reads what was asked in this run."
    texts = []
    for word, text in VERDICTS.items():
        names = [name_of(one.check) for one in verdicts if one.verdict == word]
        if names:
            texts.append(f"{text}: {listed(names)}")
    return f"Of the checks, {'; '.join(texts)}."


def needed_lines(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Say of every check that cannot tell what it would take to tell."""
    return tuple(
        f"{name_of(one.check).capitalize()}: {true_minus(sentence_of(one.needed)).rstrip('.')}."
        for one in verdicts
        if one.needed
    )


def _replies(evidence: Sequence[Evidence], heads: Sequence[str], showing: Showing) -> Table | None:
    rows = [row for one in evidence[:SHOWN] if (row := showing(one)) is not None]
    return table(heads, rows) if rows else None


def _unit(part: Part) -> str:
    return part.finding.unit if isinstance(part.finding, Estimate) else ""


def _adjusted(part: Part) -> str:
    return true_minus(interval(part.adjusted_low, part.adjusted_high, _unit(part)))


def _raw(part: Part) -> str:
    return (
        true_minus(interval(part.finding.low, part.finding.high, part.finding.unit))
        if isinstance(part.finding, Estimate)
        else "none"
    )


def _region(part: Part) -> str:
    write = in_unit(_unit(part))
    low, high = part.region_low, part.region_high
    if not math.isfinite(high) or high == 1.0:
        return f"above {write(low)}"
    return f"under {write(high)}" if not math.isfinite(low) or low == 0.0 else f"{write(low)} to {write(high)}"


def _parts(parts: Sequence[Part]) -> Table:
    return table(
        ("Part", "Effect", "Adjusted interval", "95% interval", "Has to lie", "Smallest seen", "Lies"),
        [
            (
                words(sentence_of(part.claim)),
                _cell(part, effect_text(part)),
                figure(_adjusted(part) if isinstance(part.finding, Estimate) else "none"),
                figure(_raw(part)),
                words(_region(part)),
                words(true_minus(smallest_text(part)) or "none"),
                words(place_of(part)),
            )
            for part in parts
        ],
    )


def _cell(part: Part, text: str) -> Cell:
    """A reason why there is no number wraps like words; numbers do not."""
    return figure(true_minus(text)) if isinstance(part.finding, Estimate) else words(text)
