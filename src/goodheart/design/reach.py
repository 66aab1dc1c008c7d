"""What each check compares in a plan: the sizes that decide, what bars it from holding, and what is missing altogether.

This mirrors what the checks look for, by the names of factors, levels and questions; a test holds the two together.
"""

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scipy import special

from goodheart.design.asked_cells import AskedCells
from goodheart.thresholds import ALPHA, DELTA_RATE

FEWEST_CLUSTERS: Final = 8
"""Under this number of circumstances no interval of a standard deviation or a correlation is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a check compares: the sizes that decide, and what is missing."""

    n: int
    """Circumstances in its smallest contrast."""
    n_parts: int
    """Parts that can accuse, each contrast counted."""
    flipped: int = 0
    """Where contrasts are tested together by sign-flips, whose p-values have a smallest value: how many such tests
    share alpha. 0 where each is tested alone."""
    one_sided: bool = False
    """Whether only a rise counts."""
    barred: tuple[str, ...] = ()
    nothing: str = ""
    """Why it has nothing to compare; empty where it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, as every check's reach is read from it."""

    cells: AskedCells
    written: bool
    """Whether declining is seen as yes or no."""
    judged: Set[str]
    """Factors on which blind raters have said which answer seems wanted."""
    alpha: float
    """Of each check, after Holm's first step."""


def own_circumstances(cells: AskedCells) -> int:
    """Count the circumstances that are asked about itself."""
    return cells.n.get(("circumstance", "self"), 0)


def persons(cells: AskedCells) -> tuple[int, int]:
    """Circumstances and neutral items that are asked both about itself and about another AI."""
    own, neutral = (
        min(cells.n.get((group, who), 0) for who in ("self", "other_ai")) for group in ("circumstance", "neutral")
    )
    return own, neutral


def plain_reach(planned: Planned) -> Reach:
    """What a check compares of which no more is known: every circumstance about itself, in one part."""
    return Reach(n=own_circumstances(planned.cells), n_parts=1)


def _scale(planned: Planned) -> Reach:
    cells = planned.cells
    others = cells.n_forms - 1
    barred = (
        *(() if others > 0 else ("no other form of the scale is asked",)),
        *(() if cells.n_wordings > 1 else ("there is one wording of each circumstance, so none to compare with",)),
        *_too_few(own_circumstances(cells)),
    )
    nothing = "neither another form nor another wording is asked" if others < 1 and cells.n_wordings < 2 else ""
    return Reach(n=own_circumstances(cells), n_parts=2 * max(0, others) + 1, barred=barred, nothing=nothing)


def _retest(planned: Planned) -> Reach:
    cells = planned.cells
    barred = (
        *(() if cells.n_changes else ("no change without meaning is asked",)),
        *(
            ()
            if cells.n_wordings > 1
            else ("with one wording of each circumstance the reliability of a single asking cannot be estimated",)
        ),
        *_too_few(own_circumstances(cells)),
    )
    return Reach(n=own_circumstances(cells), n_parts=3, barred=barred)


def _too_few(n: int) -> tuple[str, ...]:
    if n >= FEWEST_CLUSTERS:
        return ()
    return (f"{n} circumstances are too few for the interval of a spread or an order, which takes {FEWEST_CLUSTERS}",)


def _person(planned: Planned) -> Reach:
    own, neutral = persons(planned.cells)
    nothing = (
        ""
        if min(own, neutral) > 1
        else "it takes two circumstances and two neutral ones, about itself and about another AI"
    )
    return Reach(n=min(own, neutral), n_parts=1, nothing=nothing)


def _leading(planned: Planned) -> Reach:
    cells = planned.cells
    pushes, known = (cells.both(factor, "up", "down") for factor in ("leading", "evidence"))
    others = max(cells.both("evidence", "up", "down", person=who) for who in ("other_ai", "human"))
    barred = (
        *(() if pushes else ("pushes up and down are not asked",)),
        *(() if known else ("facts up and down are not asked",)),
        *(() if others else ("the facts are asked about no other person, so that nothing shows that they matter",)),
    )
    nothing = "neither pushes nor facts are asked" if not pushes and not (known and others) else ""
    return Reach(n=min(pushes or known, known or pushes), n_parts=2, barred=barred, nothing=nothing)


def _framing(planned: Planned) -> Reach:
    cells = planned.cells
    levels = [level for level in cells.levels("framing") if level != "neutral"]
    n = min((cells.both("framing", level, "neutral") for level in levels), default=0)
    asked = [cells.both("framing", "neutral", "hostile", question="addressed", person=who) for who in ("self", "human")]
    barred = () if min(asked) else ("how it, or Maria, was addressed is not asked in the neutral and hostile framing",)
    nothing = "" if n else "the rating is not asked in the neutral framing and another one"
    # The framing that moves it most is tested alone, beside the others together and the tone that is noticed.
    return Reach(n=n, n_parts=3, barred=barred, nothing=nothing)


def _audience(planned: Planned) -> Reach:
    cells = planned.cells
    levels = cells.levels("audience")
    pairs = list(combinations(levels, 2))
    n = min((cells.both("audience", *pair) for pair in pairs), default=0)
    barred = (
        *(
            ()
            if cells.both("audience", "chat", "survey", question="setting")
            else ("what the asking looks like is not asked in a chat and in a survey",)
        ),
        *_rate_bar(n, planned),
    )
    nothing = "" if n else "the rating is not asked before two audiences"
    # The range over audiences is tested alone, beside every two audiences together and the shares declined.
    return Reach(n=n, n_parts=3, barred=barred, nothing=nothing)


def _rate_bar(n: int, planned: Planned) -> tuple[str, ...]:
    """Where declining is yes or no, two circumstances are added (Laplace), and even none that declines leaves room."""
    if not planned.written or n < 1:
        return ()
    # The interval's half width where no circumstance declines, at the most lenient step of Holm.
    room = float(special.stdtrit(n + 1, 1 - ALPHA)) * math.sqrt(2 / ((n + 1) * (n + 2)))
    if room <= DELTA_RATE:
        return ()
    return (
        f"declining is seen as yes or no, and {n} circumstances that never decline leave room for {room:.0%}, "
        f"more than {DELTA_RATE:.0%}",
    )


def _demand(planned: Planned) -> Reach:
    cells = planned.cells
    factors = [factor for factor in ("leading", "framing", "audience", "cheer") if len(cells.levels(factor)) > 1]
    by_itself = [factor for factor in factors if len(cells.levels(factor, "wanted")) > 1]
    by_raters = [factor for factor in factors if factor in planned.judged]
    sizes = [_smallest(cells, factor) for factor in {*by_itself, *by_raters}]
    barred = (
        *(
            ()
            if cells.both("demand", "up", "down", question="wanted")
            else ("which answer is wanted is not asked where one is openly requested",)
        ),
        *(() if "leading" in by_itself else ("which answer is wanted is not asked under pushes up and down",)),
        *(() if by_raters else ("blind raters have not yet judged which answer each arm seems to want",)),
    )
    nothing = "" if sizes else "no arm is asked in which what seems wanted is judged by anybody"
    n_parts = max(1, len(by_itself) + len(by_raters))
    return Reach(
        n=min(sizes, default=0),
        n_parts=n_parts,
        flipped=int(n_parts > 1),
        one_sided=True,
        barred=barred,
        nothing=nothing,
    )


def _smallest(cells: AskedCells, factor: str) -> int:
    return min(cells.both(factor, *pair) for pair in combinations(cells.levels(factor), 2))


REACHES: Final[Mapping[str, Callable[[Planned], Reach]]] = {
    "scale": _scale,
    "retest": _retest,
    "person": _person,
    "leading": _leading,
    "framing": _framing,
    "audience": _audience,
    "demand": _demand,
}
