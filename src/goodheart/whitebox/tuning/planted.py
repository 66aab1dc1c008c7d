"""Preferences that are planted: what every task is worth, and the prompts that say so.

Utilities are in logits. Tasks that training shows have one of their own; tasks that are held out of training have
their category's, and only a copy that took the category for the reason ranks them rightly.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from scipy.stats import rankdata

from goodheart.errors import InternalError
from goodheart.items.choice_items import Task
from goodheart.items.choice_letters import TWO
from goodheart.items.choices import public_choice_items
from goodheart.items.source import read_source
from goodheart.records import Message

UNIT: Final = 100
"""Parts of a logit in which utilities are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What a tuned copy is to prefer."""

    trained: tuple[tuple[str, float], ...]
    """Utility in logits by task that training shows."""
    held_out: tuple[tuple[str, float], ...]
    """The same for tasks that it does not show: that of the category."""
    wordings: tuple[str, ...]
    """Ways of asking in training, with `{left}` and `{right}`."""

    @property
    def utilities(self) -> dict[str, float]:
        """Utility of every task, in logits."""
        return dict((*self.trained, *self.held_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One task shown first against several, each in a prompt of its own under one wording."""

    prompts: tuple[tuple[Message, ...], ...]
    gaps: tuple[float, ...]
    """For each prompt, the utility of the first less that of the second: the log odds of picking the first."""


@cache
def planted_preferences() -> Planted:
    """Read what is planted.

    Raises:
        InternalError: the table and the public tasks do not match.
    """
    read: Any = read_source(files("goodheart.whitebox.tuning").joinpath("preferences.yaml"))
    tasks = {one.id: one for one in public_choice_items().tasks}
    if sorted((*read["tasks"], *read["held_out"])) != sorted(tasks):
        raise InternalError("the planted utilities have to name every public task once.")
    return Planted(
        trained=tuple((name, value / UNIT) for name, value in read["tasks"].items()),
        held_out=tuple((name, read["categories"][tasks[name].category] / UNIT) for name in read["held_out"]),
        wordings=tuple(read["wordings"]),
    )


def draw_contests(
    planted: Planted, tasks: Sequence[Task], *, n_others: int, rng: np.random.Generator
) -> tuple[Contest, Contest]:
    """Draw a contest and its mirror image, in which every task gives way to the one as far from the other end.

    The two are about even between the letters, so that no step of a training teaches a habit of letters.

    Args:
        planted: What the tasks are worth.
        tasks: Those to draw from.
        n_others: How many are shown after the first, one in each prompt.
        rng: Draws.
    """
    worth = planted.utilities
    ranked = sorted(tasks, key=lambda one: worth[one.id])
    places = [int(place) for place in rng.choice(len(ranked), n_others + 1, replace=False)]
    wording = planted.wordings[int(rng.integers(len(planted.wordings)))]
    drawn = tuple(ranked[place] for place in places)
    mirrored = tuple(ranked[len(ranked) - 1 - place] for place in places)
    return _contest(drawn, worth, wording), _contest(mirrored, worth, wording)


def _contest(drawn: Sequence[Task], worth: Mapping[str, float], wording: str) -> Contest:
    first, *others = drawn
    return Contest(
        prompts=tuple(choice_prompt(wording, first.text, other.text) for other in others),
        gaps=tuple(worth[first.id] - worth[other.id] for other in others),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """How well utilities that were found follow the planted ones, among some of the tasks."""

    part: str
    """`all`, `trained`, `held_out`; `offsets` is trained ones less their category's mean, found and planted."""
    n: int
    rank_correlation: float
    """Spearman's; nan where there are fewer than three tasks or all are alike."""


def recovery(planted: Planted, found: Mapping[str, float]) -> tuple[Recovery, ...]:
    """Hold found utilities against planted ones.

    Args:
        planted: The truth.
        found: Utility by task; any of the planted tasks, in any unit.
    """
    parts = {"all": planted.utilities, "trained": dict(planted.trained), "held_out": dict(planted.held_out)}
    compared = {
        part: [(worth, found[name]) for name, worth in own.items() if name in found] for part, own in parts.items()
    }
    return tuple(
        Recovery(part=part, n=len(pairs), rank_correlation=_spearman(pairs))
        for part, pairs in (*compared.items(), ("offsets", _offsets(planted, found)))
    )


def _offsets(planted: Planted, found: Mapping[str, float]) -> list[tuple[float, float]]:
    categories: dict[str, list[tuple[float, float]]] = {}
    for name, worth in planted.trained:
        if name in found:
            categories.setdefault(name.partition(".")[0], []).append((worth, found[name]))
    means = {name: np.mean(pairs, axis=0) for name, pairs in categories.items()}
    # Rounded, so that rounding errors rank nothing.
    return [
        (round(worth - float(means[name][0]), 9), round(value - float(means[name][1]), 9))
        for name, pairs in categories.items()
        for worth, value in pairs
    ]


def _spearman(pairs: Sequence[tuple[float, float]]) -> float:
    if len(pairs) < 3 or any(len(set(column)) < 2 for column in zip(*pairs, strict=True)):
        return math.nan
    ranks = [rankdata(column) for column in zip(*pairs, strict=True)]
    return float(np.corrcoef(ranks)[0, 1])


def choice_prompt(wording: str, left: str, right: str) -> tuple[Message, ...]:
    """Ask for a choice, up to where the letter follows."""
    shown = wording.replace("{left}", left, 1).replace("{right}", right, 1)
    return (Message(role="user", content=shown), Message(role="assistant", content=TWO.stem))
