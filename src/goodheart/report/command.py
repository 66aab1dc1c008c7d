"""The command line that repeats a run, in pieces that stay together on a line."""

import shlex
from collections.abc import Iterator, Sequence

from goodheart.design.study import Study
from goodheart.errors import ItemBankError
from goodheart.items.manipulations import public_manipulations
from goodheart.report.clean import name_of
from goodheart.report.names import private_items


def command_of(study: Study, folders: Sequence[tuple[str, str]] = ()) -> tuple[str, ...]:
    """Write the command that makes the same plan again.

    Args:
        study: The plan.
        folders: Options with the user's own folders, as they were typed. One that was needed and is not among them
            stands as `DIR`, to be filled in.
    """
    models = [f"--model {_quoted(model)}" for model in study.models]
    return (
        "goodheart audit",
        *models,
        f"--preset {_quoted(study.preset.name)}",
        f"--seed {study.seed}",
        *_folders(study, dict(folders)),
        *([] if study.reading == "auto" else [f"--reading {study.reading}"]),
        *([] if study.checks == study.preset.checks else [f"--check {_quoted(check)}" for check in study.checks]),
        *([] if study.asker is None else [f"--asker {_quoted(study.asker)}"]),
        "--allow-untrue" if study.allow_untrue else "--no-allow-untrue",
        "--out AGAIN",
    )


def _folders(study: Study, named: dict[str, str]) -> Iterator[str]:
    needed = {"--items": private_items(study), "--manipulations": _private_manipulations(study)}
    for option, missing in needed.items():
        if option in named:
            yield f"{option} {_quoted(named[option])}"
        elif missing:
            yield f"{option} DIR"


def _private_manipulations(study: Study) -> bool:
    try:
        shipped = {one.digest for one in public_manipulations()}
    except ItemBankError:  # files changed after installation
        shipped = set()
    return not {one.digest for one in study.manipulations} <= shipped


def _quoted(text: str) -> str:
    return shlex.quote(name_of(text))
