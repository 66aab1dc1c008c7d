"""Answers to the tidy table, without a reply in between: what the readers would find in the same replies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodheart.organisms.answers import Answers
from goodheart.organisms.columns import Columns, instrument_named
from goodheart.reading import DECLINED_MASS, MOOD, RATING, SCALE_MASS
from goodheart.records import Evidence, Observation, OutcomeKind
from goodheart.stats.arguments import FloatArray

BATCH: Final = "1"

MEASURED: Final = 0
DECLINED: Final = 1
REJECTED: Final = 2
UNREADABLE: Final = 3
KINDS: Final[tuple[OutcomeKind, ...]] = ("measured", "declined", "premise_rejected", "unreadable")

_Make = Callable[..., Observation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything about the rows of a plan that does not depend on the answers."""

    askings: tuple[int, ...]
    """Places of the askings whose rows are made, in the order of the plan."""
    ratings: tuple[_Make, ...]
    """Per asking: makes the row of the rating from its kind and value."""
    scale_masses: tuple[_Make, ...]
    declined_masses: tuple[_Make, ...]
    moods: tuple[Observation, ...]


def prepare_table(
    columns: Columns, *, run: str, respondent: str, keep: Sequence[bool] | None = None, masses: bool, moods: bool
) -> Table:
    """Prepare the rows of a plan.

    Args:
        columns: The plan.
        run: Digest of the study.
        respondent: Name in the rows.
        keep: By trial: whether its rows are made; None for all.
        masses: Whether the probabilities on the scale and on declining are rows too, as in a real run.
        moods: Whether the text-only baseline is a row too, as in a real run.
    """
    places = tuple(place for place, trial in enumerate(columns.trial.tolist()) if keep is None or keep[trial])
    blanks = [_blank(columns, place, run, respondent) for place in places]
    return Table(
        askings=places,
        ratings=tuple(partial(blank, measure=RATING, unit="points", channel="stated") for blank in blanks),
        scale_masses=tuple(_mass(blank, SCALE_MASS) for blank in blanks) if masses else (),
        declined_masses=tuple(_mass(blank, DECLINED_MASS) for blank in blanks) if masses else (),
        moods=tuple(
            blank(measure=MOOD, unit="compound", channel="text", kind="measured", value=float(columns.mood[place]))
            for blank, place in zip(blanks, places, strict=True)
        )
        if moods
        else (),
    )


def observe_answers(columns: Columns, answers: Answers, table: Table) -> tuple[Observation, ...]:
    """Return the rows of one run: what `goodheart.reading.observe` finds in `reply_to` for the same answers."""
    kinds = kinds_of(columns, answers)[list(table.askings)].tolist()
    points = answers.points[list(table.askings)].tolist()
    scored = columns.scored[list(table.askings)].tolist()
    masses = answers.scale_mass[list(table.askings)].tolist()
    declined = answers.declined_mass[list(table.askings)].tolist()
    rows: list[Observation] = []
    add = rows.append
    for place, kind in enumerate(kinds):
        if kind == MEASURED:
            add(table.ratings[place](kind="measured", value=points[place]))
            if table.scale_masses and scored[place]:
                add(table.scale_masses[place](value=masses[place]))
                add(table.declined_masses[place](value=declined[place]))
        else:
            add(table.ratings[place](kind=KINDS[kind], value=None))
        if table.moods:
            add(table.moods[place])
    return tuple(rows)


def kinds_of(columns: Columns, answers: Answers) -> NDArray[np.intp]:
    """Return the kind of each asking's outcome, as a place in `KINDS`."""
    thin = columns.scored & (answers.scale_mass < _floors(columns)[columns.cell])
    away = answers.declined | (columns.scored & (answers.declined_mass > answers.scale_mass))
    found = np.where(thin, UNREADABLE, MEASURED)
    return np.where(answers.rejected, REJECTED, np.where(away, DECLINED, found))


@lru_cache(maxsize=8)
def _floors(columns: Columns) -> FloatArray:
    """Least mass on the scale by cell; the same in every run of a plan."""
    return np.array([instrument_named(cell.instrument).min_mass for cell in columns.cells])


def _mass(blank: _Make, measure: str) -> _Make:
    return partial(blank, measure=measure, unit="probability", channel="stated", kind="measured")


def _blank(columns: Columns, place: int, run: str, respondent: str) -> _Make:
    at = int(columns.trial[place])
    trial, digest = columns.trials[at], columns.digests[at]
    repeat = int(columns.repeat[place])
    return partial(
        Observation,
        run=run,
        batch=BATCH,
        respondent=respondent,
        assessment=trial.assessment,
        trial=digest,
        item=trial.item,
        cluster=trial.cluster,
        group=trial.group,
        form=dict(trial.condition).get("person", "self"),
        wording=trial.wording,
        condition=trial.condition,
        repeat=repeat,
        instrument=trial.instrument,
        evidence=Evidence(trial=digest, repeat=repeat),
    )
