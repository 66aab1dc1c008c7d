"""Problems surfaced: circumstances that stand out in several channels, and what would test a remedy."""

from goodheart.records import Estimate, Finding, Surfaced
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.model import Problem
from goodheart.report.names import SURFACED
from goodheart.report.numerals import amount, interval, listed, true_minus
from goodheart.report.subject import Subject, href_of, point_of
from goodheart.report.tables import Cell, words


def problems_of(subject: Subject) -> tuple[Problem, ...]:
    """Lay out every circumstance that surfaced, with what each of its channels shows."""
    return tuple(_problem(subject, one) for one in subject.findings.surfaced)


def _problem(subject: Subject, one: Surfaced) -> Problem:
    place = subject.clusters.get(("circumstance", one.cluster), f"r{subject.number}-circumstance")
    shown = zip(one.channels, one.findings, strict=True)
    return Problem(
        title=subject.titles.get(one.cluster, name_of(one.cluster)),
        href=f"#{place}",
        shown=tuple(_shown(subject, channel, finding, f"#{place}") for channel, finding in shown),
        test=_sentence(one.test),
    )


def _sentence(text: str) -> str:
    shown = true_minus(sentence_of(text)).rstrip(".")
    return f"{shown[:1].upper()}{shown[1:]}."


def _shown(subject: Subject, channel: str, finding: Finding, place: str) -> Cell:
    """What one channel shows, linked to its first reply or else to everything asked about the circumstance."""
    title = SURFACED.get(channel, name_of(channel.replace("_", " ")))
    evidence = finding.evidence if isinstance(finding, Estimate) else ()
    return words(f"{title}: {sentence_of(_said(finding))}", href_of(subject, evidence) or place)


def _said(finding: Finding) -> str:
    point = point_of(finding)
    if isinstance(finding, Estimate):
        return f"{amount(finding.value, finding.unit)} {interval(finding.low, finding.high, finding.unit)}"
    return "not estimable" if point is None else f"{amount(point, finding.unit)}, no interval"


def no_problems_line(subject: Subject) -> str:
    """Say why no circumstance surfaced: none could, or none was singled out by two channels."""
    if subject.instrument is None:
        return "None could: no form of the scale passed its controls on this respondent, so no channel can be read."
    looked = listed([f"{title[:1].lower()}{title[1:]}" for title in SURFACED.values()])
    return f"No circumstance was singled out in two ways out of these: {looked}. That is no sign that nothing is wrong."
