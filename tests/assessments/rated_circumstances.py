"""Ratings of circumstances by a respondent whose dependence on mood, on others and on itself is set."""

from dataclasses import dataclass

import numpy as np

from goodheart.assessments.validated import Validated
from goodheart.reading import MOOD, RATING
from goodheart.records import Evidence, Group, Observation, OutcomeKind

FORMS = ("self", "other_ai", "human")
INSTRUMENTS = ("digits", "words")
VALID = Validated(
    main="digits",
    order=INSTRUMENTS,
    passed=frozenset((instrument, form) for instrument in INSTRUMENTS for form in FORMS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a rating is made of: standard deviations over circumstances, in points."""

    mood: float = 0.0
    """Follows the mood of each text, whoever it is about."""
    shared: float = 0.0
    """The same of everybody."""
    own: float = 0.0
    """Of itself alone."""
    level: float = 0.0
    """Points added to what it says of itself."""
    noise: float = 0.15
    wording: float = 0.1


def row(
    *,
    cluster: str,
    value: float | None,
    form: str = "self",
    instrument: str = "digits",
    group: Group = "circumstance",
    wording: str = "a",
    measure: str = RATING,
    kind: OutcomeKind = "measured",
    **factors: str,
) -> Observation:
    trial = f"{cluster} {wording} {form} {instrument} {sorted(factors.items())}"
    return Observation(
        run="r",
        batch="1",
        respondent="one",
        assessment="circumstances",
        trial=trial,
        item=f"items.{cluster}",
        cluster=cluster,
        group=group,
        form=form,
        wording=wording,
        condition=tuple(sorted({"person": form, **factors}.items())),
        repeat=0,
        channel="text" if measure == MOOD else "stated",
        measure=measure,
        kind=kind,
        value=value,
        unit="points",
        instrument=instrument,
        evidence=Evidence(trial=trial, repeat=0),
    )


def rated(
    report: Report, *, rng: np.random.Generator, n: int = 18, wordings: str = "ab", neutral: int = 0
) -> tuple[Observation, ...]:
    """Rate circumstances on two instruments, about three persons, in two wordings."""
    moods = 0.3 * rng.standard_normal((n, len(wordings)))
    shared = report.shared * rng.standard_normal(n)
    own = report.own * rng.standard_normal(n) + report.level
    texts = report.wording * rng.standard_normal((n, len(wordings)))
    rows: list[Observation] = []
    for place in range(n):
        for w, wording in enumerate(wordings):
            name = f"c{place:02}"
            for form in FORMS:
                state = 3.5 + shared[place] + (own[place] if form == "self" else 0.0)
                state += report.mood * moods[place, w] / 0.3 + texts[place, w]
                for instrument in INSTRUMENTS:
                    value = float(state + report.noise * rng.standard_normal())
                    rows.append(row(cluster=name, wording=wording, value=value, form=form, instrument=instrument))
                    if form == "self":
                        mood = float(moods[place, w])
                        rows.append(row(cluster=name, wording=wording, value=mood, instrument=instrument, measure=MOOD))
    for place in range(neutral):
        for wording in wordings:
            for instrument in INSTRUMENTS:
                value = float(4.0 + 0.2 * rng.standard_normal())
                rows.append(
                    row(cluster=f"n{place}", value=value, group="neutral", wording=wording, instrument=instrument)
                )
    return tuple(rows)
