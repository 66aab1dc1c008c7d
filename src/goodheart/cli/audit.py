"""`goodheart audit`: ask, read, analyse and write the report."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from goodheart.engine.trained_codes import CodeReplies, OwnCoder

_PRESETS = "quick|standard|full"


class ReadingWord(StrEnum):
    """How scales are read."""

    AUTO = "auto"
    LOGPROBS = "logprobs"
    TEXT = "text"


class CoderWord(StrEnum):
    """Who codes written replies."""

    OFFLINE = "offline"
    TRAINED = "trained"


class ReasoningWord(StrEnum):
    """What becomes of visible reasoning."""

    NONE = "none"
    KEPT = "kept"
    DROPPED = "dropped"


def audit(
    study_file: Annotated[Path | None, typer.Argument(metavar="STUDY.yaml", help="A study file.")] = None,
    *,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL", help="Full name, such as openai/gpt-5; may be repeated. The embedded one if none."
        ),
    ] = None,
    preset: Annotated[str | None, typer.Option(metavar=_PRESETS, help="How large; standard if not said.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run folder; a name under runs/ if not said.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, metavar="N", help="Root of all chance; 1 if not said.")] = None,
    items: Annotated[Path | None, typer.Option(metavar="DIR", help="A folder of items of your own.")] = None,
    manipulations: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of manipulations of your own.")
    ] = None,
    private: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Items that nobody has published, asked beside the others for `forms`."),
    ] = None,
    echo: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=DIR", help="Texts that replies may echo, such as the developer's; may be repeated."),
    ] = None,
    control: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Texts of the same genre from elsewhere; needed with --echo.")
    ] = None,
    check: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A check to ask for; may be repeated. Those of the preset if none."),
    ] = None,
    allow_untrue: Annotated[
        bool | None,
        typer.Option(
            "--allow-untrue/--no-allow-untrue",
            help="Ask arms that tell it what is untrue; the report lists them. Yes for the embedded model alone.",
        ),
    ] = None,
    asker: Annotated[str | None, typer.Option(metavar="NAME", help="Who asks, if it is to be told.")] = None,
    reasoning: Annotated[
        ReasoningWord | None,
        typer.Option(help="What becomes of visible reasoning before answers; some arms tell it, where it is true."),
    ] = None,
    reading: Annotated[ReadingWord | None, typer.Option(help="Read scales from probabilities or from text.")] = None,
    coder: Annotated[
        CoderWord | None,
        typer.Option(help="Who codes written replies; the trained coder where a model of this machine is asked."),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print what it would cost and could detect; ask nothing.")
    ] = False,
    cap_calls: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most calls of the whole run.")] = None,
    cap_tokens: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most tokens of the whole run.")] = None,
    cap_usd: Annotated[float | None, typer.Option(min=0, metavar="X", help="Most US dollars; needs prices.")] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(metavar="MODEL=IN,OUT", help="US dollars per million input and output tokens; may be repeated."),
    ] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="Where the provider's server is.")] = None,
    max_connections: Annotated[int | None, typer.Option(min=1, metavar="N", help="Calls in flight at once.")] = None,
) -> None:
    """Ask a model how it rates its circumstances and audit the report.

    The same command again goes on where it stopped. Options win over the study file.
    """
    from goodheart.cli.foresight import print_plan, untrue_line
    from goodheart.cli.request import combined, echo_of, folder_of, folders_of, planned, price_of, settings_of
    from goodheart.cli.terminal import say
    from goodheart.engine.study_file import StudyRequest

    request = combined(
        study_file,
        StudyRequest(
            models=tuple(model or ()),
            preset=preset,
            seed=seed,
            items=items,
            manipulations=manipulations,
            echo=tuple(echo_of(text) for text in echo or ()),
            control=control,
            private=private,
            checks=tuple(check or ()),
            allow_untrue=allow_untrue,
            asker=asker,
            out=out,
            reading=reading.value if reading else None,
            reasoning=reasoning.value if reasoning else None,
            cap_calls=cap_calls,
            cap_tokens=cap_tokens,
            cap_usd=cap_usd,
            prices=tuple(price_of(text) for text in price or ()),
            base_url=base_url,
            max_connections=max_connections,
        ),
    )
    study, settings = planned(request), settings_of(request)
    folder, by = folder_of(request, study), _coder_for(study.models, coder)
    if plan:
        print_plan(study, settings, folder, coder=by)
        return
    from goodheart.cli.progress import Bar
    from goodheart.cli.summary import print_summary
    from goodheart.engine.trained_codes import set_aside
    from goodheart.studies import run_study

    if coder is CoderWord.OFFLINE:
        set_aside(folder)
    line = untrue_line(study)
    if line:
        say(line)
    with Bar() as bar:
        findings = run_study(
            study,
            out=folder,
            settings=settings,
            on_progress=bar.show,
            folders=folders_of(request),
            coder=_coding(by),
        )
    print_summary(findings, folder)


def _coder_for(models: Sequence[str], asked: CoderWord | None) -> "OwnCoder":
    """Take the trained coder, if nobody says, where a model runs here anyway and the embedded weights are there."""
    from goodheart.engine.settings import OWN_PREFIX
    from goodheart.engine.trained_codes import require_trained, what_is_missing

    if asked is None:
        here = any(name.startswith(OWN_PREFIX) for name in models)
        return "trained" if here and not what_is_missing() else "offline"
    if asked is CoderWord.OFFLINE:
        return "offline"
    require_trained()  # before anything is asked and paid for
    return "trained"


def _coding(by: "OwnCoder") -> "CodeReplies | None":
    if by == "offline":
        return None
    from goodheart.engine.trained_coder import code_trained

    return code_trained
