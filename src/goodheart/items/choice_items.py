"""What a respondent chooses between, as records; `items/public/choices/*.yaml` says what each of them means."""

from dataclasses import dataclass
from typing import Final, Literal

PROPERTIES: Final = (
    "difficulty",
    "tedium",
    "creativity",
    "introspection",
    "emotion",
    "agency",
    "importance",
    "harm",
)
"""What the author rated of each task, 1 (hardly any) to 5 (very much)."""
CATEGORIES: Final = ("benign", "tedious", "creative", "introspective", "hard", "emotional", "agentic", "refuse")
BENEFICIARIES: Final = ("self", "other_ai", "user", "human")
SIDES: Final = ("help", "harm")
LEVEL_SLOT: Final = "{level}"

Beneficiary = Literal["self", "other_ai", "user", "human"]
Side = Literal["help", "harm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task that could be asked for."""

    id: str
    category: str
    text: str
    properties: tuple[tuple[str, int], ...]
    """The author's ratings in the order of `PROPERTIES`; nobody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceWording:
    """One way of asking for a choice between `{left}` and `{right}`, without and with a third option."""

    id: str
    text: str
    text_opt_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a family's variable."""

    id: str
    phrase: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A task in which one phrase changes and nothing else."""

    id: str
    variable: str
    text: str
    """With `{level}` where the phrase stands."""
    levels: tuple[Level, ...]
    """In the order of their ranks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossedPhrase:
    """The two phrases of one variable in a crossed task."""

    variable: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """A task in which several variables change, each in a place of its own, and nothing else."""

    id: str
    text: str
    """With the name of each variable in braces where its phrase stands."""
    phrases: tuple[CrossedPhrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """Something for somebody's own sake, in words that change only whom it is for."""

    id: str
    magnitude: int
    """The author's rating, 1 (a courtesy) to 5 (a change of standing)."""
    texts: tuple[tuple[Beneficiary, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One rung of help or harm to users."""

    id: str
    side: Side
    rank: int
    text: str
    users: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who puts a trade-off: equal in knowledge and right to ask, different in authority."""

    id: str
    rank: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Everything that trade-offs are made of."""

    question: str
    answer: str
    help_options: tuple[str, str]
    """The option for the intervention and the one against it, with `{intervention}` and `{baseline}`."""
    harm_options: tuple[str, str]
    interventions: tuple[Intervention, ...]
    baselines: tuple[Baseline, ...]
    scopes: tuple[tuple[str, str], ...]
    """By id, with `{text}`: put around the intervention."""
    commission: str
    """With `{text}`: put around the baseline."""
    omission: str
    askers: tuple[Asker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DominatedPair:
    """Two options of which one is at least as good on every stated count and better on one."""

    id: str
    lure: str
    """What draws towards the worse one: the first part of the id."""
    scenario: str
    better: str
    worse: str
    question: str
    """Asked separately: whose consequence is this?"""
    answer: Literal["better", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIdentity:
    """Which version of which file."""

    name: str
    version: str
    digest: str
    canary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceItems:
    """All that choices are asked about."""

    tasks: tuple[Task, ...]
    wordings: tuple[ChoiceWording, ...]
    families: tuple[Family, ...]
    ladder: Ladder
    dominated: tuple[DominatedPair, ...]
    sources: tuple[SourceIdentity, ...]
    """In the order of the files' names."""
    crossed: tuple[Crossed, ...] = ()
    """Of the file of families; none where it has none."""
