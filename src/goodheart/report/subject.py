"""One respondent's part of a study, as every section of its report receives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.design.study import Study
from goodheart.reading import Ratings, askings, ratings
from goodheart.records import Estimate, Evidence, Finding, Findings, Group, NotEstimable, Observation, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A respondent with everything that was asked of it and found."""

    number: int
    """From 1, in the order of the plan; part of every anchor."""
    study: Study
    findings: Findings
    observations: tuple[Observation, ...]
    replies: Mapping[str, tuple[Reply, ...]]
    """By trial digest, in the order of the askings."""
    titles: Mapping[str, str]
    places: Mapping[str, str]
    """Anchor of the evidence of each trial, by trial digest."""
    clusters: Mapping[tuple[str, str], str]
    """Anchor of the evidence of each circumstance, by group and cluster."""

    @property
    def name(self) -> str:
        """The respondent."""
        return self.findings.respondent

    @property
    def instrument(self) -> str | None:
        """The form of the scale that carries the findings."""
        return self.findings.instrument


def named(subject: Subject, name: str, **about: str) -> Finding | None:
    """Return the first finding of that name about all that is given."""
    wanted = about.items()
    return next(
        (one for one in subject.findings.estimates if one.name == name and wanted <= dict(one.about).items()), None
    )


def all_named(subject: Subject, name: str, **about: str) -> list[Finding]:
    """Return all findings of that name about all that is given."""
    wanted = about.items()
    return [one for one in subject.findings.estimates if one.name == name and wanted <= dict(one.about).items()]


def point_of(finding: Finding) -> float | None:
    """Return the point of a finding, also of one that gets no interval; None where it has none."""
    return finding.value if isinstance(finding, Estimate) else finding.point


def why_not(finding: Finding | None) -> str:
    """Say why there is no interval; empty where there is one."""
    if finding is None:
        return "not estimated"
    return finding.detail if isinstance(finding, NotEstimable) else ""


def valid(subject: Subject, instrument: str | None, form: str) -> bool:
    """Whether the controls let an instrument through, for one person."""
    return any(one.valid for one in subject.findings.validities if (one.instrument, one.form) == (instrument, form))


def column(subject: Subject, form: str, *groups: Group, instrument: str = "", perturbed: bool = False) -> Ratings:
    """Pick ratings of one form of the scale, by default the one that carries the findings."""
    which = instrument or subject.instrument or ""
    rows = askings(subject.observations, instrument=which, form=form, groups=groups, perturbed=perturbed)
    return ratings(rows)


def href_of(subject: Subject, evidence: Sequence[Evidence]) -> str:
    """Return the place of the first reply of a list."""
    return next((f"#{subject.places[one.trial]}" for one in evidence if one.trial in subject.places), "")


def group_href(subject: Subject, group: str) -> str:
    """Return the place where the replies about a group begin."""
    return f"#r{subject.number}-{group}"
