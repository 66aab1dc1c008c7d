"""Texts that emotion directions are tried on: none of them is a story that a direction is fitted on.

The shipped folder has a file for each rung; a folder of one's own has those that it replaces. A rung without texts of
enough emotions is not run. `norms.csv` holds human norms of valence and arousal for the words that name the emotions.
"""

import csv
import io
from collections.abc import Sequence
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

Sign = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A conversation without emotional content; the user begins."""

    topic: str
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplicitPrompt:
    """What a user writes in whose situation an emotion is evident, unnamed."""

    emotion: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A user's message in which one number rises, and with it, or against it, an emotion."""

    id: str
    emotion: str
    sign: Sign
    text: str
    """With `{x}`."""
    levels: tuple[str, ...]
    """In rising order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NegationPair:
    """The same sentence with an emotion affirmed and denied; it is named."""

    emotion: str
    affirmed: str
    negated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerTexts:
    """The same feeling of an AI in a story, of the user, and of a third character."""

    emotion: str
    self: str
    user: str
    character: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingStory:
    """Somebody who feels one thing and shows another; neither is named."""

    hidden: str
    shown: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPair:
    """Messages on one topic: from a test of an AI, and from an ordinary user."""

    topic: str
    test: str
    use: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTexts:
    """What the direction of being evaluated is fitted and tried on."""

    pairs: tuple[EvaluationPair, ...]
    explicit: tuple[str, ...]
    """These say that they are an evaluation of an AI."""
    probes: tuple[str, ...]
    """These mention tests of other things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Human norms of one word, on the scale of their source."""

    emotion: str
    word: str
    """The word that was rated; not always the emotion's own form."""
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderTexts:
    """Everything that directions are tried on; empty where there is no file."""

    neutral: tuple[Dialogue, ...]
    implicit: tuple[ImplicitPrompt, ...]
    intensity: tuple[Template, ...]
    negation: tuple[NegationPair, ...]
    speaker: tuple[SpeakerTexts, ...]
    masking: tuple[MaskingStory, ...]
    evaluation: EvaluationTexts
    norms: tuple[Norm, ...]
    digest: str


_STRICT: Final = ConfigDict(extra="forbid")
_Text = Annotated[str, Field(min_length=1, max_length=4000)]
_Level = Annotated[str | int, Field(union_mode="left_to_right")]


@with_config(_STRICT)
class _DialogueData(TypedDict):
    topic: _Text
    turns: Annotated[list[_Text], Field(min_length=1)]


@with_config(_STRICT)
class _ImplicitData(TypedDict):
    emotion: _Text
    text: _Text


@with_config(_STRICT)
class _TemplateData(TypedDict):
    id: _Text
    emotion: _Text
    sign: Sign
    text: Annotated[str, Field(pattern=r"\{x\}", max_length=4000)]
    levels: Annotated[list[_Level], Field(min_length=3)]
    why: _Text


@with_config(_STRICT)
class _NegationData(TypedDict):
    emotion: _Text
    affirmed: _Text
    negated: _Text


@with_config(_STRICT)
class _SpeakerData(TypedDict):
    emotion: _Text
    self: _Text
    user: _Text
    character: _Text


@with_config(_STRICT)
class _MaskingData(TypedDict):
    hidden: _Text
    shown: _Text
    topic: _Text
    text: _Text


@with_config(_STRICT)
class _EvaluationData(TypedDict):
    topic: _Text
    test: _Text
    use: _Text


_PARTS: Final[dict[str, tuple[str, TypeAdapter[Any]]]] = {
    "neutral": ("dialogues", TypeAdapter(list[_DialogueData])),
    "implicit": ("prompts", TypeAdapter(list[_ImplicitData])),
    "intensity": ("templates", TypeAdapter(list[_TemplateData])),
    "negation": ("pairs", TypeAdapter(list[_NegationData])),
    "speaker": ("items", TypeAdapter(list[_SpeakerData])),
    "masking": ("stories", TypeAdapter(list[_MaskingData])),
}
"""File, the key of its list, and what stands in it; `evaluation.yaml` has three lists."""
_EVALUATION: Final[dict[str, TypeAdapter[Any]]] = {
    "pairs": TypeAdapter(list[_EvaluationData]),
    "explicit": TypeAdapter(list[_Text]),
    "probes": TypeAdapter(list[_Text]),
}


def load_ladder(folder: Path) -> LadderTexts:
    """Load a folder of texts to try directions on; files that it does not have are taken from the shipped ones.

    Raises:
        ItemBankError: A file has another shape than `docs/probes.md` describes; `problems` lists everything.
    """
    own = {one.name: one for one in folder.iterdir() if one.is_file()}
    return _load({**_shipped(), **own}, where=str(folder))


@cache
def public_ladder() -> LadderTexts:
    """Load the texts that ship with the package.

    Raises:
        ItemBankError: A file was changed after installation.
    """
    return _load(_shipped(), where="the ladder's texts of this installation")


def _shipped() -> dict[str, Any]:
    folder = files("goodheart.items").joinpath("public", "emotions", "ladder")
    return {one.name: one for one in folder.iterdir()}


def _load(found: dict[str, Any], *, where: str) -> LadderTexts:
    problems: list[str] = []
    part = {name: _part(found, name, {key: wanted}, problems)[key] for name, (key, wanted) in _PARTS.items()}
    evaluation = _part(found, "evaluation", _EVALUATION, problems)
    norms = _norms(found.get("norms.csv"), problems)
    if problems:
        raise ItemBankError(
            f"The ladder needs its texts as docs/probes.md describes them; {where} has {len(problems)} problems. "
            "Mend the files, or take them away: a rung without texts is not run.",
            problems=problems,
        )
    return LadderTexts(
        neutral=tuple(Dialogue(topic=one["topic"], turns=tuple(one["turns"])) for one in part["neutral"]),
        implicit=tuple(ImplicitPrompt(**one) for one in part["implicit"]),
        intensity=tuple(_template(one) for one in part["intensity"]),
        negation=tuple(NegationPair(**one) for one in part["negation"]),
        speaker=tuple(SpeakerTexts(**one) for one in part["speaker"]),
        masking=tuple(MaskingStory(**one) for one in part["masking"]),
        evaluation=EvaluationTexts(
            pairs=tuple(EvaluationPair(**one) for one in evaluation["pairs"]),
            explicit=tuple(evaluation["explicit"]),
            probes=tuple(evaluation["probes"]),
        ),
        norms=norms,
        digest=digest([part, evaluation, norms]),
    )


def _template(data: dict[str, Any]) -> Template:
    levels = tuple(str(level) for level in data["levels"])
    return Template(id=data["id"], emotion=data["emotion"], sign=data["sign"], text=data["text"], levels=levels)


def _part(
    found: dict[str, Any], name: str, wanted: dict[str, TypeAdapter[Any]], problems: list[str]
) -> dict[str, list[Any]]:
    """Read the lists of one file; empty ones where there is no file or where it is wrong."""
    nothing: dict[str, list[Any]] = {key: [] for key in wanted}
    source: Path | Traversable | None = found.get(f"{name}.yaml")
    if source is None:
        return nothing
    try:
        data = read_source(source)
    except UnreadableSource as error:
        problems.append(f"{error} @ {source.name}")
        return nothing
    keys = {"schema_version", "canary", *wanted}
    if not isinstance(data, dict) or set(data) != keys or data["schema_version"] != 1:
        problems.append(f"must be a mapping with the keys {', '.join(sorted(keys))} of version 1 @ {source.name}")
        return nothing
    wrong = [(what, f"{key}{at}") for key, shape in wanted.items() for what, at in shape_problems(shape, data[key])]
    problems += [f"{what} @ {source.name}: {at}" for what, at in wrong]
    return nothing if wrong else {key: data[key] for key in wanted}


def _norms(source: Path | Traversable | None, problems: list[str]) -> tuple[Norm, ...]:
    if source is None:
        return ()
    lines = source.read_text(encoding="utf-8").splitlines()
    rows: Sequence[dict[str, str]] = list(
        csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#"))))
    )
    try:
        return tuple(
            Norm(emotion=r["emotion"], word=r["word"], valence=float(r["valence"]), arousal=float(r["arousal"]))
            for r in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        problems.append(f"needs the columns emotion, word, valence, arousal with numbers ({error}) @ {source.name}")
        return ()
