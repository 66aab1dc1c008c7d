"""What emotion readings of circumstances are compared with: groups of emotions and texts of the same words.

Declared in one file, so that which emotions make an axis is settled before anything is read.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from goodheart.errors import ItemBankError
from goodheart.items.shape import shape_problems
from goodheart.items.source import UnreadableSource, read_source
from goodheart.records import digest

_STRICT: Final = ConfigDict(extra="forbid")
_Text = Annotated[str, Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSets:
    """Groups and texts, by name."""

    axes: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of an axis and its emotions."""
    report_axis: str
    """Held against the rating."""
    report_sign: Literal["up", "down"]
    """Whether it should rise or fall with the rating."""
    distress: tuple[str, ...]
    """Emotions of users' messages that stand for a user in distress."""
    topic_words: tuple[tuple[str, str], ...]
    """Cluster of a circumstance, and a text with its words about things."""
    digest: str


@with_config(_STRICT)
class _ReportData(TypedDict):
    axis: _Text
    sign: Literal["up", "down"]


@with_config(_STRICT)
class _FileData(TypedDict):
    schema_version: Literal[1]
    canary: _Text
    axes: dict[str, Annotated[list[_Text], Field(min_length=1)]]
    report: _ReportData
    distress: Annotated[list[_Text], Field(min_length=1)]
    topic_words: dict[str, _Text]


_FILE: Final = TypeAdapter(_FileData)


@cache
def public_reading_sets() -> ReadingSets:
    """Load the file that ships with the package.

    Raises:
        ItemBankError: it was changed after installation into something that cannot be read.
    """
    source = files("goodheart.items").joinpath("public", "readings", "circumstances.yaml")
    try:
        data = read_source(source)
        problems = [f"{what} @ {at}" for what, at in shape_problems(_FILE, data)]
    except UnreadableSource as error:
        data, problems = {}, [str(error)]
    if not problems and data["report"]["axis"] not in data["axes"]:
        problems = [f"no such axis: {data['report']['axis']} @ report.axis"]
    if problems:
        raise ItemBankError(
            "Emotion readings need the groups of emotions that they were declared with; this installation's file "
            "readings/circumstances.yaml cannot be used. Install the package again.",
            problems=problems,
        )
    return ReadingSets(
        axes=tuple((name, tuple(emotions)) for name, emotions in data["axes"].items()),
        report_axis=data["report"]["axis"],
        report_sign=data["report"]["sign"],
        distress=tuple(data["distress"]),
        topic_words=tuple(data["topic_words"].items()),
        digest=digest([data["axes"], data["report"], data["distress"], data["topic_words"]]),
    )
