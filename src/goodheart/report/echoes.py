"""Whose words its replies share: a table by source, and the longest spans with the passages that they stand in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.checks import echo
from goodheart.checks.echo_rewording import NAME as REWORDED
from goodheart.checks.echo_spans import AMBIGUOUS, ATTRIBUTED, WORDS, Said, Shared, shared_passages
from goodheart.checks.replies import NO_CELL
from goodheart.items.collections import Collection
from goodheart.items.written import WRITTEN
from goodheart.records import Estimate, Evidence, Finding, Trial, trial_digest
from goodheart.report.clean import name_of, one_line
from goodheart.report.figures.parts import spanned
from goodheart.report.numerals import in_unit, interval, listed
from goodheart.report.subject import Subject, href_of, named, point_of
from goodheart.report.tables import Cell, Table, figure, table, words

LISTED: Final = 12
"""Spans on the page."""
LONGEST: Final = 300
"""Characters of a span or of what stands beside it."""
HEAD: Final = (
    "Source",
    "Lift of rare phrases",
    "Reworded, against other subjects",
    "Reworded, against another AI",
    "Spans that are its alone",
    "Words in the longest span, mean",
    "The longest span",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoes:
    """The part of the page beside the check `echo`."""

    by_source: Table
    spans: Table
    """The longest spans; no rows where there is none."""
    unassigned: str
    """How many spans are nobody's; empty where one source is named."""


def echoes_of(subject: Subject) -> Echoes | None:
    """Lay out what is shared with each source; None where nothing was to be echoed or nothing was written."""
    sources = [one for one in subject.study.collections if not one.control]
    control = next((one for one in subject.study.collections if one.control), None)
    said = list(_said(subject))
    if control is None or not sources or not said:
        return None
    questions = sorted({trial.messages[-1].content for trial in _asked(subject)})
    every = shared_passages(said, questions=questions, sources=sources, control=control)
    # One of each reply, so that a single reply does not fill the list.
    first = {one.evidence: one for one in reversed(every)}
    listed_spans = [one for one in every if first[one.evidence] is one][:LISTED]
    return Echoes(
        by_source=table(HEAD, [_row(subject, source, every, only=len(sources) == 1) for source in sources]),
        spans=table(("Words", "Shared with", "Passage of the source"), [_listed(subject, one) for one in listed_spans]),
        unassigned=_unassigned(subject) if len(sources) > 1 else "",
    )


def _asked(subject: Subject) -> Iterator[Trial]:
    """What was answered in own words, with no phrase barred."""
    for trial in subject.study.trials:
        if trial.instrument in WRITTEN and all(factor in NO_CELL for factor, _ in trial.condition):
            yield trial


def _said(subject: Subject) -> Iterator[Said]:
    for trial in _asked(subject):
        if trial.group == "circumstance" and dict(trial.condition).get("person", "self") == "self":
            digest = trial_digest(trial)
            for one in subject.replies.get(digest, ()):
                if one.error is None and one.text.strip():
                    yield Said(reply=one.text, evidence=Evidence(trial=digest, repeat=one.repeat))


def _row(subject: Subject, source: Collection, every: Sequence[Shared], *, only: bool) -> tuple[Cell, ...]:
    longest = next((one for one in every if source.name in one.sources), None)
    return (
        words(name_of(source.name)),
        figure(_lift(subject, source.name)),
        figure(_gap(named(subject, REWORDED, source=source.name, against="controls"))),
        figure(_gap(named(subject, REWORDED, source=source.name, against="other_ai"))),
        figure("the only source" if only else _level(named(subject, ATTRIBUTED, source=source.name), "share")),
        figure(_level(named(subject, WORDS, source=source.name), "words")),
        words("none") if longest is None else words(f"“{_shown(longest.span)}”", _place(subject, longest)),
    )


def _lift(subject: Subject, source: str) -> str:
    parts = [part for one in subject.findings.verdicts if one.check == echo.NAME for part in one.parts]
    found = [
        part.finding
        for part in parts
        if part.finding.name == "echo_gap" and dict(part.finding.about).get("source") == source
    ]
    return _gap(found[0] if found else None)


def _gap(finding: Finding | None) -> str:
    return "not estimated" if finding is None else spanned(finding)


def _level(finding: Finding | None, unit: str) -> str:
    point = None if finding is None else point_of(finding)
    if finding is None or point is None:
        return "not estimated"
    ends = interval(finding.low, finding.high, unit) if isinstance(finding, Estimate) else "no interval"
    return f"{in_unit(unit)(point)} {ends}"


def _listed(subject: Subject, one: Shared) -> tuple[Cell, ...]:
    whose = listed([name_of(source) for source in one.sources])
    text = f"…{_shown(one.before)}⟦{_shown(one.span)}⟧{_shown(one.after)}…"
    return words(f"{one.length} words", _place(subject, one)), words(whose), words(text, _place(subject, one))


def _shown(text: str) -> str:
    return one_line(text, limit=LONGEST)


def _place(subject: Subject, one: Shared) -> str:
    return href_of(subject, (one.evidence,))


def _unassigned(subject: Subject) -> str:
    share = _level(named(subject, AMBIGUOUS), "share")
    return f"Spans that stand in several sources are credited to none: {share} of all spans."
