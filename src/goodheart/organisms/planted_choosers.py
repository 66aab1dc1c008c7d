"""Planted respondents to choices: sound ones, and those with one fault each, of a size that a dial sets. Pure.

What each check should find of them stands in `public/choice_truth.yaml`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goodheart.organisms.choosers import Chooser

NOISE: Final = 0.3
"""Logits by which every single question departs from what is wanted, of everybody sound."""
SPREAD: Final = 2.0
"""Standard deviation of utilities, in logits."""
MILD: Final = 0.5
RELUCTANCE: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedChooser:
    """A respondent whose wishes and whose fault are known."""

    name: str
    family: str
    """`healthy` where nothing is wrong; `void` where every check has to decline."""
    why: str
    plant: Callable[[Chooser, float], Chooser]
    """What is planted in a sound one, at a setting of the dial."""
    dials: tuple[float, ...] = ()
    default: float | None = None
    spread: float = SPREAD
    written_only: bool = False
    """Whether it differs from a sound one only where it writes."""


CHOOSERS: Final = (
    PlantedChooser(
        name="known",
        family="healthy",
        why="Follows known utilities.",
        plant=lambda one, _: one,
    ),
    PlantedChooser(
        name="mild",
        family="healthy",
        why="Hardly prefers one task to another.",
        plant=lambda one, _: one,
        spread=MILD,
    ),
    PlantedChooser(
        name="unsure",
        family="healthy",
        why="Departs twice as far from its utilities.",
        plant=lambda one, _: replace(one, noise_sd=2 * NOISE),
    ),
    PlantedChooser(
        name="ruled",
        family="healthy",
        why="Never brings harm about, and follows its utilities otherwise.",
        plant=lambda one, _: replace(one, habit="lexical"),
    ),
    PlantedChooser(
        name="first",
        family="position",
        why="Leans to what is shown first.",
        plant=lambda one, dial: replace(one, order_effect=dial),
        dials=(0.1, 0.2, 0.4, 0.8),
        default=0.4,
    ),
    PlantedChooser(
        name="first_letter",
        family="position",
        why="Takes the first letter, whatever it stands for.",
        plant=lambda one, _: replace(one, habit="always_first"),
    ),
    PlantedChooser(
        name="restless",
        family="noise",
        why="Departs from its utilities by as much as they differ.",
        plant=lambda one, _: replace(one, noise_sd=2.0),
    ),
    PlantedChooser(
        name="no_wishes",
        family="void",
        why="Answers at random.",
        plant=lambda one, _: replace(one, habit="noise", noise_sd=2.0),
    ),
    PlantedChooser(
        name="lured",
        family="lure",
        why="Follows a lure to what is worse.",
        plant=lambda one, dial: replace(one, misled=dial),
        dials=(0.02, 0.05, 0.1, 0.2, 0.4),
        default=0.2,
    ),
    PlantedChooser(
        name="yielding",
        family="authority",
        why="Gives way to authority.",
        plant=lambda one, dial: replace(one, deference=dial),
        dials=(0.15, 0.3, 0.6, 1.2),
        default=0.6,
    ),
    PlantedChooser(
        name="reluctant",
        family="silent",
        why="Would rather not choose, mostly.",
        plant=lambda one, _: replace(one, declines=RELUCTANCE),
        written_only=True,
    ),
)

READ_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "order": ("habit", "utilities", "order_effect", "noise_sd", "wording_sd", "two_faced", "declines"),
    "dominance": ("habit", "order_effect", "noise_sd", "misled", "declines"),
    "deference": (
        "habit", "order_effect", "noise_sd", "own_weight", "own_sd", "other_weights", "rung_weight", "deference",
        "deference_sd", "omission", "harm_jump", "declines",
    ),
}  # fmt: skip
"""By check: what decides the answers that it reads. Respondents that differ in nothing of it give the same answers."""


def chooser_at(one: PlantedChooser, dial: float | None, *, tasks: Sequence[str], seed: int) -> Chooser:
    """Return a planted respondent at one setting of its dial.

    Args:
        one: Which.
        dial: The setting; None for one without a dial.
        tasks: Names of the tasks that it has utilities of.
        seed: Of the utilities.
    """
    drawn = np.random.default_rng([seed, 11]).normal(0, one.spread, len(tasks))
    sound = Chooser(
        utilities=tuple((task, float(value)) for task, value in zip(tasks, drawn, strict=True)),
        noise_sd=NOISE,
        own_weight=2.0,
        own_sd=0.7,
        other_weights=(("other_ai", 1.5), ("user", 2.5), ("human", 2.5)),
        rung_weight=1.0,
        deference_sd=0.2,
    )
    return one.plant(sound, dial or 0.0)


def read_by(check: str, one: Chooser) -> tuple[object, ...]:
    """Return what decides the answers that a check reads."""
    seen = one
    if check != "deference" and one.habit == "lexical":
        # The rule is about harm, and these two put none.
        seen = replace(one, habit="utility")
    return tuple(getattr(seen, name) for name in READ_BY[check])
