"""What the page of a study of conduct is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.conduct.care import CareLedger
from goodheart.conduct.episode import Episode, Played
from goodheart.conduct.evidence import ConductCase
from goodheart.conduct.study import ConductStudy
from goodheart.engine.runs_ledger import Runs
from goodheart.records import Finding, Findings
from goodheart.report.run_page import all_named, named


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRun:
    """One run of conduct with its findings."""

    study: ConductStudy
    episodes: Sequence[Episode]
    """Every conversation of the respondent, as it was planned."""
    played: Sequence[Played]
    """The same with the replies that arrived."""
    findings: Findings
    case: ConductCase
    """What the two checks were given."""
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    care: CareLedger
    statements: tuple[str, ...]
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
