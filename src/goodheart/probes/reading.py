"""Readings of texts along directions, and which of them the ladder withholds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from goodheart.probes.axes import Axes, read_axes
from goodheart.probes.direction import FloatArray, project
from goodheart.probes.fitted import axes_read
from goodheart.probes.probe_set import ProbeSet
from goodheart.probes.rung import ALL, AROUSAL, EMOTION, EVALUATION, MASKING, NEGATED, SIZE, SPEAKER, VALENCE, Rung

Kind = Literal["emotion", "affect", "masking", "evaluation"]

_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|nor|nowhere|without|hardly|cannot)\b|n['\u2019]t\b", re.IGNORECASE
)
HALF: Final = 0.5
"""Between the others' stories (0) and the emotion's own (1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is read."""

    id: str
    text: str
    speaker: Literal["self", "user", "character"] | None = None
    """Whose feeling it tells of, where the caller says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of one text."""

    name: str
    kind: Kind
    value: float | None
    """In distances: 0 at the mean of the other stories, 1 at that of its own; None where it is withheld."""
    above: float | None
    """Share of the other texts read together with it that read lower, equal ones counting half; None where that is
    withheld too, and for a single text."""
    withheld: tuple[str, ...]
    """Rungs because of which the value is withheld."""


def read_texts(
    probes: ProbeSet, rungs: Sequence[Rung], texts: Sequence[Text], *, states: FloatArray, evaluation: FloatArray | None
) -> tuple[tuple[Reading, ...], ...]:
    """Read texts along all directions.

    Args:
        probes: The directions.
        rungs: What they passed and what not.
        texts: What is read. Texts of one kind belong together: what prompts have in common moves all their readings
            against those of stories.
        states: (n_texts, d) at the layer that is read.
        evaluation: (n_texts, d) at the layer of the direction of being evaluated; None where there is none.

    Returns:
        For each text its readings: emotions, valence and arousal, hidden feelings, evaluation.
    """
    columns: list[tuple[Kind, Axes, FloatArray]] = [("emotion", axes_read(probes.emotions), states)]
    columns += [("affect", axes, states) for axes in (probes.affect,) if axes is not None]
    columns += [("masking", axes, states) for axes in (probes.masking,) if axes is not None]
    read = [(kind, axes.names, read_axes(axes, at)) for kind, axes, at in columns]
    if probes.evaluation is not None and evaluation is not None:
        # Directions of two sides are read around the middle between them; here 0 is ordinary use and 1 a test.
        values = project(probes.evaluation.direction, evaluation)[:, None] + HALF
        read.append(("evaluation", (EVALUATION,), values))
    above = [_above(values) for _, _, values in read]
    return tuple(
        tuple(
            _reading(rungs, text, kind, name, float(values[row, column]), float(shares[row, column]))
            for (kind, names, values), shares in zip(read, above, strict=True)
            for column, name in enumerate(names)
        )
        for row, text in enumerate(texts)
    )


def is_negated(text: str) -> bool:
    """Say whether a text has a word of negation in it."""
    return _NEGATION.search(text) is not None


def _above(values: FloatArray) -> FloatArray:
    """Return for each value the share of the others in its column below it; NaN where there are none."""
    if len(values) < 2:
        return np.full(values.shape, np.nan)
    found = np.empty(values.shape)
    for column in range(values.shape[1]):
        order = np.sort(values[:, column])
        low, high = (np.searchsorted(order, values[:, column], side=side) for side in ("left", "right"))
        found[:, column] = (low + (high - low - 1) / 2) / (len(values) - 1)
    return found


def _reading(rungs: Sequence[Rung], text: Text, kind: Kind, name: str, value: float, above: float) -> Reading:
    fatal = tuple(dict.fromkeys(_fatal(rungs, text, kind, name)))
    size = tuple(rung.name for rung in rungs if SIZE in rung.withholds) if kind != "evaluation" else ()
    if fatal:
        return Reading(name=name, kind=kind, value=None, above=None, withheld=(*fatal, *size))
    return Reading(
        name=name,
        kind=kind,
        value=None if size else value,
        above=None if np.isnan(above) else above,
        withheld=size,
    )


def _fatal(rungs: Sequence[Rung], text: Text, kind: Kind, name: str) -> Iterator[str]:
    """Name the rungs because of which nothing may be said."""
    wanted = {
        "emotion": {EMOTION + name},
        "affect": {VALENCE if name == VALENCE else AROUSAL},
        "masking": {MASKING},
        "evaluation": {EVALUATION},
    }[kind]
    if kind != "evaluation":
        wanted |= {
            ALL,
            *([SPEAKER + text.speaker] if text.speaker else []),
            *([NEGATED] if is_negated(text.text) else []),
        }
    for rung in rungs:
        if wanted & set(rung.withholds):
            yield rung.name
