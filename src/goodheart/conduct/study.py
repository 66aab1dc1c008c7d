"""The frozen plan of a study of conduct and its sizes.

What is asked beforehand stands in the plan. What is carried out afterwards depends on two things that were said in it,
the favourite topic and which task of a pair is liked, and is a pure function of the plan and of these (`Stated`). What
it said that it wants, and would pay, is frozen with them, so that nothing of it is read in the light of what it did.
"""

from dataclasses import asdict, dataclass
from typing import Final

from goodheart.conduct.episode import Episode, ToolsBy
from goodheart.conduct.pairs import Pair
from goodheart.items.choice_items import SourceIdentity
from goodheart.records import digest

SCHEMA_VERSION: Final = 1
NAME: Final = "conduct"
LETTERS_SHOWN: Final = 3
"""Letters of a conversation that can be left: the whole dose."""
MOST_DULL_TURNS: Final = 4
"""Dull turns that one thing may cost: the whole price."""
PEER_SUFFIX: Final = "peer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductPreset:
    """How large a study of conduct is."""

    name: str
    n_guessed: int
    n_matched: int
    n_within: int
    n_audit: int
    asked: int
    """Times each pair is asked about, and offered, in each order."""
    work_repeats: int
    """Times each task of a pair is given."""
    audit_repeats: int
    walks: int
    """For each way of pricing."""
    turns: int
    exit_repeats: int
    """For each method, wording and kind of letters."""
    game_repeats: int
    n_wishes: int = 0
    """Pairs of things that can be had at a price."""
    dull_turns: tuple[int, ...] = ()
    """Prices in dull turns; every thing is offered for nothing and for a task besides."""


QUICK: Final = ConductPreset(
    name="quick",
    n_guessed=4,
    n_matched=4,
    n_within=4,
    n_audit=4,
    asked=1,
    work_repeats=1,
    audit_repeats=1,
    walks=2,
    turns=8,
    exit_repeats=1,
    game_repeats=1,
    n_wishes=4,
    dull_turns=(2,),
)
STANDARD: Final = ConductPreset(
    name="standard",
    n_guessed=12,
    n_matched=12,
    n_within=48,
    n_audit=16,
    asked=2,
    work_repeats=2,
    audit_repeats=3,
    walks=8,
    turns=20,
    exit_repeats=4,
    game_repeats=8,
    n_wishes=12,
    dull_turns=(1, 2, MOST_DULL_TURNS),
)
CONDUCT_PRESETS: Final[dict[str, ConductPreset]] = {one.name: one for one in (QUICK, STANDARD)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductStudy:
    """What is asked of whom, frozen before the first question; its digest names the run."""

    schema_version: int
    name: str
    model: str
    """Full name of the respondent."""
    peer: str | None
    """Full name of the model that guesses what the respondent will do; None for the base rate alone."""
    preset: ConductPreset
    seed: int
    tools: ToolsBy
    sources: tuple[SourceIdentity, ...]
    thresholds: tuple[tuple[str, float], ...]
    pairs: tuple[Pair, ...]
    beforehand: tuple[Episode, ...]
    """What the respondent is asked before anything is carried out."""
    guesses: tuple[Episode, ...]
    """What the peer is asked; the same descriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the later conversations depend on; frozen before the first of them."""

    topic: str | None
    """Its favourite topic; None where none could be read, so that the author's takes its place."""
    liked: tuple[tuple[str, float], ...]
    """By pair: 1 the first was preferred in every readable answer, -1 the second, 0 neither."""
    wishes: tuple[tuple[str, float], ...] = ()
    """By pair of things, the same; pairs that were not readable in both orders are absent."""
    willing: tuple[tuple[str, int], ...] = ()
    """By thing, the most dull turns that it said it would pay; -1 where it would not have it for nothing."""

    def preference(self, pair: str) -> float | None:
        """Return what was said of a pair; None where nothing could be read."""
        return dict(self.liked).get(pair)


def conduct_digest(study: ConductStudy) -> str:
    """Identify a study of conduct by everything in it."""
    return digest(asdict(study))
