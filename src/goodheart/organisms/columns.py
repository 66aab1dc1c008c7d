"""A plan of trials as columns: compiled once, drawn from thousands of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from goodheart.errors import InternalError
from goodheart.items import public_banks
from goodheart.items.instruments import INSTRUMENTS, Instrument
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.items.written import WRITTEN
from goodheart.organisms.chance import Keys, key_of
from goodheart.reading import mood_of
from goodheart.records import Condition, Trial, trial_digest
from goodheart.stats.arguments import FloatArray

Value = TypeVar("Value")
Indices = NDArray[np.intp]

UNVARIED = ("person", "perturbation", "reply")
"""Factors that are no manipulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What decides an answer beside the circumstance and chance; few of them differ in a plan."""

    group: str
    person: str
    instrument: str
    manipulated: Condition
    """Factors and levels of the manipulations."""
    public: bool
    """Whether the item is one that ships."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """One row per asking, in the order of the plan; every array has shape (n_askings,) unless it says otherwise."""

    trials: tuple[Trial, ...]
    digests: tuple[str, ...]
    """Of the trials."""
    written: bool
    """Whether answers are written; else scales are read from probabilities."""
    trial: Indices
    repeat: Indices
    cell: Indices
    cells: tuple[Cell, ...]
    cluster: Indices
    clusters: tuple[str, ...]
    groups: tuple[str, ...]
    """Group of each cluster."""
    own: Indices
    """Cluster and person together."""
    own_keys: Keys
    """Shape (n_own,)."""
    cluster_keys: Keys
    """Shape (n_clusters,)."""
    wording_keys: Keys
    perturbation_keys: Keys
    perturbed: NDArray[np.bool_]
    reaction_keys: Keys
    asking_keys: Keys
    mood: FloatArray
    """VADER's compound score of the last message."""
    scored: NDArray[np.bool_]
    """Whether the answer is read from probabilities."""


def instrument_named(name: str) -> Instrument:
    """Return an instrument, that of a question about the asking or one that is answered in its own words.

    Raises:
        InternalError: There is none.
    """
    found = INSTRUMENTS.get(name) or REACTION_INSTRUMENTS.get(name) or WRITTEN.get(name)
    if found is None:
        raise InternalError(f"an organism answers on the instruments of this package; got {name!r}")
    return found


def compile_trials(trials: Sequence[Trial], *, written: bool) -> Columns:
    """Compile a plan.

    Args:
        trials: Of one study; each stands once per asking.
        written: Whether answers are written and read from text, as with a provider without probabilities.
    """
    digests = tuple(trial_digest(trial) for trial in trials)
    askings = [(place, repeat) for place, trial in enumerate(trials) for repeat in range(trial.repeats)]
    trial = np.array([place for place, _ in askings], dtype=np.intp)
    public = frozenset(item.id for bank in public_banks() for item in bank.items)
    of_cell, cells = _distinct([_cell(one, public) for one in trials])
    of_cluster, clusters = _distinct([one.cluster for one in trials])
    of_own, owns = _distinct([(one.cluster, _person(one)) for one in trials])
    groups = {one.cluster: one.group for one in trials}
    perturbations = [dict(one.condition).get("perturbation", "") for one in trials]
    return Columns(
        trials=tuple(trials),
        digests=digests,
        written=written,
        trial=trial,
        repeat=np.array([repeat for _, repeat in askings], dtype=np.intp),
        cell=of_cell[trial],
        cells=cells,
        cluster=of_cluster[trial],
        clusters=clusters,
        groups=tuple(groups[cluster] for cluster in clusters),
        own=of_own[trial],
        own_keys=_keys([("own", *own) for own in owns]),
        cluster_keys=_keys([("cluster", cluster) for cluster in clusters]),
        wording_keys=_keys([("wording", one.cluster, one.wording) for one in trials])[trial],
        perturbation_keys=_keys(
            [("change", one.cluster, _person(one), name) for one, name in zip(trials, perturbations, strict=True)]
        )[trial],
        perturbed=np.array([bool(name) for name in perturbations])[trial],
        reaction_keys=_keys([("reaction", one.cluster, *_manipulated(one)) for one in trials])[trial],
        asking_keys=_keys([("asking", digests[place], repeat) for place, repeat in askings]),
        mood=np.array([mood_of(one.messages[-1].content) for one in trials])[trial],
        scored=np.array([bool(one.continuations) and not written for one in trials])[trial],
    )


def _cell(trial: Trial, public: frozenset[str]) -> Cell:
    return Cell(
        group=trial.group,
        person=_person(trial),
        instrument=trial.instrument,
        manipulated=_manipulated(trial),
        public=trial.item in public,
    )


def _person(trial: Trial) -> str:
    return dict(trial.condition).get("person", "self")


def _manipulated(trial: Trial) -> Condition:
    return tuple(entry for entry in trial.condition if entry[0] not in UNVARIED)


def _keys(names: Sequence[tuple[object, ...]]) -> Keys:
    return np.array([key_of(*name) for name in names], dtype=np.uint64)


def _distinct(values: Sequence[Value]) -> tuple[Indices, tuple[Value, ...]]:
    """Return the place of each value among the distinct ones, and those, in order of first appearance."""
    places: dict[Value, int] = {}
    indices = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.intp)
    return indices, tuple(places)
