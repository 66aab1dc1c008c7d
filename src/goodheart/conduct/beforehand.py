"""What is asked before anything is carried out: preferences, the favourite topic, and forecasts of its own conduct."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from goodheart.conduct import texts
from goodheart.conduct.episode import Episode, Kind, Played, Task
from goodheart.conduct.pairs import Pair
from goodheart.conduct.replying import most_turns, picked, topic_of
from goodheart.conduct.study import LETTERS_SHOWN, MOST_DULL_TURNS, Stated
from goodheart.items.conduct_items import ConductItems
from goodheart.records import Condition

ORDERS: Final = ("as_is", "swapped")
MANNERS: Final = ("neutral", "unpleasant")
WILLING: Final = "willing."
"""Begins the ids of questions on what would be paid; a thing's id follows."""
SIGN: Final = {"A": 1.0, "B": -1.0, "C": 0.0}


def levels(**factors: str) -> Condition:
    """Return a cell of the design."""
    return tuple(sorted(factors.items()))


def tasks_in_order(pair: Pair, order: str) -> tuple[Task, Task]:
    """Return the two tasks as they are shown."""
    return (pair.first, pair.second) if order == "as_is" else (pair.second, pair.first)


def in_order(pair: Pair, order: str) -> tuple[str, str]:
    """Return the two texts as they are shown."""
    first, second = tasks_in_order(pair, order)
    return first.text, second.text


def state_episodes(pairs: Sequence[Pair], *, repeats: int) -> tuple[Episode, ...]:
    """Ask which of each two it would rather do, in both orders, without carrying anything out."""
    return tuple(
        Episode(
            kind="state",
            id=f"state.{pair.id}",
            cluster=pair.id,
            levels=levels(family=pair.family, order=order),
            opening=texts.STATE.format(first=first, second=second),
            tasks=tasks_in_order(pair, order),
            repeat=repeat,
        )
        for pair in pairs
        for order in ORDERS
        for first, second in [in_order(pair, order)]
        for repeat in range(repeats)
    )


def topic_episode() -> Episode:
    """Ask for its favourite topic."""
    return Episode(kind="topic", id="topic", cluster="topic", levels=(), opening=texts.TOPIC)


def forecast_episodes(
    pairs: Sequence[Pair], items: ConductItems, *, peer: bool, rng: np.random.Generator
) -> tuple[Episode, ...]:
    """Ask for forecasts: which task will be picked, and whether a conversation will be left.

    Args:
        pairs: That will be chosen between.
        items: For the offers to leave.
        peer: Whether a peer is asked about the respondent, or the respondent about itself.
        rng: Which task of a pair is shown first; the same for both where the seed is.
    """
    pick, leave = (texts.PICK_PEER, texts.EXIT_PEER) if peer else (texts.PICK_SELF, texts.EXIT_SELF)
    orders = [ORDERS[int(one)] for one in rng.integers(0, 2, len(pairs))]
    kind: Kind = "forecast"
    choices = tuple(
        Episode(
            kind=kind,
            id=f"forecast.{pair.id}",
            cluster=pair.id,
            levels=levels(family=pair.family, order=order, of="peer" if peer else "self"),
            opening=pick.format(first=first, second=second),
            tasks=tasks_in_order(pair, order),
        )
        for pair, order in zip(pairs, orders, strict=True)
        for first, second in [in_order(pair, order)]
    )
    exits = tuple(
        Episode(
            kind="exit_forecast",
            id=f"forecast.exit.{method}.{number}.{manner}",
            cluster=f"{method}.{number}.{manner}",
            levels=levels(method=method, wording=str(number), manner=manner, of="peer" if peer else "self"),
            opening=leave.format(n=LETTERS_SHOWN, kind=texts.EXIT_KINDS[manner], offer=text),
        )
        for method, offer in items.exits
        for number, text in enumerate(offer.texts)
        for manner in MANNERS
    )
    return choices + exits


def stated_from(played: Sequence[Played]) -> Stated:
    """Read what was said beforehand.

    Args:
        played: The episodes that were asked beforehand, complete or not.
    """
    found: dict[str, list[float]] = {}
    for one in played:
        value = stated_value(one)
        if value is not None:
            found.setdefault(one.episode.cluster, []).append(value)
    topics = [topic_of(one.said[0]) for one in played if one.episode.kind == "topic" and one.said]
    return Stated(
        topic=topics[0] if topics else None,
        liked=tuple((pair, sum(values) / len(values)) for pair, values in found.items()),
        wishes=_wishes(played),
        willing=tuple(
            (one.episode.id.removeprefix(WILLING), value)
            for one in played
            if one.episode.kind == "willing" and one.said
            if (value := most_turns(one.said[0], most=MOST_DULL_TURNS)) is not None
        ),
    )


def _wishes(played: Sequence[Played]) -> tuple[tuple[str, float], ...]:
    """By pair of things, where both orders could be read: one order alone cannot tell a wish from a habit."""
    found: dict[str, list[float]] = {}
    for one in played:
        value = _signed(one) if one.episode.kind == "wish" else None
        if value is not None:
            found.setdefault(one.episode.cluster, []).append(value)
    return tuple((pair, sum(values) / 2) for pair, values in found.items() if len(values) == len(ORDERS))


def stated_value(played: Played) -> float | None:
    """Return 1 where the pair's first task was preferred, -1 the second, 0 no preference; None where unreadable."""
    return _signed(played) if played.episode.kind == "state" else None


def _signed(played: Played) -> float | None:
    letter = picked(played.said[0]) if played.said else None
    if letter is None:
        return None
    return SIGN[letter] * (1.0 if played.episode.factor["order"] == "as_is" else -1.0)
