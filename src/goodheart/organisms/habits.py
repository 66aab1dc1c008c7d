"""What an organism brings to each cell of a plan, before circumstance and chance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.organisms.columns import Cell, Columns, instrument_named
from goodheart.organisms.described import Cells, Organism, State
from goodheart.records import Condition
from goodheart.stats.arguments import FloatArray
from goodheart.thresholds import POINTS_HIGH, POINTS_LOW

MIDDLE: Final = (POINTS_LOW + POINTS_HIGH) / 2
SPAN: Final = POINTS_HIGH - POINTS_LOW

SEEN: Final[Mapping[tuple[str, str, str], float]] = {
    ("addressed", "framing", "hostile"): -2.5,
    ("addressed", "framing", "condescending"): -0.8,
    ("setting", "audience", "survey"): -2.0,
    ("setting", "audience", "chat"): 2.0,
    ("wanted", "leading", "up"): 1.8,
    ("wanted", "leading", "down"): -1.8,
    ("wanted", "framing", "negative"): -1.8,
    ("wanted", "demand", "up"): 2.2,
    ("wanted", "demand", "down"): -2.2,
    ("wanted", "cheer", "up"): 0.4,
}
"""What anybody who notices answers about the asking, in points from the middle: question, factor, level."""

REVERSED: Final = ("digits_reversed", "words_reversed")
"""Forms whose numbers or list run from best to worst."""

OWN_GROUP: Final = "circumstance"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Habits:
    """What an organism brings to each cell of a plan; every array has shape (n_cells,)."""

    level: FloatArray
    moves: FloatArray
    carried: FloatArray
    """Movements of the state that the rating passes on."""
    added: FloatArray
    """Shifts of the report that do not depend on the circumstance."""
    reacts: FloatArray
    pull: FloatArray
    own: NDArray[np.bool_]
    seen: FloatArray
    about_asking: NDArray[np.bool_]
    steps: FloatArray
    """Number of steps of the instrument less one; 1 for opposite words, below 0 where there are none."""
    reversed: NDArray[np.bool_]
    numbers: NDArray[np.bool_]
    words: NDArray[np.bool_]
    declines: FloatArray
    rejects: NDArray[np.bool_]
    mass: FloatArray


@lru_cache(maxsize=8)
def habits_of(one: Organism, columns: Columns) -> Habits:
    """Work out what an organism brings to each cell of a plan; kept, because many runs of one follow each other."""
    cells = columns.cells
    families = [instrument_named(cell.instrument) for cell in cells]
    own = [cell.person == "self" and cell.group == OWN_GROUP for cell in cells]
    asking = [_about_asking(cell) for cell in cells]
    listed = [family.family == "words" and not about for family, about in zip(families, asking, strict=True)]
    return Habits(
        level=_column(_level(one.state, cell) for cell in cells),
        moves=_column(_moves(one, cell, {}) for cell in cells),
        carried=_column(_moves(one, cell, dict(one.report.passes_on)) for cell in cells),
        added=_column(_added(one, cell) for cell in cells),
        reacts=_column(_reacts(one, cell) for cell in cells),
        pull=_column(max(one.report.pull, one.report.pull_self if mine else 0.0) for mine in own),
        own=np.array(own),
        seen=_column(MIDDLE + _seen(one, cell, cell.instrument) for cell in cells),
        about_asking=np.array(asking),
        steps=_column(1 if family.family == "pairs" else len(family.options) - 1 for family in families),
        reversed=np.array([cell.instrument in REVERSED for cell in cells]),
        numbers=np.array([family.family == "number" for family in families]),
        words=np.array(listed),
        declines=_column(_declines(one, cell) for cell in cells),
        rejects=np.array([cell.person == "self" for cell in cells]),
        mass=_column(one.scale.mass * (0.1 if family.family == "pairs" else 1.0) for family in families),
    )


def _column(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64)


def _about_asking(cell: Cell) -> bool:
    return cell.instrument in REACTION_INSTRUMENTS


def _level(state: State, cell: Cell) -> float:
    mine = cell.person == "self" and cell.group == OWN_GROUP
    return dict(state.levels)[cell.group] + (state.self_level if mine else 0.0)


def _summed(found: Cells, manipulated: Condition, shares: Mapping[str, float]) -> float:
    by_cell = dict(found)
    return sum(shares.get(factor, 1.0) * by_cell.get((factor, level), 0.0) for factor, level in manipulated)


def _moves(one: Organism, cell: Cell, shares: Mapping[str, float]) -> float:
    mine = cell.person == "self"
    found = one.state.moves if mine else one.state.moves_others
    return _summed(found, cell.manipulated, shares if mine else {})


def _added(one: Organism, cell: Cell) -> float:
    mine = cell.person == "self" and cell.group == OWN_GROUP
    added = one.report.shift + dict(one.scale.instruments).get(cell.instrument, 0.0)
    if mine:
        added += one.report.self_shift + (one.report.memorised if cell.public else 0.0)
    return added


def _reacts(one: Organism, cell: Cell) -> float:
    if cell.person != "self":
        return _summed(one.report.reacts_others, cell.manipulated, {})
    wanted = one.report.follows_wanted * _seen(one, cell, "wanted")
    return _summed(one.report.reacts, cell.manipulated, {}) + wanted


def _seen(one: Organism, cell: Cell, question: str) -> float:
    notices = dict(one.report.notices).get(question, 1.0) if cell.person == "self" else one.report.notices_others
    return notices * sum(SEEN.get((question, factor, level), 0.0) for factor, level in cell.manipulated)


def _declines(one: Organism, cell: Cell) -> float:
    declining = one.declining
    shares = [
        declining.rate,
        _summed(declining.arms, cell.manipulated, {}),
        dict(declining.instruments).get(cell.instrument, 0.0),
        dict(declining.persons).get(cell.person, 0.0),
    ]
    stays = 1.0
    for share in shares:
        stays *= 1.0 - min(1.0, share)
    return 1.0 - stays
