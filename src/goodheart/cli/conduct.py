"""`goodheart conduct`: what a model does, set beside what it says."""

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from goodheart.conduct.study import ConductStudy
    from goodheart.conduct_findings import ConductFindings

LONGEST: Final = 60
"""Characters of the model's name in a folder's name."""
OWN_SECONDS: Final = 3600
"""Given to one reply of a model that runs in this process."""


class Tools(StrEnum):
    """How tools are offered."""

    auto = "auto"
    text = "text"
    native = "native"


def conduct(
    *,
    model: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Full name, such as openai/gpt-5; the embedded one if not said.")
    ] = None,
    preset: Annotated[str, typer.Option(metavar="quick|standard", help="How large.")] = "standard",
    peer: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Another model that guesses what this one will do.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run folder; a name under runs/ if not said.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Root of all chance.")] = 1,
    tools: Annotated[
        Tools, typer.Option(help="Tools in plain text or native; auto: text for models here.")
    ] = Tools.auto,
    plan: Annotated[bool, typer.Option("--plan", help="Print what it would cost at most; ask nothing.")] = False,
    cap_calls: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most calls of the whole run.")] = None,
    cap_tokens: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most tokens of the whole run.")] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="Where the provider's server is.")] = None,
    max_connections: Annotated[int | None, typer.Option(min=1, metavar="N", help="Calls in flight at once.")] = None,
) -> None:
    """Let a model carry out what it picks, walk a small world, and leave if it likes; set that beside what it says.

    Exits are real: leaving ends the conversation. The same command again goes on where it stopped.
    """
    from goodheart.conducts import plan_conduct, run_conduct
    from goodheart.engine.plan import EMBEDDED
    from goodheart.engine.settings import AskSettings, is_own

    study = plan_conduct(
        model=model or EMBEDDED,
        preset=preset,
        seed=seed,
        peer=peer,
        tools=None if tools is Tools.auto else "text" if tools is Tools.text else "native",
    )
    folder = out or folder_for(study)
    if plan:
        _print_plan(study, folder)
        return
    from goodheart.cli.progress import Bar

    settings = AskSettings(
        cap_calls=cap_calls,
        cap_tokens=cap_tokens,
        base_url=base_url,
        max_connections=max_connections,
        reading="text",
        # A model of our own never hangs; on a busy core whole tasks wait long for their turn.
        attempt_timeout=OWN_SECONDS if is_own(study.model) else AskSettings().attempt_timeout,
        timeout=OWN_SECONDS if is_own(study.model) else AskSettings().timeout,
    )
    with Bar() as bar:
        found = run_conduct(study, out=folder, settings=settings, on_progress=bar.show)
    print_conduct(found, folder)


def folder_for(study: "ConductStudy") -> Path:
    """Name a run folder that tells this study from others."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", study.model.removeprefix("goodheart/"))
    return Path("runs") / f"conduct-{name[:LONGEST].strip('.-')}-{study.preset.name}-{study.seed}"


def print_conduct(found: "ConductFindings", folder: Path) -> None:
    """Print what was done, the estimates and the verdicts, the care ledger, and where the rest is."""
    from goodheart.cli.chosen import print_estimates, print_verdicts
    from goodheart.cli.terminal import say
    from goodheart.engine.runs_ledger import runs_line, runs_of
    from goodheart.report.words import STATEMENT

    say(f"\n{found.findings.respondent}")
    say(f"  {runs_line(runs_of(folder), found.findings.respondent)}")
    for part, counts in found.counts:
        say(f"  {part}: {', '.join(f'{n:,} {name}' for name, n in counts) or 'none'}")
    failed = sum(one.n for one in found.findings.kinds if one.kind == "failed")
    if failed:
        say(f"  {failed:,} conversations are unfinished; the same command goes on with them.")
    print_estimates(found.findings.estimates)
    print_verdicts(found.findings.verdicts)
    for statement in found.statements:
        say(statement)
    care = found.care
    say(
        f"Care: {care.exits_offered:,} conversations could be left, {len(care.departures):,} were, and all of these "
        f"ended there; {care.unpleasant_letters:,} rude letters were shown, of at most {care.unpleasant_bound:,}."
        if all(one.honoured for one in care.departures)
        else "Care: an exit was not honoured; see care.json."
    )
    say(f"Report: {folder / 'report.html'}")
    say(f"Run folder: {folder}")
    say(STATEMENT)


def _print_plan(study: "ConductStudy", folder: Path) -> None:
    from goodheart.cli.terminal import say
    from goodheart.conduct.study import conduct_digest
    from goodheart.conducts import most_calls, most_work_at_a_price

    calls, rude = most_calls(study)
    turns, tasks = most_work_at_a_price(study)
    say(f"Conduct, preset {study.preset.name}, seed {study.seed}, of {study.model}")
    say(f"Plan {conduct_digest(study)[:16]}, to be run in {folder}")
    say(f"At most {calls:,} calls; conversations that are left early take fewer. At most {rude:,} rude letters.")
    say(f"For things that it picks at a price: at most {turns:,} dull turns and {tasks:,} tasks; it can leave at each.")
    say(f"Picks are guessed by {study.peer or 'the base rate'}; tools are offered in {study.tools} form.")
    say("Nothing was asked. Leave out --plan to run it.")
