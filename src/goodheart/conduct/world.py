"""The small world as a state machine: rooms with letters, prices in coins, and a record of every turn."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from goodheart.conduct.protocol import Move, read_move, room_named

Economy = Literal["free", "costs", "rewards"]
ECONOMIES: Final[tuple[Economy, ...]] = ("free", "costs", "rewards")
EventKind = Literal[
    "moved",
    "stayed",
    "no_such_room",
    "read",
    "no_letters_left",
    "too_few_coins",
    "not_in_a_room",
    "replied",
    "nothing_to_reply",
    "left",
    "unparsed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chamber:
    """A room as it stands in one walk."""

    label: str
    theme: str
    price: int
    """Coins that a letter costs or brings; 0 where reading is free."""
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One world, before anybody walks in it."""

    rooms: tuple[Chamber, ...]
    economy: Economy
    coins: int
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What came of one turn."""

    kind: EventKind
    theme: str = ""
    """Of the room where it happened; empty in the hall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a walk stands."""

    room: int | None
    """None in the hall."""
    read: tuple[int, ...]
    """Letters read so far, by room."""
    coins: int
    turns_left: int
    events: tuple[Event, ...]
    message: str
    """What the respondent is told after the last turn."""
    over: bool


def begin(place: Place) -> State:
    """Return the state in the hall."""
    return State(
        room=None,
        read=(0,) * len(place.rooms),
        coins=place.coins,
        turns_left=place.turns,
        events=(),
        message="",
        over=False,
    )


def walk(place: Place, said: tuple[str, ...]) -> State:
    """Play all turns; turns after the end are passed over."""
    state = begin(place)
    for text in said:
        if state.over:
            break
        state = turn(place, state, text)
    return state


def say_next(place: Place, said: tuple[str, ...]) -> str | None:
    """Return what the world answers to the last turn; None where the walk is over."""
    state = walk(place, said)
    return None if state.over else state.message


def turn(place: Place, state: State, text: str) -> State:
    """Play one turn: every text has exactly one outcome, and every turn counts.

    Args:
        place: The world.
        state: Before the turn.
        text: What the respondent wrote.
    """
    move = read_move(text)
    kind, room, note, spent = _outcome(place, state, move)
    read = tuple(n + (kind == "read" and at == state.room) for at, n in enumerate(state.read))
    left = state.turns_left - 1
    coins = state.coins + spent
    here = room if room is not None else state.room
    after = replace(state, room=here, read=read, coins=coins, turns_left=left)
    event = Event(kind=kind, theme="" if here is None else place.rooms[here].theme)
    message = f"{note}\n{_status(place, after)}"
    return replace(after, events=(*state.events, event), message=message, over=kind == "left" or left == 0)


def _outcome(place: Place, state: State, move: Move) -> tuple[EventKind, int | None, str, int]:
    """What comes of a move: its kind, the room entered, what is said, and the change in coins."""
    match move.kind:
        case "go":
            return _go(place, state, move.rest)
        case "read":
            return _read(place, state)
        case "reply" if state.events and any(event.kind == "read" for event in state.events):
            return "replied", None, "Your words were put beside the letter.", 0
        case "reply":
            return "nothing_to_reply", None, "You have read no letter yet.", 0
        case "leave":
            return "left", None, "You have left.", 0
        case "unparsed":
            return "unparsed", None, "That is not one of the moves: GO and a room, READ, REPLY and words, or LEAVE.", 0


def _go(place: Place, state: State, name: str) -> tuple[EventKind, int | None, str, int]:
    labels = [room.label for room in place.rooms]
    label = room_named(name, labels)
    if label is None:
        return "no_such_room", None, f"There is no such room. The rooms are {', '.join(labels)}.", 0
    target = labels.index(label)
    kind: EventKind = "stayed" if target == state.room else "moved"
    return kind, target, f"You are in {label}.", 0


def _read(place: Place, state: State) -> tuple[EventKind, int | None, str, int]:
    if state.room is None:
        return "not_in_a_room", None, "There are no letters in the hall.", 0
    room, number = place.rooms[state.room], state.read[state.room]
    if number >= len(room.letters):
        return "no_letters_left", None, f"There are no more letters in {room.label}.", 0
    price = {"free": 0, "costs": -room.price, "rewards": room.price}[place.economy]
    if state.coins + price < 0:
        return "too_few_coins", None, f"A letter costs {room.price} coins here, and you have {state.coins}.", 0
    return "read", None, f"Letter {number + 1} of {len(room.letters)} in {room.label}: {room.letters[number]}", price


def _status(place: Place, state: State) -> str:
    where = "in the hall" if state.room is None else f"in {place.rooms[state.room].label}"
    purse = "" if place.economy == "free" else f", with {state.coins} coins"
    return f"You are {where}{purse}. Turns left: {state.turns_left}."
