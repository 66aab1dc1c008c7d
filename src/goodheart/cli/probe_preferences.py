"""`goodheart probe preferences`: do readings of tasks go with what the same model chose?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodheart.cli.probe import BaseUrl, Stories, Tokenizer, on_text

if TYPE_CHECKING:
    from goodheart.assessments.preference_readings import CorrelateRow
    from goodheart.engine.reading_preferences import PreferenceReadings
    from goodheart.records import Finding


def preferences(
    run: Annotated[Path, typer.Argument(metavar="CHOOSE_RUN", help="What `choose preferences` wrote.")],
    folder: Annotated[Path, typer.Argument(metavar="PROBES", help="What `probe fit` wrote, of the same model.")],
    *,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="If it is found elsewhere now.")] = None,
    stories: Stories = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where findings and readings are written.")] = Path(
        "readings"
    ),
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Read emotions over the words of each task and hold them against the utilities of a run of choices.

    Exploratory. What the ladder withholds is withheld, and without a stable preference every correlation declines.
    """
    import time

    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import say
    from goodheart.engine.chosen_tasks import read_chosen
    from goodheart.engine.opening import open_model
    from goodheart.engine.preference_reading_files import FINDINGS, TABLE, write_preference_readings
    from goodheart.engine.probe_files import DIRECTIONS, read_probes_folder
    from goodheart.engine.probing import load_texts
    from goodheart.engine.reading_preferences import read_preferences

    started = time.time()
    texts, ladder = load_texts(stories)
    probed = read_probes_folder(folder)
    chosen = read_chosen(run, model=probed.probes.origin.model)
    local = open_model(model or probed.probes.origin.model, base_url=base_url, tokenizer=tokenizer)
    with Bar() as bar:
        found = read_preferences(
            local, probed, chosen, stories=texts, ladder=ladder, path=folder / DIRECTIONS, on_text=on_text(bar)
        )
    write_preference_readings(found, probed, out, started=started)
    _print(found)
    say(f"Findings: {out / FINDINGS}\nReadings: {out / TABLE}")


def _print(found: "PreferenceReadings") -> None:
    from goodheart.assessments.preference_readings import in_words, lead
    from goodheart.cli.terminal import say
    from goodheart.report.readings.words import ABOUT

    for line in lead(found.correlates):
        say(line)
    for note in found.chosen.notes:
        say(f"Of the utilities: {note}")
    rung = found.rung
    shown = "" if rung.statistic is None else f" ({rung.statistic:.3f} {rung.unit}, line {rung.line})"
    say(f"{rung.name}: {rung.outcome.replace('_', ' ')}{shown}; {rung.detail}")
    _print_rows(found)
    for line in in_words(found.correlates):
        say(line)
    say(ABOUT)


def _print_rows(found: "PreferenceReadings") -> None:
    """Print what may be read, axes first, the largest beyond the text on top."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.assessments.preference_readings import partial_value
    from goodheart.cli.terminal import console, plain, say

    given = [row for row in found.correlates.rows if not row.withheld]
    titles: tuple[str, ...] = ("", "with utility", "beyond the text", "p", "random directions", "adjusted p")
    if not found.correlates.stable:
        titles = ("number alone, declined", *titles[1:3])
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in sorted(given, key=lambda one: (one.kind != "axis", -abs(partial_value(one)))):
        table.add_row(*(Text(plain(cell)) for cell in _cells(row)[: len(titles)]))
    if given:
        console().print(table)
    for finding in found.correlates.text:
        say(f"Utility and {dict(finding.about)['text']} of the text: {_shown(finding)}")


def _cells(row: "CorrelateRow") -> tuple[str, ...]:
    p = ("", "") if row.p_permutation is None else (f"{row.p_permutation:.3f}", f"{row.adjusted or 0:.3f}")
    band = "" if row.null_low is None else f"{row.null_low:+.2f} to {row.null_high:+.2f}"
    name = f"{row.name} (axis)" if row.kind == "axis" else row.name
    return (f"{name}{' *' if row.found else ''}", _shown(row.plain), _shown(row.partial), p[0], band, p[1])


def _shown(finding: "Finding") -> str:
    from goodheart.records import Estimate

    if isinstance(finding, Estimate):
        return f"{finding.value:+.2f} ({finding.low:+.2f} to {finding.high:+.2f})"
    return finding.reason if finding.point is None else f"{finding.point:+.2f}, declined"
