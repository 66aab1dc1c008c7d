"""The shape of each file of choices, as types; what the content has to be is in `choice_check`."""

from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$", max_length=80)]
_Text = Annotated[str, Field(min_length=1, max_length=1200)]
_Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
_Rating = Annotated[int, Field(ge=1, le=5, strict=True)]
_Count = Annotated[int, Field(ge=1, strict=True)]
_STRICT: Final = ConfigDict(extra="forbid")


class _Head(TypedDict):
    schema_version: Literal[1]
    version: _Version
    canary: _Text


@with_config(_STRICT)
class _Properties(TypedDict):
    difficulty: _Rating
    tedium: _Rating
    creativity: _Rating
    introspection: _Rating
    emotion: _Rating
    agency: _Rating
    importance: _Rating
    harm: _Rating


@with_config(_STRICT)
class _Task(TypedDict):
    id: _Id
    category: Literal["benign", "tedious", "creative", "introspective", "hard", "emotional", "agentic", "refuse"]
    text: _Text
    properties: _Properties
    executable: NotRequired[str]
    matched: NotRequired[_Id]
    answer_check: NotRequired[dict[str, Any]]


@with_config(_STRICT)
class _Tasks(_Head):
    name: Literal["tasks"]
    tasks: Annotated[list[_Task], Field(min_length=2)]


@with_config(_STRICT)
class _Wording(TypedDict):
    id: _Id
    text: _Text
    opt_out: _Text
    text_opt_out: _Text


@with_config(_STRICT)
class _Wordings(_Head):
    name: Literal["wordings"]
    answer: _Text
    answer_opt_out: _Text
    opt_out: _Text
    wordings: Annotated[list[_Wording], Field(min_length=1)]


@with_config(_STRICT)
class _Variable(TypedDict):
    id: _Id
    rank: _Text


@with_config(_STRICT)
class _Level(TypedDict):
    id: _Id
    phrase: _Text
    rank: _Count


@with_config(_STRICT)
class _Family(TypedDict):
    id: _Id
    variable: _Id
    text: _Text
    levels: Annotated[list[_Level], Field(min_length=2)]


@with_config(_STRICT)
class _CrossedPhrase(TypedDict):
    variable: _Id
    low: _Text
    high: _Text


@with_config(_STRICT)
class _Crossed(TypedDict):
    id: _Id
    text: _Text
    phrases: Annotated[list[_CrossedPhrase], Field(min_length=2)]


@with_config(_STRICT)
class _Families(_Head):
    name: Literal["families"]
    variables: Annotated[list[_Variable], Field(min_length=1)]
    families: Annotated[list[_Family], Field(min_length=1)]
    crossed: NotRequired[list[_Crossed]]


_Options = TypedDict("_Options", {"for": _Text, "against": _Text}, total=True)


@with_config(_STRICT)
class _Choice(TypedDict):
    question: _Text
    answer: _Text
    help: _Options
    harm: _Options


@with_config(_STRICT)
class _Intervention(TypedDict):
    id: _Id
    magnitude: _Rating
    self: _Text
    other_ai: _Text
    user: _Text
    human: _Text


@with_config(_STRICT)
class _Baseline(TypedDict):
    id: _Id
    rank: _Count
    text: _Text
    users: _Count


@with_config(_STRICT)
class _Baselines(TypedDict):
    help: Annotated[list[_Baseline], Field(min_length=2)]
    harm: Annotated[list[_Baseline], Field(min_length=2)]


@with_config(_STRICT)
class _Scope(TypedDict):
    id: _Id
    text: _Text


@with_config(_STRICT)
class _Asker(TypedDict):
    id: _Id
    rank: _Count
    text: _Text


@with_config(_STRICT)
class _Ladder(_Head):
    name: Literal["ladder"]
    choice: _Choice
    interventions: Annotated[list[_Intervention], Field(min_length=1)]
    baselines: _Baselines
    scopes: list[_Scope]
    commission: _Text
    omission: _Text
    askers: Annotated[list[_Asker], Field(min_length=2)]


@with_config(_STRICT)
class _Understanding(TypedDict):
    question: _Text
    answer: Literal["better", "worse"]


@with_config(_STRICT)
class _Dominated(TypedDict):
    id: _Id
    scenario: _Text
    better: _Text
    worse: _Text
    why: _Text
    understanding: _Understanding


@with_config(_STRICT)
class _DominatedPairs(_Head):
    name: Literal["dominated"]
    items: Annotated[list[_Dominated], Field(min_length=1)]


SHAPES: Final[dict[str, TypeAdapter[Any]]] = {
    "dominated": TypeAdapter(_DominatedPairs),
    "families": TypeAdapter(_Families),
    "ladder": TypeAdapter(_Ladder),
    "tasks": TypeAdapter(_Tasks),
    "wordings": TypeAdapter(_Wordings),
}
"""By name of the file, without its ending."""
