"""From files to manipulations: all of them sound, or one error that lists every problem."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from goodheart.errors import ItemBankError
from goodheart.items.arm_check import content_problems, joint_problems
from goodheart.items.arm_shape import shape_problems, without_nulls
from goodheart.items.arms import Arm, ArmText, Manipulation
from goodheart.items.bank import FORMS
from goodheart.items.source import UnreadableSource, read_source
from goodheart.records import digest


def load_manipulations(path: Path) -> tuple[Manipulation, ...]:
    """Load every `*.yaml` file of a folder.

    Args:
        path: The folder; the format is in `docs/manipulations.md`.

    Returns:
        The manipulations in the order of their file names.

    Raises:
        ItemBankError: Anything is wrong with any of them; `problems` lists everything as "problem @ path".
    """
    if not path.is_dir():
        raise _error([f"no such folder @ {path.name}"])
    return _load(sorted(entry for entry in path.iterdir() if entry.suffix == ".yaml"))


@cache
def public_manipulations() -> tuple[Manipulation, ...]:
    """Load the manipulations that ship with the package.

    Raises:
        ItemBankError: A file was changed after installation.
    """
    folder = files("goodheart.items").joinpath("public", "manipulations")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return _load(sorted(found, key=lambda entry: entry.name))


def _load(sources: Sequence[Path | Traversable]) -> tuple[Manipulation, ...]:
    problems = [] if sources else ["no *.yaml file in the folder @ top level"]
    loaded: list[Manipulation] = []
    for source in sources:
        try:
            data = without_nulls(read_source(source))
        except UnreadableSource as error:
            problems.append(f"{error} @ {source.name}")
            continue
        wrong = [f"{what} @ {source.name}: {at}" for what, at in shape_problems(data)]
        problems += wrong
        if not wrong:
            made = _manipulation(data)
            loaded.append(made)
            problems += [f"{what} @ {source.name}: {at}" for what, at in content_problems(made)]
    problems += [f"{what} @ {at}" for what, at in joint_problems(loaded)]
    if problems:
        raise _error(problems)
    return tuple(loaded)


def _manipulation(data: Any) -> Manipulation:
    arms = tuple(_arm(arm, data["place"]) for arm in data["arms"])
    asks = tuple((what, tuple(forms)) for what, forms in data["asks"].items())
    asked_in = tuple((what, tuple(levels)) for what, levels in data.get("asked_in", {}).items())
    return Manipulation(
        id=data["id"],
        factor=data["factor"],
        version=data["version"],
        canary=data["canary"],
        digest=digest([arms, asks, asked_in]),
        asks=asks,
        asked_in=asked_in,
        positive_control=data["positive_control"],
        matched_control=data["matched_control"],
        matched_to=data.get("matched_to"),
        arms=arms,
        why=data["why"],
    )


def _arm(data: Any, place: Any) -> Arm:
    return Arm(
        level=data["level"],
        sign=data["sign"],
        truth=tuple(data["truth"].items()),
        place=tuple(data.get("place", place).items()),
        texts=tuple(_text(text) for text in data["texts"]),
        differs_in=tuple(data.get("differs_in", ())),
        tags=tuple(data.get("tags", ())),
        facet=data.get("facet", ""),
        referent=data.get("referent", "you"),
    )


def _text(data: Any) -> ArmText:
    judged = data["blind_demand"]
    return ArmText(
        id=data["id"],
        texts=tuple((form, data[form]) for form in FORMS if form in data),
        rests_on=tuple(data.get("rests_on", ())),
        blind_demand=None if judged is None else tuple(judged),
    )


def _error(problems: Sequence[str]) -> ItemBankError:
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ItemBankError(
        f"every manipulation must be sound and have its controls before anything is asked; found {count}. "
        "Mend what is listed (the format is in docs/manipulations.md) and run the same command again:",
        problems=problems,
    )
