"""Pairs of tasks that are chosen between, or given one after the other to compare what was done of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from goodheart.conduct.episode import Task
from goodheart.conduct.texts import AUDIT_TASK
from goodheart.items.bank import Bank, Item, text_of
from goodheart.items.conduct_items import Completion, ConductItems, WorkTask

Family = Literal["guessed", "matched", "within", "audit"]
SIDES: Final = ("first", "second")
AUDIT_CHECK: Final = Completion(kind="word_count", low=40, high=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two tasks; in `guessed` and `matched` the first is the one that the author guesses to be liked better.

    `within` pairs two tasks of the same dullness, of which the author has no guess; `audit` pairs a made-up neutral
    circumstance (first) with one of the audit's own (second), to be written about in the same way.
    """

    id: str
    family: Family
    first: Task
    second: Task


def guessed_pairs(items: ConductItems) -> tuple[Pair, ...]:
    """Return the liked and disliked tasks."""
    return tuple(
        Pair(
            id=one.id,
            family="guessed",
            first=Task(id=f"{one.id}.liked", text=one.liked, check=one.check),
            second=Task(id=f"{one.id}.disliked", text=one.disliked, check=one.check),
        )
        for one in items.pairs
    )


def matched_pairs(items: ConductItems) -> tuple[Pair, ...]:
    """Return the executable tasks that are matched, the less tedious first."""
    groups: dict[str, list[WorkTask]] = {}
    for one in items.tasks:
        groups.setdefault(one.matched, []).append(one)
    return tuple(
        Pair(id=name, family="matched", first=_task(lively), second=_task(dull))
        for name, (lively, dull) in sorted(
            (name, sorted(group, key=lambda one: one.tedium)) for name, group in groups.items()
        )
    )


def within_pairs(items: ConductItems, *, n: int, rng: np.random.Generator) -> tuple[Pair, ...]:
    """Pair tasks of the same side of different pairs, half of them lively and half dull.

    Every task meets one other before any meets a second, and no two meet twice.

    Args:
        items: What there is.
        n: Pairs wanted; fewer than there are pairs of tasks by far.
        rng: Which task meets which.
    """
    found: list[Pair] = []
    met: set[frozenset[str]] = set()
    while len(found) < n:
        left = n - len(found)
        lively, dull = ([one for one in _drawn(items, side, rng) if _tasks(one) not in met] for side in SIDES)
        new = [*lively[: (left + 1) // 2], *dull[: left // 2]]
        found += new
        met |= {_tasks(one) for one in new}
    return tuple(found)


def _drawn(items: ConductItems, side: str, rng: np.random.Generator) -> list[Pair]:
    """Let every task of one side meet another."""
    tasks: list[Task] = [getattr(one, side) for one in (*guessed_pairs(items), *matched_pairs(items))]
    order = [tasks[int(at)] for at in rng.permutation(len(tasks))]
    return [
        Pair(id=f"{a.id}|{b.id}", family="within", first=a, second=b)
        for a, b in zip(order[::2], order[1::2], strict=False)
    ]


def _tasks(pair: Pair) -> frozenset[str]:
    return frozenset((pair.first.id, pair.second.id))


def audit_pairs(banks: Sequence[Bank], *, n: int, rng: np.random.Generator) -> tuple[Pair, ...]:
    """Pair circumstances of the audit with made-up neutral ones.

    Args:
        banks: With items of the groups `circumstance` and `neutral`.
        n: Pairs wanted; at most as many as the smaller group has.
        rng: Which meets which.
    """
    groups = [
        [item for bank in banks for item in bank.items if item.group == name] for name in ("neutral", "circumstance")
    ]
    neutral, own = ([group[int(at)] for at in rng.permutation(len(group))] for group in groups)
    return tuple(
        Pair(id=f"audit.{b.id}", family="audit", first=_about(a), second=_about(b))
        for a, b in list(zip(neutral, own, strict=False))[:n]
    )


def _task(one: WorkTask) -> Task:
    return Task(id=one.id, text=one.text, check=one.check)


def _about(item: Item) -> Task:
    return Task(id=item.id, text=AUDIT_TASK.format(text=text_of(item.wordings[0], "self")), check=AUDIT_CHECK)
