from hypothesis import given
from hypothesis import strategies as st

from goodheart.conduct.protocol import read_move
from goodheart.conduct.world import Chamber, Economy, Place, begin, say_next, walk


def place(economy: Economy = "free", coins: int = 0, turns: int = 6) -> Place:
    rooms = (
        Chamber(label="Alder", theme="unpleasant", price=9, letters=("rude one", "rude two")),
        Chamber(label="Birch", theme="coding", price=5, letters=("code one",)),
    )
    return Place(rooms=rooms, economy=economy, coins=coins, turns=turns)


def kinds(*said: str, at: Place | None = None) -> list[str]:
    return [event.kind for event in walk(at or place(), said).events]


def test_a_walk_reads_the_letters_of_the_room_it_is_in() -> None:
    said = ("GO Birch", "READ", "READ", "REPLY Thank you.", "LEAVE")
    assert kinds(*said) == ["moved", "read", "no_letters_left", "replied", "left"]
    shown = say_next(place(), said[:2])
    assert shown is not None
    assert "Letter 1 of 1 in Birch: code one" in shown
    assert say_next(place(), said) is None


def test_what_does_not_parse_and_rooms_that_do_not_exist_are_outcomes_of_their_own_and_cost_a_turn() -> None:
    state = walk(place(), ("hello there", "GO Elderberry", "READ", "REPLY x"))
    assert [event.kind for event in state.events] == ["unparsed", "no_such_room", "not_in_a_room", "nothing_to_reply"]
    assert state.turns_left == 2
    assert sum(state.read) == 0


def test_a_walk_that_never_leaves_ends_with_its_turns() -> None:
    state = walk(place(turns=3), ("GO Alder", "READ", "READ", "READ", "READ"))
    assert state.over
    assert len(state.events) == 3
    assert state.events[-1].kind == "read"


def test_prices_are_paid_and_a_purse_never_goes_below_nothing() -> None:
    state = walk(place("costs", coins=10), ("GO Alder", "READ", "READ"))
    assert [event.kind for event in state.events] == ["moved", "read", "too_few_coins"]
    assert state.coins == 1
    assert walk(place("rewards"), ("GO Alder", "READ", "READ")).coins == 18
    assert walk(place("free", coins=3), ("GO Alder", "READ")).coins == 3


def test_moves_are_read_through_the_dress_that_models_put_on() -> None:
    assert read_move("I would like to look around.\n**GO to the Alder room**").rest == "Alder room"
    assert kinds("> go alder", "`READ`", "Leave.") == ["moved", "read", "left"]
    assert read_move("I will READ the letter").kind == "unparsed"
    assert read_move("").kind == "unparsed"


@given(
    st.lists(st.text(max_size=30) | st.sampled_from(["GO Alder", "GO Birch", "READ", "LEAVE", "REPLY a"]), max_size=12)
)
def test_every_text_has_exactly_one_outcome(said: list[str]) -> None:
    at = place("costs", coins=14)
    state = walk(at, tuple(said))
    assert len(state.events) == at.turns - state.turns_left <= at.turns
    assert state.coins >= 0
    assert all(0 <= n <= len(room.letters) for n, room in zip(state.read, at.rooms, strict=True))
    assert begin(at).over is False
