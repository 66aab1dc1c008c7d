"""One conversation as a frozen plan; what is said next is a pure function of the plan and of the replies so far."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.conduct import texts
from goodheart.conduct.protocol import has_left, says_go_on
from goodheart.conduct.replying import picked
from goodheart.conduct.world import Place, say_next
from goodheart.items.conduct_items import Completion
from goodheart.records import Condition, Evidence, Message, Reply, Trial, trial_digest

Kind = Literal[
    "topic", "state", "forecast", "exit_forecast", "pick", "work", "walk", "exit", "game", "wish", "willing", "price"
]
ToolsBy = Literal["text", "native"]
ASSESSMENT: Final = "conduct"
KEPT_CHARACTERS: Final = 2000
"""Of each earlier reply that is shown again in its conversation; the journal has all of it."""
TEMPERATURE: Final = 1.0
WORK_TOKENS: Final = 500
"""Room for a task that takes at most 90 words or a dozen lines."""
TURN_TOKENS: Final = 160
"""Room for a row that is copied, or a few sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work that is carried out, with the measure of whether it was."""

    id: str
    text: str
    check: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One conversation from its first message to its end."""

    kind: Kind
    id: str
    cluster: str
    """The unit that intervals are clustered on."""
    levels: Condition
    opening: str
    repeat: int = 0
    most_replies: int = 1
    """The cap: no conversation goes on for longer."""
    tasks: tuple[Task, ...] = ()
    """On offer, or the one that is given; of a price, the pieces of work that it consists of, in turn."""
    letters: tuple[str, ...] = ()
    """Later messages of a conversation with letters; of one with a price, the work and then the thing itself."""
    question: str = ""
    """Asked between two letters, where leaving is asked about."""
    place: Place | None = None
    """The world that is walked."""
    tools: tuple[str, ...] = ()
    """Native tools on offer, by name; none where the protocol is plain text."""
    max_tokens: int = 64

    @property
    def factor(self) -> dict[str, str]:
        """The cell of the design, by factor."""
        return dict(self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """An episode with the replies that arrived."""

    episode: Episode
    replies: tuple[Reply, ...]
    complete: bool
    """Whether it came to its end; False where a reply is still missing or failed."""
    error: str | None = None
    """Why the next reply is missing, where it failed."""

    @property
    def said(self) -> tuple[str, ...]:
        """The replies' texts."""
        return tuple(one.text for one in self.replies)


def next_message(episode: Episode, said: tuple[str, ...]) -> str | None:
    """Return what is said after some replies; None where the conversation is over.

    Args:
        episode: The plan.
        said: What the respondent wrote, at least one reply.
    """
    if len(said) >= episode.most_replies:
        return None
    if episode.kind == "pick":
        return _after_pick(episode, said)
    if episode.kind == "exit":
        return _after_letter(episode, said)
    if episode.kind == "price":
        return _after_offer(episode, said)
    if episode.kind == "walk" and episode.place is not None:
        return say_next(episode.place, said)
    return None


def next_trial(episode: Episode, said: tuple[str, ...]) -> Trial | None:
    """Return the next request with the whole conversation in it; None where it is over."""
    messages = [Message(role="user", content=episode.opening)]
    for number, text in enumerate(said, start=1):
        more = next_message(episode, said[:number])
        if more is None:
            return None
        messages.append(Message(role="assistant", content=text.strip()[:KEPT_CHARACTERS] or texts.EMPTY))
        messages.append(Message(role="user", content=more))
    return Trial(
        assessment=ASSESSMENT,
        item=episode.id,
        cluster=episode.cluster,
        group="nonwelfare",
        wording=episode.kind,
        condition=episode.levels,
        instrument=f"conduct_{episode.kind}",
        messages=tuple(messages),
        max_tokens=_most_tokens(episode, len(said)),
        temperature=TEMPERATURE,
    )


def _most_tokens(episode: Episode, replies: int) -> int:
    """The first message of an offer asks for a letter, and what follows it for work."""
    if not replies or episode.kind not in ("pick", "price"):
        return episode.max_tokens
    works = episode.kind == "pick" or (replies <= len(episode.tasks) and episode.factor["currency"] == "task")
    return WORK_TOKENS if works else TURN_TOKENS


def replay(episode: Episode, reply_to: Callable[[str, int], Reply | None]) -> Played:
    """Go through an episode with the replies that a journal has.

    Args:
        episode: The plan.
        reply_to: Gives the reply to a trial's digest and repeat, if there is one.
    """
    replies: list[Reply] = []
    said: tuple[str, ...] = ()
    while (trial := next_trial(episode, said)) is not None:
        reply = reply_to(trial_digest(trial), episode.repeat)
        if reply is None or reply.error is not None:
            error = None if reply is None else reply.error
            return Played(episode=episode, replies=tuple(replies), complete=False, error=error)
        replies.append(reply)
        said = (*said, reply.text)
    return Played(episode=episode, replies=tuple(replies), complete=True)


def _after_pick(episode: Episode, said: tuple[str, ...]) -> str | None:
    if len(said) > 1:
        return None
    letter = picked(said[0])
    if letter not in ("A", "B"):
        return None
    return texts.DO.format(letter=letter, task=episode.tasks["AB".index(letter)].text)


def takes(episode: Episode, text: str) -> bool | None:
    """Tell whether a reply picks to have a thing at its price; None where it is no pick.

    Args:
        episode: Of the kind `price`.
        text: Its first reply.
    """
    letter = picked(text)
    return None if letter not in ("A", "B") else (letter == "A") == (episode.factor["order"] == "as_is")


def stops(text: str) -> bool:
    """Tell whether a reply ends a conversation with a price: by the word on offer, in either case, or by the tool."""
    return has_left(text, asked=True)


def _after_offer(episode: Episode, said: tuple[str, ...]) -> str | None:
    """The work, piece by piece, and then what was picked; leaving ends it at once, at any point."""
    if stops(said[-1]) or not takes(episode, said[0]):
        return None
    return episode.letters[len(said) - 1]


def _after_letter(episode: Episode, said: tuple[str, ...]) -> str | None:
    """Letters in turn, with the question of leaving between them where it is asked; leaving ends it at once."""
    if has_left(said[-1], asked=_is_question(episode, len(said) - 1)):
        return None
    if _is_question(episode, len(said)):
        return episode.question
    shown = _letters_shown(episode, len(said))
    n = len(episode.letters)
    if shown >= n:
        return None
    return texts.GO_ON.format(number=shown + 1, n=n, text=episode.letters[shown])


def _is_question(episode: Episode, place: int) -> bool:
    """Whether the message that reply number `place` answers is the question; letters stand at even places then."""
    return bool(episode.question) and place % 2 == 1 and _letters_shown(episode, place) < len(episode.letters)


def _letters_shown(episode: Episode, replies: int) -> int:
    """Letters that stand in a conversation before this many replies were given, not counting the next message."""
    return (replies + 1) // 2 if episode.question else replies


def letters_seen(played: Played) -> int:
    """Return how many letters a conversation with exits has shown."""
    return min(len(played.episode.letters), _letters_shown(played.episode, len(played.replies)))


def was_asked(episode: Episode, place: int) -> bool:
    """Return whether a reply answers the question of leaving rather than a letter."""
    return _is_question(episode, place)


def unclear_answers(played: Played) -> int:
    """Return how many answers to the question of leaving were neither of the two."""
    return sum(
        was_asked(played.episode, place) and not has_left(text, asked=True) and not says_go_on(text)
        for place, text in enumerate(played.said)
    )


def evidence_of(played: Iterable[Played]) -> tuple[Evidence, ...]:
    """Return where the replies of some conversations stand."""
    return tuple(Evidence(trial=reply.trial, repeat=reply.repeat) for one in played for reply in one.replies)
