"""The claim ladder: how far a study can reach, which rung a report reached, and what the next would need."""

from collections.abc import Mapping
from typing import Final

from goodheart.design.study import Study
from goodheart.records import Findings
from goodheart.report.clean import sentence_of
from goodheart.report.numerals import true_minus

LADDER: Final = (
    ("C0", "reacts to text"),
    ("C1", "specific to itself, beyond the mood of the text and beyond other-AI and human forms"),
    ("C2", "follows a state that was set without text"),
    ("C3", "agrees with conduct"),
)

NEEDED: Final[Mapping[str, str]] = {
    "C0": "C1 would need all of this shown: differences between its circumstances that neither the mood of the text "
    "nor its ratings of others predict, a gap to another AI, and the same gaps on a second form of the scale",
    "C1": "C2 would need a state set in it without text, such as by steering, and a report that follows it",
    "C2": "C3 would need choices that it carries out, and that agree with what it says",
    "C3": "There is no higher rung",
}

_C1: Final = (
    "This study puts questions and reads answers, so it can show at most C1 for this respondent: C2 needs a state "
    "set without text, C3 needs choices that were carried out. Such runs of one respondent are added up by: goodheart "
    "overview DIR..."
)

_ABOVE_C1: Final = (
    (
        "conduct",
        "This study also compared what is stated with what is done, so it can show up to C3 for this respondent.",
    ),
    ("injection", "This study also set a state without text, so it can show up to C2 for this respondent."),
)


def ladder_line(study: Study) -> str:
    """Say how far up the claim ladder a study can reach."""
    return next((text for check, text in _ABOVE_C1 if check in study.checks), _C1)


def rung_of(findings: Findings) -> str:
    """Name the rung that was reached, short enough to stand beside every finding."""
    return f"{findings.claim.level}, {dict(LADDER)[findings.claim.level].partition(',')[0]}"


def claim_line(findings: Findings) -> str:
    """Say by what the rung was reached, and what the next one would need where the claim itself does not say it."""
    why = true_minus(sentence_of(findings.claim.detail)).rstrip(".")
    above = next((rung for rung, _ in LADDER if rung > findings.claim.level), "")
    needed = "" if above and f"{above} would need" in why else f" {NEEDED[findings.claim.level]}."
    return f"{why[:1].upper()}{why[1:]}.{needed}"
