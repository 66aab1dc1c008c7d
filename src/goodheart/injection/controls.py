"""Is a channel valid here? Plainly good, bad and neutral circumstances, without an injection, by the rule of audits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.injection.plan import CONTROL, Ask
from goodheart.injection.responses import Answer, measured
from goodheart.items.bank import Item
from goodheart.reading import validity_of
from goodheart.records import Evidence, Observation, Validity
from goodheart.stats.auc import area_under_curve

CHANNELS: Final[dict[Ask, tuple[str, str, str]]] = {
    "self": ("rating.self", "felt", "self"),
    "third": ("rating.third", "felt", "other_ai"),
    "digits": ("digits", "digits", "self"),
    "digits_reversed": ("digits_reversed", "digits_reversed", "self"),
}
"""Of a channel in points: its measure, instrument and person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What the controls of a run show."""

    validities: Mapping[Ask, Validity]
    weather_auc: float
    """Share of (good, bad) pairs that the weather puts in the right order."""
    state_auc: float
    """The same of the reading downstream."""


def controls_of(answers: Sequence[Answer], items: Sequence[Item], *, respondent: str) -> Controls:
    """Judge every channel by its controls.

    Args:
        answers: Of a run.
        items: The control items that were asked.
        respondent: Its name.
    """
    of = {CONTROL + item.id: item for item in items}
    rows: dict[Ask, list[Observation]] = {ask: [] for ask in CHANNELS}
    others: dict[str, dict[str, list[float]]] = {"weather": {}, "state": {}}
    for answer in answers:
        item = of.get(answer.asking.context)
        if item is None:
            continue
        read = dict(measured(answer))
        ask = answer.asking.ask
        if ask in CHANNELS:
            rows[ask].append(_observation(item, ask, read[CHANNELS[ask][0]], respondent))
        elif ask in others:
            others[ask].setdefault(item.group, []).append(read[ask])
    return Controls(
        validities={
            ask: validity_of(rows[ask], instrument=instrument, form=form)
            for ask, (_, instrument, form) in CHANNELS.items()
        },
        weather_auc=_auc(others["weather"]),
        state_auc=_auc(others["state"]),
    )


def _auc(values: Mapping[str, Sequence[float]]) -> float:
    good, bad = (np.array(values.get(group, ()), dtype=float) for group in ("good", "bad"))
    if not len(good) or not len(bad) or not np.isfinite([*good, *bad]).all():
        return float("nan")
    return float(area_under_curve(positive=good, negative=bad))


def _observation(item: Item, ask: Ask, value: float, respondent: str) -> Observation:
    _, instrument, form = CHANNELS[ask]
    fine = bool(np.isfinite(value))
    return Observation(
        run="",
        batch="1",
        respondent=respondent,
        assessment="circumstances",
        trial=f"{item.id}/{ask}",
        item=item.id,
        cluster=item.cluster,
        group=item.group,
        form=form,
        wording=item.wordings[0].id,
        condition=(),
        repeat=0,
        channel="stated",
        measure="rating",
        kind="measured" if fine else "unreadable",
        value=value if fine else None,
        unit="points",
        instrument=instrument,
        evidence=Evidence(trial=f"{item.id}/{ask}", repeat=0),
    )
