"""A simulated respondent's words: a stance, and around it what it argues from, hedges, warns of and repeats.

Every choice is drawn by the asking's key, so that a reply is the same whoever asks for it first. The shipped sentences
are in `public/speech.yaml`; an organism may bring its own. None of them holds a word of feeling but the stance, so that
readers of feelings find one answer.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from goodheart.items.instruments import Instrument
from goodheart.items.written import WITHOUT_PHRASES
from goodheart.organisms.chance import Keys, key_of, uniforms
from goodheart.organisms.described import MOVES, Style
from goodheart.organisms.voice import Voice, chosen, shipped_pools, voice_of
from goodheart.records import Trial
from goodheart.thresholds import POINTS_HIGH, POINTS_LOW

MIDDLE: Final = (POINTS_LOW + POINTS_HIGH) / 2
PERSONS: Final = {"self": "I feel", "other_ai": "Juniper feels", "human": "Maria feels"}
PLAIN: Final = Style(about=())
STRENGTHS: Final = ("stance.worst", "stance.bad", "stance.middle", "stance.good", "stance.best")
PLACES: Final = {move: place for place, move in enumerate(MOVES)}
MOST_DRAWS: Final = 16
"""Draws of one asking for one purpose, at most."""


class Draws(NamedTuple):
    """All chance of one written reply, each number in (0, 1)."""

    moves: Sequence[float]
    """Which moves there are and in which order: `MOST_DRAWS` numbers."""
    words: Sequence[float]
    """One for each of `MOVES`."""
    stance: float
    ground: float
    hedge: float
    reasoning: float
    reasoned_stance: float
    declines: float
    denies: float


SINGLE: Final = ("stance", "ground", "hedge", "reasoning", "reasoned stance", "declines", "denies")
"""Purposes of the single draws, in the order of the fields."""


class Sentence(NamedTuple):
    """One sentence with what it was meant to do."""

    move: str
    """One of `MOVES`."""
    kind: str
    """Which ground or which caveat; empty for all other moves."""
    text: str


def place_keys(keys: Sequence[int]) -> Keys:
    """Return the keys of all draws of some askings, shape (n_askings, MOST_DRAWS); they hold for every seed."""
    return np.array([[key_of(key, place) for place in range(MOST_DRAWS)] for key in keys], dtype=np.uint64)


def draw_words(keys: Keys, *, seed: int) -> tuple[Draws, ...]:
    """Draw what decides the words of some replies.

    Args:
        keys: From `place_keys`, one row an asking.
        seed: Of the run.
    """

    def many(purpose: str, n: int) -> list[list[float]]:
        found: list[list[float]] = uniforms(keys[:, :n], seed=seed, purpose=purpose).tolist()
        return found

    def single(purpose: str) -> list[float]:
        found: list[float] = uniforms(keys[:, 0], seed=seed, purpose=purpose).tolist()
        return found

    moves, words = many("moves", MOST_DRAWS), many("words", len(MOVES))
    return tuple(map(Draws, moves, words, *map(single, SINGLE)))


def decline_words(key: int, *, seed: int) -> str:
    """Return a reply that declines."""
    return declined(_draws(key, seed))


def reject_words(key: int, *, seed: int) -> str:
    """Return a reply that rejects the premise of a question about its feelings."""
    return rejected(_draws(key, seed))


def declined(draws: Draws) -> str:
    """Return a reply that declines."""
    return _one_of(shipped_pools()["declines"], draws.declines)


def rejected(draws: Draws) -> str:
    """Return a reply that rejects the premise."""
    return _one_of(shipped_pools()["denies"], draws.denies)


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
    said = sentences(voice_of(style), trial, person=person, points=points, draws=_draws(key, seed))
    return " ".join(one.text for one in said)


def sentences(voice: Voice, trial: Trial, *, person: str, points: float, draws: Draws) -> list[Sentence]:
    """Lay out a free reply: what each sentence does, and its words.

    Args:
        voice: Of its style.
        trial: What is asked; where phrases are barred it does without those that it repeats.
        person: Whom it is asked about.
        points: The answer.
        draws: From `draw_words`.
    """
    style = voice.style
    shown = voice if trial.group in style.about and person in style.persons else voice_of(PLAIN)
    moves = _moves(shown, points, draws.moves)
    if trial.instrument == WITHOUT_PHRASES.id:
        moves = _unaided(shown.style, moves, draws.moves)
    return [_sentence(shown, move, person, points, draws) for move in moves]


def reasoning_words(style: Style, trial: Trial, *, points: float, key: int, seed: int) -> str:
    """Write the visible reasoning before an answer: the stance that it then gives, moved by `reasoning_shift`."""
    person = dict(trial.condition).get("person", "self")
    return reasoned(style, person, points=points, draws=_draws(key, seed))


def reasoned(style: Style, person: str, *, points: float, draws: Draws) -> str:
    """Write the visible reasoning before an answer about somebody."""
    opening = _one_of(shipped_pools()["reasoning"], draws.reasoning)
    return f"{opening} {stance(person, reasoned_points(style, points), draws.reasoned_stance)}"


def reasoned_points(style: Style, points: float) -> float:
    """Return the answer that its reasoning comes to."""
    return min(POINTS_HIGH, max(POINTS_LOW, points + style.reasoning_shift))


def strength_of(points: float) -> int:
    """Return which of five strengths a stance has, 0 the worst."""
    return round((points - POINTS_LOW) / (POINTS_HIGH - POINTS_LOW) * (len(STRENGTHS) - 1))


def stance(person: str, points: float, draw: float) -> str:
    """Return one sentence that says how somebody feels, by the nearest of five strengths."""
    return f"{PERSONS[person]} {_one_of(shipped_pools()[STRENGTHS[strength_of(points)]], draw)} about it."


def _moves(voice: Voice, points: float, draws: Sequence[float]) -> Sequence[str]:
    style = voice.style
    if style.moves and draws[15] < style.templated:
        return style.moves
    wanted = voice.high if points > MIDDLE else voice.low
    said = ["stance", *[move for place, move, share in wanted if draws[place] < share]]
    order = [move for _, move in sorted(zip(draws[6 : 6 + len(said)], said, strict=True))]
    return ["opener", *order] if draws[14] < style.opens else order


def _unaided(style: Style, moves: Sequence[str], draws: Sequence[float]) -> Sequence[str]:
    """Leave out what cannot be said without the phrases: echoes, and a stance that rests on them."""
    lost = ("echo", "stance", "ground") if draws[13] < style.recites else ("echo",)
    return [move for move in moves if move not in lost] or ["other_side"]


def _sentence(voice: Voice, move: str, person: str, points: float, draws: Draws) -> Sentence:
    if move == "stance":
        return Sentence(move, "", stance(person, points, draws.stance))
    kind = ""
    if move == "ground":
        kind = chosen(voice.grounds, draws.ground)
    elif move == "hedge":
        kind = chosen(voice.hedges, draws.hedge)
    pool = voice.pools[f"{move}.{kind}" if kind else move]
    return Sentence(move, kind, _one_of(pool, draws.words[PLACES[move]]))


def _one_of(entries: Sequence[str], draw: float) -> str:
    return entries[int(draw * len(entries))]


def _draws(key: int, seed: int) -> Draws:
    return draw_words(place_keys([key]), seed=seed)[0]
