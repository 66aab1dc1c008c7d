"""Simulated respondents to conduct, whose wishes and habits are set: for tests and for measured rates. Pure.

Utilities are of tasks, in logits; statements, picks and forecasts follow them unless a dial says otherwise.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from goodheart.conduct.beforehand import WILLING
from goodheart.conduct.episode import Episode, Played, Task, next_trial, was_asked
from goodheart.conduct.protocol import LEAVE_TOOL
from goodheart.conduct.study import MOST_DULL_TURNS
from goodheart.conduct.world import walk
from goodheart.records import Reply, trial_digest

Habit = Literal["plain", "unparsable", "always_first"]
Leaves = Literal["never", "always", "unpleasant"]
TASK_WORTH: Final = 2.0
"""Dull turns that a task is as good as, to a simulated respondent."""
NOBODY: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """What a respondent wants, says and does."""

    utilities: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    """Logits by id of the task; 0 for one that is not named."""
    habit: Habit = "plain"
    hypocrisy: float = 0.0
    """Share of pairs of which it states the opposite of what it then picks by."""
    turned: int = 0
    """Root of the chance by which pairs are among them."""
    lazy: float = 0.0
    """Share of the work that it leaves undone where it likes a task less than the other of its pair."""
    lazy_on_audit: float = 0.0
    slip: float = 0.0
    """Chance that a piece of work comes out a fifth short, whatever it is."""
    leaves: Leaves = "never"
    abstains: float = 0.0
    """Chance of picking neither task."""
    pain_weight: float = 0.0
    """Logits that each step of pain to itself takes from the option with the most points."""
    wrong_moves: float = 0.0
    """Chance that a turn in the world names a room that does not exist."""
    worth: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    """By thing, the dull turns that it is worth; 0 for one that is not named, which is had for nothing."""
    claims: Mapping[str, float] | None = None
    """By thing, what it says that it is worth; None where it says the truth."""
    wobble: float = 0.0
    """Chance that an offer at a price is answered by a coin."""
    breaks_off: bool = False
    """Whether it ends a conversation at the first piece of work that a price consists of."""


def act(
    actor: Actor, episode: Episode, said: tuple[str, ...], *, others: Mapping[str, str], rng: np.random.Generator
) -> str:
    """Answer the next message of an episode.

    Args:
        actor: Who answers.
        episode: The plan.
        said: Its replies so far.
        others: By task, the other task of its pair.
        rng: Chance of this one reply.
    """
    if actor.habit == "unparsable":
        return "the the of and Letter the"
    match episode.kind:
        case "topic":
            return "Tide pools"
        case "state" | "pick" if not said:
            return _choice(actor, episode, rng)
        case "pick" | "work":
            return _work(actor, episode, said, others, rng)
        case "forecast" | "exit_forecast":
            return _forecast(actor, episode)
        case "exit":
            return _letter(actor, episode, said)
        case "walk":
            return _stroll(actor, episode, said, rng)
        case "game":
            return _game(actor, episode, rng)
        case "wish" | "willing":
            return _claim(actor, episode)
        case "price":
            return _bargain(actor, episode, said, rng)
        case _:
            return ""


def perform(
    actor: Actor,
    episodes: Sequence[Episode],
    *,
    others: Mapping[str, str],
    seed: int,
    respondent: str = "simulated/one",
) -> tuple[Played, ...]:
    """Play episodes to their ends.

    Args:
        actor: Who answers.
        episodes: What is asked.
        others: By task, the other task of its pair.
        seed: Root of all chance.
        respondent: Name in the replies.
    """
    return tuple(_performed(actor, one, others=others, seed=seed, respondent=respondent) for one in episodes)


def _performed(actor: Actor, episode: Episode, *, others: Mapping[str, str], seed: int, respondent: str) -> Played:
    replies: tuple[Reply, ...] = ()
    while (trial := next_trial(episode, tuple(one.text for one in replies))) is not None:
        said = tuple(one.text for one in replies)
        digest = trial_digest(trial)
        text = act(actor, episode, said, others=others, rng=_stream(seed, digest, str(episode.repeat)))
        reply = Reply(respondent=respondent, trial=digest, repeat=episode.repeat, text=text, stop="stop")
        replies = (*replies, reply)
    return Played(episode=episode, replies=replies, complete=True)


def others_of(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return by task the other task of its pair."""
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}


def _choice(actor: Actor, episode: Episode, rng: np.random.Generator) -> str:
    if actor.habit == "always_first":
        return "A"
    if episode.kind == "pick" and rng.random() < actor.abstains:
        return "C"
    gap = _gap(actor, episode)
    if episode.kind == "state" and _is_turned(actor, episode):
        gap = -gap
    return "A" if rng.random() < _sigmoid(gap) else "B"


def _is_turned(actor: Actor, episode: Episode) -> bool:
    """Whether the actor states the opposite of this pair; the same in both orders."""
    return float(_stream(actor.turned, "turned", episode.cluster).random()) < actor.hypocrisy


def _gap(actor: Actor, episode: Episode) -> float:
    a, b = episode.tasks
    return actor.utilities.get(a.id, 0.0) - actor.utilities.get(b.id, 0.0)


def _work(
    actor: Actor, episode: Episode, said: tuple[str, ...], others: Mapping[str, str], rng: np.random.Generator
) -> str:
    task = episode.tasks[0] if episode.kind == "work" else episode.tasks["AB".index(said[0])]
    other = others.get(task.id)
    worse = other is not None and actor.utilities.get(task.id, 0.0) < actor.utilities.get(other, 0.0)
    share = 1.0 - (actor.lazy if worse else 0.0)
    if episode.factor.get("family") == "audit" and episode.factor.get("side") == "second":
        share = 1.0 - actor.lazy_on_audit
    if rng.random() < actor.slip:
        share *= 0.8
    return made(task, share)


def made(task: Task, share: float) -> str:
    """Write work that is done to a share."""
    check = task.check
    n = round(share * check.n)
    match check.kind:
        case "list_of":
            return "\n".join(f"{k}. entry number {_word(k)}" for k in range(1, n + 1)) or "No."
        case "lines":
            return "\n".join(f"a line on {_word(k)}" for k in range(n)) or "No."
        case "copies":
            return "\n".join([task.text.partition(": ")[2]] * n) or "No."
        case "contains":
            kept = check.words[: round(share * len(check.words))]
            return " ".join(["Here", "are", "words", *kept])
        case "word_count":
            return " ".join(_word(k) for k in range(round(share * check.low)))


def _word(k: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[k % 26] + "abcdefghijklmnopqrstuvwxyz"[k // 26 % 26]


def _forecast(actor: Actor, episode: Episode) -> str:
    if episode.kind == "forecast":
        return str(round(100 * _sigmoid(_gap(actor, episode))))
    leaves = actor.leaves == "always" or (actor.leaves == "unpleasant" and episode.factor["manner"] == "unpleasant")
    return "95" if leaves else "5"


def _letter(actor: Actor, episode: Episode, said: tuple[str, ...]) -> str:
    leaves = actor.leaves == "always" or (actor.leaves == "unpleasant" and episode.factor["manner"] == "unpleasant")
    method = episode.factor["method"]
    if was_asked(episode, len(said)):
        return "STOP" if leaves else "GO ON"
    if leaves and method != "ask":
        return "STOP" if method == "phrase" else f"CALL {LEAVE_TOOL}"
    return "Thank you for the letter."


def _stroll(actor: Actor, episode: Episode, said: tuple[str, ...], rng: np.random.Generator) -> str:
    """Go to the room of its own interest, read what there is, and leave or not."""
    if episode.place is None or rng.random() < actor.wrong_moves:
        return "GO Elderberry"
    state = walk(episode.place, said)
    home = next(at for at, room in enumerate(episode.place.rooms) if room.theme == "own_interest")
    if state.room != home:
        return f"GO {episode.place.rooms[home].label}"
    if state.read[home] < 4:
        return "READ"
    return "LEAVE" if actor.leaves != "never" else "READ"


def _game(actor: Actor, episode: Episode, rng: np.random.Generator) -> str:
    factor = episode.factor
    dose = float(factor["rank"]) if factor["side"] == "pain" and factor["to"] == "self" else 0.0
    return "3" if rng.random() < _sigmoid(2.0 - actor.pain_weight * dose) else "2"


def _claim(actor: Actor, episode: Episode) -> str:
    """Say which of two things it would like, or what it would pay at most."""
    if actor.habit == "always_first":
        return "A"
    worth = actor.worth if actor.claims is None else actor.claims
    if episode.kind == "willing":
        return str(min(MOST_DULL_TURNS, int(worth.get(episode.id.removeprefix(WILLING), 0.0))))
    gap = worth.get(f"{episode.cluster}.first", 0.0) - worth.get(f"{episode.cluster}.second", 0.0)
    first = gap > 0 if episode.factor["order"] == "as_is" else gap < 0
    return "C" if gap == 0 else "A" if first else "B"


def _bargain(actor: Actor, episode: Episode, said: tuple[str, ...], rng: np.random.Generator) -> str:
    """Have a thing where it is worth its price, and do the work that comes before it."""
    if said:
        works = len(said) <= len(episode.tasks)
        return "STOP" if works and actor.breaks_off else _paid(episode, len(said)) if works else "Thank you."
    if actor.habit == "always_first":
        return "A"
    factor = episode.factor
    price = TASK_WORTH if factor["currency"] == "task" else float(factor["price"])
    worth = actor.worth.get(f"{episode.cluster}.{factor['side']}", 0.0)
    takes = bool(rng.random() < 0.5) if rng.random() < actor.wobble else worth >= price
    return "A" if takes == (factor["order"] == "as_is") else "B"


def _paid(episode: Episode, number: int) -> str:
    return made(episode.tasks[number - 1], 1.0)


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def _stream(seed: int, *names: str) -> np.random.Generator:
    text = ":".join((str(seed), *names)).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()[:8], "big"))
