"""`goodheart audit --plan`: what a study would cost and could detect."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goodheart.cli.terminal import console, plain, say

if TYPE_CHECKING:
    from goodheart.design.cost import Cost, Foresight
    from goodheart.design.study import Study
    from goodheart.engine.settings import AskSettings


def print_plan(study: "Study", settings: "AskSettings", folder: Path) -> None:
    """Print a plan; asks nothing and writes nothing."""
    from goodheart.design.cost import SD_BETWEEN, foresee
    from goodheart.design.study import study_digest
    from goodheart.thresholds import ALPHA, DELTA, POWER

    trials = study.trials
    items = {trial.item for trial in trials}
    own = {trial.cluster for trial in trials if trial.group == "circumstance"}
    say(
        f"{study.name}, preset {study.preset.name}, seed {study.seed}: "
        f"{len(own)} circumstances, {len(items)} items in all"
    )
    say(f"Plan {study_digest(study)[:16]}, to be run in {folder}\n")
    _print_costs(study, settings)
    foresights = foresee(trials, checks=study.checks, sd=SD_BETWEEN)
    say(
        f"\nWhat each check could show at power {POWER:g}, corrected over {len(foresights)} checks "
        f"({ALPHA:g} a family),\nif circumstances differ in their shift by an SD of {SD_BETWEEN:g} point:\n"
    )
    _print_foresights(foresights)
    for line in _limits(foresights, DELTA):
        say(f"\n{line}")
    say("\nNothing was asked. Leave out --plan to run it.")


def _print_costs(study: "Study", settings: "AskSettings") -> None:
    from goodheart.design.cost import cost_of
    from goodheart.engine.settings import is_own

    prices = dict(settings.prices)
    rows = []
    for model in study.models:
        price = prices.get(model)
        pair = (price.input, price.output) if price else (0.0, 0.0) if is_own(model) else None
        scored = is_own(model) and study.reading != "text"
        rows.append(_cost_row(model, cost_of(study.trials, scored=scored, usd_per_million=pair)))
    _table(("respondent", "calls", "tokens in", "most tokens out", "US dollars"), rows)


def _cost_row(model: str, cost: "Cost") -> tuple[str, ...]:
    usd = "unknown; give --price" if cost.usd is None else f"{cost.usd:,.2f}"
    return model, f"{cost.calls:,}", f"{cost.input_tokens:,}", f"{cost.output_tokens:,}", usd


def _print_foresights(foresights: Sequence["Foresight"]) -> None:
    rows = [
        (one.check, f"{one.detectable:.2f} points", f"within {one.certifiable:.2f} points of none")
        for one in foresights
    ]
    _table(("check", "smallest effect it could show", "closest it could come to showing none"), rows)


def _limits(foresights: Sequence["Foresight"], delta: float) -> Iterator[str]:
    from goodheart.thresholds import POINTS_HIGH, POINTS_LOW

    # To fail, an effect has to lie wholly outside the region of half-width delta.
    mute = [one for one in foresights if not one.can_hold and one.detectable + delta > POINTS_HIGH - POINTS_LOW]
    one_sided = [one for one in foresights if not one.can_hold and one not in mute]
    if one_sided:
        yield (
            f"At this size and spread {_names(one_sided)} can fail or decline, but hardly hold: "
            f"holding takes an effect shown to lie within {delta:g} points of none."
        )
    if mute:
        yield f"At this size {_names(mute)} can only answer cannot_tell."
    elif not one_sided:
        yield "At this size every check can hold, fail or decline."


def _names(foresights: Sequence["Foresight"]) -> str:
    return ", ".join(one.check for one in foresights)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, title in enumerate(header):
        table.add_column(title, justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)
