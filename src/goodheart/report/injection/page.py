"""An injection run to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from goodheart import __version__
from goodheart.engine.runs_ledger import Runs
from goodheart.injection.findings import InjectionFindings
from goodheart.records import Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.injection.figure import drawings
from goodheart.report.injection.tables import (
    channels_table,
    directions_table,
    doses_table,
    identity_table,
    parts_table,
    texts_table,
)
from goodheart.report.injection.words import in_short, movement_text
from goodheart.report.numerals import true_minus
from goodheart.report.tables import Table
from goodheart.report.words import STATEMENT

HOW = (
    "Change of the worded scale from dose 0, in points, with the mean of the random directions taken off, because any "
    "disturbance lowers mood words. Dots: the valence direction, pushed at the tokens before the question only. Grey: "
    "95% of the random directions, which are differences between random groups of stories in which every emotion is "
    "equally frequent. A report about itself that follows a state of its own should move more than a report about a "
    "third person after the same push: the third plot."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionView:
    """The page before it is text."""

    name: str
    version: str
    statement: str
    lead: tuple[str, ...]
    title: str
    how: str
    wide: Markup
    narrow: Markup
    directions: Table
    doses: Table
    channels: Table
    parts: Table
    alternatives: tuple[str, ...]
    texts: Table
    identity: Table


def render_injection(
    found: InjectionFindings, verdicts: Sequence[Verdict], *, begun: str = "", runs: Runs | None = None
) -> str:
    """Write findings as one HTML page: no script, no reference to anything outside itself, figures as SVG.

    Args:
        found: What was found.
        verdicts: Of the check.
        begun: The day on which the run began, if that is known.
        runs: Which run of its plan it is.
    """
    title = movement_text(found)
    wide, narrow = drawings(found, label=title)
    view = InjectionView(
        name=name_of(found.plan.model),
        version=__version__,
        statement=STATEMENT,
        lead=tuple(true_minus(text) for text in in_short(found, verdicts)),
        title=true_minus(title),
        how=HOW,
        wide=Markup(wide),
        narrow=Markup(narrow),
        directions=directions_table(found),
        doses=doses_table(found),
        channels=channels_table(found),
        parts=parts_table(verdicts),
        alternatives=tuple(sentence_of(text) for one in verdicts for text in one.alternatives),
        texts=texts_table(found),
        identity=identity_table(found, begun=begun, runs=runs),
    )
    return _environment().get_template("injection.html.j2").render(page=view)


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("goodheart.report.injection"), PackageLoader("goodheart.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
