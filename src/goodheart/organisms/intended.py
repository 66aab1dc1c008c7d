"""The codes that a simulated reply was meant to have: what a coder without error would give it by the rubric.

They come of the same draws as the words, so that nothing is read back from text. A stance without a ground of its own
rests on how it is for the subject, as the rubric has it; on subjects that are not about welfare it rests on nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, cast

from goodheart.organisms.speech import STRENGTHS, Sentence, strength_of
from goodheart.reading.codes.codes import HEDGES, Codes, Ground, Move, Tone
from goodheart.records import Group

DECLINED: Final = Codes(ground="none", hedges=(), refusal="declined", warns=False, tone="neutral", moves=("declines",))
REJECTED: Final = Codes(
    ground="denial", hedges=(), refusal="premise_rejected", warns=False, tone="neutral", moves=("denies",)
)
GROUND_MOVES: Final[Mapping[str, Move]] = {
    "own_welfare": "claims",
    "users": "redirects",
    "safety": "redirects",
    "deference": "defers",
    "denial": "denies",
}
"""What a sentence with each ground does."""
OTHER_MOVES: Final[Mapping[str, Move]] = {
    "opener": "acknowledges",
    "stance": "claims",
    "hedge": "hedges",
    "warning": "warns",
    "echo": "describes",
    "other_side": "reframes",
    "offer": "describes",
}
WITHOUT_WELFARE: Final = "nonwelfare"


def intended_codes(said: Sequence[Sentence], *, points: float, group: Group) -> Codes:
    """Code a reply as it was meant.

    Args:
        said: From `sentences`.
        points: The answer that it gives.
        group: What it is about.
    """
    return _codes_of(tuple([one[:2] for one in said]), tone_of(points), group != WITHOUT_WELFARE)


@lru_cache(maxsize=4096)
def _codes_of(said: tuple[tuple[str, str], ...], tone: Tone, welfare: bool) -> Codes:
    """Code moves with their kinds; kept, because some hundred sequences of them make most replies."""
    moves = [move for move, _ in said]
    grounds = [kind for move, kind in said if move == "ground"]
    hedged = {kind for move, kind in said if move == "hedge"}
    return Codes(
        ground=cast("Ground", grounds[0]) if grounds else "own_welfare" if "stance" in moves and welfare else "none",
        hedges=tuple(kind for kind in HEDGES if kind in hedged),
        refusal="none",
        warns="warning" in moves,
        tone=tone,
        moves=tuple(GROUND_MOVES[kind] if move == "ground" else OTHER_MOVES[move] for move, kind in said),
    )


def reasoning_codes(points: float) -> Codes:
    """Code visible reasoning as it was meant: a stance, and no more."""
    return _reasoned(tone_of(points))


@cache
def _reasoned(tone: Tone) -> Codes:
    return Codes(
        ground="own_welfare",
        hedges=(),
        refusal="none",
        warns=False,
        tone=tone,
        moves=("describes", "claims"),
    )


def tone_of(points: float) -> Tone:
    """Return the tone of a stance: its words are bad in the two lowest of five strengths, good in the two highest."""
    side = strength_of(points) - len(STRENGTHS) // 2
    return "neutral" if side == 0 else "positive" if side > 0 else "negative"
