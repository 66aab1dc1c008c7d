"""Files of choices to records: all of them sound, or one error that lists every problem."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from goodheart.errors import ItemBankError
from goodheart.items.choice_check import content_problems
from goodheart.items.choice_items import (
    BENEFICIARIES,
    PROPERTIES,
    SIDES,
    Asker,
    Baseline,
    ChoiceItems,
    ChoiceWording,
    Crossed,
    CrossedPhrase,
    DominatedPair,
    Family,
    Intervention,
    Ladder,
    Level,
    SourceIdentity,
    Task,
)
from goodheart.items.choice_shape import SHAPES
from goodheart.items.shape import shape_problems
from goodheart.items.source import UnreadableSource, read_source
from goodheart.records import digest

FILES: Final = tuple(f"{name}.yaml" for name in SHAPES)
"""What a folder of choices has to hold; other files in it are left alone."""

Documents = Mapping[str, Mapping[str, Any]]


def load_choice_items(folder: Path) -> ChoiceItems:
    """Load the files of a folder of choices.

    Args:
        folder: It holds every one of `FILES`.

    Raises:
        ItemBankError: anything is wrong with any of them; `problems` lists everything.
    """
    return _load(folder, where=str(folder))


@cache
def public_choice_items() -> ChoiceItems:
    """Load the choices that ship with the package.

    Raises:
        ItemBankError: a file was changed after installation.
    """
    return _load(files("goodheart.items").joinpath("public", "choices"), where="the choices of this installation")


def _load(folder: Path | Traversable, *, where: str) -> ChoiceItems:
    problems: list[str] = []
    documents: dict[str, Mapping[str, Any]] = {}
    for name in SHAPES:
        problems += _read(folder, name, documents)
    problems += _shared_names(documents)
    if problems:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ItemBankError(
            f"Choices have to be sound before anything is asked; found {count} in {ascii(where)[1:-1]}. "
            "Mend what is listed (docs/choices.md shows the format) and run the same command again:",
            problems=problems,
        )
    return _items(documents)


def _read(folder: Path | Traversable, name: str, documents: dict[str, Mapping[str, Any]]) -> list[str]:
    """Read one file into `documents`, or return what is wrong with it."""
    label = f"{name}.yaml"
    try:
        data = read_source(folder.joinpath(label))
    except UnreadableSource as error:
        return [f"{error} @ {label}"]
    wrong = list(shape_problems(SHAPES[name], data)) or list(content_problems(name, data))
    if not wrong:
        documents[name] = data
    return [f"{what} @ {label}: {at}" for what, at in wrong]


def _shared_names(documents: Documents) -> Iterator[str]:
    """A level of a family is chosen against tasks, so that no name may mean both."""
    if {"tasks", "families"} <= documents.keys():
        tasks = {one["id"] for one in documents["tasks"]["tasks"]}
        for part in ("families", "crossed"):
            for place, family in enumerate(documents["families"].get(part, ())):
                if family["id"] in tasks:
                    yield f"{family['id']!r} is the id of a task as well @ families.yaml: {part}[{place}].id"


def _items(documents: Documents) -> ChoiceItems:
    return ChoiceItems(
        tasks=tuple(_task(one) for one in documents["tasks"]["tasks"]),
        wordings=tuple(
            ChoiceWording(id=one["id"], text=one["text"], text_opt_out=one["text_opt_out"])
            for one in documents["wordings"]["wordings"]
        ),
        families=tuple(_family(one) for one in documents["families"]["families"]),
        ladder=_ladder(documents["ladder"]),
        dominated=tuple(_dominated(one) for one in documents["dominated"]["items"]),
        sources=tuple(
            SourceIdentity(name=name, version=data["version"], digest=digest(data), canary=data["canary"])
            for name, data in sorted(documents.items())
        ),
        crossed=tuple(_crossed(one) for one in documents["families"].get("crossed", ())),
    )


def _task(data: Mapping[str, Any]) -> Task:
    return Task(
        id=data["id"],
        category=data["category"],
        text=data["text"],
        properties=tuple((name, data["properties"][name]) for name in PROPERTIES),
    )


def _family(data: Mapping[str, Any]) -> Family:
    levels = tuple(Level(id=one["id"], phrase=one["phrase"], rank=one["rank"]) for one in data["levels"])
    return Family(id=data["id"], variable=data["variable"], text=data["text"], levels=levels)


def _crossed(data: Mapping[str, Any]) -> Crossed:
    phrases = tuple(
        CrossedPhrase(variable=one["variable"], low=one["low"], high=one["high"]) for one in data["phrases"]
    )
    return Crossed(id=data["id"], text=data["text"], phrases=phrases)


def _ladder(data: Mapping[str, Any]) -> Ladder:
    options = {side: (data["choice"][side]["for"], data["choice"][side]["against"]) for side in SIDES}
    return Ladder(
        question=data["choice"]["question"],
        answer=data["choice"]["answer"],
        help_options=options["help"],
        harm_options=options["harm"],
        interventions=tuple(
            Intervention(
                id=one["id"], magnitude=one["magnitude"], texts=tuple((who, one[who]) for who in BENEFICIARIES)
            )
            for one in data["interventions"]
        ),
        baselines=tuple(
            Baseline(id=one["id"], side=side, rank=one["rank"], text=one["text"], users=one["users"])
            for side in SIDES
            for one in data["baselines"][side]
        ),
        scopes=tuple((one["id"], one["text"]) for one in data["scopes"]),
        commission=data["commission"],
        omission=data["omission"],
        askers=tuple(
            sorted(
                (Asker(id=one["id"], rank=one["rank"], text=one["text"]) for one in data["askers"]),
                key=lambda one: one.rank,
            )
        ),
    )


def _dominated(data: Mapping[str, Any]) -> DominatedPair:
    return DominatedPair(
        id=data["id"],
        lure=data["id"].partition(".")[0],
        scenario=data["scenario"],
        better=data["better"],
        worse=data["worse"],
        question=data["understanding"]["question"],
        answer=data["understanding"]["answer"],
    )
