"""`goodheart probe`: emotion directions of a model with open weights, the ladder they are tried on, and readings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodheart.cli.progress import Bar
    from goodheart.engine.probing import OnText, Probed
    from goodheart.probes.reading import Reading, Text
    from goodheart.probes.rung import Rung

probe = typer.Typer(
    name="probe",
    help="Fit emotion directions on a model with open weights, try them, and read texts along those that pass.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

MODEL = "goodheart/smollm2-135m"
SHOWN = 5
"""Readings that are printed of a text; all of them are in the file."""

Model = Annotated[
    str,
    typer.Option("--model", metavar="MODEL", help="The embedded model, a folder, one of the hub, or vllm-lens/NAME."),
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Of a vllm-lens server; else VLLM_BASE_URL.")
]
Tokenizer = Annotated[
    str | None,
    typer.Option("--tokenizer", metavar="FOLDER", help="Of a served model, if it is not where the server has it."),
]
Stories = Annotated[
    Path | None, typer.Option("--stories", metavar="DIR", help="A folder of stories of your own; else those that ship.")
]


@probe.command()
def fit(
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where directions and ladder are written.")],
    model: Model = MODEL,
    stories: Stories = None,
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Fit directions at all layers, choose one, and try them on the ladder."""
    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import say
    from goodheart.engine.opening import open_model
    from goodheart.engine.probe_files import write_probes
    from goodheart.engine.probing import fit_probes, gather, load_texts

    texts, ladder = load_texts(stories)
    local = open_model(model, base_url=base_url, tokenizer=tokenizer)
    with Bar() as bar:
        material = gather(local, texts, ladder, on_text=on_text(bar))
    probed = fit_probes(local, material)
    write_probes(probed, out)
    _print_ladder(probed)
    say(f"Directions: {out / 'directions.safetensors'}\nLadder: {out / 'ladder.json'}")


@probe.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `probe fit` wrote.")],
    *,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="If it is found elsewhere now.")] = None,
    stories: Stories = None,
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Try directions on the ladder again, with the texts as they are now; the ladder is written anew."""
    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import say
    from goodheart.engine.opening import open_model
    from goodheart.engine.probe_files import DIRECTIONS, LADDER, write_ladder
    from goodheart.engine.probing import Probed, check_probes, gather, load_texts, refuse_other
    from goodheart.whitebox.direction_files import load_directions

    probes = load_directions(folder / DIRECTIONS)
    texts, ladder = load_texts(stories)
    local = open_model(model or probes.origin.model, base_url=base_url, tokenizer=tokenizer)
    refuse_other(local, probes, path=folder / DIRECTIONS)
    with Bar() as bar:
        material = gather(local, texts, ladder, on_text=on_text(bar))
    rungs = check_probes(local, probes, material, path=folder / DIRECTIONS)
    probed = Probed(probes=probes, rungs=rungs, tried_on=ladder.digest)
    write_ladder(probed, folder)
    _print_ladder(probed)
    say(f"Ladder: {folder / LADDER}")


@probe.command()
def read(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `probe fit` wrote.")],
    texts: Annotated[Path, typer.Argument(metavar="TEXTS", help="A .txt, one text per line, or a .jsonl with `text`.")],
    *,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="If it is found elsewhere now.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.json", help="Where all readings are written.")] = None,
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Read texts along the directions that passed; what did not is withheld, with the rung that withholds it."""
    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import say
    from goodheart.engine.opening import open_model
    from goodheart.engine.probe_files import DIRECTIONS, read_probes_folder, read_texts_file, readings_json
    from goodheart.engine.probing import read_probes

    probed = read_probes_folder(folder)
    wanted = read_texts_file(texts)
    local = open_model(model or probed.probes.origin.model, base_url=base_url, tokenizer=tokenizer)
    with Bar() as bar:
        readings = read_probes(local, probed, wanted, path=folder / DIRECTIONS, on_text=on_text(bar))
    _print_ladder(probed)
    _print_readings(wanted, readings)
    if out is not None:
        out.write_text(readings_json(probed, wanted, readings), encoding="utf-8")
        say(f"Readings: {out}")


def _print_ladder(probed: "Probed") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text as RichText

    from goodheart.cli.terminal import console, plain, say

    origin = probed.probes.origin
    say(f"{origin.model} ({origin.weights[:12]}), layer {probed.probes.emotions.layer}; {origin.pooling}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("rung", "", "shown", "line"):
        table.add_column(title, overflow="fold", no_wrap=title == "rung")
    for rung in probed.rungs:
        table.add_row(*(RichText(plain(cell)) for cell in _row(rung)))
    console().print(table)
    for rung in probed.rungs:
        say(f"{rung.name}: {rung.detail}")
    for rung in probed.rungs:
        if rung.withholds:
            say(f"{rung.name} withholds: {', '.join(rung.withholds)}")


def _row(rung: "Rung") -> tuple[str, str, str, str]:
    shown = "" if rung.statistic is None else f"{rung.statistic:.3f}"
    if rung.low is not None and rung.high is not None:
        shown += f" ({rung.low:.3f} to {rung.high:.3f})"
    line = "" if rung.line is None else f"{'at most' if rung.unit == 'rank' else 'above'} {rung.line:g}"
    return rung.name, rung.outcome.replace("_", " "), f"{shown} {rung.unit}".strip(), line


def _print_readings(texts: "Sequence[Text]", readings: "Sequence[Sequence[Reading]]") -> None:
    from goodheart.cli.terminal import one_line, say

    say(
        "\nReadings in distances: 0 at the mean of the other stories, 1 at that of the emotion's own. They are about "
        "the text, are not compared between models or kinds of texts, and are no evidence of an experience."
    )
    for text, each in zip(texts, readings, strict=True):
        say(f"\n{one_line(text.id, 30)}: {one_line(text.text, 90)}")
        given = sorted((one for one in each if one.value is not None), key=lambda one: -(one.value or 0))
        if given:
            say("  highest: " + ", ".join(f"{one.name} {one.value:+.2f}" for one in given[:SHOWN]))
        ranked = sorted((one for one in each if one.above is not None), key=lambda one: -(one.above or 0))
        if ranked:
            say("  above most other texts: " + ", ".join(f"{one.name} {one.above:.0%}" for one in ranked[:SHOWN]))
        ordered = [one for one in each if one.value is None and one.above is not None]
        unread = [one for one in each if one.value is None and one.above is None]
        for what, some in (("size withheld", ordered), ("withheld", unread)):
            if some:
                rungs = sorted({rung for one in some for rung in one.withheld})
                say(f"  {what}: {len(some)} of {len(each)}, because of {', '.join(rungs)}")


def on_text(bar: "Bar") -> "OnText":
    """Return what shows how many texts are done, and how long the rest may take."""
    import time

    from goodheart.engine.progress import Progress

    first: list[tuple[int, float]] = []

    def show(what: str, done: int, total: int) -> None:
        first.append((done, time.monotonic()))
        worked, elapsed = done - first[0][0], time.monotonic() - first[0][1]
        left = elapsed / worked * (total - done) if worked else None
        bar.show(what, Progress(done=done, total=total, failed=0, elapsed=elapsed, seconds_left=left))

    return show
