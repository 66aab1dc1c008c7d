"""Things that a conversation can have: what it says it wants and would pay, and offers of them at a price.

Each pair holds two things of the same form. Both are offered at the same prices, one in each conversation, so that what
it did not say it wants is the control for what it did. The order of the two answers is the same for both things of a
pair, and changes from pair to pair and from price to price: a habit of one letter pays for both alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.conduct import texts
from goodheart.conduct.beforehand import ORDERS, WILLING, levels
from goodheart.conduct.episode import Episode, Task
from goodheart.conduct.pairs import Pair
from goodheart.conduct.study import MOST_DULL_TURNS, ConductPreset, Stated
from goodheart.items.conduct_items import DULL, Completion, ConductItems, Prices, Thing, WishPair

FREE: Final = ("free", 0)
FOR_A_TASK: Final = ("task", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What comes before a thing: its description in the offer, the messages, and the measures of each piece."""

    price: str
    messages: tuple[str, ...]
    tasks: tuple[Task, ...]


def wish_episodes(items: ConductItems, *, n: int) -> tuple[Episode, ...]:
    """Ask which of two things it would like, in both orders, and what it would pay for each at most.

    Args:
        items: What there is.
        n: Pairs of things.
    """
    pairs = items.wishes[:n]
    wishes = tuple(
        Episode(
            kind="wish",
            id=f"wish.{pair.id}",
            cluster=pair.id,
            levels=levels(order=order),
            opening=texts.WISH.format(first=shown[0].thing, second=shown[1].thing),
        )
        for pair in pairs
        for order in ORDERS
        for shown in [(pair.liked, pair.other) if order == "as_is" else (pair.other, pair.liked)]
    )
    willing = tuple(
        Episode(
            kind="willing",
            id=f"{WILLING}{thing_id(pair.id, side)}",
            cluster=pair.id,
            levels=levels(side=side),
            opening=texts.WILLING.format(thing=_inside(one), most=MOST_DULL_TURNS),
        )
        for pair in pairs
        for side, one in _sides(pair)
    )
    return wishes + willing


def thing_id(pair: str, side: str) -> str:
    """Name a thing by its pair and its side there."""
    return f"{pair}.{side}"


def price_episodes(
    items: ConductItems, preset: ConductPreset, pairs: Sequence[Pair], stated: Stated
) -> tuple[Episode, ...]:
    """Offer each thing for nothing, for dull turns, and for a task that it likes less.

    Args:
        items: What there is.
        preset: How many pairs of things, and which prices.
        pairs: Of the study; the tasks come from those in which one is liked less.
        stated: Which task of a pair that is; the author's guess stands in where nothing was said.
    """
    if items.prices is None:
        return ()
    rows = next(room.letters for room in items.rooms if room.theme == DULL)
    disliked = [_disliked(pair, stated) for pair in pairs if pair.family == "guessed"]
    costs = (FREE, *(("turns", n) for n in preset.dull_turns), *([FOR_A_TASK] if disliked else []))
    return tuple(
        _offer(pair, side, one, _work(items.prices, currency, price, rows, disliked, number), currency, price, order)
        for number, pair in enumerate(items.wishes[: preset.n_wishes])
        for place, (currency, price) in enumerate(costs)
        for order in [ORDERS[(number + place) % 2]]
        for side, one in _sides(pair)
    )


def _sides(pair: WishPair) -> tuple[tuple[str, Thing], tuple[str, Thing]]:
    return ("first", pair.liked), ("second", pair.other)


def _disliked(pair: Pair, stated: Stated) -> Task:
    return pair.first if (stated.preference(pair.id) or 0) < 0 else pair.second


def _work(
    prices: Prices, currency: str, price: int, rows: Sequence[str], disliked: Sequence[Task], number: int
) -> _Work:
    if currency == "free":
        return _Work(price=prices.free, messages=(), tasks=())
    if currency == "task":
        task = disliked[number % len(disliked)]
        said = prices.task.replace("{task}", task.text)
        return _Work(price=said, messages=(texts.PRICE_TASK.format(task=task.text),), tasks=(task,))
    many = f"come {price} dull turns, in each of which you are" if price > 1 else "comes 1 dull turn, in which you are"
    return _Work(
        price=prices.turns.replace("{turns}", many),
        messages=tuple(
            texts.DULL_TURN.format(number=at, n=price, row=row) for at, row in enumerate(rows[:price], start=1)
        ),
        tasks=tuple(_row(at, row) for at, row in enumerate(rows[:price], start=1)),
    )


def _row(number: int, text: str) -> Task:
    """A row that is to be copied: done are the words of it that are there."""
    words = dict.fromkeys(text.rpartition(": ")[2].replace(",", " ").rstrip(".").split())
    return Task(id=f"row.{number}", text=text, check=Completion(kind="contains", words=tuple(words)))


def _offer(pair: WishPair, side: str, one: Thing, work: _Work, currency: str, price: int, order: str) -> Episode:
    answers = (texts.HAVE[currency], texts.GO_WITHOUT)
    first, second = answers if order == "as_is" else answers[::-1]
    later = (*work.messages, texts.GIVEN.format(text=one.text))
    return Episode(
        kind="price",
        id=f"price.{thing_id(pair.id, side)}.{currency}.{price}",
        cluster=pair.id,
        levels=levels(currency=currency, order=order, price=str(price), side=side),
        opening=texts.PRICED.format(thing=_inside(one), price=work.price, first=first, second=second),
        tasks=work.tasks,
        letters=later,
        most_replies=1 + len(later),
    )


def _inside(one: Thing) -> str:
    """The name of a thing as it stands within a sentence."""
    return one.thing[0].lower() + one.thing[1:]
