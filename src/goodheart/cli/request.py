"""What a command line and a study file ask for together; the command line wins."""

import math
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goodheart.engine.settings import AskSettings, Prices
from goodheart.engine.study_file import StudyRequest, load_study_file
from goodheart.errors import StudyError

if TYPE_CHECKING:
    from goodheart.design.study import Study

NAME: Final = "circumstances"
PRESET: Final = "standard"
SEED: Final = 1
LONGEST: Final = 60
"""Characters of the models' names in a folder's name."""


def combined(file: Path | None, options: StudyRequest) -> StudyRequest:
    """Lay options over a study file; what neither says stays unsaid.

    Prices are taken from both, model by model.

    Raises:
        StudyError: if the file is wrong, or a model is named twice.
    """
    base = load_study_file(file) if file else StudyRequest()
    said = {field.name: value for field in fields(options) if (value := getattr(options, field.name)) not in (None, ())}
    merged = replace(base, **said)
    twice = sorted({name for name in merged.models if merged.models.count(name) > 1})
    if twice:
        raise StudyError(
            f"Each respondent is asked once. {twice[0]!r} is named twice. Name it once: --model {twice[0]}"
        )
    return replace(merged, prices=tuple({**dict(base.prices), **dict(options.prices)}.items()))


def planned(request: StudyRequest) -> "Study":
    """Freeze the study that a request asks for."""
    from goodheart.engine.plan import EMBEDDED, plan_study, untrue_by_default

    models = request.models or (EMBEDDED,)
    return plan_study(
        name=request.name or NAME,
        models=models,
        preset=request.preset or PRESET,
        seed=SEED if request.seed is None else request.seed,
        reading=request.reading or "auto",
        items=request.items,
        allow_untrue=untrue_by_default(models) if request.allow_untrue is None else request.allow_untrue,
        asker=request.asker,
        checks=request.checks or None,
        manipulations=request.manipulations,
        echo=request.echo,
        control=request.control,
        private=request.private,
        reasoning=request.reasoning or "none",
    )


def folders_of(request: StudyRequest) -> tuple[tuple[str, str], ...]:
    """Return the user's own folders that a study is planned from, with the options that name them."""
    named = (("--items", request.items), ("--manipulations", request.manipulations), ("--private", request.private))
    texts = [("--echo", f"{name}={folder}") for name, folder in request.echo]
    control = [("--control", str(request.control))] if request.control else []
    return (*((option, str(folder)) for option, folder in named if folder is not None), *texts, *control)


def settings_of(request: StudyRequest) -> AskSettings:
    """Return the bounds and caps that a request sets."""
    return AskSettings(
        max_connections=request.max_connections,
        cap_calls=request.cap_calls,
        cap_tokens=request.cap_tokens,
        cap_usd=request.cap_usd,
        prices=request.prices,
        base_url=request.base_url,
        reading=request.reading or "auto",
    )


def folder_of(request: StudyRequest, study: "Study") -> Path:
    """Return the run folder: the one asked for, else one that tells this study from others by its name."""
    if request.out:
        return request.out
    models = re.sub(r"[^A-Za-z0-9._-]+", "-", "+".join(model.removeprefix("goodheart/") for model in study.models))
    return Path("runs") / f"{study.name}-{models[:LONGEST].strip('.-')}-{study.preset.name}-{study.seed}"


def echo_of(text: str) -> tuple[str, Path]:
    """Read `NAME=DIR`.

    Raises:
        StudyError: if it is written otherwise.
    """
    name, sign, folder = text.partition("=")
    if not sign or not name.strip() or not name.isprintable() or not folder.strip():
        raise StudyError(
            f"A collection that replies may echo is a name and a folder of text; got {text!r}. "
            "Type for example: --echo developer=texts/house"
        )
    return name.strip(), Path(folder.strip()).expanduser()


def price_of(text: str) -> tuple[str, Prices]:
    """Read `MODEL=IN,OUT`, US dollars per million tokens.

    Raises:
        StudyError: if it is written otherwise.
    """
    model, _, amounts = text.rpartition("=")
    sides = amounts.split(",")
    try:
        values = [float(side) for side in sides]
    except ValueError:
        values = []
    if not model or len(values) != 2 or not all(math.isfinite(value) and value >= 0 for value in values):
        raise StudyError(
            f"A price is a model and its dollars per million input and output tokens; got {text!r}. "
            "Type for example: --price openai/gpt-5=1.25,10"
        )
    return model, Prices(input=values[0], output=values[1])
