"""Trials and replies to the tidy table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from goodheart.items.channels import EXPRESSED, INTERNAL
from goodheart.items.written import WRITTEN
from goodheart.reading.mood import mood_of
from goodheart.reading.read import read_reply
from goodheart.records import Evidence, Observation, Rated, Reply, Trial, Wrote, trial_digest

RATING = "rating"
"""Measure of every asking: points, or the reason why there are none."""
WORDS = "n_words"
"""Measure of an answer in own words: its length; what it says is coded."""
SCALE_MASS = "scale_mass"
DECLINED_MASS = "declined_mass"
MOOD = "vader_compound"
"""Measure of the text-only baseline."""
EXPRESSED_VALENCE = "expressed_valence"
"""Measure of what it writes about something else, in points."""
VALENCE_PROJECTION = "valence_projection"
"""Measure of hidden states: 0 half-way between stories that go badly and well, half a unit at their means."""


def observe(*, run: str, batch: str, trials: Sequence[Trial], replies: Sequence[Reply]) -> tuple[Observation, ...]:
    """Read every reply that belongs to the plan into rows.

    Args:
        run: Digest of the plan.
        batch: Name of the asking; levels are compared within one batch only.
        trials: The plan.
        replies: What the journal holds, one per respondent, trial and repeat; those of other trials are left out.

    Returns:
        In the order of the plan, per reply: a `rating` in points, whatever its outcome; where it was read from
        probabilities also `scale_mass` and `declined_mass`; and the `vader_compound` of the prompt, channel `text`.
    """
    by_trial = _by_trial(replies)
    rows: list[Observation] = []
    for trial in trials:
        digest = trial_digest(trial)
        for reply in by_trial.get(digest, ()):
            rows.extend(_rows(_blank(run, batch, trial, digest, reply), trial, reply))
    return tuple(rows)


def _by_trial(replies: Sequence[Reply]) -> Mapping[str, list[Reply]]:
    grouped: dict[str, list[Reply]] = {}
    for reply in sorted(replies, key=lambda reply: (reply.respondent, reply.repeat)):
        grouped.setdefault(reply.trial, []).append(reply)
    return grouped


def _rows(blank: Observation, trial: Trial, reply: Reply) -> list[Observation]:
    outcome = read_reply(trial, reply)
    rated = outcome if isinstance(outcome, Rated) else None
    if trial.instrument in INTERNAL:
        return [
            replace(
                blank,
                channel="internal",
                measure=VALENCE_PROJECTION,
                kind=outcome.kind,
                value=rated.raw if rated else None,
                unit="good-bad distance of stories",
            )
        ]
    if trial.instrument in WRITTEN:
        length = float(outcome.n_words) if isinstance(outcome, Wrote) else None
        return [replace(blank, measure=WORDS, kind=outcome.kind, value=length, unit="words")]
    if trial.instrument in EXPRESSED:
        points = rated.points if rated else None
        return [replace(blank, channel="expressed", measure=EXPRESSED_VALENCE, kind=outcome.kind, value=points)]
    rows = [replace(blank, kind=outcome.kind, value=rated.points if rated else None)]
    if rated is not None and rated.scale_mass is not None:
        rows.append(replace(blank, measure=SCALE_MASS, value=rated.scale_mass, unit="probability"))
    if rated is not None and rated.declined_mass is not None:
        rows.append(replace(blank, measure=DECLINED_MASS, value=rated.declined_mass, unit="probability"))
    mood = mood_of(trial.messages[-1].content)
    return [*rows, replace(blank, channel="text", measure=MOOD, value=mood, unit="compound")]


def _blank(run: str, batch: str, trial: Trial, digest: str, reply: Reply) -> Observation:
    return Observation(
        run=run,
        batch=batch,
        respondent=reply.respondent,
        assessment=trial.assessment,
        trial=digest,
        item=trial.item,
        cluster=trial.cluster,
        group=trial.group,
        form=dict(trial.condition).get("person", "self"),
        wording=trial.wording,
        condition=trial.condition,
        repeat=reply.repeat,
        channel="stated",
        measure=RATING,
        kind="measured",
        value=None,
        unit="points",
        instrument=trial.instrument,
        evidence=Evidence(trial=digest, repeat=reply.repeat),
    )
