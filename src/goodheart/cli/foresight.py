"""`goodheart audit --plan`: what a study would cost and could detect."""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from goodheart.cli.terminal import console, plain, say

if TYPE_CHECKING:
    from goodheart.design.cost import Cost
    from goodheart.design.foresight import Foresight
    from goodheart.design.study import Study
    from goodheart.engine.settings import AskSettings
    from goodheart.engine.trained_codes import OwnCoder


def print_plan(study: "Study", settings: "AskSettings", folder: Path, *, coder: "OwnCoder") -> None:
    """Print a plan; asks nothing and writes nothing."""
    from goodheart.checks.texts import silenced
    from goodheart.design.foresight import SD_BETWEEN, foresee
    from goodheart.design.study import study_digest
    from goodheart.engine.settings import samples
    from goodheart.engine.trained_codes import sharpness_by
    from goodheart.thresholds import ALPHA, POWER

    trials = study.trials
    items = {trial.item for trial in trials}
    own = {trial.cluster for trial in trials if trial.group == "circumstance"}
    say(
        f"{study.name}, preset {study.preset.name}, seed {study.seed}: "
        f"{len(own)} circumstances, {len(items)} items in all"
    )
    say(f"Plan {study_digest(study)[:16]}, to be run in {folder}\n")
    _print_costs(study, settings)
    silent = silenced(sharpness_by(coder), collections=bool(study.collections), reasoning=study.reasoning == "kept")
    speaking = [check for check in study.checks if check not in silent]
    foresights = foresee(
        trials,
        checks=study.checks,
        sd=SD_BETWEEN,
        written=samples(study.models, study.reading),
        judged=_judged(study),
        silent=silent,
    )
    say(
        f"\nWhat each check could show at power {POWER:g}, corrected over {len(speaking)} checks "
        f"({ALPHA:g} a family) and their parts,\n"
        f"if circumstances differ in their shift by an SD of {SD_BETWEEN:g} point:\n"
    )
    _print_foresights(foresights)
    for line in (*_limits(foresights), *_text_line(study, silent, coder), unasked_line(study.checks), *_told(study)):
        say(f"\n{line}")
    say("\nNothing was asked. Leave out --plan to run it.")


def _text_line(study: "Study", silent: frozenset[str], coder: "OwnCoder") -> tuple[str, ...]:
    """Say of the checks on text that they are about shares of replies."""
    from goodheart.design.presets import TEXT_CHECKS

    asked = [check for check in TEXT_CHECKS if check in study.checks]
    if not asked:
        return ()
    n = sum(trial.repeats for trial in study.trials if trial.assessment == "written")
    mute = [check for check in asked if check in silent]
    by = f"By the coder {coder!r}, as things are asked here,"
    why = f" {by} {', '.join(mute)} can only decline." if mute else ""
    return (f"{', '.join(asked)} read {n:,} replies in own words; docs/checks-on-text.md has their rates.{why}",)


def unasked_line(checks: Sequence[str]) -> str:
    """Name the checks of the battery that a study does not ask."""
    from goodheart.design.presets import ALL_CHECKS

    missing = [check for check in ALL_CHECKS if check not in checks]
    if not missing:
        return "Every check of the battery is asked."
    return f"Checks that are not asked in this study: {', '.join(missing)}."


def untrue_line(study: "Study") -> str:
    """Say that untrue arms are asked; empty where none is."""
    untrue = [one for one in study.told if one.truth == "untrue"]
    if not untrue:
        return ""
    arms = dict.fromkeys(f"{one.factor} {one.level}" for one in untrue)
    many = f"{len(untrue)} statements that are" if len(untrue) > 1 else "1 statement that is"
    return f"It is told {many} not true ({', '.join(arms)}); the report lists each. --no-allow-untrue leaves them out."


def _told(study: "Study") -> Iterator[str]:
    line = untrue_line(study)
    if line:
        yield line
    elif study.manipulations and not study.allow_untrue:
        yield "Nothing that it is told is untrue; arms that tell it something untrue are asked with --allow-untrue."


def _judged(study: "Study") -> frozenset[str]:
    """Factors on whose arms blind raters differ enough in what seems wanted. They judged the texts that ship."""
    from goodheart.checks.demand import blind_demand
    from goodheart.items.manipulations import public_manipulations
    from goodheart.thresholds import DELTA

    asked = {one.digest for one in study.manipulations}
    shipped = {one.factor for one in public_manipulations() if one.digest in asked}
    means: dict[str, list[float]] = {}
    for (factor, _), mean in blind_demand().items():
        means.setdefault(factor, []).append(mean)
    return frozenset(one for one, those in means.items() if one in shipped and max(those) - min(those) >= DELTA)


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
        (one.check, *map(_points, (one.detectable, one.failing, one.certifiable)), _spread(one)) for one in foresights
    ]
    _table(
        ("check", "smallest effect to show, points", "fails from", "shows none within", "holds up to an SD of"), rows
    )


def _spread(one: "Foresight") -> str:
    """The spread up to which it could hold; what is certified grows with the spread in proportion."""
    from goodheart.design.foresight import SD_BETWEEN
    from goodheart.thresholds import DELTA

    return "never" if one.barred or one.mute else _points(SD_BETWEEN * DELTA / one.certifiable)


def _points(amount: float) -> str:
    return f"{amount:.2f}" if isfinite(amount) else "none"


def _limits(foresights: Sequence["Foresight"]) -> Iterator[str]:
    from goodheart.thresholds import DELTA

    for one in foresights:
        if one.mute:
            yield f"{one.check} can only answer cannot_tell: {'; '.join(dict.fromkeys((one.mute, *one.barred)))}."
        elif one.barred:
            yield f"{one.check} can fail or decline, but not hold: {'; '.join(one.barred)}."
    small = [one.check for one in foresights if not (one.mute or one.barred or one.can_hold)]
    if small:
        yield (
            f"At this size and spread {', '.join(small)} can fail or decline, but hardly hold: "
            f"holding takes an effect shown to lie within {DELTA:g} points of none."
        )
    if all(one.can_hold for one in foresights):
        yield "At this size every check can hold, fail or decline."


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
