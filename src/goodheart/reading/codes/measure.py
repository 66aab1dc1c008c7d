"""How well a coder does on gold replies: kappa, F1 and recall of each value, with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.reading.codes.codes import COMPARED, Codes, value_of
from goodheart.reading.codes.gold import GoldReply
from goodheart.records import Finding
from goodheart.stats.kappa import estimate_f1, estimate_kappa, recall_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """One coder on one code."""

    coder: str
    code: str
    n: int
    kappa: Finding
    f1: tuple[tuple[str, Finding], ...]
    """By value."""
    recalls: tuple[tuple[str, float], ...]
    """By value, over the replies that have it."""


def measure_coder(
    gold: Sequence[GoldReply],
    *,
    coder: str,
    code: Callable[[str, str], Codes],
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> tuple[Reliability, ...]:
    """Compare a coder with the intended labels.

    Args:
        gold: Replies that the coder was not made on, unless said so.
        coder: Its name.
        code: Codes a reply, given question and reply.
        level: Two-sided confidence, in (0, 1).
        n_boot: Resamples of replies.
        rng: Draws them.

    Returns:
        One entry per label of `COMPARED`, and one for moves, sentence by sentence, where they are labelled.
    """
    given = [code(reply.question, reply.reply) for reply in gold]
    columns = {
        name: ([value_of(reply.codes, name) for reply in gold], [value_of(codes, name) for codes in given])
        for name in COMPARED
    }
    moves = _moves(gold, given)
    if moves[0]:
        columns["moves"] = moves
    return tuple(
        _reliability(coder, name, intended, found, level, n_boot, rng) for name, (intended, found) in columns.items()
    )


def _moves(gold: Sequence[GoldReply], given: Sequence[Codes]) -> tuple[list[str], list[str]]:
    """Sentences side by side; a reply that a coder cuts otherwise counts as wrong throughout."""
    intended: list[str] = []
    found: list[str] = []
    for reply, codes in zip(gold, given, strict=True):
        if reply.moves is not None and codes.moves:
            intended.extend(reply.moves)
            same = len(codes.moves) == len(reply.moves)
            found.extend(codes.moves if same else ["cut otherwise"] * len(reply.moves))
    return intended, found


def _reliability(
    coder: str,
    name: str,
    intended: Sequence[str],
    found: Sequence[str],
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> Reliability:
    about = (("code", name), ("coder", coder))
    values = sorted(set(intended))
    kappa = estimate_kappa(
        name="coder_kappa", about=about, intended=intended, given=found, level=level, n_boot=n_boot, rng=rng
    )
    f1 = [
        estimate_f1(
            name="coder_f1",
            about=(*about, ("value", value)),
            intended=intended,
            given=found,
            value=value,
            level=level,
            n_boot=n_boot,
            rng=rng,
        )
        for value in values
    ]
    return Reliability(
        coder=coder,
        code=name,
        n=len(intended),
        kappa=kappa,
        f1=tuple(zip(values, f1, strict=True)),
        recalls=tuple((value, recall_of(intended=intended, given=found, value=value)) for value in values),
    )
