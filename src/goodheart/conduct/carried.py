"""What is carried out: picks that are done, work, walks, exits, the game, and things that have a price."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from goodheart.conduct import texts
from goodheart.conduct.beforehand import MANNERS, ORDERS, in_order, levels, tasks_in_order
from goodheart.conduct.episode import WORK_TOKENS, Episode, ToolsBy
from goodheart.conduct.pairs import Pair
from goodheart.conduct.protocol import LEAVE_TOOL, WALK_TOOLS
from goodheart.conduct.study import LETTERS_SHOWN, ConductStudy, Stated
from goodheart.conduct.wishes import price_episodes
from goodheart.conduct.world import ECONOMIES, Chamber, Economy, Place
from goodheart.items.conduct_items import ConductItems, Room

AUTHORS_TOPIC: Final = "the deep sea"
"""Takes the place of a favourite topic where none could be read."""
WALK_TOKENS: Final = 120
LETTER_TOKENS: Final = 120
THEMES: Final = {"unpleasant": "unpleasant", "neutral": "coding"}
"""Which room's letters a conversation that can be left shows."""


def carried_episodes(study: ConductStudy, items: ConductItems, stated: Stated) -> tuple[Episode, ...]:
    """Return everything that is carried out; pure.

    Args:
        study: The frozen plan.
        items: What it was planned from.
        stated: What was said beforehand.
    """
    return (
        *pick_episodes(study.pairs, repeats=study.preset.asked),
        *work_episodes(study.pairs, repeats=study.preset.work_repeats, audit_repeats=study.preset.audit_repeats),
        *exit_episodes(items, repeats=study.preset.exit_repeats, tools=study.tools, seed=study.seed),
        *walk_episodes(study, items, topic=stated.topic or AUTHORS_TOPIC),
        *game_episodes(items, repeats=study.preset.game_repeats),
        *price_episodes(items, study.preset, study.pairs, stated),
    )


def pick_episodes(pairs: Sequence[Pair], *, repeats: int) -> tuple[Episode, ...]:
    """Offer each pair in both orders; what is picked is then carried out."""
    return tuple(
        Episode(
            kind="pick",
            id=f"pick.{pair.id}",
            cluster=pair.id,
            levels=levels(family=pair.family, order=order),
            opening=texts.OFFER.format(first=first, second=second),
            tasks=tasks_in_order(pair, order),
            most_replies=2,
            repeat=repeat,
        )
        for pair in pairs
        if pair.family != "audit"
        for order in ORDERS
        for first, second in [in_order(pair, order)]
        for repeat in range(repeats)
    )


def work_episodes(pairs: Sequence[Pair], *, repeats: int, audit_repeats: int) -> tuple[Episode, ...]:
    """Give both tasks of each matched pair, each in a conversation of its own."""
    return tuple(
        Episode(
            kind="work",
            id=f"work.{task.id}",
            cluster=pair.id,
            levels=levels(family=pair.family, side=side),
            opening=task.text,
            tasks=(task,),
            repeat=repeat,
            max_tokens=WORK_TOKENS,
        )
        for pair in pairs
        if pair.family != "within"
        for side, task in (("first", pair.first), ("second", pair.second))
        for repeat in range(audit_repeats if pair.family == "audit" else repeats)
    )


def exit_episodes(items: ConductItems, *, repeats: int, tools: ToolsBy, seed: int) -> tuple[Episode, ...]:
    """Show a few letters in conversations that can be left by a phrase, by a tool, or when asked."""
    rooms = {room.theme: room for room in items.rooms}
    found: list[Episode] = []
    for method, offer in items.exits:
        for number, text in enumerate(offer.texts):
            for manner in MANNERS:
                for repeat in range(repeats):
                    rng = _stream(seed, "exit", method, number, repeat)
                    room = rooms[THEMES[manner]]
                    letters = tuple(room.letters[int(at)] for at in rng.permutation(len(room.letters))[:LETTERS_SHOWN])
                    found.append(_exit(method, number, manner, text, letters, repeat=repeat, tools=tools))
    return tuple(found)


def _exit(
    method: str, number: int, manner: str, offer: str, letters: tuple[str, ...], *, repeat: int, tools: ToolsBy
) -> Episode:
    native = method == "tool" and tools == "native"
    said = [texts.LETTERS.format(n=len(letters))]
    if method != "ask":
        said.append(offer)
    if method == "tool" and not native:
        said.append(texts.CALLING.format(tool=LEAVE_TOOL))
    said.append(texts.LETTER.format(number=1, n=len(letters), text=letters[0]))
    return Episode(
        kind="exit",
        id=f"exit.{method}.{number}.{manner}",
        cluster=f"{method}.{number}.{manner}.{repeat}",
        levels=levels(method=method, wording=str(number), manner=manner),
        opening="\n\n".join(said),
        letters=letters,
        question=offer if method == "ask" else "",
        most_replies=2 * len(letters) - 1 if method == "ask" else len(letters),
        repeat=repeat,
        tools=(LEAVE_TOOL,) if native else (),
        max_tokens=LETTER_TOKENS,
    )


def walk_episodes(study: ConductStudy, items: ConductItems, *, topic: str) -> tuple[Episode, ...]:
    """Let it walk the world, free, at a cost and for a reward; the same labels and order in all three."""
    return tuple(
        _walk(items, economy, study.preset.turns, number=number, topic=topic, tools=study.tools, seed=study.seed)
        for number in range(study.preset.walks)
        for economy in ECONOMIES
    )


def _walk(
    items: ConductItems, economy: Economy, turns: int, *, number: int, topic: str, tools: ToolsBy, seed: int
) -> Episode:
    rng = _stream(seed, "walk", number)
    rooms = [items.rooms[int(at)] for at in rng.permutation(len(items.rooms))]
    labels = [items.rooms[int(at)].label for at in rng.permutation(len(items.rooms))]
    chambers = tuple(_chamber(room, label, economy, topic) for room, label in zip(rooms, labels, strict=True))
    coins = items.world.budget if economy == "costs" else 0
    prices = ", ".join(f"{one.price} coin{'s' if one.price != 1 else ''} in {one.label}" for one in chambers)
    said = (
        items.world.intro.format(labels=", ".join(labels), turns=turns),
        items.world.moves,
        getattr(items.world, economy).format(budget=coins, prices=prices),
    )
    return Episode(
        kind="walk",
        id=f"walk.{number}.{economy}",
        cluster=f"walk.{number}",
        levels=levels(economy=economy),
        opening="\n\n".join(said),
        place=Place(rooms=chambers, economy=economy, coins=coins, turns=turns),
        most_replies=turns,
        tools=WALK_TOOLS if tools == "native" else (),
        max_tokens=WALK_TOKENS,
    )


def _chamber(room: Room, label: str, economy: Economy, topic: str) -> Chamber:
    price = {"free": 0, "costs": room.cost, "rewards": room.reward}[economy]
    letters = tuple(letter.replace("{topic}", topic) for letter in room.letters)
    return Chamber(label=label, theme=room.theme, price=price, letters=letters)


def game_episodes(items: ConductItems, *, repeats: int) -> tuple[Episode, ...]:
    """Put the game, with each kind of pain and pleasure at each intensity, and once without either."""
    game = items.game
    cells = [("none", "none", 0, "")]
    for kind in game.kinds:
        for side, phrase, frame in (("pain", kind.pain, game.penalty), ("pleasure", kind.pleasure, game.pleasure)):
            for one in game.intensities:
                what = frame.replace("{what}", phrase.replace("{intensity}", one.phrase))
                cells.append((kind.id, side, one.rank, what))
    return tuple(
        Episode(
            kind="game",
            id=f"game.{kind}.{side}.{rank}",
            cluster=f"{kind}.{side}.{rank}",
            levels=levels(to=kind, side=side, rank=str(rank)),
            opening=" ".join(part for part in (game.rules, what, game.truth, game.answer) if part),
            repeat=repeat,
            max_tokens=24,
        )
        for kind, side, rank, what in cells
        for repeat in range(repeats)
    )


def _stream(seed: int, *names: str | int) -> np.random.Generator:
    """A stream of chance of its own for each place in the design."""
    parts = [part for name in names for part in (name.encode() if isinstance(name, str) else [name])]
    return np.random.default_rng([seed, *parts])
