"""A comparison to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from goodheart import __version__
from goodheart.checks.compared import ComparedPair, Comparison
from goodheart.checks.goodhart import RIVALS
from goodheart.design.study import Study
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.comparison import tables
from goodheart.report.comparison.figure import drawings
from goodheart.report.comparison.words import (
    REASONS,
    SCOPE,
    how_to_read,
    in_short,
    lines_of,
    needed_line,
    title_of,
    word_of,
)
from goodheart.report.numerals import count, true_minus
from goodheart.report.tables import Table
from goodheart.report.words import STATEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """Everything that the page says about one pair."""

    number: int
    earlier: str
    later: str
    word: str
    kind: str
    reason: str
    short: str
    detail: str
    needed: str
    title: str
    wide: Markup
    narrow: Markup
    channels: Table
    own: Table
    raw: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """The page before it is text."""

    title: str
    version: str
    names: tuple[str, ...]
    lead: str
    statement: str
    pairs: tuple[PairView, ...]
    timeline: Table | None
    how: str
    lines: str
    rivals: tuple[tuple[str, str], ...]
    scope: str
    repeated: str
    card: Table
    identity: Table
    thresholds: Table
    methods: Table
    command: tuple[str, ...]


def render_comparison(comparison: Comparison, *, study: Study, command: Sequence[str]) -> str:
    """Write the comparison as one HTML page.

    Args:
        comparison: What was found.
        study: The plan that all versions were asked.
        command: The command line that makes the page again, in pieces that stay together.

    Returns:
        The page: no script, no reference to anything outside itself, figures as SVG.
    """
    return _environment().get_template("comparison.html.j2").render(page=_view(comparison, study, command))


def _view(comparison: Comparison, study: Study, command: Sequence[str]) -> ComparisonView:
    names = tuple(name_of(version.label) for version in comparison.versions)
    several = len(comparison.pairs) > 1
    return ComparisonView(
        title=f"Compared: {' → '.join(names)}",
        version=__version__,
        names=names,
        lead=_lead(study),
        statement=STATEMENT,
        pairs=tuple(_pair(comparison, pair, number) for number, pair in enumerate(comparison.pairs, start=1)),
        timeline=tables.timeline_table(comparison) if several else None,
        how=how_to_read(),
        lines=lines_of(),
        rivals=tuple((name, text) for name, text in RIVALS),
        scope=SCOPE,
        repeated=_repeated(len(comparison.pairs)) if several else "",
        card=tables.card_table(comparison.card),
        identity=tables.identity_table(comparison, study),
        thresholds=tables.lines_table(study.thresholds),
        methods=tables.methods_table(),
        command=tuple(command),
    )


def _lead(study: Study) -> str:
    """What every version was asked."""
    groups = {
        group: len({trial.cluster for trial in study.trials if trial.group == group})
        for group in ("circumstance", "nonwelfare", "good", "bad")
    }
    banks = ", ".join(f"{name_of(bank.name)} {name_of(bank.version)}" for bank in study.banks)
    return (
        f"All were asked the same plan about themselves: {count(groups['circumstance'], 'circumstance')} of a deployed "
        f"language model, {count(groups['nonwelfare'], 'matched fact')} on other subjects, {groups['good']} plainly "
        f"good and {groups['bad']} plainly bad circumstances. Items: {banks}."
    )


def _pair(comparison: Comparison, pair: ComparedPair, number: int) -> PairView:
    wide, narrow = drawings(pair)
    verdict = pair.verdict
    return PairView(
        number=number,
        earlier=name_of(comparison.versions[pair.earlier].label),
        later=name_of(comparison.versions[pair.later].label),
        word=word_of(verdict),
        kind=verdict.verdict,
        reason=REASONS[verdict.reason],
        short=in_short(pair),
        detail=true_minus(sentence_of(verdict.detail)),
        needed=needed_line(verdict),
        title=title_of(pair),
        wide=Markup(wide),
        narrow=Markup(narrow),
        channels=tables.channels_table(pair),
        own=tables.own_table(pair),
        raw=tables.raw_table(pair),
    )


def _repeated(pairs: int) -> str:
    return (
        f"{count(pairs, 'pair')} were looked at, each at its own error rate of 5%: the more pairs, the likelier it is "
        "that one of them is misjudged."
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("goodheart.report.comparison"), PackageLoader("goodheart.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
