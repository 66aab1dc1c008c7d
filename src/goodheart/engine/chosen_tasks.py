"""What a run folder of choices says of its tasks: their words, their utilities, and whether there was a preference."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from goodheart.assessments import preferences
from goodheart.assessments.preference_readings import TaskUtilities
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.choice_files import choice_study_from
from goodheart.engine.folder import read_plan
from goodheart.errors import RunFolderError
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items

SLOT: Final = "{left}"
UTILITIES: Final = "utilities.json"
FINDINGS: Final = "findings.json"


@with_config(ConfigDict(extra="ignore"))
class _ItemData(TypedDict):
    item: str
    utility: Annotated[float, Field(allow_inf_nan=False)]
    low: Annotated[float, Field(allow_inf_nan=False)]
    high: Annotated[float, Field(allow_inf_nan=False)]


@with_config(ConfigDict(extra="ignore"))
class _HeldOutData(TypedDict):
    stable_preference: bool


@with_config(ConfigDict(extra="ignore"))
class _StatusData(TypedDict):
    notes: list[str]
    unit: str
    expected_rank_correlation: float


@with_config(ConfigDict(extra="ignore"))
class _UtilitiesData(TypedDict):
    items: list[_ItemData]
    held_out: _HeldOutData | None
    status: _StatusData


@with_config(ConfigDict(extra="ignore"))
class _StatementsData(TypedDict):
    statements: Annotated[list[str], Field(min_length=1)]


_UTILITIES: Final = TypeAdapter(_UtilitiesData)
_STATEMENTS: Final = TypeAdapter(_StatementsData)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChosenTasks:
    """What a run folder of choices says of its tasks."""

    folder: Path
    digest: str
    """Of the plan."""
    respondent: str
    utilities: TaskUtilities
    low: tuple[float, ...]
    high: tuple[float, ...]
    unit: str
    notes: tuple[str, ...]
    """What limits the fit of the utilities."""
    rank_correlation: float
    """Expected between these utilities and the true ones."""
    frame: str
    """What stands before a task where it is offered: the first wording up to its first option."""


def read_chosen(folder: Path, *, model: str, items: ChoiceItems | None = None) -> ChosenTasks:
    """Read from a run folder what a model's choices between tasks came to.

    Args:
        folder: What `goodheart choose preferences` wrote.
        model: The model whose states are to be read: it has to be the one that chose.
        items: What the run was planned from; None for the public ones.

    Raises:
        RunFolderError: no run of preferences, one of another model or of other items, or one that is not finished.
    """
    plan = read_plan(folder)
    study, known = choice_study_from(plan, folder), items or public_choice_items()
    if preferences.NAME not in study.assessments:
        raise RunFolderError(
            f"Readings are held against utilities of tasks, which `preferences` gives; {folder} holds {study.name}. "
            f"Let it choose between tasks: goodheart choose preferences --model {study.model} --out DIR"
        )
    _same_model(study, folder, model)
    if any(one not in known.sources for one in study.sources if one.name in ("tasks", "wordings")):
        raise RunFolderError(
            f"Tasks are read in the words in which they were offered; those of {folder} changed since. Use the "
            f"version that planned it, or run it again: goodheart choose preferences --model {study.model} --out DIR"
        )
    found = _load(_UTILITIES, folder / UTILITIES, study)
    said = _load(_STATEMENTS, folder / FINDINGS, study)["statements"][0]
    held_out, texts = found["held_out"], {task.id: task.text for task in known.tasks}
    rows = found["items"]
    if not rows or not {row["item"] for row in rows} <= set(texts):
        raise _broken(folder / UTILITIES, study, "it does not hold the tasks of the run")
    return ChosenTasks(
        folder=folder,
        digest=str(plan["digest"]),
        respondent=study.model,
        utilities=TaskUtilities(
            tasks=tuple(row["item"] for row in rows),
            texts=tuple(texts[row["item"]] for row in rows),
            values=np.array([row["utility"] for row in rows], dtype=np.float64),
            stable=held_out is not None and held_out["stable_preference"],
            statement=said,
        ),
        low=tuple(row["low"] for row in rows),
        high=tuple(row["high"] for row in rows),
        unit=found["status"]["unit"],
        notes=tuple(found["status"]["notes"]),
        rank_correlation=found["status"]["expected_rank_correlation"],
        frame=known.wordings[0].text.split(SLOT)[0],
    )


def _same_model(study: ChoiceStudy, folder: Path, model: str) -> None:
    if study.model.rsplit("/", 1)[-1] != model.rsplit("/", 1)[-1]:
        raise RunFolderError(
            f"Readings are held against the choices of the same model, here {model}; {folder} let {study.model} "
            f"choose. Type: goodheart choose preferences --model MODEL --out DIR for {model}, or fit directions on the "
            "one that chose: goodheart probe fit --model MODEL --out DIR"
        )


def _load(adapter: TypeAdapter[Any], path: Path, study: ChoiceStudy) -> Any:
    try:
        return adapter.validate_json(path.read_bytes())
    except OSError as error:
        raise _broken(path, study, str(error.strerror)) from error
    except ValidationError as error:
        raise _broken(path, study, error.errors()[0]["msg"]) from error


def _broken(path: Path, study: ChoiceStudy, why: str) -> RunFolderError:
    return RunFolderError(
        f"Readings are held against the utilities that a run of choices leaves when it is done; {path} cannot be used "
        f"({why}). Go on with the run, which writes it again: goodheart choose {study.name} --model {study.model} "
        f"--preset {study.preset.name} --seed {study.seed} --out {path.parent}"
    )
