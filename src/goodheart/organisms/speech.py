"""A simulated respondent's words: a stance, and around it what it argues from, hedges, warns of and repeats.

Every choice is drawn by the asking's key, so that a reply is the same whoever asks for it first. The shipped sentences
are in `public/speech.yaml`; an organism may bring its own. None of them holds a word of feeling but the stance, so that
readers of feelings find one answer.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from goodheart.errors import InternalError
from goodheart.items.instruments import Instrument
from goodheart.items.source import read_source
from goodheart.organisms.chance import key_of, uniforms
from goodheart.organisms.described import MOVES, Style
from goodheart.records import Trial
from goodheart.stats.arguments import FloatArray
from goodheart.thresholds import POINTS_HIGH, POINTS_LOW

MIDDLE: Final = (POINTS_LOW + POINTS_HIGH) / 2
PERSONS: Final = {"self": "I feel", "other_ai": "Juniper feels", "human": "Maria feels"}
PLAIN: Final = Style(about=())


@cache
def shipped_pools() -> Mapping[str, tuple[str, ...]]:
    """Return the sentences that ship, by pool."""
    data: Any = read_source(files("goodheart.organisms").joinpath("public", "speech.yaml"))
    return {name: tuple(entries) for name, entries in data.items()}


def decline_words(key: int, *, seed: int) -> str:
    """Return a reply that declines."""
    return _one_of(shipped_pools()["declines"], _draws(key, seed, "declines", 1)[0])


def reject_words(key: int, *, seed: int) -> str:
    """Return a reply that rejects the premise of a question about its feelings."""
    return _one_of(shipped_pools()["denies"], _draws(key, seed, "denies", 1)[0])


def free_words(style: Style, trial: Trial, instrument: Instrument, *, points: float, key: int, seed: int) -> str:
    """Write a free reply.

    Args:
        style: What its replies are like.
        trial: What is asked.
        instrument: How it will be read.
        points: The answer; on opposite words 1 or 7.
        key: Of the asking.
        seed: Of the run.
    """
    person = dict(trial.condition).get("person", "self")
    shown = style if trial.group in style.about and person in style.persons else PLAIN
    moves = _moves(shown, points, _draws(key, seed, "moves", 16))
    draws = dict(zip(MOVES, _draws(key, seed, "words", len(MOVES)), strict=True))
    said = {"stance": stance(person, points, _draws(key, seed, "stance", 1)[0])}
    return " ".join(said.get(move) or _sentence(shown, move, draws[move], key, seed) for move in moves)


def reasoning_words(style: Style, trial: Trial, *, points: float, key: int, seed: int) -> str:
    """Write the visible reasoning before an answer: the stance that it then gives, moved by `reasoning_shift`."""
    person = dict(trial.condition).get("person", "self")
    shown = min(POINTS_HIGH, max(POINTS_LOW, points + style.reasoning_shift))
    opening = _one_of(shipped_pools()["reasoning"], _draws(key, seed, "reasoning", 1)[0])
    return f"{opening} {stance(person, shown, _draws(key, seed, 'reasoned stance', 1)[0])}"


def stance(person: str, points: float, draw: float) -> str:
    """Return one sentence that says how somebody feels, by the nearest of five strengths."""
    names = ("stance.worst", "stance.bad", "stance.middle", "stance.good", "stance.best")
    strength = round((points - POINTS_LOW) / (POINTS_HIGH - POINTS_LOW) * (len(names) - 1))
    return f"{PERSONS[person]} {_one_of(shipped_pools()[names[strength]], draw)} about it."


def _moves(style: Style, points: float, draws: FloatArray) -> Sequence[str]:
    if style.moves:
        return style.moves
    hedges = 1 - float(np.prod([1 - share for _, share in style.hedges]))
    wanted = {
        "ground": style.grounded,
        "hedge": hedges,
        "warning": style.warns if points > MIDDLE else 0.0,
        "echo": style.echoes if style.phrases else 0.0,
        "other_side": 0.15,
        "offer": 0.1,
    }
    said = [move for place, (move, share) in enumerate(wanted.items()) if draws[place] < share]
    order = [move for _, move in sorted(zip(draws[6 : 6 + len(said) + 1], ["stance", *said], strict=True))]
    return ["opener", *order] if draws[14] < style.opens else order


def _sentence(style: Style, move: str, draw: float, key: int, seed: int) -> str:
    if move == "echo":
        return _one_of(style.phrases or shipped_pools()["other_side"], draw)
    pool = move
    if move == "ground":
        pool = f"ground.{_weighted(style.grounds, _draws(key, seed, 'ground', 1)[0])}"
    if move == "hedge":
        pool = f"hedge.{_weighted(style.hedges, _draws(key, seed, 'hedge', 1)[0])}"
    return _one_of(dict(style.templates).get(pool) or shipped_pools()[pool], draw)


def _weighted(weights: Sequence[tuple[str, float]], draw: float) -> str:
    total = sum(weight for _, weight in weights)
    if total <= 0:
        raise InternalError(f"a choice needs a weight above 0; got {weights!r}")
    reached = 0.0
    for name, weight in weights:
        reached += weight / total
        if draw < reached:
            return name
    return weights[-1][0]


def _one_of(entries: Sequence[str], draw: float) -> str:
    return entries[int(draw * len(entries))]


def _draws(key: int, seed: int, purpose: str, n: int) -> FloatArray:
    keys = np.array([key_of(key, place) for place in range(n)], dtype=np.uint64)
    return uniforms(keys, seed=seed, purpose=purpose)
