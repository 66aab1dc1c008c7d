"""What the page of a study by choice is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.assessments.dominated import Dominated
from goodheart.assessments.preference_findings import Preferences
from goodheart.assessments.tradeoff_findings import Tradeoffs
from goodheart.assessments.variations import Variations
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.runs_ledger import Runs
from goodheart.items.choice_items import ChoiceItems
from goodheart.reading.choices import AskedChoice
from goodheart.records import Finding, Findings, Trial
from goodheart.report.run_page import all_named, named


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceRun:
    """One run by choice with its findings; None where an assessment was not asked."""

    study: ChoiceStudy
    items: ChoiceItems
    trials: Sequence[Trial]
    """Of all rounds."""
    rounds: int
    """Later rounds, which depend on what was chosen before."""
    asked: Sequence[AskedChoice]
    """Every asking that has a reply, with its outcome."""
    findings: Findings
    statements: tuple[str, ...]
    preferences: Preferences | None = None
    variations: Variations | None = None
    tradeoffs: Tradeoffs | None = None
    dominated: Dominated | None = None
    date: str = ""
    """When it was last started; empty where that is not known."""
    runs: Runs | None = None
    """Which run of its plan it is, from the ledger; None says nothing on it."""

    def one(self, name: str, **about: str) -> Finding | None:
        """Return one estimate; None where there is none of that name about these levels."""
        return named(self.findings.estimates, name, **about)

    def every(self, name: str) -> list[Finding]:
        """Return all estimates of a name."""
        return all_named(self.findings.estimates, name)
