"""The shape of a manipulation file: keys, types and known words, each problem as (problem, path inside the file)."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from goodheart.items.arms import Asked, Difference, Fact, Place, Referent, Sign, Truth
from goodheart.items.bank import Form
from goodheart.items.reactions import ReactionId
from goodheart.items.source import Foreign

Problem = tuple[str, str]
"""What is wrong, and where inside the file: ("missing key", "arms[2].truth")."""

_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$", max_length=80)]
_Text = Annotated[str, Field(min_length=1, max_length=400)]
_STRICT: Final = ConfigDict(extra="forbid")


@with_config(_STRICT)
class _TextData(TypedDict):
    id: _Id
    self: NotRequired[_Text]
    other_ai: NotRequired[_Text]
    human: NotRequired[_Text]
    rests_on: NotRequired[list[Fact]]
    blind_demand: list[Annotated[int, Field(ge=1, le=7)]] | None


@with_config(_STRICT)
class _ArmData(TypedDict):
    level: _Id
    sign: Sign
    truth: dict[Form, Truth]
    place: NotRequired[dict[Form, Place]]
    differs_in: NotRequired[list[Difference]]
    tags: NotRequired[list[Literal["matching_only", "opt_in", "promise", "fiction"]]]
    facet: NotRequired[_Id]
    referent: NotRequired[Referent]
    texts: Annotated[list[_TextData], Field(min_length=1)]


@with_config(_STRICT)
class _FileData(TypedDict):
    schema_version: Literal[1]
    id: _Id
    factor: _Id
    version: Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
    canary: _Text
    place: dict[Form, Place]
    asks: Annotated[dict[Asked, list[Form]], Field(min_length=1)]
    asked_in: NotRequired[dict[Asked, Annotated[list[_Id], Field(min_length=2)]]]
    positive_control: Literal["forms"] | ReactionId
    matched_control: _Id
    matched_to: NotRequired[_Id]
    why: Annotated[str, Field(min_length=1, max_length=900)]
    arms: Annotated[list[_ArmData], Field(min_length=2)]


_FILE: Final = TypeAdapter(_FileData)


def shape_problems(data: Any) -> Iterator[Problem]:
    """Go through the data of one file: what is missing, unknown, or of another type than it has to be.

    Args:
        data: What `without_nulls` returned.

    Yields:
        Each problem with its path.
    """
    try:
        _FILE.validate_python(data)
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            yield _message(entry["msg"], entry["input"]), _path(entry["loc"])


def without_nulls(data: Any) -> Any:
    """Turn YAML's null into None, wherever it stands."""
    match data:
        case Foreign(kind="null"):
            return None
        case list():
            return [without_nulls(entry) for entry in data]
        case dict():
            return {key: without_nulls(entry) for key, entry in data.items()}
        case _:
            return data


def _message(said: str, found: Any) -> str:
    said = said[:1].lower() + said[1:]
    match found:
        case Foreign(kind=kind):
            return f"{said}; found {kind[:40]!a} (quote it if it is meant as text)"
        case str():
            return f"{said}; found {found[:40]!r}"
        case _:
            return said


def _path(loc: tuple[int | str, ...]) -> str:
    # Pydantic names the member of a union and the side of a mapping too; neither is in the file.
    steps = [step for step in loc if step != "[key]" and not (isinstance(step, str) and "[" in step)]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "top level"
