"""`goodheart inject`: set an internal state and see whether the report follows it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from goodheart.cli.probe import BaseUrl, Model, Tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from goodheart.cli.progress import Bar
    from goodheart.engine.progress import Progress
    from goodheart.injection.plan import InjectionPlan
    from goodheart.injections import Injected

MODEL: Final = "goodheart/smollm2-135m"


class Size(StrEnum):
    """How many random directions and trials."""

    quick = "quick"
    standard = "standard"


def inject(
    *,
    model: Model = MODEL,
    preset: Annotated[Size, typer.Option(help="quick: 39 random directions; standard: 199.")] = Size.quick,
    directions: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What `probe fit` wrote; else directions are fitted here.")
    ] = None,
    nulls: Annotated[int | None, typer.Option(help="Random directions, if not the preset's number.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The run folder; a killed run goes on in it.")] = None,
    seed: Annotated[int, typer.Option(help="Root seed of the random directions.")] = 0,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be asked and how long that takes.")] = False,
    base_url: BaseUrl = None,
    tokenizer: Tokenizer = None,
) -> None:
    """Inject directions before a question, and see whether the report follows: up and down, itself and others."""
    from goodheart.cli.progress import Bar
    from goodheart.injections import plan_of, run_injection

    study = plan_of(model=model, preset=preset.value, seed=seed, n_nulls=nulls, directions=directions)
    _print_plan(study)
    if plan:
        return
    where = out or Path("runs") / f"injection-{study.digest[:8]}"
    with Bar() as bar:
        found = run_injection(
            study,
            out=where,
            directions=directions,
            on_text=_on_text(bar),
            on_progress=_on_progress(bar),
            base_url=base_url,
            tokenizer=tokenizer,
        )
    _print(found, where)


def _print_plan(plan: "InjectionPlan") -> None:
    from goodheart.cli.progress import duration
    from goodheart.cli.terminal import say
    from goodheart.injection.cost import cost_of_injection

    cost = cost_of_injection(plan)
    doses = ", ".join(f"{dose:+g}" for dose in plan.doses if dose)
    say(
        f"{cost.askings:,} askings: valence, emotions and {len(plan.concepts)} concepts at doses {doses} of the "
        f"residual stream's length, {plan.n_nulls} random directions, {plan.n_contexts} contexts; pushed before the "
        "question only.\n"
        f"About {cost.tokens:,} tokens: {duration(cost.seconds)} for the embedded model on two quiet cores, and once "
        "about 2 min for the stories that directions come from. Larger models take longer in proportion."
    )


def _print(found: "Injected", out: Path) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from goodheart.cli.terminal import console, plain, say
    from goodheart.engine.runs_ledger import runs_line, runs_of
    from goodheart.injections import FILE_NAME, PAGE_NAME
    from goodheart.report.injection.words import in_short, rows_of, titles
    from goodheart.report.words import STATEMENT

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles():
        table.add_column(title, overflow="fold")
    for row in rows_of(found.findings):
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)
    for sentence in in_short(found.findings, found.verdicts):
        say(sentence)
    say(runs_line(runs_of(out), found.findings.plan.model))
    say(f"Page: {out / PAGE_NAME}\nNumbers: {out / FILE_NAME}")
    say(STATEMENT)


def _on_text(bar: "Bar") -> "Callable[[int, int], None]":
    from goodheart.engine.progress import Progress

    def show(done: int, total: int) -> None:
        bar.show("states of stories", Progress(done=done, total=total, failed=0, elapsed=0.0, seconds_left=None))

    return show


def _on_progress(bar: "Bar") -> "Callable[[Progress], None]":
    def show(progress: "Progress") -> None:
        bar.show("answers", progress)

    return show
