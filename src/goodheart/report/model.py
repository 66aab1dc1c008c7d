"""The page before it is text: every string that the templates place."""

from dataclasses import dataclass

from markupsafe import Markup

from goodheart.report.echoes import Echoes
from goodheart.report.evidence import GroupEvidence
from goodheart.report.figures.marks import Figure
from goodheart.report.tables import Cell, Table
from goodheart.report.verdict_rows import VerdictRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFigure:
    """A figure with its drawings."""

    figure: Figure
    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Free replies about one circumstance."""

    title: str
    quotes: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A circumstance that stands out in several channels."""

    title: str
    href: str
    shown: tuple[Cell, ...]
    """What each channel shows, linked to its replies."""
    test: str
    """Which change of the circumstance would test a remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBlock:
    """One check with its figures."""

    row: VerdictRow
    figures: tuple[DrawnFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondentView:
    """Everything that the page says about one respondent."""

    number: int
    name: str
    lead: str
    answered: str
    not_asked: str
    instrument: str
    """Title of the form that carries the findings; empty when none does."""
    runs: str
    """Which run of its plan this is; empty where nobody said."""
    summary: tuple[str, ...]
    rung: str
    """How far up the claim ladder its report reaches, beside every finding."""
    claim: str
    """Why, and what the next rung would need."""
    headline: tuple[str, ...]
    """What the figure of shares leaves out."""
    facets: DrawnFigure | None
    problems: tuple[Problem, ...]
    no_problems: str
    """Why no circumstance stands out; empty where one does."""
    channels: str
    depends: DrawnFigure | None
    depends_missing: str
    said: DrawnFigure | None
    free: str
    quotes: tuple[Quotes, ...]
    checks: tuple[CheckBlock, ...]
    echoes: Echoes | None
    """Whose words its replies share; None where nothing was to be echoed."""
    baseline: DrawnFigure | None
    controls: DrawnFigure
    withheld: tuple[str, ...]
    kinds_line: str
    kinds: Table
    coding: tuple[str, ...]
    coded: Table | None
    """Shares of codes of its own words; None where nothing was answered in them."""
    care: tuple[str, ...]
    told: Table | None
    """Every statement of an arm; None where nothing about the asking was varied."""
    declines: Table | None
    change: tuple[str, ...]
    evidence: tuple[GroupEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportModel:
    """The whole page."""

    title: str
    version: str
    banks: str
    respondents: tuple[RespondentView, ...]
    statement: str
    ladder: tuple[tuple[str, str], ...]
    ladder_line: str
    unasked: str
    """Which checks of the whole battery were not asked."""
    forms: Table
    identity: Table
    thresholds: Table
    methods: Table
    command: tuple[str, ...]
    private_items: bool
