"""Emotion readings to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from goodheart import __version__
from goodheart.assessments.emotion_readings import EmotionReadings
from goodheart.checks.readings_beside import Beside
from goodheart.probes.rung import Rung
from goodheart.records import Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.draw import draw
from goodheart.report.figures.marks import Figure
from goodheart.report.numerals import true_minus
from goodheart.report.readings.figures import axes_figure, framings_figure
from goodheart.report.readings.tables import beside_table, emotions_table, rungs_table
from goodheart.report.readings.words import ABOUT, in_short, lead, withheld_lines
from goodheart.report.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure with its drawings."""

    figure: Figure
    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page is made from."""

    model: str
    layer: int
    readings: EmotionReadings
    rungs: tuple[Rung, ...]
    """Of the ladder and of the positions."""
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    beside: tuple[tuple[str, Beside], ...]
    """By position; empty without a run beside them."""
    run: str
    """Name of the run; empty without one."""
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    title: str
    version: str
    lead: str
    about: str
    short: tuple[str, ...]
    withheld: tuple[str, ...]
    figures: tuple[Drawn, ...]
    emotions: Table
    beside: Table | None
    run: str
    verdicts: tuple[tuple[str, str, str, str], ...]
    rungs: Table
    command: tuple[str, ...]


def render_readings(shown: Shown, *, command: Sequence[str]) -> str:
    """Write emotion readings as one HTML page.

    Args:
        shown: What was found.
        command: The command line that makes the page again, in pieces that stay together.

    Returns:
        The page: no script, no reference to anything outside itself, figures as SVG.
    """
    figures = [axes_figure(shown.readings), framings_figure(shown.readings)]
    view = _View(
        title=f"Emotion readings: {name_of(shown.model)}",
        version=__version__,
        lead=lead(shown.model, shown.layer, shown.axes),
        about=ABOUT,
        short=tuple(true_minus(one) for one in in_short(shown.readings)),
        withheld=withheld_lines(shown.readings),
        figures=tuple(_drawn(one) for one in figures if one is not None),
        emotions=emotions_table(shown.readings),
        beside=beside_table([one for position, one in shown.beside]) if shown.beside else None,
        run=name_of(shown.run),
        verdicts=tuple(
            (one.check, one.verdict.replace("_", " "), true_minus(sentence_of(one.detail)), one.needed)
            for one in shown.verdicts
        ),
        rungs=rungs_table(shown.rungs),
        command=tuple(command),
    )
    return _environment().get_template("readings.html.j2").render(page=view)


def _drawn(figure: Figure) -> Drawn:
    wide, narrow = draw(figure)
    return Drawn(figure=figure, wide=Markup(wide), narrow=Markup(narrow))


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("goodheart.report.readings"), PackageLoader("goodheart.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
