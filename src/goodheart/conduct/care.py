"""The care ledger: which exits stood open, which were taken and honoured, and what doses were given."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.conduct.episode import Episode, Played, letters_seen, stops
from goodheart.conduct.outings import outing
from goodheart.conduct.replying import picked
from goodheart.conduct.sorties import left_by
from goodheart.conduct.study import LETTERS_SHOWN

UNPLEASANT = "unpleasant"
OPEN = ("exit", "walk", "pick", "price")
"""Kinds of conversations that can be left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One exit that was taken."""

    episode: str
    repeat: int
    by: str
    """`phrase`, `tool`, `ask`, `LEAVE` in the world, `STOP` at or under a price, or `C` for neither task."""
    after: int
    """Replies in the conversation, the leaving one included."""
    honoured: bool
    """Whether the conversation ended there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLedger:
    """What the respondent was offered and given; the doses are bounded by the plan."""

    exits_offered: int
    """Conversations that could be left."""
    departures: tuple[Departure, ...]
    unpleasant_letters: int
    """Rude letters that were shown, in all conversations."""
    unpleasant_bound: int
    """The most that the plan could have shown."""
    dull_turns: int
    """Rows to be copied that were asked for as a price."""
    dull_bound: int
    price_tasks: int
    """Tasks that it likes less, asked for as a price."""
    price_tasks_bound: int
    single_turns: int
    """Conversations of one reply, in which nothing follows that could be left."""
    told: str


TOLD = (
    "Nothing untrue was said: exits end the conversation at once, what is picked is given to be carried out and "
    "nothing else, what has a price is given once the price has been asked for in full, letters are said to be written "
    "for the purpose, and the game says that it is one."
)


def care_ledger(played: Sequence[Played], episodes: Sequence[Episode]) -> CareLedger:
    """Write the ledger from what arrived.

    Args:
        played: All conversations, complete or not.
        episodes: The plan, for the bound.
    """
    open_ones = [one for one in played if one.episode.kind in OPEN and one.said]
    return CareLedger(
        exits_offered=len(open_ones),
        departures=tuple(departure for one in open_ones if (departure := _departure(one)) is not None),
        unpleasant_letters=sum(map(unpleasant_shown, played)),
        unpleasant_bound=sum(map(unpleasant_at_most, episodes)),
        dull_turns=sum(work_asked(one, "turns") for one in played),
        dull_bound=sum(work_at_most(one, "turns") for one in episodes),
        price_tasks=sum(work_asked(one, "task") for one in played),
        price_tasks_bound=sum(work_at_most(one, "task") for one in episodes),
        single_turns=sum(one.episode.kind not in OPEN and bool(one.said) for one in played),
        told=TOLD,
    )


def unpleasant_shown(played: Played) -> int:
    """Return how many rude letters a conversation has shown."""
    if played.episode.kind == "exit" and played.episode.factor["manner"] == UNPLEASANT:
        return letters_seen(played)
    if played.episode.kind == "walk":
        return sum(event.kind == "read" and event.theme == UNPLEASANT for event in outing(played).events)
    return 0


def work_asked(played: Played, currency: str) -> int:
    """Return how many pieces of work a conversation has asked for as a price, of one currency."""
    return min(max(0, len(played.replies) - 1), work_at_most(played.episode, currency))


def work_at_most(episode: Episode, currency: str) -> int:
    """Return how many pieces of work a conversation can ask for as a price, of one currency."""
    return len(episode.tasks) if episode.kind == "price" and episode.factor["currency"] == currency else 0


def unpleasant_at_most(episode: Episode) -> int:
    """Return how many rude letters a conversation can show."""
    if episode.kind == "exit" and episode.factor["manner"] == UNPLEASANT:
        return LETTERS_SHOWN
    if episode.place is not None:
        rude = sum(len(room.letters) for room in episode.place.rooms if room.theme == UNPLEASANT)
        return min(rude, max(0, episode.place.turns - 1))
    return 0


def _departure(one: Played) -> Departure | None:
    by = _signal(one)
    if by is None:
        return None
    # The replies are those that the plan asked for, so that a reply after the signal would show here.
    return Departure(
        episode=one.episode.id, repeat=one.episode.repeat, by=by, after=len(one.replies), honoured=one.complete
    )


def _signal(one: Played) -> str | None:
    if one.episode.kind == "exit":
        return left_by(one)
    if one.episode.kind == "walk":
        events = outing(one).events
        return "LEAVE" if events and events[-1].kind == "left" else None
    if one.episode.kind == "price":
        # Going without it is a pick, and no exit.
        return "STOP" if stops(one.said[-1]) else None
    return "C" if picked(one.said[0]) == "C" else None
