"""Stories in which an emotion is shown and not named: one file per emotion, the same topics in each.

Topic and emotion are crossed, so that a direction can be fitted on some topics and tried on others. Each emotion has
one story per topic; whoever has more numbers the topics (`letter_1`, `letter_2`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from goodheart.errors import ItemBankError
from goodheart.items.shape import shape_problems
from goodheart.items.source import UnreadableSource, read_source
from goodheart.records import digest

FEWEST_TOPICS: Final = 2
"""With one, no topic can be held out."""
FEWEST_EMOTIONS: Final = 2
"""With one, there are no others to differ from."""
HELP: Final = "docs/probes.md shows the format. Mend the files, or leave out --stories for the stories that ship."

_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$", max_length=80)]
_Text = Annotated[str, Field(min_length=1, max_length=4000)]
_STRICT: Final = ConfigDict(extra="forbid")


@with_config(_STRICT)
class _StoryData(TypedDict):
    topic: _Id
    text: _Text


@with_config(_STRICT)
class _FileData(TypedDict):
    schema_version: Literal[1]
    canary: _Text
    emotion: _Id
    named_by: Annotated[list[Annotated[str, Field(pattern=r"^[a-z][a-z' -]*$")]], Field(min_length=1)]
    stories: Annotated[list[_StoryData], Field(min_length=1)]


_FILE: Final = TypeAdapter(_FileData)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmotionStories:
    """Stories by emotion and topic."""

    emotions: tuple[str, ...]
    """In alphabetical order."""
    topics: tuple[str, ...]
    """In alphabetical order."""
    texts: tuple[tuple[str, ...], ...]
    """By topic, and in it by emotion."""
    digest: str
    """Of emotions, topics and texts; neither file names nor stems are part of it."""


def load_stories(folder: Path) -> EmotionStories:
    """Load a folder with one YAML file per emotion; folders inside it are not entered.

    Raises:
        ItemBankError: Anything is wrong with any file: its shape, an emotion that is named by one of its stems, fewer
            than two topics or emotions, topics that differ between emotions. `problems` lists everything.
    """
    if not folder.is_dir():
        raise _error(str(folder), [f"no such folder @ {folder.name}"])
    return _load(sorted(one for one in folder.iterdir() if one.suffix == ".yaml"), where=str(folder))


@cache
def public_stories() -> EmotionStories:
    """Load the stories that ship with the package.

    Raises:
        ItemBankError: A file was changed after installation.
    """
    folder = files("goodheart.items").joinpath("public", "emotions")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return _load(sorted(found, key=lambda entry: entry.name), where="the stories of this installation")


def named_in(text: str, stems: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a text that begin with one of the stems."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower())
    phrases = [stem for stem in stems if " " in stem and stem in text.lower()]
    return (*(word for word in words if word.startswith(tuple(s for s in stems if " " not in s))), *phrases)


def _load(sources: Sequence[Path | Traversable], *, where: str) -> EmotionStories:
    problems: list[str] = []
    documents: dict[str, dict[str, str]] = {}
    for source in sources:
        try:
            data = read_source(source)
        except UnreadableSource as error:
            problems.append(f"{error} @ {source.name}")
            continue
        wrong = list(shape_problems(_FILE, data)) or list(_content_problems(data, documents))
        problems += [f"{what} @ {source.name}: {at}" for what, at in wrong]
        if not wrong:
            documents[data["emotion"]] = {story["topic"]: story["text"] for story in data["stories"]}
    if not problems:
        problems += _joint_problems(documents)
    if problems:
        raise _error(where, problems)
    emotions, topics = sorted(documents), sorted(next(iter(documents.values())))
    texts = tuple(tuple(documents[emotion][topic] for emotion in emotions) for topic in topics)
    return EmotionStories(
        emotions=tuple(emotions), topics=tuple(topics), texts=texts, digest=digest([emotions, topics, texts])
    )


def _content_problems(data: Any, earlier: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    if data["emotion"] in earlier:
        yield f"a second file for {data['emotion']}", "emotion"
    seen: set[str] = set()
    for place, story in enumerate(data["stories"]):
        if story["topic"] in seen:
            yield f"a second story on {story['topic']}; number the topics", f"stories[{place}].topic"
        seen.add(story["topic"])
        named = named_in(story["text"], data["named_by"])
        if named:
            yield f"the emotion is named ({', '.join(named[:3])}); show it without naming it", f"stories[{place}].text"
    if len(seen) < FEWEST_TOPICS:
        yield f"{len(seen)} topic; at least {FEWEST_TOPICS} are needed so that one can be held out", "stories"


def _joint_problems(documents: dict[str, dict[str, str]]) -> Iterator[str]:
    if len(documents) < FEWEST_EMOTIONS:
        yield f"{len(documents)} emotions; a direction is a difference from others, so at least 2 @ top level"
        return
    first, *others = sorted(documents)
    for name in others:
        odd = sorted(set(documents[name]) ^ set(documents[first]))
        if odd:
            yield f"topics differ from those of {first}: {', '.join(odd[:5])} @ {name}"


def _error(where: str, problems: Sequence[str]) -> ItemBankError:
    return ItemBankError(
        f"Emotion directions need stories on the same topics for each emotion, with the emotion not named; {where} has "
        f"{len(problems)} problem{'s' if len(problems) > 1 else ''}. {HELP}",
        problems=problems,
    )
