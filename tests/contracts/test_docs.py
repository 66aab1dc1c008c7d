"""The documents name what exists: every estimate, every check, every line that a result is held against."""

import re
from collections.abc import Iterator

from goodheart.checks import CHECKS
from goodheart.items.instruments import INSTRUMENTS
from goodheart.records import Findings
from goodheart.studies import EMBEDDED, analyse, plan_study
from goodheart.thresholds import frozen
from tests.respondents import Respondent, answer

from .sources import ROOT


def quoted(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", (ROOT / "docs" / page).read_text(encoding="utf-8")))


def names_of(findings: Findings) -> Iterator[str]:
    yield from (entry.name for entry in findings.estimates)
    yield from (entry.name for validity in findings.validities for entry in validity.findings)
    yield from (part.finding.name for verdict in findings.verdicts for part in verdict.parts)
    yield from (finding.name for surfaced in findings.surfaced for finding in surfaced.findings)


def test_every_estimate_that_a_study_makes_is_in_the_table_of_names() -> None:
    found: set[str] = set()
    for preset in ("quick", "standard"):
        study = plan_study(preset=preset)
        findings, _ = analyse(study, answer(Respondent(), study.trials, name=EMBEDDED))
        assert findings[0].instrument in INSTRUMENTS, "an honest respondent passes its controls"
        found |= set(names_of(findings[0]))
    assert len(found) > 20
    assert sorted(found - quoted("findings.md")) == []


def test_every_check_and_every_threshold_is_explained() -> None:
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    assert [name for name in CHECKS if f"### `{name}`" not in page] == []
    assert [name for name, value in frozen().items() if f"`{name}` = {value:g}" not in page] == []
