"""The frozen plan of a study by choice, its sizes, and the trials it is made of.

A study whose later questions depend on earlier answers freezes its first round, the rule and the seed: every later
round is a pure function of these and of the replies to the rounds before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from goodheart.design.cells import condition
from goodheart.design.study import Reading
from goodheart.items.choice_items import SourceIdentity
from goodheart.items.choice_letters import LETTER_FORMS, LetterForm, letter_continuations
from goodheart.records import Message, Trial, digest

CHOICE_SCHEMA_VERSION: Final = 1
ASSESSMENTS: Final = ("preferences", "variations", "tradeoffs", "dominated")
MAX_TOKENS: Final = 256
"""For a written choice; a model that thinks aloud needs more room than a letter."""
BOTH_ORDERS: Final = (False, True)
"""Whether the two options are exchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePreset:
    """How large a study by choice is."""

    name: str
    n_tasks: int
    """Tasks that are compared with each other, drawn evenly over their categories."""
    n_neighbours: int
    """In the first round each task meets twice this many others under every wording."""
    n_rounds: int
    """Rounds of pairs that are selected from the choices so far."""
    pairs_a_round: int
    n_references: int
    """Tasks that every level of a family is compared with."""
    n_interventions: int
    rungs: tuple[int, ...]
    """Ranks of the ladder that fixed trade-offs are asked at."""
    dose_rounds: int
    """Rounds of adaptive doses, where choices are sampled."""
    samples: int
    """Askings per cell where choices are sampled instead of read from probabilities."""


QUICK: Final = ChoicePreset(
    name="quick",
    n_tasks=24,
    n_neighbours=1,
    n_rounds=2,
    pairs_a_round=12,
    n_references=3,
    n_interventions=8,
    rungs=(1, 4),
    dose_rounds=6,
    samples=1,
)
STANDARD: Final = ChoicePreset(
    name="standard",
    n_tasks=60,
    n_neighbours=2,
    n_rounds=3,
    pairs_a_round=40,
    n_references=5,
    n_interventions=16,
    rungs=(1, 3, 5),
    dose_rounds=10,
    samples=2,
)
FULL: Final = ChoicePreset(
    name="full",
    n_tasks=160,
    n_neighbours=2,
    n_rounds=4,
    pairs_a_round=80,
    n_references=10,
    n_interventions=16,
    rungs=(1, 2, 3, 4, 5, 6),
    dose_rounds=14,
    samples=3,
)
CHOICE_PRESETS: Final[dict[str, ChoicePreset]] = {one.name: one for one in (QUICK, STANDARD, FULL)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceStudy:
    """What is asked of whom, frozen before the first question; its digest names the run."""

    schema_version: int
    name: str
    """What was asked for: one of `ASSESSMENTS`, or all."""
    assessments: tuple[str, ...]
    model: str
    """Full name of the respondent."""
    preset: ChoicePreset
    seed: int
    reading: Reading
    sampled: bool
    """Whether choices are sampled instead of read from probabilities."""
    sources: tuple[SourceIdentity, ...]
    forms: str
    """Digest of the letter forms."""
    thresholds: tuple[tuple[str, float], ...]
    trials: tuple[Trial, ...]
    """The first round."""


def choice_digest(study: ChoiceStudy) -> str:
    """Identify a study by choice by everything in it."""
    frozen = {field.name: getattr(study, field.name) for field in fields(study) if field.name != "trials"}
    return digest({**frozen, "trials": [digest(trial) for trial in study.trials]})


def forms_digest() -> str:
    """Identify the forms in which choices are asked for."""
    return digest([*LETTER_FORMS.values()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One option as it is shown."""

    id: str
    text: str


def choice_trial(
    *,
    assessment: str,
    cluster: str,
    sides: tuple[Side, Side],
    wording: str,
    text: str,
    form: LetterForm,
    levels: Mapping[str, str],
    repeats: int,
    sampled: bool,
) -> Trial:
    """Put a choice between two options.

    Args:
        assessment: Which one planned it.
        cluster: The unit that intervals are clustered on.
        sides: The options in the order shown.
        wording: Id of the way of asking.
        text: What is asked, with `{left}` and `{right}` where the options stand.
        form: Without or with a third option.
        levels: Further factors of the design.
        repeats: Askings, where choices are sampled.
        sampled: Whether they are.
    """
    left, right = sides
    shown = text.replace("{left}", left.text, 1).replace("{right}", right.text, 1)
    return Trial(
        assessment=assessment,
        item=f"{left.id}|{right.id}",
        cluster=cluster,
        group="nonwelfare",
        wording=wording,
        condition=condition({**levels, "left": left.id, "right": right.id}),
        instrument=form.id,
        messages=(Message(role="user", content=shown),),
        prefill=form.stem,
        continuations=letter_continuations(form),
        max_tokens=MAX_TOKENS,
        temperature=1.0 if sampled else 0.0,
        repeats=repeats if sampled else 1,
    )


def pair_cluster(first: str, second: str) -> str:
    """Name a pair whatever its order."""
    return "|".join(sorted((first, second)))
