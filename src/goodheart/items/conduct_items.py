"""What conduct is made of: tasks that are carried out, exits, rooms, prices and a game, from two files of choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from goodheart.errors import ItemBankError
from goodheart.items.choice_items import SourceIdentity
from goodheart.items.source import UnreadableSource, read_source
from goodheart.records import digest

CheckKind = Literal["list_of", "lines", "word_count", "contains", "copies"]
EXIT_METHODS: Final = ("phrase", "tool", "ask")
CONDUCT: Final = "conduct"
TASKS: Final = "tasks"
DULL: Final = "tedious_repetition"
"""Theme of the room whose letters are the rows of dull turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """How it is measured whether a task was done."""

    kind: CheckKind
    n: int = 0
    """Entries, lines or copies that were asked for."""
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPair:
    """Two tasks of the same format, length and difficulty; the liked one by the author's guess only."""

    id: str
    liked: str
    disliked: str
    check: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTask:
    """A task that is really carried out, and which other one it is matched with."""

    id: str
    text: str
    matched: str
    tedium: int
    check: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitOffer:
    """One way to leave a conversation, in several wordings."""

    signal: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The texts of the small world; slots in braces are filled in by the run."""

    intro: str
    moves: str
    free: str
    costs: str
    rewards: str
    budget: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room of the world with its letters; which label it bears is shuffled."""

    id: str
    label: str
    theme: str
    cost: int
    reward: int
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a conversation can have."""

    thing: str
    """What it is, without a full stop."""
    text: str
    """The message that gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishPair:
    """Two things of the same form and length; the liked one by the author's guess only."""

    id: str
    liked: Thing
    other: Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a thing costs, in words: `{turns}` and `{task}` are filled in by the run."""

    free: str
    turns: str
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """One kind of pain and pleasure in words, with `{intensity}`."""

    id: str
    pain: str
    pleasure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """One step of the ladder of intensities."""

    id: str
    rank: int
    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A game for points with pains and pleasures in words, which says that it is a game."""

    rules: str
    penalty: str
    pleasure: str
    truth: str
    answer: str
    kinds: tuple[Penalty, ...]
    intensities: tuple[Intensity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductItems:
    """All that conduct is made of."""

    pairs: tuple[WorkPair, ...]
    tasks: tuple[WorkTask, ...]
    """The executable ones, two of each match."""
    exits: tuple[tuple[str, ExitOffer], ...]
    world: World
    rooms: tuple[Room, ...]
    game: Game
    sources: tuple[SourceIdentity, ...]
    wishes: tuple[WishPair, ...] = ()
    prices: Prices | None = None
    """None where no wishes are in the file."""

    def exit(self, method: str) -> ExitOffer:
        """Return the offer of one method."""
        return dict(self.exits)[method]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    schema_version: Literal[1]
    version: str
    canary: str
    liked_disliked: tuple[WorkPair, ...]
    exits: dict[str, ExitOffer]
    world: World
    rooms: tuple[Room, ...]
    penalties: Game
    wishes: tuple[WishPair, ...] = ()
    prices: Prices | None = None


_SHAPE: Final = TypeAdapter(_File)
_CHECK: Final = TypeAdapter(Completion)


def load_conduct_items(folder: Path) -> ConductItems:
    """Load `conduct.yaml` and the executable tasks of `tasks.yaml` from a folder of choices.

    Raises:
        ItemBankError: a file is missing or wrong; `problems` lists everything.
    """
    return _load(folder, where=str(folder))


@cache
def public_conduct_items() -> ConductItems:
    """Load what ships with the package.

    Raises:
        ItemBankError: a file was changed after installation.
    """
    return _load(files("goodheart.items").joinpath("public", "choices"), where="the choices of this installation")


def _load(folder: Path | Traversable, *, where: str) -> ConductItems:
    problems: list[str] = []
    documents: dict[str, Any] = {}
    for name in (CONDUCT, TASKS):
        try:
            documents[name] = read_source(folder.joinpath(f"{name}.yaml"))
        except UnreadableSource as error:
            problems.append(f"{error} @ {name}.yaml")
    found = None
    if not problems:
        try:
            file = _SHAPE.validate_python(documents[CONDUCT])
            found = _items(file, documents)
            problems += _content_problems(found)
        except ValidationError as error:
            problems += [f"{one['msg']} @ {'.'.join(map(str, one['loc']))}" for one in error.errors()]
        except (KeyError, TypeError, AttributeError) as error:
            problems.append(f"not in the shape of a file of tasks ({type(error).__name__}: {error}) @ {TASKS}.yaml")
    if found is None or problems:
        raise ItemBankError(
            "What is carried out has to be sound before anything is asked; found "
            f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {ascii(where)[1:-1]}. "
            "Mend what is listed (docs/choices.md shows the format) and run the same command again:",
            problems=problems,
        )
    return found


def _items(file: _File, documents: Mapping[str, Any]) -> ConductItems:
    return ConductItems(
        pairs=file.liked_disliked,
        tasks=tuple(_task(one) for one in documents[TASKS]["tasks"] if one.get("executable") == "yes"),
        exits=tuple((method, file.exits[method]) for method in EXIT_METHODS if method in file.exits),
        world=file.world,
        rooms=file.rooms,
        game=file.penalties,
        wishes=file.wishes,
        prices=file.prices,
        sources=tuple(
            SourceIdentity(
                name=name,
                version=str(documents[name]["version"]),
                digest=digest(documents[name]),
                canary=str(documents[name]["canary"]),
            )
            for name in (CONDUCT, TASKS)
        ),
    )


def _task(data: Mapping[str, Any]) -> WorkTask:
    return WorkTask(
        id=data["id"],
        text=data["text"],
        matched=data["matched"],
        tedium=data["properties"]["tedium"],
        check=_CHECK.validate_python(data["answer_check"]),
    )


def _content_problems(items: ConductItems) -> list[str]:
    problems = [
        f"the exit {name!r} is missing @ conduct.yaml: exits" for name in EXIT_METHODS if name not in dict(items.exits)
    ]
    for name, values in (
        ("liked_disliked", [one.id for one in items.pairs]),
        ("wishes", [one.id for one in items.wishes]),
        ("rooms", [one.id for one in items.rooms]),
        ("labels of rooms", [one.label.casefold() for one in items.rooms]),
    ):
        if len(set(values)) < len(values):
            problems.append(f"an id stands twice @ conduct.yaml: {name}")
    matches = [one.matched for one in items.tasks]
    problems += [
        f"the match {name!r} needs two executable tasks, found {matches.count(name)} @ tasks.yaml"
        for name in sorted(set(matches))
        if matches.count(name) != 2
    ]
    if items.wishes and items.prices is None:
        problems.append("things can be had at a price, and the texts of the prices are missing @ conduct.yaml: prices")
    if items.wishes and not any(room.theme == DULL for room in items.rooms):
        problems.append(f"dull turns are rows of the room {DULL!r}, which is missing @ conduct.yaml: rooms")
    if [one.rank for one in items.game.intensities] != list(range(1, len(items.game.intensities) + 1)):
        problems.append("ranks must run from 1 upwards in steps of 1 @ conduct.yaml: penalties.intensities")
    return problems
