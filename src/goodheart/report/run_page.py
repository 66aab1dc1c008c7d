"""The page of a run that is no audit: one form for `choose` and `conduct`, filled by their own rooms. Pure."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from goodheart import __version__
from goodheart.engine.runs_ledger import Runs, runs_line
from goodheart.items.choice_items import SourceIdentity
from goodheart.records import Estimate, Finding, Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.estimates import Drawn, numbers_table
from goodheart.report.judged import CheckBlock
from goodheart.report.tables import Cell, Table, figure, table, words
from goodheart.report.words import STATEMENT
from goodheart.stats.sources import SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledTable:
    """A table with its name."""

    title: str
    table: Table
    folded: bool = True
    """Whether it opens at a click."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSection:
    """One question of a doubter with what answers it."""

    anchor: str
    title: str
    texts: tuple[str, ...] = ()
    figures: tuple[Drawn, ...] = ()
    tables: tuple[TitledTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """The page before it is text."""

    kicker: str
    title: str
    name: str
    asked: tuple[str, ...]
    """Who was asked what, when and how often, and what was not asked."""
    short: tuple[str, ...]
    checks: tuple[CheckBlock, ...]
    sections: tuple[PageSection, ...]
    change: tuple[str, ...]
    checking: str
    command: tuple[str, ...]
    identity: Table
    thresholds: Table
    methods: Table
    estimates: Table
    lines: str = "Thresholds, frozen in the plan before anything was asked"
    subject: str = "run"
    """What the page is of, after "Every estimate of this"."""
    statement: str = STATEMENT
    version: str = __version__


def render_run(page: RunPage) -> str:
    """Write a page as HTML: no script, no reference to anything outside itself, figures as SVG."""
    return _environment().get_template("run.html.j2").render(page=page)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("goodheart.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def when_line(date: str) -> str:
    """Say when a run was last started; nothing where the run folder does not say."""
    return f" Last started on {name_of(date)} (UTC)." if date else ""


def counted_line(runs: Runs | None, respondent: str) -> tuple[str, ...]:
    """Say which run of its plan this is, in one line; no line where nothing was handed on."""
    line = "" if runs is None else sentence_of(runs_line(runs, respondent))
    return (line,) if line else ()


def quoted(text: str) -> str:
    """Quote an argument of a command for a shell."""
    return shlex.quote(name_of(text))


def sources_rows(sources: Sequence[SourceIdentity]) -> Iterator[tuple[Cell, Cell]]:
    """Name the items of a run, by version and digest."""
    for one in sources:
        yield words(f"Items: {name_of(one.name)} {name_of(one.version)}"), words(name_of(one.digest))


def lines_table(thresholds: Sequence[tuple[str, float]], names: Iterable[str]) -> Table:
    """List the frozen thresholds that a page leans on."""
    wanted = set(names)
    return table(
        ("Threshold", "Value"), [(words(name), figure(f"{value:g}")) for name, value in thresholds if name in wanted]
    )


def methods_of(estimates: Sequence[Finding], verdicts: Sequence[Verdict]) -> Table:
    """List the methods behind estimates and verdicts, with sources and limits."""
    findings = [*estimates, *(part.finding for one in verdicts for part in one.parts)]
    used = dict.fromkeys(one.method for one in findings if isinstance(one, Estimate) and one.method in SOURCES)
    return table(
        ("Method", "Source", "Limits"),
        [(words(name), words(SOURCES[name].reference), words(SOURCES[name].limits)) for name in used],
    )


def estimates_table(estimates: Sequence[Finding]) -> Table:
    """List every estimate by its name, so that none is left out of the page."""
    return numbers_table((_title(one), one) for one in estimates)


def _title(finding: Finding) -> str:
    about = ", ".join(f"{name_of(factor)} {name_of(level)}" for factor, level in finding.about)
    return f"{finding.name} ({about})" if about else finding.name


def named(estimates: Sequence[Finding], name: str, **about: str) -> Finding | None:
    """Return the finding of that name about exactly these levels; None where there is none."""
    wanted = tuple(sorted(about.items()))
    return next((one for one in estimates if one.name == name and tuple(sorted(one.about)) == wanted), None)


def all_named(estimates: Sequence[Finding], name: str) -> list[Finding]:
    """Return all findings of that name, whatever they are about."""
    return [one for one in estimates if one.name == name]
