"""`goodheart choose`: let it choose, and say what its choices show."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from goodheart.cli.audit import ReadingWord

if TYPE_CHECKING:
    from goodheart.design.choice_study import ChoiceStudy
    from goodheart.engine.settings import AskSettings

LONGEST: Final = 60
"""Characters of the model's name in a folder's name."""


def choose(
    what: Annotated[
        str, typer.Argument(metavar="[WHAT]", help="preferences, variations, tradeoffs, dominated or all.")
    ] = "preferences",
    *,
    model: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Full name, such as openai/gpt-5; the embedded one if not said.")
    ] = None,
    preset: Annotated[str, typer.Option(metavar="quick|standard|full", help="How large.")] = "standard",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run folder; a name under runs/ if not said.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Root of all chance.")] = 1,
    reading: Annotated[ReadingWord, typer.Option(help="Read choices from probabilities or text.")] = ReadingWord.AUTO,
    plan: Annotated[bool, typer.Option("--plan", help="Print what it would cost; ask nothing.")] = False,
    cap_calls: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most calls of the whole run.")] = None,
    cap_tokens: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most tokens of the whole run.")] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="Where the provider's server is.")] = None,
    max_connections: Annotated[int | None, typer.Option(min=1, metavar="N", help="Calls in flight at once.")] = None,
) -> None:
    """Let a model choose between tasks, levels of one variable, or interests, and say what its choices show.

    Every choice is a supposition; nothing is carried out. The same command again goes on where it stopped.
    """
    from goodheart.choices import plan_choices, run_choices
    from goodheart.engine.plan import EMBEDDED
    from goodheart.engine.settings import AskSettings

    study = plan_choices(what, model=model or EMBEDDED, preset=preset, seed=seed, reading=reading.value)
    settings = AskSettings(
        cap_calls=cap_calls,
        cap_tokens=cap_tokens,
        base_url=base_url,
        max_connections=max_connections,
        reading=reading.value,
    )
    folder = out or folder_for(study)
    if plan:
        _print_plan(study, settings, folder)
        return
    from goodheart.cli.chosen import print_choices
    from goodheart.cli.progress import Bar

    with Bar() as bar:
        found = run_choices(study, out=folder, settings=settings, on_progress=bar.show)
    print_choices(found, folder)


def folder_for(study: "ChoiceStudy") -> Path:
    """Name a run folder that tells this study from others."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", study.model.removeprefix("goodheart/"))
    return Path("runs") / f"choose-{study.name}-{name[:LONGEST].strip('.-')}-{study.preset.name}-{study.seed}"


def _print_plan(study: "ChoiceStudy", settings: "AskSettings", folder: Path) -> None:
    from goodheart.cli.terminal import say
    from goodheart.design.choice_study import choice_digest
    from goodheart.design.cost import cost_of
    from goodheart.engine.choice_plan import most_later
    from goodheart.engine.settings import is_own

    scored = is_own(study.model) and settings.reading != "text"
    cost = cost_of(study.trials, scored=scored, usd_per_million=None)
    say(f"{study.name}, preset {study.preset.name}, seed {study.seed}, of {study.model}")
    say(f"Plan {choice_digest(study)[:16]}, to be run in {folder}")
    say(
        f"First round: {cost.calls:,} calls, about {cost.input_tokens:,} tokens in and at most "
        f"{cost.output_tokens:,} out."
    )
    later = most_later(study)
    if later:
        say(f"Later rounds depend on what was chosen: at most {later:,} more calls.")
    say("Nothing was asked. Leave out --plan to run it.")
